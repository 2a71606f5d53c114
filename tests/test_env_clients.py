"""Quirks of Symfony's DSN, of Laravel's and of Mastodon's variables, each as its source has it."""

from __future__ import annotations

import pytest
from tables import each

from kb.config.diagnose import read_files

DSNS = {
    # Without a port Symfony takes 465, but for localhost.
    "smtp://mail.example.com": {"tls": "implicit", "port": "465", "auth": "none"},
    "smtp://localhost": {"tls": "opportunistic", "port": "25", "host": "localhost"},
    "smtp://mail.example.com:465": {"tls": "implicit"},
    "smtp://mail.example.com:25": {"tls": "opportunistic"},
    "smtps://mail.example.com:587": {"tls": "implicit", "port": "587"},
    "smtp://mail.example.com:25?auto_tls=false": {"tls": "none"},
    "smtp://mail.example.com:587?require_tls=true": {"tls": "starttls"},
    # An empty verify_peer is like none at all (EsmtpTransportFactory).
    "smtp://mail.example.com:587?verify_peer=": {"verify": "full"},
    "smtp://mail.example.com:587?verify_peer=false": {"verify": "none"},
    "smtp://u:p@[::1]:2525": {"host": "::1", "port": "2525", "auth": "any"},
    "smtp://mail.example.com:587?encryption=ssl&auth_mode=login": {"tls": "opportunistic"},
    "smtp://user@example.com:p@mail.example.com:587": {"host": "mail.example.com", "auth": "any"},
}
MASTODON = "SMTP_SERVER=mail.example.com\nSMTP_LOGIN=u\nSMTP_PASSWORD=p\nSMTP_FROM_ADDRESS=a@example.com\n"
SETTINGS = {
    "": {"tls": "opportunistic", "auth": "plain", "port": "25", "verify": "full"},
    "SMTP_TLS=true\nSMTP_PORT=465\n": {"tls": "implicit"},
    "SMTP_SSL=true\n": {"tls": "implicit"},
    "SMTP_TLS=yes\n": {"tls": "opportunistic"},
    "SMTP_ENABLE_STARTTLS=never\n": {"tls": "none"},
    "SMTP_ENABLE_STARTTLS=auto\n": {"tls": "opportunistic"},
    "SMTP_ENABLE_STARTTLS_AUTO=false\n": {"tls": "none"},
    "SMTP_AUTH_METHOD=none\n": {"auth": "none"},
    "SMTP_AUTH_METHOD=cram_md5\n": {"auth": "cram-md5"},
    "SMTP_CA_FILE=/etc/ssl/private-ca.pem\n": {"trust": "file"},
}


def _read(text: str) -> dict[str, str]:
    [party] = read_files({".env": text}).parties
    return {**party.facts, **party.details}


@each("dsn", DSNS)
def test_a_dsn_is_read_as_symfony_reads_it(dsn: str) -> None:
    found = _read(f"MAILER_DSN={dsn}\n")
    expected = dict(DSNS[dsn])
    if "host" in expected:
        assert found["host"] == expected["host"]  # the spelling, which the details have
    assert {key: found[key] for key in expected} == expected


def test_characters_that_break_a_dsn_are_told() -> None:
    reading = read_files({".env": "MAILER_DSN=smtp://user:pa#ss/word@mail.example.com:587\n"})
    assert any("%23" in finding.text.en for finding in reading.findings)


LARAVEL = "MAIL_MAILER=smtp\nMAIL_HOST=mail.example.com\n"
LARAVEL_SETTINGS = {
    "": {"tls": "opportunistic", "port": "2525", "auth": "none"},
    "MAIL_PORT=465\n": {"tls": "implicit"},
    "MAIL_PORT=465\nMAIL_ENCRYPTION=null\n": {"tls": "implicit"},
    "MAIL_PORT=587\nMAIL_ENCRYPTION=tls\n": {"tls": "opportunistic"},
    "MAIL_PORT=587\nMAIL_ENCRYPTION=ssl\n": {"tls": "opportunistic"},
    "MAIL_PORT=587\nMAIL_SCHEME=smtps\n": {"tls": "implicit"},
    "MAIL_USERNAME=null\nMAIL_PASSWORD=null\n": {"auth": "none"},
    "MAIL_USERNAME=u\n": {"auth": "any"},
}


@pytest.mark.parametrize("lines", LARAVEL_SETTINGS)
def test_laravel_reads_its_variables_so(lines: str) -> None:
    found = _read(LARAVEL + lines)
    assert {key: found.get(key) for key in LARAVEL_SETTINGS[lines]} == LARAVEL_SETTINGS[lines]


def test_what_laravel_stumbles_over_is_told() -> None:
    told = read_files({".env": LARAVEL + "MAIL_SCHEME=tls\n"}).findings
    assert any('The "tls" scheme is not supported' in finding.text.en for finding in told)
    reading = read_files({".env": "MAIL_MAILER=log\nMAIL_HOST=mail.example.com\n"})
    assert reading.parties == ()
    assert any("does not send by SMTP" in finding.text.en for finding in reading.findings)


@each("lines", SETTINGS)
def test_mastodon_reads_its_variables_so(lines: str) -> None:
    found = _read(MASTODON + lines)
    assert {key: found.get(key) for key in SETTINGS[lines]} == SETTINGS[lines]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SMTP_SERVER=mail.example.com\nSMTP_DELIVERY_METHOD=smtp\n", "SMTP_AUTH_METHOD=none"),
        (MASTODON + "SMTP_TLS=true\nSMTP_ENABLE_STARTTLS=auto\n", "mutually exclusive"),
        (MASTODON + "SMTP_ENABLE_STARTTLS=true\n", "SMTP_ENABLE_STARTTLS_AUTO"),
        (MASTODON + "SMTP_TLS=true\nSMTP_PORT=587\n", "465"),
    ],
)
def test_what_mastodon_stumbles_over_is_told(text: str, words: str) -> None:
    assert any(words in finding.text.en for finding in read_files({".env": text}).findings)
