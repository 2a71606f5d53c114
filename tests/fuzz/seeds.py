"""Where the inputs of each target begin: the project's own examples, cases and content."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Iterator
from pathlib import Path

from kb.catalog.read import read_catalog

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "tests" / "cases"
FINDS = CASES / "fuzz"
_LONGEST = 8000
_REQUESTS = (
    b"GET /api/v1/lookup?q=550+5.7.1+relaying+denied&lang=zh\nAccept: application/json\n\n",
    b"GET /api/v1/search?q=smtpd_tls_auth_only&kind=error&in=zh&limit=3\nAccept-Language: zh;q=0.5\n\n",
    b'GET /api/v1/codes/5.7.1\nIf-None-Match: "x"\nAccept-Encoding: gzip\n\n',
    b"GET /en/errors/rcpt-relay-access-denied\nHost: example.com:80\n\n",
    b"GET /e/rcpt-relay-access-denied.json\nAccept: text/*;q=0.1, */*\n\n",
    b"GET /zh/search?q=550&reason=policy\n\n",
    b"GET /en/explore?client.tls=starttls\n\n",
    b"GET /openapi.json\nRange: bytes=0-1\n\n",
    b'POST /api/v1/lookup\nContent-Type: application/json\n\n{"text": "554 5.7.1 Relay access denied", "lang": "zh"}',
    b"POST /api/v1/lookup\nContent-Type: text/plain; charset=gb18030\n\n554 5.7.1 Relay access denied",
    b'POST /api/v1/lookup/batch\nContent-Type: application/json\n\n{"items": [{"id": "1", "text": "550"}]}',
    b"POST /api/v1/diagnose\nContent-Type: application/json\n\n"
    b'{"files": {".env": "MP_SMTP_RELAY_HOST=a"}, "answers": {"recipient": "remote"}}',
    b"POST /\nContent-Type: application/x-www-form-urlencoded\n\ntext=550+5.1.1&lang=en",
    b'POST /en/\nContent-Type: multipart/form-data; boundary=b\n\n--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n'
    b"550\r\n--b--\r\n",
    b"POST /en/diagnose\nContent-Type: application/x-www-form-urlencoded\n\nfiles=mydestination+%3D+x&error=550",
    b"OPTIONS /api/v1/lookup\nOrigin: https://example.com\n\n",
    b"HEAD /zh/articles/\n\n",
)
_REPLIES = (
    b"250-mx.example.com\r\n250-SIZE 35882577\r\n250-AUTH PLAIN LOGIN\r\n250-AUTH=LOGIN\r\n250 STARTTLS\r\n",
    b"554-5.7.1 refused\r\n554 5.7.1 bye\r\n",
    b"\x15\x03\x03\x00\x02\x02\x46",
)


def seeds(target: str) -> Iterator[bytes]:
    """The first inputs of a target, and what was found of it before."""
    yield from _BY_TARGET[target]()
    for path in sorted((FINDS / target).glob("*")):
        yield path.read_bytes()


def _texts() -> Iterator[bytes]:
    _, catalog = read_catalog(ROOT)
    for entry in list(catalog.errors.values())[::4]:
        yield from (text.encode() for text in entry.examples[:1])
    yield from _cases(
        "dsn", "postfix", "exim", "mailpit", "plain", "transcript", "exception", "json", "docker", "sendmail"
    )


def _cases(*names: str) -> Iterator[bytes]:
    for path in sorted((CASES / "inputs").glob("*.txt")):
        if path.name.startswith(names):
            yield path.read_bytes()


def _logs() -> Iterator[bytes]:
    yield from _cases("postfix", "exim", "mailpit", "json", "docker", "sendmail")
    lines = (CASES / "benign.txt").read_bytes().splitlines()
    yield from (b"\n".join(lines[i : i + 4]) for i in range(0, len(lines), 40))


def _configurations() -> Iterator[bytes]:
    server = (CASES / "config" / "postfix" / "founding-no-tls.cf").read_text("utf-8")
    for path in sorted((CASES / "config").rglob("*.*")):
        if path.suffix == ".json" and path.parent.name == "postfix":
            continue
        text = path.read_text("utf-8", "replace")[:_LONGEST]
        yield f"==> {path.name} <==\n{text}\n==> main.cf <==\n{server[:1500]}\n".encode()
        yield text.encode()


def _markdown() -> Iterator[bytes]:
    for path in sorted((ROOT / "articles").glob("*.md"))[::3]:
        text = path.read_text("utf-8")
        yield from (part.encode()[:2000] for part in text.split("\n## ")[:3])
    yield b"| a | b |\n|---|:-:|\n| `x` | [y](https://example.com/) |\n\n1. a\n   - b\n\n> c\n\n```sh\nls\n```\n# x {#y}\n<b>&amp;</b>"


def _yaml() -> Iterator[bytes]:
    text = (ROOT / "errors.yaml").read_text("utf-8")
    parts = text.split("\n\n")
    yield from (f"errors:\n{part}\n".encode() for part in parts[3:600:30])
    yield ("combinations:" + text.partition("\ncombinations:")[2][:2000]).encode()
    for path in sorted((CASES / "broken").glob("*/errors.yaml")):
        yield path.read_bytes()[:3000]


def _queries() -> Iterator[bytes]:
    for word in (
        "中继被拒绝",
        "smtpd_tls_auth_only",
        "greylsiting",
        '"Relay access denied"',
        "550 5.7.1",
        "the TO and AND NOT (",
    ):
        yield word.encode()


def _der() -> Iterator[bytes]:
    yield from _REPLIES
    for path in sorted(Path(ssl.get_default_verify_paths().capath or "/nowhere").glob("*.0"))[:5]:
        body = path.read_text("ascii", "replace").partition("-----BEGIN CERTIFICATE-----")[2].partition("-----END")[0]
        yield base64.b64decode(body)


_BY_TARGET = {
    "lookup": _texts,
    "matching": _texts,
    "read": lambda: _cases(""),
    "bounce": lambda: _cases("dsn"),
    "dialogue": lambda: _cases("transcript", "exception"),
    "logs": _logs,
    "configuration": _configurations,
    "diagnosis": lambda: (b"530 5.7.0 Must issue a STARTTLS command first\n\n" + text for text in _configurations()),
    "redaction": _configurations,
    "markdown": _markdown,
    "catalogue": _yaml,
    "query": _queries,
    "http": lambda: iter(_REQUESTS),
    "probed": _der,
}
