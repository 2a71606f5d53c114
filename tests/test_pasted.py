"""Settings as people paste them, with the mistakes that people make: what the first thing is that they are told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tables import each

from kb.cli.commands import cli
from kb.config import nodemailer
from kb.config.diagnose import read_files
from kb.config.env import set_variables
from kb.config.setting import Edit
from kb.knowledge_base import KnowledgeBase

SECRET = "abcd efgh ijkl mnop"
DJANGO_QQ = "EMAIL_HOST = 'smtp.qq.com'\nEMAIL_PORT = 465\nEMAIL_USE_TLS = True\nEMAIL_HOST_USER = '1@qq.com'\nEMAIL_HOST_PASSWORD = 'p4ssw0rd'\n"
GITLAB_365 = (
    "gitlab_rails['smtp_address'] = \"smtp.office365.com\"\ngitlab_rails['smtp_port'] = 587\ngitlab_rails['smtp_user_name'] = \"a\"\n"
    "gitlab_rails['smtp_password'] = \"p4ssw0rd\"\ngitlab_rails['smtp_authentication'] = \"login\"\ngitlab_rails['smtp_tls'] = true\n"
)
GMAIL = (
    "relayhost = [smtp.gmail.com]:587\nsmtp_use_tls = yes\nsmtp_sasl_auth_enable = yes\n"
    "smtp_sasl_password_maps = hash:/etc/postfix/sasl_passwd\nsmtp_tls_CAfile = /etc/ssl/certs/ca-certificates.crt\n"
)
WRAPPED = "relayhost = [smtp.exmail.qq.com]:465\nsmtp_tls_wrappermode = yes\nsmtp_tls_security_level = may\n"
KUBERNETES = """\
          env:
            - name: MP_SMTP_RELAY_HOST
              value: postfix
            - name: MP_SMTP_RELAY_AUTH
              value: login
            - name: MP_SMTP_RELAY_USERNAME
              value: user
            - name: MP_SMTP_RELAY_PASSWORD
              valueFrom:
                secretKeyRef:
                  name: smtp
                  key: password
"""
RESEND = "const t = nodemailer.createTransport({\n  host: 'mail.example.com',\n  port: 587,\n  secure: true,\n  auth: {\n    user: 'u',\n    pass: 'p4ssw0rd',\n  },\n});\n"

# Files -> outcome, combination, and the settings of the first cure.
TABLE: list[tuple[dict[str, str], str, str | None, list[str]]] = [
    ({"settings.py": DJANGO_QQ}, "fails", "banner-plain-client-on-implicit-tls-port", ["EMAIL_USE_SSL=True"]),
    ({"settings.py": DJANGO_QQ.replace("USE_TLS", "USE_SSL")}, "works", None, []),
    ({"gitlab.rb": GITLAB_365}, "fails", "starttls-implicit-tls-on-plain-port", []),
    # The key of the password map is not spelled as relayhost is: no login, and Gmail takes nothing without.
    ({"main.cf": GMAIL, "sasl_passwd": f"smtp.gmail.com:587 me@gmail.com:{SECRET}\n"}, "fails", "mail-account-required",
     ["[smtp.gmail.com]:587 USER:PASSWORD", "smtp_sasl_tls_security_options=noanonymous"]),
    ({"main.cf": WRAPPED}, "fails", "config-implicit-tls-level-too-low", ["smtp_tls_wrappermode=yes", "smtp_tls_security_level=secure"]),
]  # fmt: skip


@pytest.mark.parametrize(("files", "outcome", "combination", "first"), TABLE)
def test_a_client_of_a_provider_needs_no_questions(
    base: KnowledgeBase, files: dict[str, str], outcome: str, combination: str | None, first: list[str]
) -> None:
    body = base.diagnose(files, lang="en")
    assert (body["outcome"], body["combination"], body["questions"]) == (outcome, combination, [])
    settings = body["fixes"][0]["set"] if body["fixes"] else []
    assert set(first) <= set(settings)
    # It is no Postfix, and nobody but the provider changes it.
    assert body["server_log"] == []
    assert not any(move.startswith("server-") for fix in body["fixes"] for move in fix["moves"])
    for secret in (SECRET, "p4ssw0rd"):
        assert secret not in json.dumps(body)


def test_another_host_is_asked_about(base: KnowledgeBase) -> None:
    body = base.diagnose({"settings.py": DJANGO_QQ.replace("smtp.qq.com", "mail.example.com")}, lang="en")
    assert body["combination"] == "banner-plain-client-on-implicit-tls-port"
    assert body["fixes"][0]["needs"]


def test_a_value_in_a_secret_of_kubernetes_is_a_value(base: KnowledgeBase) -> None:
    body = base.diagnose({"deployment.yaml": KUBERNETES}, lang="en")
    assert "config-credentials-missing" not in {case["combination"] for case in body["cases"]}
    removed = set_variables(KUBERNETES, [Edit("deployment.yaml", "MP_SMTP_RELAY_PASSWORD", None)])
    assert removed == KUBERNETES.partition("            - name: MP_SMTP_RELAY_PASSWORD")[0]
    replaced = set_variables(KUBERNETES, [Edit("deployment.yaml", "MP_SMTP_RELAY_PASSWORD", "PASSWORD")])
    assert replaced == removed + '            - name: MP_SMTP_RELAY_PASSWORD\n              value: "PASSWORD"\n'


def test_only_the_wording_of_the_method_in_use_is_foretold(base: KnowledgeBase) -> None:
    words = {"login": "username or password not set for LOGIN", "cram-md5": "username or secret not set for CRAM-MD5"}
    for method, said in words.items():
        body = base.diagnose({".env": f"MP_SMTP_RELAY_HOST=x\nMP_SMTP_RELAY_AUTH={method}\n"}, lang="en")
        assert body["predicted_text"] == [f"[relay] host {said} authentication"]


def test_a_change_touches_nothing_else_of_a_program(base: KnowledgeBase) -> None:
    body = base.diagnose({"mailer.js": RESEND}, lang="en")
    changed = [line for line in body["fixes"][0]["diffs"][0]["diff"].splitlines() if line.startswith("-  ")]
    assert changed == ["-  secure: true,"]


def test_of_two_changes_of_one_setting_the_later_is_told(base: KnowledgeBase) -> None:
    for files in (
        {
            "gitlab.rb": GITLAB_365.replace("smtp.office365.com", "mail.example.com"),
            "main.cf": "smtpd_tls_security_level = encrypt\n",
        },
    ):
        for fix in base.diagnose(files, lang="en")["fixes"]:
            places = [(edit["file"], edit["section"], edit["key"]) for edit in fix["edits"]]
            assert len(places) == len(set(places))


@pytest.mark.parametrize(("answers", "status", "words"), [
    ((), 1, "--answer certificate=trusted|"),
    (("starttls=offered", "certificate=missing"), 1, "TLS not available due to local problem"),
    (("starttls=perhaps",), 2, "Not an --answer"),
    (("nonsense",), 2, "Not an --answer"),
])  # fmt: skip
def test_questions_can_be_answered_on_the_command_line(
    tmp_path: Path, answers: tuple[str, ...], status: int, words: str
) -> None:
    file = tmp_path / "grafana.ini"
    file.write_text("[smtp]\nenabled = true\nhost = 192.0.2.7:25\nuser = g\npassword = p4ssw0rd\n", encoding="utf-8")
    options = [part for answer in answers for part in ("--answer", answer)]
    result: Any = CliRunner().invoke(cli, ["diagnose", "--lang", "en", str(file), *options])
    assert (result.exit_code, words in result.output) == (status, True), result.output


def test_misspelled_settings_come_before_the_changes(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("MP_SMTP_RELAY_HOST=x\nMP_SMTP_RELAY_AUTH=login\nMP_SMTP_RELAY_USER=u\n", encoding="utf-8")
    output = CliRunner().invoke(cli, ["diagnose", "--lang", "en", str(file)]).output
    assert output.index("Did you mean MP_SMTP_RELAY_USERNAME") < output.index("What to change")


def test_settings_for_a_file_that_was_not_pasted_stand_below_its_name(tmp_path: Path) -> None:
    file = tmp_path / "mailserver.env"
    file.write_text(
        "SSL_TYPE=letsencrypt\nDEFAULT_RELAY_HOST=[smtp.qq.com]:465\nRELAY_USER=u\nRELAY_PASSWORD=p4ssw0rd\n",
        encoding="utf-8",
    )
    output = CliRunner().invoke(cli, ["diagnose", "--lang", "en", str(file)]).output
    assert "postfix-main.cf:\n         smtp_tls_wrappermode=yes" in output


def test_a_relay_with_a_strict_level_is_a_client() -> None:
    text = "relayhost = [mail.example.com]:587\nsmtp_tls_security_level = secure\n"
    assert [p.details["weak"] for p in read_files({"main.cf": text}).parties if p.side == "client"] == ["no"]


def test_an_option_is_put_beside_the_host_whatever_was_put_there_before() -> None:
    edits = [Edit("mailer.js", "rejectUnauthorized", "false"), Edit("mailer.js", "authMethod", '"PLAIN"')]
    for made in (edits, edits[::-1]):
        text = nodemailer.apply("createTransport({\n  host: 'mail.example.com',\n  port: 25,\n});\n", made)
        assert "tls: { rejectUnauthorized: false }" in text
        assert 'authMethod: "PLAIN"' in text


MAIN_CF = "myhostname = mail.example.com\nmynetworks = 127.0.0.0/8\nsmtpd_sasl_auth_enable = yes\n"
# A file that was pasted -> what is said of it first, and whether a server is read out of it.
PASTED_BY_MISTAKE: dict[str, tuple[str, bool]] = {
    "<!DOCTYPE html><html><body>404</body></html>": ("web page", False),
    "Nov 28 10:12:40 mail postfix/smtpd[123]: connect from unknown[192.0.2.1]\n": ("This is a log", False),
    "protocols = imap\npassdb {\n  driver = pam\n}\n": ("configuration of Dovecot", False),
    "-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----\n": ("Do not paste private keys", False),
    "\ufeff" + MAIN_CF: ("", True),
    MAIN_CF.encode("utf-16").decode("latin-1"): ("saved as UTF-16", True),
    MAIN_CF.replace("mail.example.com", "{{ name }}"): ("This is a template", True),
    "services:\n\tmailpit:\n\t\timage: axllent/mailpit\n": ("does not allow tabs", True),
}


@each("text", list(PASTED_BY_MISTAKE))
def test_a_file_of_another_kind_is_told(text: str) -> None:
    words, read = PASTED_BY_MISTAKE[text]
    reading = read_files({"main.cf": text})
    told = [finding.text.en for finding in reading.findings]
    assert any(party.side == "server" for party in reading.parties) == read
    assert (words in told[0]) if words else not told


def test_a_port_that_compose_fills_in_has_its_default() -> None:
    text = "services:\n  mailpit:\n    environment:\n      MP_SMTP_RELAY_HOST: mail.example.com\n      MP_SMTP_RELAY_PORT: ${PORT:-587}\n"
    [party] = [party for party in read_files({"compose.yaml": text}).parties if party.side == "client"]
    assert party.details["port"] == "587"
