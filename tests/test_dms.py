"""docker-mailserver: what its variables and override files mean, and how a client beside it or a relay behind it fares."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tables import each

from kb.config.diagnose import read_files
from kb.config.dms import apply
from kb.config.setting import Edit
from kb.knowledge_base import KnowledgeBase

SECRET = "s3cr3t-Zx81qy"
TLS = "SSL_TYPE=letsencrypt\n"
RELAY = f"RELAY_USER=app@example.net\nRELAY_PASSWORD={SECRET}\n"
COMPOSE = """\
services:
  mailserver:
    image: ghcr.io/docker-mailserver/docker-mailserver:latest
    hostname: mail.example.com
    env_file: mailserver.env
    ports:
      - "25:25"
      - "2587:587"
  gitea:
    image: gitea/gitea:1
"""
MAILPIT = f"""\
MP_SMTP_RELAY_HOST=mail.example.com
MP_SMTP_RELAY_PORT=587
MP_SMTP_RELAY_ALL=true
MP_SMTP_RELAY_STARTTLS=true
MP_SMTP_RELAY_AUTH=plain
MP_SMTP_RELAY_USERNAME=app@example.com
MP_SMTP_RELAY_PASSWORD={SECRET}
"""


def server(files: dict[str, str], port: str) -> dict[str, str]:
    [party] = [p for p in read_files(files).parties if p.side == "server" and p.details["port"] == port]
    return dict(party.facts)


def relaying(files: dict[str, str]) -> dict[str, str]:
    [party] = [p for p in read_files(files).parties if p.side == "client"]
    return dict(party.facts)


# mailserver.env, port -> facts that it leads to; None for a fact that stays open.
TABLE: list[tuple[str, str, dict[str, str | None]]] = [
    (TLS, "587", {"starttls": "offered", "requires_tls": "yes", "auth_offer": "over-tls", "gate": "client", "certificate": "trusted",
                  "offers_plain": "yes", "offers_cram": "no", "backend": None, "relay": "login-only"}),
    (TLS, "465", {"listens": "implicit", "auth_offer": "over-tls"}),
    (TLS, "25", {"auth_offer": "never", "starttls": "offered", "requires_tls": "no", "trusts_client": "no", "relay": "reject",
                 "helo_check": "full-late"}),
    ("SSL_TYPE=\n", "587", {"starttls": "not-offered", "requires_tls": "no", "auth_offer": "always"}),
    ("SSL_TYPE=\n", "465", {"listens": "plain", "auth_offer": "always"}),
    ("SSL_TYPE=self-signed\n", "587", {"certificate": "private-ca"}),
    ("SSL_TYPE=manual\nSSL_CERT_PATH=/etc/ssl/mine.pem\nSSL_KEY_PATH=/etc/ssl/mine.key\n", "587", {"certificate": None}),
    ("SSL_TYPE=manual\nSSL_CERT_PATH=/etc/letsencrypt/live/x/fullchain.pem\nSSL_KEY_PATH=/etc/letsencrypt/live/x/privkey.pem\n",
     "587", {"certificate": "trusted"}),
    ("SSL_TYPE=custom\n", "587", {"certificate": None}),
    (TLS + "SMTP_ONLY=1\n", "587", {"auth_offer": "never"}),
    (TLS + "SMTP_ONLY=1\nENABLE_SASLAUTHD=1\n", "587", {"auth_offer": "over-tls", "backend": None}),
    (TLS + "PERMIT_DOCKER=container\n", "25", {"trusts_client": None}),
    (TLS + "PERMIT_DOCKER=nonsense\n", "25", {"trusts_client": "no"}),
]  # fmt: skip


@each("env port facts", TABLE)
def test_variables_become_facts(env: str, port: str, facts: dict[str, str | None]) -> None:
    found = server({"mailserver.env": env + "ENABLE_OPENDKIM=1\n"}, port)
    assert {name: found.get(name) for name in facts} == facts


def test_connected_networks_are_trusted_where_the_client_stands_beside_it() -> None:
    files = {"compose.yaml": COMPOSE, "mailserver.env": TLS + "PERMIT_DOCKER=connected-networks\n"}
    assert server(files, "25")["trusts_client"] == "yes"


@pytest.mark.parametrize(("env", "facts"), [
    (f"DEFAULT_RELAY_HOST=[smtp.example.net]:587\n{RELAY}", {"tls": "starttls", "auth": "any", "filter": "nothing"}),
    ("DEFAULT_RELAY_HOST=[smtp.example.net]:587\n", {"tls": "opportunistic", "auth": "none"}),
    (f"RELAY_HOST=smtp.example.net\nRELAY_PORT=587\n{RELAY}", {"tls": "starttls", "auth": "any"}),
    # The row of the password map is for DEFAULT_RELAY_HOST, the mail goes to RELAY_HOST.
    (f"DEFAULT_RELAY_HOST=[other.example.net]:587\nRELAY_HOST=smtp.example.net\nRELAY_PORT=587\n{RELAY}", {"auth": "none"}),
    ("DEFAULT_RELAY_HOST=[smtp.example.net]:587\nRELAY_USER=app\n", {"auth": "none"}),
])  # fmt: skip
def test_relaying_is_that_of_its_postfix(env: str, facts: dict[str, str]) -> None:
    found = relaying({"mailserver.env": TLS + env})
    assert {name: found[name] for name in facts} == facts


def test_without_tls_it_relays_in_clear_as_well() -> None:
    assert relaying({"mailserver.env": "SSL_TYPE=\nDEFAULT_RELAY_HOST=[smtp.example.net]:25\n"})["tls"] == "none"


def test_files_for_senders_of_their_own_are_read() -> None:
    files = {
        "mailserver.env": TLS,
        "config/postfix-relaymap.cf": "# relays\n@example.com [smtp.example.net]:587\n",
        "config/postfix-sasl-password.cf": f"@example.com app:{SECRET}\n",
    }
    found = relaying(files)
    assert (found["tls"], found.get("auth")) == ("starttls", None)


@pytest.mark.parametrize(("name", "text", "port", "facts"), [
    ("postfix-master.cf", "submission/inet/smtpd_tls_security_level=may\n", "587", {"requires_tls": "no", "auth_offer": "always"}),
    ("postfix-main.cf", "message_size_limit = 1000\nmynetworks = 0.0.0.0/0\n", "25", {"trusts_client": "yes"}),
])  # fmt: skip
def test_override_files_change_the_image(name: str, text: str, port: str, facts: dict[str, str]) -> None:
    found = server({"mailserver.env": TLS, f"docker-data/dms/config/{name}": text}, port)
    assert {fact: found[fact] for fact in facts} == facts


def test_override_files_are_no_postfix_of_their_own() -> None:
    parties = read_files({"mailserver.env": TLS, "postfix-main.cf": "smtp_tls_wrappermode = yes\n"}).parties
    assert {party.product for party in parties} == {"postfix-docker-mailserver"}


@each("files words", [
    ({"mailserver.env": "PERMIT_DOCKER=none\n"}, "465 is no implicit TLS"),
    ({"mailserver.env": "SSL_TYPE=lets-encrypt\n"}, "does not start"),
    ({"mailserver.env": "SSL_TYPE=manual\n"}, "SSL_CERT_PATH"),
    ({"mailserver.env": TLS + "PERMIT_DOCKER=all\n"}, "takes it for none"),
    ({"mailserver.env": TLS + "PERMIT_DOCKER=network\n"}, "open relay"),
    ({"mailserver.env": TLS + "SPOOF_PROTECTION=1\n"}, "not owned by user"),
    ({"mailserver.env": TLS + "DEFAULT_RELAY_HOST=[a.example.net]:587\nRELAY_HOST=b.example.net\n"}, "Keep one of the two"),
    ({"mailserver.env": TLS + "RELAY_HOST=[b.example.net]:587\nPERMIT_DOCKER=none\n"}, "bare host"),
    ({"mailserver.env": TLS + "DEFAULT_RELAY_HOST=[a.example.net]\nRELAY_PORT=587\n"}, "part of its value"),
    ({"mailserver.env": TLS + "DEFAULT_RELAY_HOST=[a.example.net]:587\nRELAY_USER=a\n"}, "go together"),
    ({"mailserver.env": TLS + "DEFAULT_RELAY_HOST=a.example.net:465\n"}, "smtp_tls_wrappermode = yes"),
    ({"mailserver.env": TLS, "postfix-main.cf": "smtpd_tls_security_level = may\n"}, "submission/inet/smtpd_tls_security_level="),
    ({"mailserver.env": TLS, "postfix-master.cf": "submission/inet/smtpd_tls_security_level = may\n"}, "No blanks around"),
    ({"mailserver.env": TLS, "postfix-master.cf": "submission inet n - n - - smtpd\n"}, "no whole master.cf"),
    ({"compose.yaml": COMPOSE}, "mailserver.env was not pasted"),
])  # fmt: skip
def test_mistakes_are_told(files: dict[str, str], words: str) -> None:
    assert any(words in finding.text.en for finding in read_files(files).findings)


def test_an_env_file_without_mistakes_has_no_findings() -> None:
    env = (
        TLS
        + f"# https://github.com/docker-mailserver/docker-mailserver/issues/1\nDEFAULT_RELAY_HOST=[smtp.example.net]:587\n{RELAY}"
    )
    assert read_files({"compose.yaml": COMPOSE, "mailserver.env": env}).findings == ()


def test_of_several_containers_each_has_its_own_variables() -> None:
    image = "    image: mailserver/docker-mailserver:latest\n    environment:\n"
    text = (
        f"services:\n  sender:\n{image}      - DEFAULT_RELAY_HOST=[relay]:465\n      - SSL_TYPE=custom\n"
        f"  relay:\n{image}      SSL_TYPE: letsencrypt\n"
    )
    parties = read_files({"compose.yaml": text}).parties
    assert [p.details["port"] for p in parties if p.side == "server"] == ["25", "587", "465"] * 2
    assert [p.facts.get("certificate") for p in parties if p.side == "server"] == [None] * 3 + ["trusted"] * 3
    assert [p.details["nexthop"] for p in parties if p.side == "client"] == ["[relay]:465"]


def test_a_published_port_is_a_port_of_the_server() -> None:
    parties = read_files({"compose.yaml": COMPOSE, "mailserver.env": TLS}).parties
    assert {p.details["port"] for p in parties} == {"25", "465", "587", "2587"}


def diagnosed(base: KnowledgeBase, files: dict[str, str], **answers: str) -> dict[str, Any]:
    return base.diagnose(files, lang="en", answers={"certificate": "trusted", "certificate_name": "matches", **answers})


def test_mailpit_at_its_submission_port_works(base: KnowledgeBase) -> None:
    body = diagnosed(base, {".env": MAILPIT, "mailserver.env": TLS})
    assert (body["outcome"], body["facts"]["server"]["name"]) == ("works", "Container docker-mailserver (port 587)")


def test_a_login_at_port_25_is_sent_to_port_587(base: KnowledgeBase) -> None:
    body = diagnosed(base, {".env": MAILPIT.replace("587", "25"), "mailserver.env": TLS})
    assert body["reason"] == "auth-disabled"
    assert body["fixes"][0]["set"] == ["MP_SMTP_RELAY_PORT=587"]


def test_without_tls_the_first_cure_is_a_certificate(base: KnowledgeBase) -> None:
    body = diagnosed(base, {".env": MAILPIT, "mailserver.env": "PERMIT_DOCKER=none\nSSL_TYPE=\n"})
    assert body["combination"] == "starttls-not-offered"
    assert body["fixes"][0]["set"] == ["SSL_TYPE=letsencrypt"]
    assert "+SSL_TYPE=letsencrypt" in body["fixes"][0]["diffs"][0]["diff"]


def test_a_relay_at_465_needs_a_line_in_postfix_main_cf(base: KnowledgeBase) -> None:
    env = f"{TLS}DEFAULT_RELAY_HOST=[smtp.example.net]:465\n{RELAY}"
    body = diagnosed(base, {"mailserver.env": env}, auth_offer="over-tls", listens="implicit")
    assert body["combination"] == "banner-plain-client-on-implicit-tls-port"
    edits = {(edit["file"], edit["key"]): edit["value"] for edit in body["fixes"][0]["edits"]}
    assert edits["postfix-main.cf", "smtp_tls_wrappermode"] == "yes"


def test_no_password_gets_out(base: KnowledgeBase) -> None:
    files = {
        "mailserver.env": f"{TLS}DEFAULT_RELAY_HOST=[smtp.example.net]:465\n{RELAY}",
        "postfix-sasl-password.cf": f"[smtp.example.net]:465 app:{SECRET}\n",
    }
    for lang in ("zh", "en"):
        assert SECRET not in json.dumps(base.diagnose(files, lang=lang), ensure_ascii=False)


@pytest.mark.parametrize(("text", "edit", "after"), [
    ("SSL_TYPE=\nTZ=\n", Edit("f", "SSL_TYPE", "letsencrypt"), "SSL_TYPE=letsencrypt\nTZ=\n"),
    ("    environment:\n      - SSL_TYPE=manual\n", Edit("f", "PERMIT_DOCKER", "connected-networks"),
     "    environment:\n      - SSL_TYPE=manual\n      - PERMIT_DOCKER=connected-networks\n"),
    ("      SSL_TYPE: manual\n", Edit("f", "DEFAULT_RELAY_HOST", "[a]:587"), '      SSL_TYPE: manual\n      DEFAULT_RELAY_HOST: "[a]:587"\n'),
    ("RELAY_USER=a\nRELAY_PORT=25\n", Edit("f", "RELAY_USER", None), "RELAY_PORT=25\n"),
    ("submission/inet/a=b\n", Edit("f", "submission/inet/smtpd_tls_security_level", "may"),
     "submission/inet/a=b\nsubmission/inet/smtpd_tls_security_level=may\n"),
    ("submission/inet/a = b\n", Edit("f", "submission/inet/a", None), ""),
    ("a = b\n", Edit("f", "smtp_tls_wrappermode", "yes"), "a = b\nsmtp_tls_wrappermode = yes\n"),
])  # fmt: skip
def test_edits_are_made_in_the_form_of_the_file(text: str, edit: Edit, after: str) -> None:
    assert apply(text, [edit]).lstrip("\n") == after
