"""`kb probe` without a mail server: what it makes of dialogues, certificates and hostile servers, and that it keeps a password."""

from __future__ import annotations

import base64
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from effort import examples
from hypothesis import given
from hypothesis import strategies as st
from lab.certs import write_certificates

from kb.cli import probe as command
from kb.knowledge_base import KnowledgeBase
from kb.probe.answer import probe_json
from kb.probe.der import certificate, is_for
from kb.probe.measure import measure
from kb.probe.model import Measurement, Options, Problem, Talk
from kb.probe.plan import Plan, first_plan, next_plan
from kb.probe.reply import MAX_LINE, ReplyError, ReplyReader, extensions, harmless
from kb.probe.sasl import Secret, exchange
from kb.probe.target import TargetError, address, target
from kb.probe.text import probe_text

PASSWORD = "correct horse battery"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
Script = Callable[[socket.socket], None]


@contextmanager
def server(script: Script) -> Iterator[int]:
    """A server that does with every connection what the script says; yields its port."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection:
                    try:
                        script(connection)
                    except OSError:
                        continue

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def answering(banner: bytes, **replies: bytes) -> Script:
    """A server with a banner and a reply for each verb; `other` for the rest."""

    def script(connection: socket.socket) -> None:
        connection.sendall(banner)
        for line in connection.makefile("rb"):
            verb = line.split()[0].decode("ascii", "replace").lower() if line.split() else ""
            connection.sendall(replies.get(verb, replies.get("other", b"500 what?\r\n")).replace(b"ECHO", line.strip()))
            if verb == "quit":
                return

    return script


def sending(octets: bytes) -> Script:
    """A server that sends this and hangs up."""

    def script(connection: socket.socket) -> None:
        connection.sendall(octets)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(4096):
            pass

    return script


def silent(connection: socket.socket) -> None:
    """A server that takes everything and says nothing."""
    while connection.recv(4096):
        pass


def endless(piece: bytes) -> Script:
    def script(connection: socket.socket) -> None:
        while True:
            connection.sendall(piece)

    return script


def dripping(connection: socket.socket) -> None:
    """One octet at a time, each in good time, and never a whole line."""
    connection.settimeout(0.05)
    while True:
        connection.sendall(b"2")
        try:
            if not connection.recv(100):
                return
        except TimeoutError:
            continue


EHLO = b"250-mail.example.com\r\n250-SIZE 1000\r\n250 AUTH PLAIN LOGIN CRAM-MD5\r\n"
OK = b"250 ok\r\n"

# What the server does -> stage and kind of the problem (None for none), the outcome, and what must be in the text.
HOSTILE: list[tuple[str, Script, tuple[str, str] | None, str, str]] = [
    ("silence", silent, ("banner", "silent"), "fails", "never speaks"),
    ("hangs up", sending(b""), ("banner", "closed"), "fails", "without a word"),
    ("drips", dripping, ("banner", "silent"), "fails", ""),
    ("endless line", endless(b"2" * 4096), ("banner", "too-long"), "fails", "without end"),
    ("endless lines", endless(b"220-more\r\n" * 100), ("banner", "too-long"), "fails", "without end"),
    ("binary", sending(bytes(range(256)) * 4 + b"\n"), ("banner", "garbage"), "fails", "no SMTP server"),
    ("NUL", sending(b"\0\0\0\0\r\n"), ("banner", "garbage"), "fails", "\\x00"),
    ("SSH", sending(b"SSH-2.0-OpenSSH_9.2\r\n"), ("banner", "garbage"), "fails", "SSH-2.0-OpenSSH_9.2"),
    ("HTTP", sending(b"HTTP/1.1 400 Bad Request\r\n\r\n"), ("banner", "garbage"), "fails", "HTTP/1.1 400"),
    ("TLS alert", sending(b"\x15\x03\x01\x00\x02\x02\x28"), ("banner", "tls-bytes"), "fails", ""),
    ("escapes", answering(b"220 \x1b]0;pwned\x07\x1b[2J\xe2\x80\xae ESMTP\r\n", ehlo=EHLO, other=OK), None, "works", "\\x1b]0;pwned\\x07\\x1b[2J\\u202e"),
    ("blocked", sending(b"554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org\r\n"), None, "fails", "Spamhaus"),
    ("busy", answering(b"421 4.7.0 mail.example.com Error: too many connections from 192.0.2.1\r\n"), ("banner", "closing"), "fails", "too many connections"),
    ("no EHLO", answering(b"220 hello\r\n"), None, "fails", "500 what?"),
    ("closes at EHLO", lambda c: (c.sendall(b"220 hello\r\n"), c.recv(100), None)[2], ("ehlo", "closed"), "fails", ""),
    ("closes at STARTTLS", answering(b"220 hello\r\n", ehlo=b"250-x\r\n250 STARTTLS\r\n", mail=OK, rset=OK, starttls=b"454 4.7.0 TLS not available due to local problem\r\n", quit=OK), None, "depends", "TLS not available"),
    ("no TLS after STARTTLS", answering(b"220 hello\r\n", ehlo=b"250-x\r\n250 STARTTLS\r\n", mail=OK, rset=OK, starttls=b"220 go\r\n", other=b"250 plain\r\n" * 9), ("starttls", "plain"), "fails", ""),
    ("two codes", answering(b"220-a\r\n250 b\r\n", ehlo=EHLO, other=OK), None, "fails", ""),
    ("code alone", answering(b"220\r\n", ehlo=b"250\r\n", other=OK), None, "depends", ""),
]  # fmt: skip


def options(port: int, **more: object) -> Options:
    return Options(**{"host": "127.0.0.1", "port": port, "name": "mail.example.com", "timeout": 0.5, **more})  # type: ignore[arg-type]


def answer(base: KnowledgeBase, wanted: Options, lang: str = "en") -> tuple[dict, str]:
    body = probe_json(base.store, measure(wanted), {}, lang, NOW)
    return body, probe_text(body, lang)


@pytest.mark.parametrize(("name", "script", "problem", "outcome", "words"), HOSTILE, ids=[row[0] for row in HOSTILE])
def test_a_hostile_server_is_told_and_does_no_harm(
    base: KnowledgeBase, name: str, script: Script, problem: tuple[str, str] | None, outcome: str, words: str
) -> None:
    with server(script) as port:
        body, text = answer(base, options(port))
    found = body["measured"]["problem"]
    assert (found and (found["stage"], found["kind"]), body["outcome"]) == (problem, outcome)
    assert words in text
    for told in (text, json.dumps(body, ensure_ascii=False)):
        assert not any((ord(c) < 32 and c not in "\n\t") or 127 <= ord(c) < 160 or c in "\u202e\u2066" for c in told)
    assert len(text) < 20_000


def test_both_languages_have_the_same_words() -> None:
    from kb.probe.words import WORDS

    assert WORDS["zh"].keys() == WORDS["en"].keys()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_ending_has_words(base: KnowledgeBase, lang: str) -> None:
    kinds = (
        *("dns", "refused", "timeout", "unreachable", "closed", "reset", "silent", "closing", "garbage", "tls-bytes"),
        *("too-long", "plain", "version", "client-certificate", "tls"),
    )
    for number, kind in enumerate(kinds):
        broken = Problem(("connect", "banner", "ehlo", "starttls", "auth")[number % 5], kind)
        measurement = Measurement(options(1), (), Talk("plain", problem=broken), broken)
        body = probe_json(base.store, measurement, {}, lang, NOW)
        assert body["outcome"] == "fails"
        assert probe_text(body, lang)


# The password in every reply, as it is and in Base64, whatever the mechanism. Its end is in no word that we say ourselves.
@examples(25)
@given(
    st.text(
        st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=("Cs",)), min_size=3, max_size=27
    ).map(lambda text: text + "~7q"),
    st.sampled_from(["PLAIN", "LOGIN", "CRAM-MD5"]),
    st.sampled_from(["535 5.7.8 no: {}", "235 2.7.0 hello {}", "334 {}", "{}", "250 {}", "421 {} bye"]),
    st.integers(0, 2),
)
def test_a_password_never_appears(base: KnowledgeBase, password: str, mechanism: str, reply: str, offset: int) -> None:
    raw = password.encode()
    encoded = base64.b64encode(b"x" * offset + raw).decode()
    challenge = f"334 {encoded}\r\n".encode()
    said = reply.format(f"{password} {encoded} ECHO").encode() + b"\r\n"
    script = answering(
        said if reply == "{}" else b"220 " + raw + b"\r\n", ehlo=EHLO, auth=challenge, other=said, mail=OK, rset=OK
    )
    wanted = {
        "user": "app",
        "mechanism": mechanism,
        "in_clear": True,
        "secret": Secret(password, "app"),
        "timeout": 2.0,
    }
    with server(script) as port:
        measurement = measure(options(port, **wanted))
        body = probe_json(base.store, measurement, {}, "en", NOW)
    whole = base64.b64encode(b"\0app\0" + raw).decode()
    for told in (
        probe_text(body, "en"),
        json.dumps(body, ensure_ascii=False),
        repr(measurement),
        repr(options(1, **wanted)),
    ):
        assert password not in told
        assert base64.b64encode(raw).decode().rstrip("=")[:-1] not in told
        assert whole not in told


@examples(40)
@given(st.text(min_size=4, max_size=40), st.text(max_size=20), st.text(max_size=20), st.integers(0, 2))
def test_a_secret_hides_itself_wherever_it_stands(password: str, before: str, after: str, offset: int) -> None:
    secret = Secret(password, "app")
    plain = harmless(password.encode("utf-8", "surrogatepass"))
    assert (
        plain not in secret.hide(harmless((before + password + after).encode("utf-8", "surrogatepass")))
        or plain in "*" * 9
    )
    encoded = base64.b64encode(
        b"z" * offset + password.encode("utf-8", "surrogateescape") if password.isprintable() else b""
    )
    core = encoded.decode()[(0, 2, 3)[offset] : -4]
    if len(core) >= 4:
        assert core not in secret.hide(f"{before}{encoded.decode()}{after}")
    assert password not in repr(secret) or password in repr(Secret("", ""))


def test_the_password_is_no_argument_and_needs_a_terminal_or_the_variable(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(command.PASSWORD_VARIABLE, raising=False)
    request = command.Request("127.0.0.1:1", (), options(1, user="app"), "en", False)
    assert command.run(request) == command.USAGE
    assert command.PASSWORD_VARIABLE in capsys.readouterr().err


def test_a_password_is_asked_for_without_echo(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.delenv(command.PASSWORD_VARIABLE, raising=False)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("getpass.getpass", lambda prompt: PASSWORD)
    with server(
        answering(
            b"220 hello\r\n", ehlo=EHLO, auth=b"334 PDFAZXhhbXBsZT4=\r\n", other=b"235 2.7.0 in\r\n", mail=OK, rset=OK
        )
    ) as port:
        status = command.run(command.Request(f"127.0.0.1:{port}", (), options(port, user="app"), "en", False))
    printed = capsysbinary.readouterr().out.decode()
    assert (status, "The login succeeded (CRAM-MD5)" in printed, PASSWORD in printed) == (0, True, False)


def test_the_client_decides_host_port_and_name(
    base: KnowledgeBase, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    script = answering(
        b"220 mail.example.com ESMTP Postfix\r\n", ehlo=b"250-x\r\n250 AUTH PLAIN\r\n", mail=OK, rset=OK, quit=OK
    )
    with server(script) as port:
        settings_ = tmp_path / ".env"
        settings_.write_text(
            f"MP_SMTP_RELAY_HOST=postfix\nMP_SMTP_RELAY_PORT={port}\nMP_SMTP_RELAY_AUTH=plain\n"
            f"MP_SMTP_RELAY_USERNAME=u\nMP_SMTP_RELAY_PASSWORD={PASSWORD}\n"
        )
        status = command.run(command.Request(f"127.0.0.1:{port}", (str(settings_),), options(port), "en", True))
    body = json.loads(capsysbinary.readouterr().out)
    assert status == 1
    assert body["target"]["name"] == "postfix"
    assert body["diagnosis"]["predicted_text"] == ["error response to AUTH command: unencrypted connection"]
    assert body["diagnosis"]["entry"] == "auth-unencrypted-connection"
    assert PASSWORD not in json.dumps(body)


def strict(connection: socket.socket) -> None:
    """A server that takes no name without a dot in EHLO and says so at RCPT, unless someone has logged in; one AUTH PLAIN will do."""
    name, known = "", False
    connection.sendall(b"220 mail.example.com ESMTP Postfix\r\n")
    for line in connection.makefile("rb"):
        verb, _, rest = line.decode().strip().partition(" ")
        if verb == "EHLO":
            name = rest
            connection.sendall(b"250-mail.example.com\r\n250 AUTH PLAIN\r\n")
        elif verb == "RCPT" and "." not in name and not known:
            said = f"504 5.5.2 <{name}>: Helo command rejected: need fully-qualified hostname"
            connection.sendall(f"{said}\r\n".encode())
        else:
            known = known or verb == "AUTH"
            connection.sendall(b"235 2.7.0 ok\r\n" if verb == "AUTH" else OK)
        if verb == "QUIT":
            return


# The client's settings, what is asked beside them -> the outcome, stage, facts that decide.
NAMES: list[tuple[str, dict, str, str | None, tuple[str, ...]]] = [
    ("account default\nhost mail.example.com\nport 25\nauth off\n", {"short_name": "localhost"}, "fails", "rcpt", ()),
    ("account default\nhost mail.example.com\nport 25\nauth off\ndomain app.example.net\n", {}, "works", None, ()),
    ("MP_SMTP_RELAY_HOST=mail.example.com\nMP_SMTP_RELAY_FWD_SMTP_ERRORS=true\n", {"short_name": "4f2c"}, "depends", None, ("ehlo",)),
    ("MP_SMTP_RELAY_HOST=mail.example.com\nMP_SMTP_RELAY_FWD_SMTP_ERRORS=true\n", {"ehlo": "4f2c"}, "fails", "rcpt", ()),
    ("MP_SMTP_RELAY_HOST=mail.example.com\nMP_SMTP_RELAY_FWD_SMTP_ERRORS=true\n", {"ehlo": "app.example.net"}, "works", None, ()),
    ("account default\nhost localhost\nport 25\ntls off\nauth plain\nuser u\npassword p\n", {"short_name": "localhost"},
     "depends", None, ("helo_check",)),
    ("account default\nhost localhost\nport 25\ntls off\nauth plain\nuser u\npassword p\n",
     {"short_name": "localhost", "user": "u", "secret": Secret(PASSWORD, "u"), "in_clear": True}, "works", None, ()),
]  # fmt: skip


@pytest.mark.parametrize(("client", "asked", "outcome", "stage", "decides"), NAMES)
def test_a_name_that_is_refused_at_rcpt_is_found_out(
    base: KnowledgeBase, client: str, asked: dict, outcome: str, stage: str | None, decides: tuple[str, ...]
) -> None:
    file = "msmtprc" if client.startswith("account") else ".env"
    with server(strict) as port:
        measured = measure(options(port, recipient="bob@example.net", **asked))
        body = probe_json(base.store, measured, {file: client}, "en", NOW)
    assert (body["diagnosis"]["outcome"], body["diagnosis"]["stage"]) == (outcome, stage)
    given = {fact["fact"] for case in body["diagnosis"]["cases"] for fact in case["given"]}
    assert given == set(decides)
    if outcome == "fails":
        assert "need fully-qualified hostname" in body["diagnosis"]["predicted_text"][0]
    assert probe_text(body, "zh")


def test_the_servers_own_words_are_what_a_client_will_print(base: KnowledgeBase) -> None:
    reply = b"550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain\r\n"
    script = answering(
        b"220 mail.example.com Microsoft ESMTP\r\n", ehlo=b"250 x\r\n", mail=OK, rset=OK, rcpt=reply, quit=OK
    )
    client = "MP_SMTP_RELAY_HOST=mail.example.com\nMP_SMTP_RELAY_FWD_SMTP_ERRORS=true\n"
    with server(script) as port:
        measured = measure(options(port, recipient="bob@example.net"))
        body = probe_json(base.store, measured, {".env": client}, "en", NOW)
    assert body["diagnosis"]["combination"] == "rcpt-relay-rejected"
    assert "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain" in body["diagnosis"]["predicted_text"][0]
    assert body["diagnosis"]["server_log"] == []


def test_a_certificate_is_read_as_a_real_parser_reads_it(tmp_path: Path) -> None:
    write_certificates(tmp_path)
    for path in tmp_path.glob("*.crt"):
        real = x509.load_pem_x509_certificate(path.read_bytes())
        found = certificate(real.public_bytes(Encoding.DER))
        names = real.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        assert found.dns_names == tuple(names.get_values_for_type(x509.DNSName))
        assert found.addresses == tuple(map(str, names.get_values_for_type(x509.IPAddress)))
        assert (found.not_before, found.not_after) == (real.not_valid_before_utc, real.not_valid_after_utc)
        assert found.subject == real.subject.rfc4514_string()
        assert found.issuer == real.issuer.rfc4514_string()
        assert found.self_issued == (real.subject == real.issuer)


@pytest.fixture(scope="module")
def der(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A certificate in its binary form."""
    folder = tmp_path_factory.mktemp("certificates")
    write_certificates(folder)
    return x509.load_pem_x509_certificate((folder / "trusted.crt").read_bytes()).public_bytes(Encoding.DER)


@examples(60)
@given(st.binary(max_size=400), st.integers(0, 400), st.integers(0, 255))
def test_a_broken_certificate_is_refused_and_nothing_else(der: bytes, noise: bytes, at: int, octet: int) -> None:
    for text in (noise, der[:at], bytes([*der[:at], octet, *der[at + 1 :]])):
        with suppress(ValueError):
            certificate(text)


def test_names_match_as_rfc_9525_says(der: bytes) -> None:
    found = certificate(der)
    assert is_for(found, "mail.example.com")
    assert is_for(found, "MAIL.example.com.")
    assert is_for(found, "127.0.0.1")
    assert not is_for(found, "example.com")
    wild = type(found)(**{**found.__dict__, "dns_names": ("*.example.com", "*.com")})
    assert is_for(wild, "a.example.com")
    assert not is_for(wild, "a.b.example.com")
    assert not is_for(wild, "example.com")


@examples(40)
@given(st.binary(max_size=6000), st.integers(1, 7))
def test_replies_are_bounded_whatever_comes(data: bytes, step: int) -> None:
    reader, refused = ReplyReader(), ""
    for start in range(0, len(data), step):
        try:
            reply = reader.feed(data[start : start + step])
        except ReplyError as error:
            refused = error.text
            break
        assert reply is None or all(len(line) < 7 * MAX_LINE for line in reply.lines)
        assert len(reader.rest) <= MAX_LINE + step
    assert len(refused) < 2000


def test_ehlo_is_read_in_its_old_and_new_forms() -> None:
    listed = extensions(
        ("mail.example.com hello", "SIZE 10240000", "AUTH PLAIN login", "AUTH=LOGIN CRAM-MD5", "starttls", "")
    )
    assert listed.name == "mail.example.com"
    assert listed.mechanisms == ("PLAIN", "LOGIN", "CRAM-MD5")
    assert listed.size == 10240000
    assert "STARTTLS" in listed
    assert extensions(("x", "SIZE")).size == 0
    assert extensions(("x",)).size is None


def test_cram_md5_is_that_of_rfc_2195() -> None:
    lines = exchange("CRAM-MD5", "tim", Secret("tanstaaftanstaaf"))
    assert next(lines) == b"AUTH CRAM-MD5"
    answered = lines.send(base64.b64encode(b"<1896.697170952@postoffice.reston.mci.net>"))
    assert base64.b64decode(answered) == b"tim b913a602c7eda7a495b4e6e7334d3890"


PLANS = [
    (Plan("plain"), Talk("plain", problem=Problem("banner", "silent")), Plan("implicit")),
    (Plan("plain"), Talk("plain", problem=Problem("banner", "tls-bytes")), Plan("implicit")),
    (Plan("plain"), Talk("plain", problem=Problem("banner", "garbage")), None),
    (Plan("implicit"), Talk("implicit", problem=Problem("connect", "plain")), Plan("plain")),
    (Plan("implicit"), Talk("implicit", problem=Problem("connect", "certificate", "18:x")), Plan("implicit", "file")),
    (Plan("implicit", "file"), Talk("implicit", problem=Problem("connect", "certificate", "18:x")), Plan("implicit", "none")),
    (Plan("implicit"), Talk("implicit", problem=Problem("connect", "version")), Plan("implicit", "system", True)),
    (Plan("implicit", "none", True), Talk("implicit", problem=Problem("connect", "version")), None),
    (Plan("plain"), Talk("plain"), None),
]  # fmt: skip


@pytest.mark.parametrize(("plan", "talk", "following"), PLANS)
def test_what_to_try_next(plan: Plan, talk: Talk, following: Plan | None) -> None:
    assert next_plan(plan, talk, [plan], forced=False, ca_file=True) == following
    assert next_plan(plan, talk, [plan, *([following] if following else [])], forced=False, ca_file=True) is None


def test_a_port_begins_as_its_number_says_unless_told() -> None:
    assert [first_plan(port, "auto").begins for port in (25, 465, 587)] == ["plain", "implicit", "plain"]
    assert first_plan(465, "plain").begins == "plain"


TARGETS = {
    "mail.example.com": ("mail.example.com", 587), "mail.example.com:25": ("mail.example.com", 25), "[::1]:465": ("::1", 465),
    "::1": ("::1", 587), "192.0.2.1:2525": ("192.0.2.1", 2525), "例子.example": ("xn--fsqu00a.example", 587),
    "mail.example.com.": ("mail.example.com", 587),
}  # fmt: skip


@pytest.mark.parametrize("where", TARGETS)
def test_targets_are_read(where: str) -> None:
    assert target(where, 587) == TARGETS[where]


@pytest.mark.parametrize(
    "where", ["", ":25", "a b", "mail.example.com:0", "mail.example.com:99999", "x:y", "smtp://x", "a\r\nb", "a" * 300]
)
def test_what_is_no_target_is_said_to_be_none(where: str) -> None:
    with pytest.raises(TargetError):
        target(where, 587)


@pytest.mark.parametrize("value", ["a@b\r\nDATA", "<a@b>", "a b@c", "a@b\0"])
def test_no_address_adds_a_command(value: str) -> None:
    with pytest.raises(TargetError):
        address(value)
