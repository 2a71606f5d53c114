"""What applications make of their settings, fixes in their own form, and Postfix's password for a checked server."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from tables import each

from kb import KnowledgeBase
from kb.config.diagnose import read_files

REALM = {"host": "mail.example.com", "auth": "false"}
REMOTE = "mail.example.com smtp "
HASS = "notify:\n  - platform: smtp\n    name: mail\n    recipient: a@example.com\n"
SSMTP = "root=postmaster\nmailhub=mail.example.com"
QUARKUS = "quarkus.mailer.host=mail.example.com\n"
ODOO = "[options]\nsmtp_server = mail.example.com\n"
GHOST = "mail__options__host=mail.example.com\n"
JENKINS = "unclassified:\n  mailer:\n    smtpHost: mail.example.com\n"


def _realm(**more: str) -> str:
    return json.dumps({"realm": "a", "smtpServer": {**REALM, **more}, "loginTheme": "b"})


# file text -> what is read out of it
READ: Mapping[str, Mapping[str, str]] = {
    _realm(): {"tls": "none", "port": "25", "auth": "none", "verify": "full"},
    _realm(starttls="true"): {"tls": "opportunistic"},
    _realm(ssl="true", starttls="true"): {"tls": "implicit", "port": "465"},
    _realm(user="u", password="p"): {"auth": "none"},
    _realm(auth="true", user="u", authType="token"): {"auth": "xoauth2"},
    REMOTE + "port=25": {"tls": "none", "port": "25", "auth": "none"},
    REMOTE + "ssl user=u": {"tls": "implicit", "port": "465", "auth": "none"},
    REMOTE + "--starttls --user=u --pass='p q' --port=587": {"tls": "starttls", "port": "587", "auth": "any"},
    REMOTE + "starttls user=u pass=p auth-login insecure": {"auth": "login", "verify": "none"},
    HASS: {"host": "localhost", "port": "587", "tls": "starttls", "verify": "full", "auth": "none"},
    HASS + "    encryption: none\n": {"tls": "none"},
    HASS + "    server: mail.example.com\n    encryption: tls\n    verify_ssl: false\n": {
        "tls": "implicit",
        "verify": "none",
    },
    SSMTP + "\nAuthUser=u\n": {"port": "25", "tls": "none", "auth": "login", "verify": "none"},
    SSMTP + ":587\nUseSTARTTLS=yes\nAuthMethod=CRAM-MD5\nAuthUser=u\n": {
        "port": "587",
        "tls": "starttls",
        "auth": "cram-md5",
    },
    SSMTP + ":465\nUseTLS=YES\nhostname=box\n": {"port": "465", "tls": "implicit", "ehlo": "short"},
    QUARKUS: {"tls": "opportunistic", "port": "25", "auth": "none", "perhaps": "verify=full,issuer"},
    QUARKUS + "quarkus.mailer.start-tls=REQUIRED\n": {"tls": "starttls"},
    QUARKUS + "quarkus.mailer.trust-all=true\n": {"tls": "implicit", "verify": "none"},
    QUARKUS + "quarkus.mailer.tls=false\nquarkus.mailer.trust-all=true\n": {"tls": "opportunistic", "verify": "none"},
    ODOO + "smtp_user = False\n": {"tls": "none", "auth": "none", "port": "25"},
    ODOO + "smtp_ssl = True\nsmtp_user = u\n": {"tls": "starttls", "auth": "any", "verify": "none"},
    GHOST: {"tls": "opportunistic", "port": "587"},
    GHOST + "mail__options__port=465\n": {"tls": "implicit"},
    GHOST + "mail__options__secureConnection=true\n": {"tls": "implicit", "port": "465"},
    JENKINS: {"tls": "none", "port": "25"},
    JENKINS + "    useTls: true\n": {"tls": "starttls", "port": "587", "perhaps": "verify=full,issuer"},
    JENKINS + "    useSsl: true\n": {"tls": "implicit", "port": "465", "verify": "full"},
}


@each("text", list(READ))
def test_settings_are_read_as_the_program_reads_them(text: str) -> None:
    [party] = read_files({"file": text}).parties
    found = {**party.facts, "host": party.details["host"], **{k: v for k, v in party.details.items() if k != "host"}}
    assert {key: found.get(key) for key in READ[text]} == READ[text]


def test_the_database_of_a_blog_is_no_mail_server() -> None:
    text = '{"database": {"connection": {"host": "db", "user": "ghost", "pass": "x"}}, "mail": {"transport": "Direct"}}'
    assert not [p for p in read_files({"config.production.json": text}).parties if p.product == "ghost"]


SERVER = {"starttls": "offered", "certificate": "trusted", "certificate_name": "matches", "requires_tls": "yes",
          "auth_offer": "over-tls", "trusts_client": "no", "recipient": "remote", "relay": "reject"}  # fmt: skip
RELAY = "relayhost = [smtp.example.net]:587\nsmtp_sasl_auth_enable = yes\nsmtp_sasl_password_maps = hash:/etc/postfix/sasl_passwd\n"


def _levels(base: KnowledgeBase, **more: str) -> list[tuple[list[str], str]]:
    body = base.diagnose({"main.cf": RELAY}, answers={**SERVER, **more}, lang="en")
    logs_in = [fix for fix in body["fixes"] if "smtp_sasl_auth_enable=no" not in fix["set"]]
    return [([line for line in fix["set"] if "_level=" in line], fix["text"]) for fix in logs_in]


def test_a_password_goes_to_a_checked_server(base: KnowledgeBase) -> None:
    """`encrypt` takes any certificate, so with a public one it is not offered."""
    levels = [level for level, _ in _levels(base)]
    assert ["smtp_tls_security_level=secure"] in levels
    assert ["smtp_tls_security_level=encrypt"] not in levels


def test_with_a_certificate_of_its_own_encryption_alone_comes_later_and_tells_its_cost(base: KnowledgeBase) -> None:
    levels = _levels(base, certificate="self-signed")
    assert levels[0][0] == ["smtp_tls_security_level=secure"]
    alone = [text for level, text in levels if level == ["smtp_tls_security_level=encrypt"]]
    assert alone
    assert all("poses as the server" in text for text in alone)


def test_a_level_that_checks_is_kept(base: KnowledgeBase) -> None:
    text = RELAY.replace("587", "465") + "smtp_tls_security_level = verify\n"
    body = base.diagnose({"main.cf": text}, answers={**SERVER, "listens": "implicit"}, lang="en")
    best = body["fixes"][0]
    assert "smtp_tls_security_level=verify" in best["set"]
    assert "smtp_tls_CAfile=/etc/ssl/certs/ca-certificates.crt" in best["set"]


@pytest.mark.parametrize("port", ["587", "465", "2525"])
def test_without_master_cf_a_port_may_be_open_or_not(base: KnowledgeBase, port: str) -> None:
    client = f"MP_SMTP_RELAY_HOST=mail.example.com\nMP_SMTP_RELAY_PORT={port}\n"
    main = "myhostname = mail.example.com\nsmtpd_sasl_auth_enable = yes\nmynetworks = 192.0.2.0/24\n"
    body = base.diagnose({".env": client, "main.cf": main}, lang="en")
    assert body["outcome"] == "depends"
    assert "reachable" in [ask["fact"] for ask in body["asks"]]
    assert any("postconf -M" in finding["text"] for finding in body["findings"])
    closed = base.diagnose({".env": client, "main.cf": main}, answers={"reachable": "no"}, lang="en")
    assert closed["entry"] == "connect-refused"
    assert any("server-open-port" in fix["moves"] for fix in closed["fixes"])
