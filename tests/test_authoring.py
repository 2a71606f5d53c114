"""`kb fmt`, `kb new`, `kb test`, `kb i18n`, `kb check --base`: the tools of those who write the content."""

from __future__ import annotations

import json
import random
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from conftest import CASES, ROOT
from effort import examples
from hypothesis import given
from hypothesis import strategies as st
from tables import each

from kb.author.entry import Draft, wrong_id, wrong_pattern
from kb.author.insert import with_entry, with_wording
from kb.author.propose import anonymous, free_id, pattern_for, propose
from kb.author.stamp import stamped
from kb.catalog.findings import CatalogError
from kb.catalog.fmt import CATALOG, format_article, format_catalog, format_provider
from kb.catalog.load import load_yaml
from kb.catalog.read import validate
from kb.catalog.recover import blocks
from kb.catalog.write import scalar, write_item
from kb.check import check, matching
from kb.check.base import check_changes
from kb.check.content import Content
from kb.cli.asking import Asker
from kb.cli.commands import cli
from kb.match.normalize import normalize
from kb.match.pattern import parse_pattern
from kb.page.strings import STRINGS
from kb.render.as_text import answer_text
from kb.smtp.stage import STAGES
from kb.text import Text
from kb.web import create_app
from kb.web.site import Site

pytestmark = pytest.mark.usefixtures("provider_tables_kept", "indexes_built_here")
GOOD = CASES / "broken" / "good"
GOOD_TEXT = (GOOD / "errors.yaml").read_text(encoding="utf-8")
GOOD_DATA: dict[str, Any] = load_yaml(GOOD_TEXT, "errors.yaml").data


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(GOOD, tmp_path, dirs_exist_ok=True)
    return tmp_path


def kb(*arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(cli, arguments, input=stdin, env={"KB_LANG": "en"})


# --- kb fmt ---


@pytest.mark.thorough
def test_the_content_is_in_form_and_stays_so() -> None:
    """`kb check` looks at the content too (KB007), by a shorter way."""
    text = (ROOT / "errors.yaml").read_text(encoding="utf-8")
    assert format_catalog(text, "errors.yaml") == text
    for path in (ROOT / "articles").glob("*.md"):
        text = path.read_text(encoding="utf-8")
        assert format_article(text, path.name) == text


def test_the_tables_are_in_form() -> None:
    for path in (ROOT / "kb" / "providers").glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        assert format_provider(text, path.name) == text
        disordered = text.replace(", en: ", ",   en:  ").replace("'", '"', 2)
        assert format_provider(disordered, path.name) == text


class Disorder:
    """Writes a tree as YAML that says the same in another way."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.comments: list[str] = []

    def catalogue(self, data: dict[str, Any]) -> str:
        lines = ["# header"]
        for section in self.shuffled(data):
            lines.append(f"{section}:")
            for id_ in self.shuffled(data[section]):
                for _ in range(self.chance.choice((0, 0, 1, 2))):
                    comment = f"# comment {len(self.comments)}: 'x'"
                    self.comments.append(comment)
                    lines += [f"  {comment}", *[""] * self.chance.choice((0, 1))]
                lines += [f"  {id_}:", *self.node(data[section][id_], 4)]
                lines += [""] * self.chance.choice((0, 1, 3))
        return self.chance.choice(("\n", "\r\n")).join(lines) + self.chance.choice(("", "\n", "\n\n"))

    def shuffled(self, mapping: dict[str, Any]) -> list[str]:
        return self.chance.sample(list(mapping), len(mapping))

    def node(self, value: Any, indent: int) -> list[str]:
        pad = " " * indent
        if isinstance(value, dict):
            return [line for name in self.shuffled(value) for line in self.item(f"{pad}{name}:", value[name], indent)]
        return [line for item in value for line in self.item(f"{pad}-", item, indent)]

    def item(self, head: str, value: Any, indent: int) -> list[str]:
        if isinstance(value, str):
            if "\n" in value:
                return [
                    f"{head} |",
                    *(f"{' ' * (indent + 3)}{line}" if line else "" for line in value.split("\n")[:-1]),
                ]
            tail = ""
            if self.chance.random() < 0.1:
                self.comments.append(f"# comment {len(self.comments)}")
                tail = f"  {self.comments[-1]}"
            return [f"{head} {self.scalar(value)}{tail}"]
        if not value or (
            self.chance.random() < 0.5 and "|" not in json.dumps(value) and "\\n" not in json.dumps(value)
        ):
            return [f"{head} {self.flow(value)}"]
        return [head, *self.node(value, indent + 2)]

    def flow(self, value: Any) -> str:
        if isinstance(value, str):
            return self.scalar(value)
        if isinstance(value, dict):
            return "{" + ", ".join(f"{name}: {self.flow(value[name])}" for name in self.shuffled(value)) + "}"
        return "[" + ",  ".join(map(self.flow, value)) + "]"

    def scalar(self, text: str) -> str:
        plain = text.replace("-", "").replace(".", "").isalnum() and text.isascii()
        return self.chance.choice([scalar(text), json.dumps(text, ensure_ascii=False), *([text] if plain else [])])


@examples(40)
@given(st.integers(0, 2**32))
def test_form_depends_on_the_content_alone(seed: int) -> None:
    disorder = Disorder(random.Random(seed))
    text = disorder.catalogue(GOOD_DATA)
    assert load_yaml(text, "errors.yaml").data == GOOD_DATA
    once = format_catalog(text, "errors.yaml")
    assert format_catalog(once, "errors.yaml") == once
    assert load_yaml(once, "errors.yaml").data == GOOD_DATA
    before, after = (validate(load_yaml(one, "errors.yaml"))[0] for one in (text, once))
    assert after == before
    lines = once.split("\n")
    assert sorted(line.strip() for line in lines if "# comment" in line) == sorted(disorder.comments)
    kept = [line for line in lines if "# comment" not in line and line != "# header"]
    assert "\n".join(kept).strip("\n") + "\n" == GOOD_TEXT


TREES = st.recursive(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
    | st.sampled_from(["a\nb\n", "a\n", " a\n b\n", "\n", "# a\nb"]),
    lambda node: (
        st.lists(node, max_size=3) | st.dictionaries(st.text("ab:'# -", min_size=1, max_size=4), node, max_size=3)
    ),
    max_leaves=8,
)


@examples(100)
@given(TREES, st.sampled_from(["title", "explanation", "causes", "fixes", "sources", "verify"]))
def test_whatever_is_written_reads_back(tree: Any, name: str) -> None:
    text = "errors:\n  x:\n" + "\n".join(write_item(("errors", "x", name), tree, 4, CATALOG)) + "\n"
    assert load_yaml(text, "f.yaml").data == {"errors": {"x": {name: tree}}}


@pytest.mark.parametrize("name", ["duplicate-key", "anchor", "alias", "tag", "unquoted-colon", "nul", "two-documents"])
def test_fmt_leaves_alone_what_it_cannot_read_whole(root: Path, name: str) -> None:
    shutil.copy(CASES / "broken" / name / "errors.yaml", root / "errors.yaml")
    before = (root / "errors.yaml").read_bytes()
    done = kb("fmt", "--root", str(root))
    if name == "unquoted-colon":  # this is a mapping to YAML: nothing is lost
        assert done.exit_code == 0
        return
    assert done.exit_code == 2
    assert "errors.yaml:" in done.output
    assert (root / "errors.yaml").read_bytes() == before


@pytest.mark.parametrize(
    "name",
    [
        "unsorted",
        "key-order",
        "unquoted-text",
        "double-quotes",
        "not-canonical",
        "crlf",
        "bom",
        "no-final-newline",
        "trailing-comment",
        "comment-between-keys",
        "article-key-order",
        "article-crlf",
    ],
)
def test_fmt_mends_what_is_only_form(root: Path, name: str) -> None:
    shutil.copytree(CASES / "broken" / name, root, dirs_exist_ok=True)
    (root / "expected.txt").unlink()
    assert kb("fmt", "--check", "--root", str(root)).exit_code == 1
    diff = kb("fmt", "--diff", "--root", str(root))
    assert diff.exit_code == 1
    assert diff.output.startswith("--- ")
    assert kb("fmt", "--root", str(root)).exit_code == 0
    assert kb("fmt", "--check", "--root", str(root)).exit_code == 0
    assert check(root) == []
    comments = [line for line in (root / "errors.yaml").read_text("utf-8").split("\n") if "# once mended" in line]
    assert comments == (["  # once mended"] if "comment" in name else [])


# --- kb new ---

FROB = "postfix/smtpd[7]: NOQUEUE: reject: RCPT from unknown[8.8.8.8]: 450 4.7.9 <u@gmail.com>: Frobnicator quota full, ticket 99812"
OPTIONS = {
    "id": "rcpt-frobnicator-full", "stage": "rcpt", "side": "server", "reason": "rate-limited", "emitter": "postfix",
    "title-zh": "配额已满", "title-en": "Quota full", "explanation-zh": "服务器的配额已满。", "explanation-en": "The quota is used up.",
    "cause-zh": "发得太多。", "cause-en": "Too much mail.", "fix-for": "sender", "fix-zh": "稍后再发。", "fix-en": "Wait.",
    "verify-zh": "得到 250。", "verify-en": "The answer is 250.", "source": "RFC 5321 section 4.2", "match": "frobnicator quota full",
}  # fmt: skip


def options(**changes: str | None) -> list[str]:
    chosen = {**OPTIONS, **{name.replace("_", "-"): value for name, value in changes.items()}}
    return [part for name, value in chosen.items() if value is not None for part in (f"--{name}", value)]


def test_new_error_by_options(root: Path) -> None:
    before = (root / "errors.yaml").read_text("utf-8")
    dry = kb("new", "error", FROB, "--root", str(root), "--dry-run", *options())
    assert dry.exit_code == 0, dry.output
    assert (root / "errors.yaml").read_text("utf-8") == before
    done = kb("new", "error", FROB, "--root", str(root), *options())
    assert done.exit_code == 0, done.output
    after = (root / "errors.yaml").read_text("utf-8")
    (block,) = [block for block in blocks(after) if block.id == OPTIONS["id"]]
    lines = after.split("\n")
    assert "\n".join([*lines[: block.start], *lines[block.end :]]) == before
    assert format_catalog(after, "errors.yaml") == after
    assert check(root) == []
    assert "- '450 4.7.9 <user@example.com>: Frobnicator quota full, ticket 99812'" in after


def test_new_error_over_a_pipe(root: Path) -> None:
    answers = [
        "",
        "",
        "frobnicator quota full",
        "Quota full",
        "",
        "The quota is used up.",
        "",
        "Too much mail.",
        "",
        "Wait.",
        "",
    ]
    answers += ["The answer is 250.", "", "", "rate-limited", "", "sender", "RFC 5321 section 4.2"]
    done = kb("new", "error", FROB, "--root", str(root), "--lang", "en", stdin="\n".join(answers) + "\n")
    assert done.exit_code == 0, done.output
    entry = load_yaml((root / "errors.yaml").read_text("utf-8"), "f").data["errors"][
        "rcpt-postfix-frobnicator-quota-full-ticket"
    ]
    assert entry["title"] == {"en": "Quota full"}
    assert (entry["stage"], entry["side"], entry["retry"], entry["emitters"]) == (
        "rcpt",
        "server",
        "later",
        ["postfix"],
    )
    assert {finding.rule for finding in check(root)} == {"KB704"}


def test_new_error_says_what_is_missing(root: Path) -> None:
    before = (root / "errors.yaml").read_bytes()
    done = kb("new", "error", FROB, "--root", str(root), *options(source=None))
    assert done.exit_code == 2
    assert "--source is missing" in done.output
    assert (root / "errors.yaml").read_bytes() == before


def test_a_wrong_word_is_asked_for_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At a terminal; over a pipe, where nobody sees the question, it ends the command."""
    piped = kb("new", "error", FROB, "--root", str(root), *options(stage=None), stdin="rctp\n")
    assert (piped.exit_code, "Did you mean rcpt?" in piped.output) == (2, True)
    ask = Asker("en")
    answers = iter(
        ["rctp\n", "?\n", "rcpt\n", "Quota\n", "mail-second-thing\n", "mail-quota\n", "quota\n", "quota full\n"]
    )
    monkeypatch.setattr("sys.stdin", Terminal(answers))
    assert ask("stage", Text("", "Stage"), "", [*STAGES]) == "rcpt"
    assert ask("id", Text("", "Id"), wrong=partial(wrong_id, "mail", {"mail-second-thing"})) == "mail-quota"
    assert ask("match", Text("", "Pattern"), wrong=partial(wrong_pattern, "450 Quota full")) == "quota full"


class Terminal:
    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines

    def isatty(self) -> bool:
        return True

    def readline(self) -> str:
        return next(self._lines)


def test_what_was_answered_is_not_lost(root: Path) -> None:
    content = Content.read_catalog(root)
    tree = content.catalog.errors["mail-second-thing"]
    draft = Draft(
        "mail-x", {"en": "It's"}, tree.reason, "server", "mail", ["any"], ["quota full"], {"en": "E."}, {"en": "C."}, "client",
        {"en": "F."}, ["a = 1"], {"en": "V."}, ["true"], "later", ["450 Quota full"], ["RFC 5321"],
    )  # fmt: skip
    arguments = shlex.split(draft.command().replace("\\\n", " "))
    done = kb(*arguments[1:], "--root", str(root))
    assert done.exit_code == 0, done.output
    assert load_yaml((root / "errors.yaml").read_text("utf-8"), "f").data["errors"]["mail-x"]["title"] == {"en": "It's"}


def test_new_error_refuses_what_is_answered(root: Path) -> None:
    before = (root / "errors.yaml").read_bytes()
    done = kb("new", "error", "535 First thing went wrong again", "--root", str(root), *options())
    assert done.exit_code == 1
    assert "Answered already: auth-first-thing" in done.output
    assert "--add-to auth-first-thing" in done.output
    assert (root / "errors.yaml").read_bytes() == before
    done = kb("new", "error", "535 First thing went wrong again", "--root", str(root), stdin="y\n")
    assert done.exit_code == 0, done.output
    entry = load_yaml((root / "errors.yaml").read_text("utf-8"), "f").data["errors"]["auth-first-thing"]
    assert entry["examples"] == ["535 First thing went wrong", "535 First thing went wrong again"]
    assert entry["match"] == ["first thing went wrong"]


def test_new_wording_for_an_entry(root: Path) -> None:
    done = kb(
        "new", "error", FROB, "--root", str(root), "--add-to", "mail-second-thing", "--match", "frobnicator quota full"
    )
    assert done.exit_code == 0, done.output
    assert check(root) == []
    text = (root / "errors.yaml").read_text("utf-8")
    assert (
        with_wording(GOOD_TEXT, "mail-second-thing", "frobnicator quota full", anonymous(FROB.partition("]: ")[2][39:]))
        != text
    )
    assert load_yaml(text, "f").data["errors"]["mail-second-thing"]["match"][-1] == "frobnicator quota full"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"match": "quota"}, "KB205"),
        ({"match": "first thing went wrong"}, "KB204"),
        ({"reason": "quota"}, "KB109"),
        ({"id": "Quota"}, "KB111"),
        ({"explanation_zh": "服务器的quota已满"}, "KB402"),
        ({"fix_en": "Ask <host>."}, "KB311"),
    ],
)
def test_new_error_is_not_written_with_mistakes(root: Path, changes: dict[str, str], said: str) -> None:
    before = (root / "errors.yaml").read_bytes()
    done = kb("new", "error", FROB, "--root", str(root), *options(**changes))
    assert done.exit_code == 1, done.output
    assert said in done.output
    assert (root / "errors.yaml").read_bytes() == before


def test_entry_finds_its_place() -> None:
    tree = GOOD_DATA["errors"]["auth-first-thing"]
    for id_ in ("aaa-first", "auth-first-thinga", "config-x", "zzz-last"):
        text = with_entry(GOOD_TEXT, id_, tree)
        assert format_catalog(text, "f") == text
        assert list(load_yaml(text, "f").data["errors"]) == sorted([*GOOD_DATA["errors"], id_])
    with pytest.raises(ValueError, match="taken"):
        with_entry(GOOD_TEXT, "auth-first-thing", tree)


@each(
    "text pattern",
    [
        ("554 5.7.1 <bob@example.com>: Relay access denied", "{addr}: relay access denied"),
        ("dial tcp 192.0.2.7:587: connect: connection refused", "dial tcp {host}: connect: connection refused"),
        ("421 mail.example.net closing, ticket 20931", "{host} closing, ticket {num}"),
        ("see https://example.com/help?x=1 for quota rules", "see {word} for quota rules"),
        ("[203.0.113.7] Our system says no", "[{host}] our system says no"),
        ("451 4.3.5 <unknown[10.2.3.4]>: Client host rejected: table broken", "client host rejected: table broken"),
        (
            "host mx.example.net[198.51.100.4] said: 554 5.3.0 Frob refused the header (in reply to end of DATA command)",
            "frob refused the header",
        ),
        ("smtplib.SMTPDataError: (550, b'5.6.0 The frob type .xyz is forbidden')", "the frob type .xyz is forbidden"),
        ("550 5.1.8 Frob denied AS(42004) [AM6.example.com 2026-11-27T18:00:00Z 08DD]", "frob denied as({num})"),
        ("550 域名未备案，拒绝接收 (case 88321)", "域名未备案,拒绝接收"),
    ],
)
def test_proposed_pattern(text: str, pattern: str) -> None:
    assert pattern_for(text) == pattern
    assert parse_pattern(pattern).find(normalize(text))


def test_what_only_sounds_alike_is_not_near(root: Path) -> None:
    content = Content.read(root)
    with matching.compiled(content.catalog, ()) as store:
        alike = propose(store, "535 5.7.8 The first thing went wrong, sorry", content.ids)
        other = propose(store, "450 4.9.9 Something else went to the zebra", content.ids)
        chinese = propose(store, "535 授权码已过期，请重新生成", content.ids)
    assert [entry.id for entry in alike.near] == ["auth-first-thing"]
    assert (other.near, other.reason, other.stage) == ((), "", "")
    assert (chinese.stage, chinese.reason, chinese.id) == ("auth", "", "")


@examples(50)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_a_proposed_pattern_can_be_used_and_matches(text: str) -> None:
    pattern = pattern_for(text)
    if pattern:
        assert parse_pattern(pattern).find(normalize(text)) is not None


def test_proposed_id() -> None:
    assert free_id("rcpt", "{addr}: relay access denied", "postfix", ()) == "rcpt-postfix-relay-access-denied"
    assert (
        free_id("rcpt", "{addr}: relay access denied", None, ("rcpt-relay-access-denied",))
        == "rcpt-relay-access-denied-2"
    )
    assert free_id("rcpt", "{addr}", None, ()) == ""


def test_new_article(root: Path) -> None:
    arguments = [
        "new",
        "article",
        "second-steps",
        "--root",
        str(root),
        "--title-zh",
        "第二步",
        "--title-en",
        "Second steps",
    ]
    arguments += [
        "--summary-zh",
        "再做什么。",
        "--summary-en",
        "What comes next.",
        "--tag",
        "postfix",
        "--error",
        "auth-first-thing",
    ]
    assert "--- articles/second-steps.en.md" in kb(*arguments, "--dry-run").output
    assert not (root / "articles" / "second-steps.en.md").exists()
    assert kb(*arguments).exit_code == 0
    assert {(finding.path, finding.rule) for finding in check(root)} == {
        *((f"articles/second-steps.{lang}.md", "KB319") for lang in ("zh", "en")),
        ("articles/second-steps.zh.md", "KB706"),
    }
    assert kb("fmt", "--check", "--root", str(root)).exit_code == 0
    assert kb(*arguments).exit_code == 1
    for slug, entry, said in (
        ("../x", "auth-first-thing", "hyphens"),
        ("x", "auth-frist-thing", "Did you mean auth-first-thing?"),
    ):
        done = kb("new", "article", slug, "--error", entry, "--title-en", "x", "--root", str(root))
        assert (done.exit_code, said in done.output) == (2, True), done.output
    alone = [
        "new",
        "article",
        "third-steps",
        "--root",
        str(root),
        "--title-en",
        "Third steps",
        "--summary-en",
        "And then.",
    ]
    assert kb(*alone, "--tag", "postfix", "--error", "auth-first-thing").exit_code == 0
    assert not (root / "articles" / "third-steps.zh.md").exists()


# --- kb test ---


def test_test_of_a_text(root: Path) -> None:
    done = kb("test", "535 First thing went wrong", "--json", "--root", str(root))
    assert done.exit_code == 0
    (trial,) = json.loads(done.output)["trials"]
    (candidate,) = trial["candidates"]
    assert (candidate["id"], candidate["pattern"]) == ("auth-first-thing", "first thing went wrong")
    assert candidate["points"] == sum(points for _, points in candidate["parts"])
    assert kb("test", "535 Nothing of the kind", "--root", str(root)).exit_code == 1
    assert "pattern  first thing went wrong" in kb("test", "535 First thing went wrong", "--root", str(root)).output


def test_test_of_an_entry(root: Path) -> None:
    done = kb("test", "auth-first-thing", "--root", str(root))
    assert done.exit_code == 0
    assert done.output.startswith("ok  example  535 First thing went wrong")
    path = root / "errors.yaml"
    path.write_text(path.read_text("utf-8").replace("- '535 first things'", "- '535 First thing went wrong'"), "utf-8")
    done = kb("test", "auth-first-thing", "--root", str(root))
    assert done.exit_code == 1
    assert "WRONG  not_example" in done.output


# --- kb i18n ---


def test_i18n(root: Path) -> None:
    assert kb("i18n", "status", "--root", str(root)).exit_code == 0
    source, translation = (root / "articles" / f"first-steps.{lang}.md" for lang in ("en", "zh"))
    text = source.read_text("utf-8")
    for harmless in (text.replace("(#cause)", "(#fix)"), text.replace("Change the setting", "Change the\nsetting")):
        source.write_text(harmless, "utf-8")
        assert kb("i18n", "status", "--root", str(root)).exit_code == 0
    source.write_text(text.replace("Try again.", "Try once more."), "utf-8")
    done = kb("i18n", "status", "--root", str(root))
    assert done.exit_code == 1
    assert "zh  stale  article first-steps  (verify)" in done.output
    assert [(f.rule, f.level) for f in check(root)] == [("KB705", "warning")]
    assert kb("check", "--root", str(root)).exit_code == 0
    assert kb("check", "--strict", "--root", str(root)).exit_code == 1
    assert kb("i18n", "stamp", "first-steps", "--root", str(root)).output == "articles/first-steps.zh.md\n"
    assert check(root) == []
    assert kb("i18n", "stamp", "--all", "--root", str(root)).output == ""
    assert kb("i18n", "stamp", "nothing", "--root", str(root)).exit_code != 0
    assert stamped(translation.read_text("utf-8"), ("00000000",)).count("translated_from") == 1
    translation.unlink()
    assert "zh  missing  article first-steps" in kb("i18n", "status", "--root", str(root)).output


def test_one_language_is_shown_and_marked(
    root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setenv("KB_CACHE", str(tmp_path_factory.mktemp("cache")))
    path = root / "errors.yaml"
    replace(path, "{zh: '第一件事', en: 'The first thing'}", "{zh: '第一件事'}")
    (root / "articles" / "first-steps.en.md").unlink()
    replace(root / "articles" / "first-steps.zh.md", "source: 'en'", "source: 'zh'")
    text = (root / "articles" / "first-steps.zh.md").read_text("utf-8")
    kept = [line for line in text.split("\n") if not line.startswith("translated_from")]
    (root / "articles" / "first-steps.zh.md").write_text("\n".join(kept), "utf-8")
    assert {(finding.rule, finding.level) for finding in check(root)} == {("KB704", "note")}
    site = Site.load(str(root))
    client = create_app(site).test_client()
    for lang, translated in (("zh", True), ("en", False)):
        (match,) = site.base.lookup("535 First thing went wrong", lang)["matches"]
        assert (match["title"], match["translated"]) == ("第一件事", translated)
        page = client.get(f"/{lang}/errors/auth-first-thing").text
        assert "第一件事" in page
        mark = STRINGS["entry_not_translated"].get(lang)
        assert (mark in page) is not translated
        assert (mark in client.get(f"/{lang}/errors/mail-second-thing").text) is False
        entry = client.get(f"/api/v1/errors/auth-first-thing?lang={lang}").json
        assert entry["translated"] is translated
        article = client.get(f"/api/v1/articles/first-steps?lang={lang}").json
        assert (article["translated"], article["lang"]) == (translated, "zh")
        said = answer_text(site.base.store, site.base.explain("535 First thing went wrong"), lang)
        assert ("Not translated into English yet" in said) is not translated


# --- kb check --base ---


def git(root: Path, *arguments: str) -> None:
    names = (
        "-c",
        "user.name=kb",
        "-c",
        "user.email=kb@example.com",
        "-c",
        "commit.gpgsign=false",
        "-c",
        "core.autocrlf=false",
    )
    subprocess.run(["git", "-C", str(root), *names, *arguments], check=True, capture_output=True)


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_base_shows_what_a_change_is_answerable_for(root: Path) -> None:
    path = root / "errors.yaml"
    replace(path, "第一句话。", "第一句,话。")  # what was wrong before
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "base")
    assert check_changes(root, "main") == []
    git(root, "checkout", "-qb", "topic")
    replace(path, "第一句。", "第一句TLS。")
    replace(
        path,
        "      - 'second thing went wrong'",
        "      - 'second thing went wrong'\n      - '535 first thing went wrong'",
    )
    replace(root / "articles" / "first-steps.en.md", "A setting.", "A <b> setting.")
    found = [(finding.path, finding.rule) for finding in check_changes(root, "main")]
    assert found == [
        ("articles/first-steps.en.md", "KB311"),
        ("articles/first-steps.zh.md", "KB705"),
        ("errors.yaml", "KB202"),  # the example that the new pattern steals, in an entry that nobody touched
        ("errors.yaml", "KB402"),
        ("errors.yaml", "KB707"),
    ]
    assert {finding.rule for finding in check(root)} == {"KB202", "KB311", "KB401", "KB402", "KB705"}
    done = kb("check", "--root", str(root), "--base", "main", "--format", "github")
    assert done.exit_code == 1
    assert "::error file=errors.yaml,line=24,col=9,title=KB202::" in done.output
    for nonsense in ("no-such-ref", "--help", "main..topic"):
        with pytest.raises(ValueError, match=r"."):
            check_changes(root, nonsense)


def test_base_needs_a_repository(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(root.parent))
    with pytest.raises(ValueError, match="git"):
        check_changes(root, "main")


def test_refused_catalogue_says_why() -> None:
    with pytest.raises(CatalogError, match="KB101"):
        format_catalog("errors:\n  a: 'x'\n  a: 'y'\n", "errors.yaml")
