"""What a pasted text names: each value at its place, none that is a secret, and in commands only what is safe in a shell."""

from __future__ import annotations

import pytest
from effort import examples
from hypothesis import given
from hypothesis import strategies as st
from tables import each

from kb.inputs import read
from kb.knowledge_base import KnowledgeBase
from kb.match.places import fill, for_commands
from kb.values import find_values
from kb.values.names import NAMES
from kb.values.rules import RULES

REJECT = (
    "Nov 24 06:13:11 mail postfix/smtpd[26335]: NOQUEUE: reject: RCPT from unknown[192.0.2.10]: 450 4.7.1 Client host rejected:"
    " cannot find your hostname, [192.0.2.10]; from=<bob@example.net> to=<alice@example.com> proto=ESMTP helo=<pc.example.net>"
)
DELIVERY = (
    "Nov 24 06:13:11 mail postfix/smtp[26335]: 4ABCDEF012: to=<alice@example.com>, relay=mx.example.com[192.0.2.25]:25,"
    " delay=1.2, delays=0.1/0/0.5/0.6, dsn=4.2.0, status=deferred (host mx.example.com[192.0.2.25] said: 450 4.2.0"
    " <alice@example.com>: Recipient address rejected: Greylisted (in reply to RCPT TO command))"
)
TABLE = [
    (
        "554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using zen.spamhaus.org; https://example.org/?ip=192.0.2.7",
        {
            "block-list": "zen.spamhaus.org",
            "blocked-ip": "192.0.2.7",
            "client-ip": "192.0.2.7",
            "link": "https://example.org/?ip=192.0.2.7",
            "reply-code": "554",
            "enhanced-status": "5.7.1",
        },
    ),
    (
        REJECT,
        {
            "recipient": "alice@example.com",
            "sender": "bob@example.net",
            "client-ip": "192.0.2.10",
            "helo": "pc.example.net",
            "reply-code": "450",
            "enhanced-status": "4.7.1",
        },
    ),
    (
        DELIVERY,
        {
            "recipient": "alice@example.com",
            "server-host": "mx.example.com",
            "server-ip": "192.0.2.25",
            "port": "25",
            "reply-code": "450",
            "enhanced-status": "4.2.0",
        },
    ),
    ("Greylisting in action, please come back in 00:04:59", {"wait": "00:04:59"}),
    ("Greylisted, try again in 300 seconds", {"wait": "300 seconds"}),
    ("请在 30 分钟后再试", {"wait": "30 分钟"}),
    (
        "warning: message size 20480000 exceeds size limit 10240000 of server mx.example.com[192.0.2.25]",
        {
            "size-limit": "10240000",
            "message-size": "20480000",
            "server-host": "mx.example.com",
            "server-ip": "192.0.2.25",
        },
    ),
    ("552 Message size exceeds maximum permitted (10485760)", {"size-limit": "10485760", "reply-code": "552"}),
    (
        "x509: certificate is valid for mail.example.com, www.example.com, not smtp.example.com",
        {"expected-name": "smtp.example.com", "certificate-name": "mail.example.com, www.example.com"},
    ),
    (
        "certificate has expired or is not yet valid: current time 2026-01-01T00:00:00Z is after 2025-12-31T23:59:59Z",
        {"expiry": "2025-12-31T23:59:59Z"},
    ),
    (
        "certificate verification failed for mx.example.com[192.0.2.25]:25: untrusted issuer /C=US/O=Example/CN=Example Root",
        {
            "server-host": "mx.example.com",
            "server-ip": "192.0.2.25",
            "certificate-issuer": "/C=US/O=Example/CN=Example Root",
        },
    ),
    ("dial tcp 192.0.2.25:587: connect: connection refused", {"server-ip": "192.0.2.25", "port": "587"}),
    ("dial tcp: lookup smtp.example.com on 127.0.0.11:53: no such host", {"server-host": "smtp.example.com"}),
    ("Error: connect ECONNREFUSED 127.0.0.1:587", {"server-ip": "127.0.0.1", "port": "587"}),
    ("Error: getaddrinfo ENOTFOUND smtp.example.com", {"server-host": "smtp.example.com"}),
    (
        "Couldn't connect to host, port: smtp.example.com, 587; timeout -1",
        {"server-host": "smtp.example.com", "port": "587"},
    ),
    (
        "postfix/smtpd[26335]: warning: unknown[192.0.2.10]: SASL LOGIN authentication failed: UGFzc3dvcmQ6",
        {"client-ip": "192.0.2.10", "mechanism": "LOGIN"},
    ),
    (
        "fatal: bad numerical configuration: smtpd_recipient_limit = abc in /etc/postfix/main.cf",
        {"setting": "smtpd_recipient_limit", "file": "/etc/postfix/main.cf"},
    ),
    (
        "Unauthenticated email from example.com is not accepted due to domain's DMARC policy",
        {"domain": "example.com"},
    ),
    ("nothing that anybody could name", {}),
    ("retry 12:34:56 and 999.1.2.3", {}),
]


def named(text: str) -> dict[str, str]:
    """Name -> text of the values of everything in a paste."""
    return {value.name: value.text for o in read(text).observations for value in find_values(text, o)}


@each("text values", TABLE, [text[:40] for text, _ in TABLE])
def test_values(text: str, values: dict[str, str]) -> None:
    assert named(text) == values


@each("text", [text for text, _ in TABLE])
def test_each_value_is_a_piece_of_the_text(text: str) -> None:
    for observation in read(text).observations:
        for value in find_values(text, observation):
            assert text[value.start : value.end] == value.text


def test_places_count_from_the_start_of_the_paste() -> None:
    text = f"Nov 24 06:13:10 mail postfix/smtpd[1]: connect from unknown[192.0.2.10]\n{REJECT}"
    (observation,) = read(text).observations
    for value in find_values(text, observation):
        assert text[value.start : value.end] == value.text


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("smtp://bob:secret@mail.example.com:587 connection refused", "secret"),
        ("554 5.7.1 blocked using k3yk3yk3yk3yk3yk3yk3yk3yk3.zen.dq.spamhaus.net", "k3y"),
        ("AUTH PLAIN AGJvYgBzZWNyZXQ= 535 5.7.8 authentication failed", "AGJvYgBzZWNyZXQ="),
        ("535 5.7.8 authentication failed, password=hunter2@example.com", "hunter2"),
    ],
)
def test_a_secret_is_no_value(text: str, secret: str) -> None:
    assert not any(secret in value for value in named(text).values())


def test_names_are_the_closed_list() -> None:
    assert {name.replace("*", "-host") for names, _, _ in RULES for name in names} <= set(NAMES)


@examples(100)
@given(st.text(alphabet=st.sampled_from("[]<>:./=@ \n0123456789abhostfrmsizertyIP"), max_size=300))
def test_any_text_gives_values_at_their_places(text: str) -> None:
    for observation in read(text).observations:
        values = find_values(text, observation)
        assert len({value.name for value in values}) == len(values)


@pytest.mark.parametrize("text", ["$(reboot)@example.com", "-rf", "a b", "`id`@x.example", "a;b", 'a"b', ""])
def test_what_a_shell_could_take_for_more_never_stands_in_a_command(text: str) -> None:
    assert "recipient" not in for_commands({"recipient": text})


def test_places_in_commands() -> None:
    line = b"dig +short {value:blocked-ip-reversed|1.2.0.192}.{value:block-list|zen.example.org}"
    assert fill(line, {}) == b"dig +short 1.2.0.192.zen.example.org"
    values = for_commands({"blocked-ip": "192.0.2.7", "block-list": "zen.spamhaus.org"})
    assert fill(line, values) == b"dig +short 7.2.0.192.zen.spamhaus.org"
    assert fill(line, for_commands({"block-list": "SpamCop"})) == fill(line, {})
    assert fill(b"nothing open", values) == b"nothing open"


def test_the_answer_names_values_and_uses_them_in_its_commands() -> None:
    base = KnowledgeBase.open()
    text = "554 5.7.1 Service unavailable; Client host [192.0.2.77] blocked using zen.spamhaus.org"
    for lang in ("zh", "en"):
        match = base.lookup(text, lang)["matches"][0]
        assert {value["name"] for value in match["values"]} >= {"block-list", "blocked-ip"}
        assert all(set(value) == {"name", "label", "text", "start", "end"} for value in match["values"])
        assert any("77.2.0.192.zen.spamhaus.org" in line for line in match["verify"]["run"])
    entry = base.store.entry_by_id(match["id"])
    assert entry is not None
    assert b"{value:" not in base.store.body(entry.number, "en")
