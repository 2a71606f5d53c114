"""Bounces: what is hostile, broken or no bounce at all; the texts of each program are in `cases/inputs/dsn-*`."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import CASES, ROOT
from effort import examples, part, sampled
from hypothesis import given
from hypothesis import strategies as st
from tables import each
from work import calls

from kb.evaluate import evaluate, table
from kb.inputs import dsn, read
from kb.inputs.bounce.decode import decode_body, decode_words, html_text
from kb.inputs.bounce.fields import read_groups
from kb.inputs.bounce.message import MAX_PARTS, read_mail
from kb.inputs.bounce.prose import read_prose
from kb.inputs.encoding import decode
from kb.knowledge_base import KnowledgeBase

TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted((CASES / "inputs").glob("dsn-*.txt"))}
OTHERS = [path for path in sorted((CASES / "inputs").glob("*.txt")) if not path.stem.startswith("dsn-")]
HEAD = "From: MAILER-DAEMON@mail.example.com\nSubject: Undelivered Mail Returned to Sender\n"
MULTIPART = f'{HEAD}Content-Type: multipart/mixed; boundary="b0"\n\n'
SAID = "<bob@example.net>: 550 5.1.1 no such mailbox\n"
MOST_CALLS = 12  # for each character: a nested loop over a megabyte would take millions


def nested(depth: int) -> str:
    parts = (f'--b{i}\nContent-Type: multipart/mixed; boundary="b{i + 1}"\n\n' for i in range(depth))
    return f"{MULTIPART}{''.join(parts)}--b{depth}\nContent-Type: text/plain\n\n{SAID}"


# Sizes as they are in `make thorough`; elsewhere an eighth, and of what takes longest an eighth of that or less.
HOSTILE = {
    "3,000 nested multiparts": nested(3000),
    "5,000 messages in messages": HEAD + "Content-Type: message/rfc822\n\n" * 5000,
    "5,000 bounces in bounces": (MULTIPART + "--b0\nContent-Type: message/rfc822\n\n") * 5000,
    "a header field of 1 MB, folded": f"{HEAD}X-A: x\n" + " y\n" * part(part(340_000)) + f"\n{SAID}",
    "a header field of 1 MB in one line": f"{HEAD}X-A: {'x' * part(1_000_000)}\n\n{SAID}",
    "a subject of 224 KB in one encoded word": f"From: postmaster@example.com\nSubject: =?utf-8?B?{'4' * part(224_000)}?=\n\n{SAID}",
    "a subject of 20,000 encoded words": f"From: postmaster@example.com\nSubject: {'=?utf-8?q?a?= ' * part(20_000)}\n\n{SAID}",
    "20,000 parts": MULTIPART + f"--b0\nContent-Type: text/plain\n\n{SAID}" * part(20_000),
    "20,000 reports": MULTIPART
    + "--b0\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822;b@example.net\n\n" * part(20_000),
    "100,000 header fields": HEAD + "".join(f"X-A{i}: y\n" for i in range(part(100_000))) + f"\n{SAID}",
    "NULs": f"{HEAD}\n" + f"\0{SAID}\0" * 1000,
    "lone surrogates": f"{HEAD}\n" + "\ud800" * 1000 + SAID,
    "carriage returns": HEAD.replace("\n", "\r\n") + "\r" * part(100_000) + "\n" + SAID,
    "50,000 recipients in prose": f"{HEAD}\n"
    + "".join(f"<a{i}@example.net>: 550 5.1.1 x\n" for i in range(part(50_000))),
    "50,000 recipients in fields": "".join(
        f"Final-Recipient: rfc822;a{i}@example.net\nStatus: 5.1.1\n\n" for i in range(part(part(part(50_000))))
    ),
    "one recipient 50,000 times": f"{HEAD}\n" + SAID * part(50_000),
    "50,000 paragraphs with codes": f"{HEAD}\n" + "550 5.1.1 x\n\n" * part(50_000),
    "a sentence of 1 MB": f"{HEAD}\n" + "rcpt to: a@b.example " * part(50_000),
    "1 MB of @": f"{HEAD}\n" + "@" * part(1_000_000),
    "1 MB of <": f"{HEAD}Content-Type: text/html\n\n" + "<" * part(1_000_000),
    "a diagnostic of 1 MB": "Final-Recipient: rfc822; a@b.example\nDiagnostic-Code: smtp; 550 x\n"
    + " y\n" * part(part(340_000)),
    "300,000 delimiters without a name": MULTIPART + "--\n" * part(part(300_000)),
    "JSON that never ends": '{"bouncedRecipients": [\n' + '{"emailAddress": ' * part(50_000),
}


@sampled
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_mail_is_bounded_work(text: str) -> None:
    found = []
    assert calls(lambda: found.append(read(text))) <= MOST_CALLS * len(text)
    assert found[0].format == "dsn"
    assert len(found[0].observations) <= 50_000


@sampled
def test_limits_hold() -> None:
    assert len(read_mail(HOSTILE["20,000 parts"]).parts) <= MAX_PARTS + 1
    assert len(read_mail(HOSTILE["100,000 header fields"]).headers) <= 1001
    assert len(read_mail(HOSTILE["a header field of 1 MB, folded"]).headers["x-a"]) < 20_000


@examples(300)
@given(st.data())
def test_no_damage_raises(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(list(TEXTS.values())))
    for _ in range(data.draw(st.integers(1, 4))):
        begin = data.draw(st.integers(0, len(text)))
        end = min(len(text), begin + data.draw(st.integers(0, 200)))
        inserted = data.draw(
            st.one_of(st.sampled_from([text[begin:end] * 2, "", "\n", "\n\n", "--", "=?x?B?"]), st.text(max_size=20))
        )
        text = text[:begin] + inserted + text[end:]
    for observation in read(text).observations:
        assert 0 <= observation.start <= len(text)


@examples(100)
@given(st.binary(max_size=400))
def test_any_bytes_in_a_part_are_some_text(raw: bytes) -> None:
    for encoding in ("base64", "quoted-printable", "8bit"):
        for charset in ("gb18030", "utf-7", "punycode", "zip", "x-none"):
            head = f"{HEAD}Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: {encoding}\n\n"
            read(head + raw.decode("latin-1"))


@each("path", OTHERS, lambda path: path.stem)
def test_other_formats_are_no_bounces(path: Path) -> None:
    assert not dsn.sniff(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "text",
    [
        "Jul 14 10:15:02 mail postfix/qmgr[1]: 4XbQ1f: from=<MAILER-DAEMON>, size=3000\nJul 14 10:15:02 mail postfix/qmgr[1]: x",
        "From: bob@example.net\nTo: app@example.com\nSubject: Lunch\n\nAt noon?\n",
        "Error: could not send\nSubject of the failure: 550 5.1.1 mailer-daemon\n",
    ],
)
def test_what_only_looks_like_a_bounce(text: str) -> None:
    assert read(text).format != "dsn"


@pytest.mark.parametrize("name", ["dsn-postfix", "dsn-exim", "dsn-sendmail", "dsn-exchange-encoded", "dsn-fields-only"])
def test_line_ends_do_not_matter(name: str) -> None:
    unix = read(TEXTS[name]).observations
    windows = read(TEXTS[name].replace("\n", "\r\n")).observations
    assert [(o.recipient, o.action, " ".join(o.diagnostic.split())) for o in windows] == [
        (o.recipient, o.action, " ".join(o.diagnostic.split())) for o in unix
    ]


def test_every_recipient_has_its_own_answer(base: KnowledgeBase) -> None:
    text = (
        "Reporting-MTA: dns; mail.example.com\n\n"
        "Final-Recipient: rfc822; bob@example.net\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n\n"
        "Final-Recipient: rfc822; carol@example.net\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 qwx vrbl zzt\n\n"
        "Final-Recipient: rfc822; dave@example.net\nAction: delivered\nStatus: 2.0.0\n"
    )
    recipients = base.lookup(text, "en")["recipients"]
    assert [(r["recipient"], r["action"], r["enhanced_status"], r["reply_code"]) for r in recipients] == [
        ("bob@example.net", "failed", "5.1.1", "550"),
        ("carol@example.net", "failed", "5.0.0", "550"),
    ]
    assert [(r["answered"], r["reason"]) for r in recipients] == [(True, "user-unknown"), (False, None)]
    assert recipients[1]["matches"] == []
    assert recipients[0]["matches"][0]["evidence"][0]["text"].lower() in text.lower()


def test_returned_message_is_not_read() -> None:
    for name, text in TEXTS.items():
        for observation in read(text).observations:
            assert "Mailbox full is what" not in observation.diagnostic, name
            assert observation.recipient != "dave@example.net", name


def test_a_mail_library_is_not_imported() -> None:
    program = f"from kb.inputs import read; read({TEXTS['dsn-postfix']!r}); import sys; print('email' in sys.modules)"
    run = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}; {program}"],
        capture_output=True,
        cwd=ROOT,
        check=True,
    )
    assert run.stdout.strip() == b"False"


@pytest.mark.parametrize(
    ("value", "decoded"),
    [
        ("=?utf-8?q?caf=C3=A9_au?= =?utf-8?q?_lait?=", "café au lait"),
        (f"=?big5?B?{base64.b64encode('退信'.encode('big5')).decode()}?=", "退信"),
        ("=?utf-8*en?q?a?=", "a"),
        ("=?x-none?B?YWJj?=", "abc"),
        ("no =?words", "no =?words"),
    ],
)
def test_encoded_words(value: str, decoded: str) -> None:
    assert decode_words(value) == decoded


@each("charset", ["utf-8", "gb18030", "gbk", "big5", "shift_jis", "euc-jp", "euc-kr", "koi8-r", "windows-1252"])
@each("encoding", ["base64", "quoted-printable"])
def test_charsets(charset: str, encoding: str) -> None:
    text = {"koi8-r": "не найден", "windows-1252": "refusé", "euc-kr": "없음"}.get(charset, "不在")
    raw = text.encode(charset)
    body = base64.b64encode(raw).decode() if encoding == "base64" else "".join(f"={byte:02X}" for byte in raw)
    assert decode_body(body, encoding, charset) == text


def test_damaged_base64_keeps_what_it_can() -> None:
    assert decode_body("NTUwIDUuMS4x!\nI", "base64", "utf-8") == "550 5.1.1"


def test_html_is_read_as_seen() -> None:
    page = "<style>p { x }</style><p>One&nbsp;&lt;a@b.example&gt;</p><!-- no --><script>no()</script><td>Two<br>Three"
    assert [line.strip() for line in html_text(page).split("\n") if line.strip()] == [
        "One <a@b.example>",
        "Two",
        "Three",
    ]


def test_groups_are_split_by_what_comes_again() -> None:
    fields = (
        "Final-Recipient: rfc822;a@b.example\nAction: failed\nFinal-Recipient: rfc822;c@d.example\nAction: delayed\n"
    )
    report, groups = read_groups(f"Reporting-MTA: dns; mail.example.com\n{fields}")
    assert report["reporting-mta"].value == "mail.example.com"
    assert [group["action"].value for group in groups] == ["failed", "delayed"]


@each(
    "text recipient said",
    [
        ("<a@b.example>: 550 no\n", "a@b.example", "550 no"),
        ("a@b.example [User unknown]\n", "a@b.example", "[User unknown]"),
        ("   * a@b.example\n\n550 no\n", "a@b.example", ""),
        ("<a@b.example> (expanded from <c@d.example>): 550 no\n", "a@b.example", "550 no"),
        ('<"a b"@b.example>: 550 no\n', '"a b"@b.example', "550 no"),
        ("Ann (a@b.example)<mailto:a@b.example>\n#550 no\n", "a@b.example", "550 no"),
        (
            "Unable to deliver message to: <a@b.example>\nbecause of rain\n",
            "a@b.example",
            "Unable to deliver message to: <a@b.example>\nbecause of rain",
        ),
        ("Your message to a@b.example was refused\n", "a@b.example", "Your message to a@b.example was refused"),
        (
            "<a@b.example>:\nRemote host said: 550 no\nGiving up on 192.0.2.1.\n",
            "a@b.example",
            "Remote host said: 550 no\n",
        ),
        ("收件人（a@b.example）不存在\n", "a@b.example", "收件人（a@b.example）不存在"),
    ],
)
def test_prose(text: str, recipient: str, said: str) -> None:
    (failure,) = read_prose(text).failures
    assert (failure.recipient, text[failure.begin : failure.end]) == (recipient, said)


def test_bounces_are_scored(tmp_path: Path, base: KnowledgeBase) -> None:
    mails = tmp_path / "mail"
    mails.mkdir()
    (mails / "a.eml").write_text(TEXTS["dsn-several-actions"], encoding="utf-8")
    rows = [{"file": "a.eml", "expected": [{"accept": ["x"]}, {"accept": []}, {"accept": ["y"]}, {"accept": ["z"]}]}]
    (tmp_path / "mail.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (score,) = evaluate([tmp_path], lambda text: None, lambda raw: ["x", None, "w"] if decode(raw) else [])
    assert (score.expected, score.found, score.right, score.wrong, score.silent) == (4, 3, 1, 1, 1)
    assert "mail: 3 of 4 recipients found" in table([score])
