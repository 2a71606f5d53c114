"""The founding errors, as real programs print them, on the library, the command line and the API, in both languages."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient
from inside import inside
from tables import each

from kb.knowledge_base import KnowledgeBase

FOUNDING = {
    "error response to AUTH command: unencrypted connection": "auth-unencrypted-connection",
    'time="2026/07/20 16:51:26" level=error msg="[relay] error: error response to AUTH command: unencrypted connection"': "auth-unencrypted-connection",
    "error creating StartTLS config: 502 5.5.1 Error: command not implemented": "starttls-mailpit-not-offered",
    'error creating StartTLS config: 502 "5.5.1 Error: command not implemented"': "starttls-mailpit-not-offered",
    r'time="2026/07/20 16:51:26" level=error msg="[relay] error: error creating StartTLS config: 502 \"5.5.1 Error: command not implemented\""': "starttls-mailpit-not-offered",
    r'mailpit-1  | time="2026/07/20 16:51:26" level=error msg="[smtp] error relaying message: error creating StartTLS config: 502 5.5.1 Error: command not implemented"': "starttls-mailpit-not-offered",
    "530 5.7.0 Must issue a STARTTLS command first": "starttls-required-first",
    "503 5.5.1 Error: authentication not enabled": "auth-not-enabled",
    "535 5.7.8 Error: authentication failed: encryption needed to use mechanism": "auth-plaintext-mechanism-excluded",
    'time="2026/07/20 16:51:26" level=warning msg="error response to RCPT command for bob@example.net: 554 \\"5.7.1 <bob@example.net>: Relay access denied\\""\n'
    'time="2026/07/20 16:51:26" level=error msg="[relay] error: error response to DATA command: 554 \\"5.5.1 Error: no valid recipients\\""': "rcpt-relay-access-denied",
}


@each("lang", ["zh", "en"])
@each("text entry", FOUNDING.items())
def test_founding_errors_get_their_entry(
    client: FlaskClient, base: KnowledgeBase, text: str, entry: str, lang: str
) -> None:
    library = base.lookup(text, lang)
    api = client.post("/api/v1/lookup", json={"text": text, "lang": lang}).json
    page = client.post(f"/{lang}/lookup", data={"text": text}).get_data(as_text=True)
    assert library["matches"][0]["id"] == entry
    assert api == library
    assert f"/{lang}/errors/{entry}" in page
    assert library["matches"][0]["evidence"][0]["text"] in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_command_line_gives_the_same_answer(base: KnowledgeBase, lang: str) -> None:
    for text, entry in FOUNDING.items():
        run = inside("explain", "--json", "--lang", lang, "-", stdin=text.encode())
        answer = json.loads(run.stdout)
        assert (run.returncode, run.stderr) == (0, b"")
        assert answer["matches"][0]["id"] == entry
        assert answer == base.lookup(text, lang)


def test_unencrypted_connection_is_the_clients_and_says_what_does_not_help(base: KnowledgeBase) -> None:
    match = base.lookup("error response to AUTH command: unencrypted connection", "en")["matches"][0]
    whole = json.dumps(match)
    assert match["side"] == "client"
    assert "ALLOW_INSECURE" in whole
    assert any("MP_SMTP_RELAY_STARTTLS=true" in line for fix in match["fixes"] for line in fix["set"])


def test_authentication_not_enabled_names_both_causes(base: KnowledgeBase) -> None:
    for lang in ("zh", "en"):
        match = base.lookup("503 5.5.1 Error: authentication not enabled", lang)["matches"][0]
        causes = " ".join(match["causes"])
        assert "smtpd_sasl_auth_enable" in causes
        assert "smtpd_tls_auth_only" in causes


def test_relay_denied_comes_before_its_consequence(base: KnowledgeBase) -> None:
    text = next(text for text in FOUNDING if "no valid recipients" in text)
    ids = [match["id"] for match in base.lookup(text, "en")["matches"]]
    assert len(ids) == 2
    assert ids[0] == "rcpt-relay-access-denied"
