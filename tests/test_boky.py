"""Compose files with the image boky/postfix: what its variables mean, and how a client beside it fares."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tables import each

from kb.config.diagnose import read_files
from kb.knowledge_base import KnowledgeBase

SECRET = "s3cr3t-Zx81qy"
MAILPIT = """\
services:
  mailpit:
    image: axllent/mailpit
    environment:
      MP_SMTP_RELAY_HOST: postfix
      MP_SMTP_RELAY_PORT: "587"
      MP_SMTP_RELAY_ALL: "true"
"""
POSTFIX = """\
  postfix:
    image: boky/postfix:latest
    environment:
"""


def compose(*variables: str, client: str = MAILPIT, ports: str = "") -> dict[str, str]:
    lines = "".join(f"      {variable}\n" for variable in variables)
    return {"compose.yaml": client + POSTFIX + lines + ports}


def server(files: dict[str, str], port: str = "587") -> dict[str, str]:
    [party] = [p for p in read_files(files).parties if p.side == "server" and p.details["port"] == port]
    return dict(party.facts)


# Variables -> facts that they lead to; None for a fact that stays open.
TABLE: list[tuple[tuple[str, ...], dict[str, str | None]]] = [
    (("ALLOWED_SENDER_DOMAINS: example.com",), {
        "trusts_client": "yes", "auth_offer": "never", "starttls": None, "certificate": None, "requires_tls": "no", "recipient": "remote"}),
    (('- "ALLOWED_SENDER_DOMAINS=example.com"', "- POSTFIX_mynetworks=192.0.2.0/24"), {"trusts_client": None, "gate": "networks-sender"}),
    (("ALLOWED_SENDER_DOMAINS: example.com", "MYNETWORKS: 192.0.2.0/24"), {"trusts_client": None}),
    (("ALLOWED_SENDER_DOMAINS: example.com", f'SMTPD_SASL_USERS: "app@example.com:{SECRET}"'), {
        "auth_offer": "always", "offers_plain": "yes", "offers_cram": "yes"}),
    (("ALLOWED_SENDER_DOMAINS: example.com", f"SMTPD_SASL_USERS: a@example.com:{SECRET}", 'POSTFIX_smtpd_tls_security_level: "encrypt"'), {
        "auth_offer": "over-tls", "requires_tls": "yes", "starttls": "offered", "certificate": None}),
    (("ALLOWED_SENDER_DOMAINS: example.com", 'POSTFIX_smtpd_tls_security_level: "none"'), {"starttls": "not-offered"}),
    (("ALLOWED_SENDER_DOMAINS: example.com", "POSTFIX_smtpd_tls_cert_file: /etc/letsencrypt/live/mail.example.com/fullchain.pem"), {"certificate": "trusted"}),
    (("ALLOW_EMPTY_SENDER_DOMAINS: 'true'",), {"trusts_client": "yes", "relay": "defer"}),
    (("ALLOWED_SENDER_DOMAINS: example.com", "POSTFIX_smtpd_sender_restrictions: permit_mynetworks,permit_sasl_authenticated,reject"), {"gate": "strangers"}),
    (("ALLOWED_SENDER_DOMAINS: example.com", "POSTFIX_mydestination: example.org"), {"recipient": None}),
]  # fmt: skip


@each("variables facts", TABLE)
def test_variables_become_facts(variables: tuple[str, ...], facts: dict[str, str | None]) -> None:
    found = server(compose(*variables))
    assert {name: found.get(name) for name in facts} == facts


@pytest.mark.parametrize("text", [
    "docker run -e ALLOWED_SENDER_DOMAINS=example.com -p 1587:587 boky/postfix\n",
    "docker run \\\n  -e ALLOWED_SENDER_DOMAINS=example.com \\\n  -p 127.0.0.1:1587:587 \\\n  boky/postfix\n",
])  # fmt: skip
def test_a_published_port_is_a_port_of_the_server(text: str) -> None:
    assert {p.details["port"] for p in read_files({"run.sh": text}).parties} == {"25", "587", "1587"}


def test_without_sender_domains_it_does_not_start(base: KnowledgeBase) -> None:
    body = base.diagnose(compose("POSTFIX_myhostname: mail.example.com"), lang="en")
    assert any("does not start" in finding["text"] for finding in body["findings"])
    assert body["facts"]["server"]["product"] is None


def test_mailpit_beside_it_is_diagnosed_as_a_pair(base: KnowledgeBase) -> None:
    body = base.diagnose(compose("ALLOWED_SENDER_DOMAINS: example.com"), lang="en")
    assert (body["outcome"], body["facts"]["server"]["product"]) == ("works", "postfix-boky")
    assert not any("open relay" in remark for remark in body["remarks"])


def test_a_login_outside_its_networks_is_refused_and_the_cure_is_a_variable(base: KnowledgeBase) -> None:
    client = (
        MAILPIT
        + f"      MP_SMTP_RELAY_AUTH: login\n      MP_SMTP_RELAY_USERNAME: app@example.com\n      MP_SMTP_RELAY_PASSWORD: {SECRET}\n"
    )
    files = compose(
        "ALLOWED_SENDER_DOMAINS: example.com", "POSTFIX_mynetworks: 192.0.2.0/24", f"SMTPD_SASL_USERS: app@example.com:{SECRET}",
        client=client,
    )  # fmt: skip
    body = base.diagnose(files, lang="en", answers={"trusts_client": "no"})
    assert body["combination"] == "data-no-valid-recipients"
    assert [hidden["combination"] for hidden in body["hidden"]] == []
    assert any(
        "POSTFIX_mynetworks=192.0.2.0/24 192.0.2.10" in setting for fix in body["fixes"] for setting in fix["set"]
    )
    assert SECRET not in json.dumps(body)


def test_every_cure_on_its_side_works_when_it_is_applied(base: KnowledgeBase) -> None:
    """Offered changes of the container, made on the file and read again, lead where the answer says."""
    from kb.config.diagnose import diagnose
    from kb.config.patch import patched
    from kb.config.rules import load_rules

    conditions = [rule.condition for rule in load_rules(base.store.rules()).values()]
    given: dict[str, Any] = {
        "trusts_client": "no",
        "certificate": "trusted",
        "certificate_name": "matches",
        "starttls": "offered",
    }
    client = MAILPIT.replace("      MP_SMTP_RELAY_ALL", '      MP_SMTP_RELAY_STARTTLS: "true"\n      MP_SMTP_RELAY_ALL')
    for variables in (
        ("ALLOWED_SENDER_DOMAINS: example.com", "POSTFIX_mynetworks: 192.0.2.0/24"),
        ("- ALLOWED_SENDER_DOMAINS=example.com", "- POSTFIX_mynetworks=192.0.2.0/24"),
        ("ALLOWED_SENDER_DOMAINS: example.com", 'POSTFIX_smtpd_tls_security_level: "none"'),
    ):
        files = compose(*variables, client=client)
        found = diagnose(conditions, files, answers=given)
        assert found.outcome == "fails"
        for cure in found.cures:
            if all(move.side == "server" and cure.edits.get(move.id) for move in cure.moves):
                changed = patched(files, found, cure)
                again = diagnose(conditions, changed, answers={**given, "trusts_client": "yes"})
                assert again.outcome == "works", (cure, changed)
