"""What is fuzzed: each target takes bytes and raises when something does not hold that must."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from html.parser import HTMLParser
from itertools import pairwise
from typing import TypeVar

from kb import inputs
from kb.articles.markup import TAGS, render_block, render_inline
from kb.articles.read import check_block
from kb.catalog.findings import CatalogError
from kb.catalog.load import load_yaml
from kb.catalog.read import validate
from kb.config import combine, cures, remedies
from kb.config.diagnose import diagnose
from kb.config.files import split_files
from kb.config.moves import Move
from kb.config.patch import diffs, patched
from kb.config.rules import load_rules
from kb.content import search_json
from kb.explain import MAX_OBSERVATIONS, Answer, classify, explain
from kb.inputs import client_exception, dsn, lines, postfix_log, transcript
from kb.inputs.encoding import decode
from kb.inputs.observation import BENIGN, Observation
from kb.inputs.quoted import without_marks
from kb.knowledge_base import KnowledgeBase
from kb.match.engine import find_hits
from kb.match.normalize import normalize, normalize_with_origin
from kb.probe import der
from kb.probe.reply import ReplyError, ReplyReader, extensions, harmless
from kb.redact import SECRET, redact, redact_secrets
from kb.render.as_json import lookup_json
from kb.render.as_text import answer_text
from kb.report.journal import unwrap
from kb.report.judge import Judge
from kb.report.quick import Quick
from kb.report.scan import PlainGate, Scanner, clock_of
from kb.report.tally import Tally
from kb.text import for_terminal, without_surrogates

T = TypeVar("T")
Target = Callable[[bytes], None]

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
CANARY = "kTq7vW2xZp9"
SECRETS = (
    "MP_SMTP_RELAY_PASSWORD={}",
    '{{"smtp_password": "{}"}}',
    "smtp://user:{}@mail.example.com:587",
    "Authorization: Bearer {}",
    "swaks --auth-password {}",
    "AUTH PLAIN {}",
)
NOT_RENDERED = ("KB003", "KB322")  # what is nested too deeply, or too long
_MOST_REMEMBERED = 20_000

_whole = True


def sample() -> None:
    """From now on try what costs more than what it is about on a part of the inputs only: which, their bytes decide.

    How a pair ends and what cures it hangs on its facts alone, and most changes of a file change none: this is remembered.
    """
    global _whole
    _whole = False
    combine.outcomes = cures.outcomes = _remembered(combine.outcomes, lambda _, facts: frozenset(facts.items()))
    remedies.cures = _remembered(remedies.cures, _asked_of_cures)


def _remembered(function: Callable[..., T], key: Callable[..., object]) -> Callable[..., T]:
    known: dict[object, T] = {}

    def call(*arguments: object) -> T:
        of = key(*arguments)
        if of not in known:
            if len(known) >= _MOST_REMEMBERED:
                known.clear()
            known[of] = function(*arguments)
        return known[of]

    return call


def _asked_of_cures(
    _: object, facts: Mapping[str, str], possible: Sequence[Move], first: Sequence[Move] = (), *most: int
) -> object:
    return frozenset(facts.items()), tuple(map(_changes, possible)), tuple(map(_changes, first)), most


def _changes(move: Move) -> object:
    return move.id, move.risk, move.forget, frozenset(move.change.items())


def _each(data: bytes, of: int) -> bool:
    """Whether this input is one of those, one `of` so many, for which something costly is tried."""
    return _whole or zlib.crc32(data) % of == 0


def _languages(data: bytes) -> tuple[str, ...]:
    """One of the languages, or both where everything is tried."""
    return ("zh", "en") if _whole else (("zh", "en")[zlib.adler32(data) & 1],)


@lru_cache(maxsize=1)
def base() -> KnowledgeBase:
    """The catalogue, in memory."""
    return KnowledgeBase.open(preload=True)


def lookup(data: bytes) -> None:
    """Any text: explained, in both languages, as JSON and as text."""
    store, text = base().store, decode(data)
    answer = explain(store, text)
    _places_are_right(without_surrogates(text), answer)
    for lang in _languages(data) if _each(data, 4) else ():
        body = lookup_json(store, answer, lang)
        json.dumps(body).encode()
        assert body["answered"] == (body["reason"] is not None)
        shown = for_terminal(answer_text(store, answer, lang))
        assert not CONTROLS.search(shown), "a control character on the terminal"
    if not _each(data[1:], 4):
        return
    basis, reason, entry = classify(store, text)
    first = answer.matches[0] if answer.matches else None
    assert reason == answer.reason, "classify and explain say something else"
    if answer.reason and first:
        assert (basis, entry) == (answer.basis, first.entry.id if first.entry else first.code)


def _places_are_right(text: str, answer: Answer) -> None:
    for match in answer.matches:
        for found in (*match.evidence, *match.values):
            assert 0 <= found.start < found.end <= len(text), f"{found} is outside"
        if answer.format == "dsn":
            continue  # where the text stands encoded, the place is that of its first line (kb/inputs/observation.py)
        for found in match.evidence:
            there = (shown[found.start : found.end] for shown in (text, without_marks(text)))
            assert found.text in there, f"{found} is not what stands there"


def matching(data: bytes) -> None:
    """The normal form, and the hits of the engine in it."""
    text = decode(data)
    normal, origin = normalize_with_origin(text)
    assert normal == normalize(text)
    assert len(origin) == len(normal)
    assert type(origin) is range or all(a <= b for a, b in pairwise(origin))
    for hit in find_hits(base().store, text):
        assert not _each(data, 4) or hit.pattern.find(normal) is not None


def read(data: bytes) -> None:
    """Any paste, taken apart: whatever format it looks like."""
    text = decode(data)
    _inside(text, inputs.read(text).observations)


def bounce(data: bytes) -> None:
    """A message, read as a delivery report whether it looks like one or not."""
    text = without_surrogates(decode(data))
    if dsn.sniff(text):
        _inside(text, dsn.parse(text))


def dialogue(data: bytes) -> None:
    """A transcript or an exception of a client, read as one whether it looks like one or not."""
    text = without_surrogates(decode(data))
    for format_ in (transcript, client_exception):
        if format_.sniff(text):
            _inside(text, format_.parse(text))


def logs(data: bytes) -> None:
    """Lines of logs: each format's parser, the gate, and the report."""
    text = without_surrogates(decode(data))
    for line in text.split("\n")[:200]:
        for format_ in lines.LINE_FORMATS:
            found = format_.parse_line(line, 0)
            if found is not None and found is not BENIGN:
                _inside(line, (found,))
    paste = lines.read(text)
    if paste is not None:
        _inside(text, paste.observations)
    judge, quick, gate = _judges()
    for raw in map(unwrap, data.split(b"\n")[:200]):
        failure = judge.read(raw.decode("utf-8", "replace").rstrip("\r"))
        assert quick.read(raw) == failure, f"told by its bytes alone it is something else: {raw!r}"
        # Damaged lines may be dropped: Sendmail's without its `stat=`, which can be read as anything, a delivery without its
        # `status=`, two records in one, and what no logger writes.
        line = raw.decode("utf-8", "replace")
        whole = line.isprintable() and not any(f.parse_line(line, 0) is BENIGN for f in lines.LINE_FORMATS)
        tag = line.partition("]: ")[0]
        one = "postfix" in tag and "> " not in tag  # no other program's tag or record stands before
        cut = ": to=<" in line and " status=" not in line
        known = whole and one and not cut and postfix_log.take(line) is not None
        assert failure is None or not known or gate.passes(raw), f"the gate drops a failure: {raw!r}"
    if _each(data, 8):
        _count(data)


@lru_cache(maxsize=1)
def _judges() -> tuple[Judge, Quick, PlainGate]:
    return Judge(base().store), Quick(Judge(base().store)), PlainGate()


def _count(data: bytes) -> None:
    tally = Tally()
    _scanner().scan(data, tally, clock_of(0.0))
    assert Tally.from_json(json.loads(json.dumps(tally.as_json()))).as_json() == tally.as_json()


@lru_cache(maxsize=1)
def _scanner() -> Scanner:
    return Scanner(base().store, PlainGate())


def _inside(text: str, observations: tuple[Observation, ...]) -> None:
    for seen in observations[:MAX_OBSERVATIONS]:
        assert 0 <= seen.start <= len(text), f"{seen} begins outside the text"
        assert seen.reply_code is None or (len(seen.reply_code) == 3 and seen.reply_code.isascii())


def configuration(data: bytes) -> None:
    """Files of any product, as one paste: diagnosed, and the first cure applied to them."""
    files = split_files("pasted.txt", decode(data))
    found = diagnose([rule.condition for rule in load_rules(base().store.rules()).values()], files)
    assert found.outcome in ("works", "fails", "depends")
    for cure in found.cures[:2] if _each(data, 8) else ():
        diffs(files, patched(files, found, cure))


def diagnosis(data: bytes) -> None:
    """The diagnosis of files and the error they gave, as the API answers it; no secret of the files in it."""
    head, _, rest = decode(data).partition("\n\n")
    files = split_files("pasted.txt", rest + f"\n==> canary.env <==\nMP_SMTP_RELAY_PASSWORD={CANARY}\n")
    for lang in _languages(data):
        body = json.dumps(base().diagnose(files, head, lang), ensure_ascii=False)
        assert CANARY not in body, "a password of the files is in the diagnosis"


def redaction(data: bytes) -> None:
    """Secrets among any other text."""
    text = decode(data)
    once = redact_secrets(text)
    assert redact_secrets(once) == once, "redacting twice changes something"
    if _each(data, 8):
        redact(text)
    for secret in SECRETS if _whole else (SECRETS[zlib.adler32(data) % len(SECRETS)],):
        hidden = redact_secrets(f"{text}\n\n{secret.format(CANARY)}\n")
        assert CANARY not in hidden, f"{secret} survives"
        assert SECRET in hidden


class _Strict(HTMLParser):
    """Raises for anything that the allow-list has not."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        for name, value in attrs:
            assert name in ("href", "start", "align", "id", "class", "rel"), name
            assert name != "href" or not (value or "").lower().lstrip().startswith(("javascript:", "data:", "//")), (
                value
            )


def markdown(data: bytes) -> None:
    """Markdown of an article or an entry: what is wrong with it is named, and what is rendered is on the allow-list."""
    text = decode(data)
    complaints = check_block(text)
    for complaint in complaints:
        assert all(complaint.message)
    if any(complaint.rule in NOT_RENDERED for complaint in complaints):
        return
    html = render_block(text) + render_inline(text)
    _Strict().feed(html)


def catalogue(data: bytes) -> None:
    """YAML: findings, or a catalogue."""
    text = decode(data)
    try:
        document = load_yaml(text, "errors.yaml")
    except CatalogError:
        return
    _, findings = validate(document)
    for finding in (*findings, *document.findings):
        assert all((finding.line >= 1, finding.column >= 1, *finding.message))


def query(data: bytes) -> None:
    """A search in both languages."""
    from kb.web.site import Site

    text = decode(data)
    for lang in _languages(data):
        json.dumps(search_json(_site(Site).searcher, text, lang, 5, store=base().store))


@lru_cache(maxsize=1)
def _site(kind: type) -> object:
    return kind.load()


def http(data: bytes) -> None:
    """A request: address, headers and body; whatever it is, no failure of ours, and no problem without its form."""
    head, _, body = data.partition(b"\n\n")
    first, *rest = head.split(b"\n")
    method, _, address = first.partition(b" ")
    path, _, asked = address.partition(b"?")
    environ = {
        "REQUEST_METHOD": "".join(filter(str.isalpha, method.decode("latin-1").upper()))[:9] or "GET",
        "PATH_INFO": "/" + path.decode("latin-1").lstrip("/"),
        "QUERY_STRING": asked.decode("latin-1"),
    }
    for line in rest[:20]:
        name, _, value = line.partition(b":")
        key = name.decode("latin-1").upper().replace("-", "_").strip()
        if key in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            environ[key] = value.decode("latin-1").strip()
        elif key.isidentifier():
            environ["HTTP_" + key] = value.decode("latin-1").strip("\r\n ")
    # A page of results takes ten times what others do; what finds them has a target of its own.
    if environ["PATH_INFO"].rstrip("/").endswith("/search") and not _each(data, 8):
        return
    status, said = _ask(environ, body)
    assert status < 500, f"{status} for {environ}"
    if status >= 400 and environ["PATH_INFO"].startswith("/api/v1/") and environ["REQUEST_METHOD"] != "HEAD":
        assert json.loads(said)["status"] == status


def _ask(environ: dict[str, str], body: bytes) -> tuple[int, bytes]:
    from io import BytesIO

    from werkzeug.test import create_environ, run_wsgi_app

    whole = create_environ("/")
    whole.pop("CONTENT_LENGTH", None)
    whole.update(environ)
    whole["wsgi.input"] = BytesIO(body)
    whole.setdefault("CONTENT_LENGTH", str(len(body)))
    answer, status, _ = run_wsgi_app(_application(), whole)
    return int(status[:3]), b"".join(answer)


@lru_cache(maxsize=1)
def _application() -> object:
    from kb.web import create_app

    return create_app()


def probed(data: bytes) -> None:
    """What a server sends to `kb probe`: replies, extensions, certificates."""
    reader = ReplyReader()
    try:
        for start in range(0, len(data), 100):
            reply = reader.feed(data[start : start + 100])
            if reply is not None:
                said = extensions(reply.lines)
                assert all((*said.mechanisms, (said.size or 0) >= 0))
    except ReplyError:
        pass  # what it shows of it is `harmless`, below
    assert not any(c < " " and c != "\t" for c in harmless(data))
    try:
        found = der.certificate(data)
    except ValueError:
        return
    der.is_for(found, "mail.example.com")


TARGETS: dict[str, Target] = {
    function.__name__: function
    for function in (
        lookup,
        matching,
        read,
        bounce,
        dialogue,
        logs,
        configuration,
        diagnosis,
        redaction,
        markdown,
        catalogue,
        query,
        http,
        probed,
    )
}
