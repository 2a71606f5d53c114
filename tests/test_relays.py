"""Servers that relay through another one, and Zabbix, as clients: what is read, which fixes are offered, in their own form.

The outcomes were measured with Exim 4.96, Sendmail 8.17.1, OpenSMTPD 6.8 and libcurl 7.88 against Postfix 3.7.11.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from tables import each

from kb import KnowledgeBase
from kb.config.diagnose import read_files
from kb.config.moves import MOVES
from kb.config.products import adapter

DEBIAN = "# update-exim4.conf(8)\ndc_eximconfig_configtype='satellite'\ndc_smarthost='mail.example.com::587'\nCFILEMODE='644'\n"
PASSWD = (
    "# see exim4_passwd_client(5)\n### target.mail.server.example:login:password\nmail.example.com:app:s3cret-word\n"
)
REQUIRED = "REMOTE_SMTP_SMARTHOST_HOSTS_REQUIRE_TLS = *\n"
EXIM = """begin routers

smarthost:
  driver = manualroute
  domains = ! +local_domains
  transport = smart
  route_list = * mail.example.com::587 byname

begin transports

smart:
  driver = smtp
  hosts_require_auth = *
  hosts_require_tls = \\
    mail.example.com

begin authenticators

login:
  driver = plaintext
  public_name = LOGIN
  client_send = : app : s3cret-word
"""
MC = """divert(0)dnl
define(`SMART_HOST', `[mail.example.com]')dnl
define(`RELAY_MAILER_ARGS', `TCP $h 587')dnl
FEATURE(`authinfo', `hash -o /etc/mail/authinfo.db')dnl
"""
AUTHINFO = 'AuthInfo:mail.example.com "U:app" "I:app" "P:s3cret-word"\n'
BOTH = "define(`confAUTH_MECHANISMS', `CRAM-MD5 LOGIN PLAIN')dnl\n"
SMTPD = """table secrets file:/etc/mail/secrets
action "out" relay \\
    host smtp+tls://app@mail.example.com:587 auth <secrets>
match from local for any action "out"
"""
ZABBIX = """zabbix_export:
  version: '7.0'
  media_types:
    - name: Email
      type: EMAIL
      smtp_port: '587'
      smtp_server: mail.example.com
      smtp_helo: zabbix
      smtp_security: STARTTLS
      smtp_authentication: PASSWORD
      username: app
      password: s3cret-word
    - name: SMS
      type: SMS
"""

# name -> files, what is read out of them
READ: Mapping[str, tuple[Mapping[str, str], Mapping[str, str | None]]] = {
    "Debian without passwd.client": (
        {"a": DEBIAN},
        {"tls": "opportunistic", "verify": "full", "port": "587", "auth": None, "filter": "plaintext-without-tls"},
    ),
    "Debian": (
        {"a": DEBIAN, "exim4.conf.localmacros": REQUIRED, "passwd.client": PASSWD},
        {"product": "exim-debian", "tls": "starttls", "auth": "any"},
    ),
    "Debian, another host's password": (
        {"a": DEBIAN.replace("mail.", "smtp."), "passwd.client": PASSWD},
        {"host": "smtp.example.com", "auth": "none", "finding": "no line for smtp.example.com"},
    ),
    "Debian, one colon": (
        {"a": DEBIAN.replace("::", ":")},
        {"port": "25", "finding": "One colon separates two hosts"},
    ),
    "Debian, implicit TLS": (
        {"a": DEBIAN.replace("587", "465"), "m": "REMOTE_SMTP_SMARTHOST_PROTOCOL = smtps\n"},
        {"tls": "implicit", "port": "465"},
    ),
    "Debian, 465 without it": ({"a": DEBIAN.replace("587", "465")}, {"finding": "PROTOCOL = smtps"}),
    "Exim": (
        {"exim.conf": EXIM},
        {"product": "exim", "library": "exim-requires-auth", "tls": "starttls", "verify": "none", "auth": "login"},
    ),
    "Exim that never logs in": (
        {"exim.conf": EXIM.replace("  hosts_require_auth = *\n", "")},
        {"auth": "none", "finding": "does not log in with login"},
    ),
    "Exim that checks": (
        {
            "exim.conf": EXIM.replace(
                "  driver = smtp\n", "  driver = smtp\n  tls_verify_hosts = *\n  protocol = smtps\n"
            )
        },
        {"tls": "implicit", "verify": "full"},
    ),
    "Sendmail": (
        {"sendmail.mc": MC, "authinfo": AUTHINFO},
        {
            "tls": "opportunistic",
            "auth": "any",
            "filter": "plaintext",
            "port": "587",
            "finding": "neither PLAIN nor LOGIN",
        },
    ),
    "Sendmail with mechanisms": ({"sendmail.mc": MC + BOTH, "authinfo": AUTHINFO}, {"filter": "nothing"}),
    "Sendmail, map not pasted": ({"sendmail.mc": MC}, {"auth": None}),
    "Sendmail, the port of another mailer": (
        {"sendmail.mc": MC.replace("[mail", "esmtp:[mail")},
        {"port": "25", "finding": "RELAY_MAILER_ARGS has no effect"},
    ),
    "Sendmail without TLS": (
        {"sendmail.mc": MC, "access": "Try_TLS:mail.example.com\tNO\n"},
        {"tls": "none"},
    ),
    "OpenSMTPD": (
        {"smtpd.conf": SMTPD},
        {"product": "opensmtpd", "tls": "starttls", "verify": "full", "auth": "any", "port": "587"},
    ),
    "OpenSMTPD, any certificate": ({"smtpd.conf": SMTPD.replace("auth", "tls no-verify auth")}, {"verify": "none"}),
    "OpenSMTPD, in clear if need be": (
        {"smtpd.conf": SMTPD.replace("smtp+tls://app@", "smtp://").replace(" auth <secrets>", "")},
        {"tls": "opportunistic", "verify": "none", "auth": "none"},
    ),
    "OpenSMTPD, a login without TLS": (
        {"smtpd.conf": SMTPD.replace("smtp+tls", "smtp")},
        {"product": None, "finding": "has to begin with smtp+tls://"},
    ),
    "OpenSMTPD before 6.4": (
        {"smtpd.conf": "accept from any for any relay via tls+auth://app@mail.example.com auth <secrets>\n"},
        {"product": None, "finding": "from before 6.4"},
    ),
    "Zabbix": (
        {"z.yaml": ZABBIX},
        {"product": "zabbix", "tls": "starttls", "verify": "none", "auth": "any", "port": "587", "ehlo": "short"},
    ),
    "Zabbix with defaults": (
        {
            "z.yaml": "zabbix_export:\n  media_types:\n    - name: a\n      type: EMAIL\n      smtp_server: mail.example.com\n"
        },
        {"tls": "none", "auth": "none", "port": "25"},
    ),
}


@each("name", list(READ))
def test_settings_are_read_as_the_program_reads_them(name: str) -> None:
    files, expected = READ[name]
    reading = read_files(files)
    [party] = reading.parties or [None]
    found = {"product": party.product, **party.facts, **party.details, "host": party.details["host"]} if party else {}
    told = " ".join(finding.text.en for finding in reading.findings)
    for key, value in expected.items():
        if key == "finding":
            assert value is not None
            assert value in told
        else:
            assert found.get(key) == value, key
    assert "s3cret-word" not in repr(reading)


SERVER = {"starttls": "offered", "certificate": "trusted", "certificate_name": "matches", "requires_tls": "no",
          "auth_offer": "over-tls", "trusts_client": "no", "recipient": "remote", "relay": "reject", "listens": "plain"}  # fmt: skip
FULL: Mapping[str, Mapping[str, str]] = {
    "exim-debian": {"a": DEBIAN, "passwd.client": PASSWD},
    "exim": {"exim.conf": EXIM},
    "sendmail": {"sendmail.mc": MC + BOTH, "authinfo": AUTHINFO},
    "opensmtpd": {"smtpd.conf": SMTPD},
    "zabbix": {"z.yaml": ZABBIX},
}

# product, what differs from SERVER -> how it ends (None: the mail goes through)
ENDS: Mapping[tuple[str, str], str | None] = {
    ("exim-debian", "{}"): None,
    ("exim-debian", '{"certificate": "self-signed"}'): "rcpt-relay-rejected",
    ("exim-debian", '{"starttls": "not-offered", "auth_offer": "always"}'): "rcpt-relay-rejected",
    ("exim-debian", '{"starttls": "not-offered", "auth_offer": "always", "offers_cram": "yes"}'): None,
    ("exim", '{"certificate": "self-signed"}'): None,
    ("exim", '{"auth_offer": "never"}'): "auth-not-offered",
    ("exim", '{"starttls": "not-offered"}'): "starttls-not-offered",
    ("sendmail", '{"certificate": "self-signed"}'): None,
    ("sendmail", '{"auth_offer": "never"}'): "rcpt-relay-rejected",
    ("sendmail", '{"offers_plain": "no", "offers_login": "no"}'): "auth-mechanism-unfit",
    ("opensmtpd", '{"certificate": "self-signed"}'): "starttls-certificate-untrusted",
    ("opensmtpd", '{"offers_plain": "no", "offers_login": "no", "offers_cram": "yes"}'): "auth-mechanism-unfit",
    ("zabbix", '{"certificate": "self-signed"}'): None,
    ("zabbix", '{"auth_offer": "never"}'): "rcpt-relay-rejected",
}


@each("case", list(ENDS))
def test_it_ends_as_measured(base: KnowledgeBase, case: tuple[str, str]) -> None:
    body = base.diagnose(FULL[case[0]], answers={**SERVER, **json.loads(case[1])}, lang="en")
    assert body["combination"] == ENDS[case]
    assert "s3cret-word" not in json.dumps(body)


@each("product", list(FULL))
def test_a_change_is_read_back(product: str) -> None:
    files = FULL[product]
    [party] = read_files(files).parties
    own = adapter(product)
    for move in MOVES:
        edits = own.edits(party, move.change) if move.side == "client" else None
        if not edits or any(edit.file not in files for edit in edits):
            continue
        changed = {name: own.apply(text, [edit for edit in edits if edit.file == name]) for name, text in files.items()}
        [after] = read_files(changed).parties
        told = {name: value for name, value in move.change.items() if name in ("tls", "verify", "host", "ehlo")}
        if move.change.get("auth") == "none":
            # A map without an entry says it, and a map that is empty may be one that was not pasted.
            assert after.facts.get("auth", "none") == "none"
        assert {name: after.facts.get(name) for name in told} == told, move.id


def test_a_difference_shows_no_secret_beside_the_change(base: KnowledgeBase) -> None:
    text = "account default\nhost mail.example.com\nport 587\nuser app\ntls on\nauth on\npassword s3cret-word\n"
    body = base.diagnose({"msmtprc": text}, answers={**SERVER, "certificate": "self-signed"}, lang="en")
    assert any(fix["diffs"] for fix in body["fixes"])
    assert "s3cret-word" not in json.dumps(body)


LOCAL: Mapping[str, tuple[str, list[str]]] = {
    "MAIL_MAILER=smtp\nMAIL_SCHEME=smtps\nMAIL_HOST=mailpit\nMAIL_PORT=1025\n": (
        "client-tls-when-offered",
        ["MAIL_SCHEME=smtp"],
    ),
    "MAILER_DSN=smtps://mailpit:1025\n": ("client-no-tls", ["MAILER_DSN scheme=smtp", "MAILER_DSN auto_tls=false"]),
    "[smtp]\nenabled = true\nhost = mailpit:1025\nuser = u\npassword = p\nstartTLS_policy = MandatoryStartTLS\n": (
        "client-no-tls",
        ["startTLS_policy=NoStartTLS"],
    ),
    "relayhost = [mailpit]:1025\nsmtp_tls_security_level = encrypt\n": (
        "client-no-tls",
        ["smtp_tls_wrappermode=no", "smtp_tls_security_level=none"],
    ),
}
MAILPIT = "services:\n  mailpit:\n    image: axllent/mailpit\n"


@each("text", list(LOCAL))
def test_towards_a_test_server_the_client_is_changed_first(base: KnowledgeBase, text: str) -> None:
    body = base.diagnose({"file": text, "compose.yaml": MAILPIT}, lang="en")
    move, changes = LOCAL[text]
    assert body["fixes"][0]["moves"] == [move]
    assert body["fixes"][0]["set"] == changes


LINES = ("alias_maps = hash:/etc/aliases", "biff = no", "inet_interfaces = all", "mailbox_size_limit = 0",
         "mydestination = $myhostname", "myhostname = mail.example.com", "mynetworks = 192.0.2.0/24", "smtpd_banner = $myhostname")  # fmt: skip


def test_a_printed_main_cf_without_a_level_has_level_0(base: KnowledgeBase) -> None:
    """Measured with Postfix 3.7.11: smtpd stops, and the client waits for a greeting."""
    client = "account default\nhost mail.example.com\nport 25\n"
    answers = {"recipient": "remote", "trusts_client": "no"}
    printed = base.diagnose({"msmtprc": client, "main.cf": "\n".join(LINES)}, answers=answers, lang="en")
    assert printed["combination"] == "banner-server-process-stops"
    typed = base.diagnose({"msmtprc": client, "main.cf": "\n\n".join(LINES)}, answers=answers, lang="en")
    assert typed["combination"] == "rcpt-relay-deferred"
    assert any(found["key"] == "compatibility_level" for found in typed["findings"])
    part = base.diagnose({"msmtprc": client, "main.cf": "\n".join(LINES[-4:])}, answers=answers, lang="en")
    assert part["combination"] == "rcpt-relay-deferred"
    assert part["findings"] == []


def test_what_decides_is_told_first(base: KnowledgeBase) -> None:
    main = "disable_vrfy_comand = yes\nsmtpd_use_tls = yes\nsmtpd_tls_security_level = may\nmynetworks = 192.0.2.0/24\n"
    client = "account default\nhost mail.example.com\nport 25\ntls on\n"
    body = base.diagnose({"msmtprc": client, "main.cf": main}, answers={"certificate": "missing"}, lang="en")
    keys = [found["key"] for found in body["findings"]]
    assert body["combination"] == "starttls-certificate-missing"
    assert keys[0] == "smtpd_tls_security_level"
    assert keys[-1] == "disable_vrfy_comand"


def test_changes_are_written_as_the_file_has_them(base: KnowledgeBase) -> None:
    answers = {**SERVER, "offers_cram": "no"}
    sendmail = base.diagnose({"sendmail.mc": MC, "authinfo": AUTHINFO}, answers=answers, lang="en")
    lines = [line for fix in sendmail["fixes"] for line in fix["set"]]
    assert "define(`confAUTH_MECHANISMS', `EXTERNAL GSSAPI DIGEST-MD5 CRAM-MD5 LOGIN PLAIN')dnl" in lines
    other = PASSWD.replace("mail.example.com:", "smtp.example.com:")
    debian = base.diagnose({"a": DEBIAN, "passwd.client": other}, answers=answers, lang="en")
    assert "mail.example.com:USER:PASSWORD" in [line for fix in debian["fixes"] for line in fix["set"]]
