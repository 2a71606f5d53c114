"""KB8xx: what `kb check` says of advice that cannot work, or that gives a password away."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import CASES

from kb.check import check
from kb.check.advice import gives_password_away, only_permanent, types_password

GOOD = CASES / "broken" / "good"
SETTING, COMMAND = "set: ['smtpd_tls_auth_only = yes']", "run: ['true']"
LOGIN = "smtp_sasl_password_maps = texthash:/etc/postfix/sasl_passwd"
TABLE = "transport_maps = hash:/etc/postfix/transport"


@pytest.mark.parametrize(
    ("line", "away"),
    [
        ("swaks --server HOST:587 --tls --auth-user USER --quit-after AUTH", True),
        ("swaks --server HOST:587 -tls -a --auth-user USER", True),
        ("swaks --server HOST:465 -tlsc -a", True),
        ("swaks --server HOST --port 465 --tls-on-connect --auth LOGIN --auth-user USER", True),
        ("$ swaks --server HOST:465 --tlsc --auth PLAIN", True),
        ("swaks --server HOST:587 --tls --tls-verify --auth-user USER", False),
        ("swaks --server HOST:587 -tls -tls-verify -a", False),
        ("swaks --server HOST:587 --tls --quit-after EHLO", False),
        ("swaks --server 127.0.0.1:1025 --auth PLAIN --auth-user user", False),
        ("swaks --server HOST:25 --to user@example.com --attach a", False),
        ("openssl s_client -starttls smtp -connect HOST:587", False),
    ],
)
def test_a_login_by_hand_looks_at_the_certificate(line: str, away: bool) -> None:
    assert gives_password_away(line) is away


@pytest.mark.parametrize(
    ("examples", "permanent"),
    [
        (["550 5.2.2 full", "552 5.2.2 full"], True),
        (["550-5.4.5 Daily limit", "says: 550 quota"], True),
        (["552 full", "452 full"], False),
        (["550 one example proves little"], False),
        (["host x[192.0.2.10] is down", "mail.example.com: timed out"], False),
    ],
)
def test_what_is_tried_again_by_itself(examples: list[str], permanent: bool) -> None:
    assert only_permanent(examples) is permanent


@pytest.mark.parametrize(
    ("old", "new", "rules"),
    [
        (COMMAND, "run: ['swaks --server HOST:587 --tls --auth-user USER']", ["KB801"]),
        (SETTING, f"set: ['{LOGIN}', 'smtp_tls_security_level = encrypt']", ["KB801"]),
        (SETTING, f"set: ['{LOGIN}', 'smtp_tls_security_level=may']", ["KB801"]),
        (SETTING, f"set: ['{LOGIN}', 'smtp_tls_security_level = secure']", []),
        (SETTING, "set: ['smtp_tls_security_level = encrypt']", []),
        (SETTING, f"set: ['{TABLE}']", ["KB802"]),
        (SETTING, "set: ['postconf -e ''transport_maps = hash:/etc/postfix/transport''', 'postfix reload']", ["KB802"]),
        (SETTING, f"set: ['{TABLE}', 'postmap -q example.com hash:/etc/postfix/transport']", ["KB802"]),
        (SETTING, f"set: ['{TABLE}', 'postmap hash:/etc/postfix/other']", ["KB802"]),
        (SETTING, "set: ['alias_maps = hash:/etc/aliases']", ["KB802"]),
        (SETTING, "set: ['alias_maps = hash:/etc/aliases', 'newaliases']", []),
        (SETTING, f"set: ['{TABLE}', 'postmap hash:/etc/postfix/transport']", []),
        (SETTING, f"set: ['{TABLE}', 'postmap /etc/postfix/transport']", []),
        (SETTING, "set: ['transport_maps = texthash:/etc/postfix/transport']", []),
        (
            "    examples:\n      - '550 S",
            "    examples:\n      - '553 Second thing went wrong'\n      - '550 S",
            ["KB803"],
        ),
        ("    examples:\n      - '550 S", "    examples:\n      - '450 Second thing went wrong'\n      - '550 S", []),
    ],
)
def test_advice_of_an_entry(tmp_path: Path, old: str, new: str, rules: list[str]) -> None:
    shutil.copytree(GOOD, tmp_path, dirs_exist_ok=True)
    text = (tmp_path / "errors.yaml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "errors.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    assert [finding.rule for finding in check(tmp_path)] == rules


def test_a_command_of_an_article(tmp_path: Path) -> None:
    shutil.copytree(GOOD, tmp_path, dirs_exist_ok=True)
    command, level = "swaks --server HOST:587 --tls --auth-user USER", "smtp_tls_security_level = encrypt"
    expected = set()
    for lang in ("zh", "en"):
        path = tmp_path / "articles" / f"first-steps.{lang}.md"
        text = path.read_text(encoding="utf-8").replace(
            "```text\n", f"```ini\n{LOGIN}\n{level}\n```\n\n```text\n{command}\n", 1
        )
        path.write_text(text, encoding="utf-8")
        lines = text.split("\n")
        expected |= {(f"articles/{path.name}", "KB801", lines.index(at) + 1) for at in (command, level)}
    found = {(finding.path, finding.rule, finding.line) for finding in check(tmp_path) if finding.rule != "KB705"}
    assert found == expected


@pytest.mark.parametrize(
    ("line", "typed"),
    [
        ("swaks --server HOST:587 --auth-user USER --auth-password secret", True),
        ("swaks --server HOST:587 -au USER -ap secret", True),
        ("sendEmail -s HOST:587 -xu user@example.com -xp 'APP-PASSWORD' -f user@example.com", True),
        ("doveadm auth test user@example.com secret", True),
        ("testsaslauthd -u USER -p PASSWORD -s smtp", True),
        ("curl --ssl-reqd smtp://HOST:587 -u user@example.com:secret -T mail.txt", True),
        ("-u 'user@example.com:secret' --ssl-reqd", True),
        ("--ssl-reqd -u 'user@example.com:secret'", True),
        ("swaks --server HOST:587 --auth-user USER --protect-prompt --auth-hide-password", False),
        ("sendEmail -s HOST:587 -xu user@example.com -f user@example.com", False),
        ("doveadm auth test user@example.com", False),
        ('read -rsp "Password: " P; testsaslauthd -u USER -p "$P" -s smtp', False),
        ("doveadm auth test user@example.com | tail -1", False),
        ("curl --ssl-reqd smtp://HOST:587 --user user@example.com -T mail.txt", False),
        ("journalctl -u postfix@-.service --since 10:00", False),
    ],
)
def test_a_password_is_asked_for(line: str, typed: bool) -> None:
    assert types_password(line) is typed


@pytest.mark.parametrize(
    ("target", "commands", "rules"),
    [
        ("dovecot", "'auth_verbose = yes', 'doveadm auth test USER'", ["KB807"]),
        ("dovecot", "'service lmtp {', '    mode = 0600', '}'", ["KB807"]),
        ("dovecot", "'auth_verbose = yes', 'doveadm reload', 'doveadm auth test USER'", []),
        ("dovecot", "'doveadm auth test USER'", []),
        ("exim", "'recipients_max = 1000'", ["KB807"]),
        ("exim", "'recipients_max = 1000', 'systemctl reload exim4'", []),
        ("exim", "'exim -bt user@example.com'", []),
        ("postfix", "'inet_interfaces = all'", ["KB807"]),
        ("postfix", "'inet_interfaces = all', 'systemctl restart postfix'", []),
        ("postfix", "'smtp_destination_rate_delay = 1s'", ["KB807"]),
        ("postfix", "'postconf -e smtp_destination_rate_delay=1s'", ["KB807"]),
        ("postfix", "'postconf -P submission/inet/smtpd_tls_auth_only=yes'", ["KB807"]),
        ("postfix", "'submission inet n - y - - smtpd', '  -o smtpd_tls_auth_only=yes'", ["KB807"]),
        ("postfix", "'submission inet n - y - - smtpd', '  -o smtpd_tls_auth_only=yes', 'postfix reload'", []),
        ("postfix", "'postconf -P', 'postconf -M'", []),
        ("postfix", "'smtp_tls_security_level = secure'", []),
        ("mailpit", "'smtp_destination_rate_delay = 1s'", []),
    ],
)
def test_a_changed_setting_is_loaded(tmp_path: Path, target: str, commands: str, rules: list[str]) -> None:
    shutil.copytree(GOOD, tmp_path, dirs_exist_ok=True)
    text = (tmp_path / "errors.yaml").read_text(encoding="utf-8")
    place = text.rindex("for: '", 0, text.index(SETTING))
    text = text[:place] + f"for: '{target}'" + text[text.index("\n", place) :].replace(SETTING, f"set: [{commands}]", 1)
    (tmp_path / "errors.yaml").write_text(text, encoding="utf-8")
    assert [finding.rule for finding in check(tmp_path)] == rules


DIED = "postfix/smtpd[26340]: fatal: no SASL authentication mechanisms"
SUBMITTED = "postfix/sendmail[310]: fatal: usage: sendmail [options]"


@pytest.mark.parametrize(
    ("examples", "command", "rules"),
    [
        ([DIED], "postfix reload", ["KB806"]),
        (["warning: /usr/lib/postfix/sbin/smtpd: bad command startup -- throttling"], "postfix reload", ["KB806"]),
        ([DIED], "systemctl restart postfix", []),
        ([SUBMITTED], "postfix reload", []),
        ([], "slow_destination_rate_delay = 2s', 'postfix reload", ["KB805"]),
        ([], "slow_destination_concurrency_limit = 2', 'postfix reload", ["KB805"]),
        ([], "smtp_destination_rate_delay = 2s', 'postfix reload", []),
        ([], "dovecot_destination_recipient_limit = 1", []),
        ([], "slow_destination_rate_delay = 2s', 'slow unix - - y - - smtp', 'postfix reload", []),
        (
            [],
            "slow_destination_rate_delay = 2s', 'postconf -M ''slow/unix=slow unix - - y - - smtp''', 'postfix reload",
            [],
        ),
        ([], "doveadm auth test user@example.com secret", ["KB804"]),
    ],
)
def test_what_dies_and_what_is_missing(tmp_path: Path, examples: list[str], command: str, rules: list[str]) -> None:
    shutil.copytree(GOOD, tmp_path, dirs_exist_ok=True)
    text = (tmp_path / "errors.yaml").read_text(encoding="utf-8").replace(SETTING, f"set: ['{command}']", 1)
    first = text.index("    examples:\n") + len("    examples:\n")
    text = text[:first] + "".join(f"      - '{example}'\n" for example in examples) + text[first:]
    (tmp_path / "errors.yaml").write_text(text, encoding="utf-8")
    advice = [finding.rule for finding in check(tmp_path) if finding.rule.startswith("KB8")]
    assert advice == rules
