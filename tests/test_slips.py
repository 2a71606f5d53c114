"""Slips that real contributors make, and tricks of hostile ones, as edits of a good folder: each is named where it is.

tests/test_broken.py has more of them as whole files.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import CASES

from kb.catalog.findings import Finding
from kb.check import check

GOOD = CASES / "broken" / "good"
CATALOGUE, ARTICLE = "errors.yaml", "articles/first-steps.en.md"
SECOND = "      - 'second thing went wrong'\n"
EXAMPLE = "- '550 Second thing went wrong'"
TITLE = "{zh: '第二件事', en: 'The second thing'}"
SOURCE = "['RFC 5321 section 4.2']"

# What is written instead of what, and what `kb check` says: line, column and rule, then a part of the message.
EDITS: dict[str, tuple[str, str, str, str, str]] = {
    # An input method, a word processor, a web page.
    "full-width colon": (CATALOGUE, "    reason: 'auth-failed'", "    reason： 'auth-failed'", "4:11 KB002", "full-width colon"),
    "full-width comma": (CATALOGUE, "'第一件事', en", "'第一件事'， en", "3:23 KB002", "full-width comma"),
    "full-width space": (CATALOGUE, "    reason: 'auth-failed'", "\u3000\u3000reason: 'auth-failed'", "4:1 KB002", "plain spaces"),
    "no-break space": (CATALOGUE, "    side: 'client'", "\u00a0   side: 'client'", "5:1 KB002", "plain spaces"),
    "typographic quotes": (CATALOGUE, "en: 'A cause.'}", "en: ‘A cause.’}", "14:25 KB002", "write ' instead"),
    "typographic quotes in an article": (ARTICLE, "'First steps'", "“First steps”", "2:8 KB002", "write ' instead"),
    "full-width colon in an article": (ARTICLE, "title:", "title：", "2:6 KB002", "full-width colon"),
    "full-width comma in English": (CATALOGUE, "'The first sentence.'", "'The first，sentence.'", "12:11 KB401", "Half-width"),
    "full-width stop in an English article": (ARTICLE, "A setting.", "A setting。", "21:10 KB401", "Half-width"),
    # YAML by heart.
    "no space after a colon": (CATALOGUE, "    reason: 'auth-failed'", "    reason:'auth-failed'", "4:11 KB002", "after the colon"),
    "no space after a hyphen": (CATALOGUE, EXAMPLE, EXAMPLE.replace("- ", "-"), "50:7 KB106, 50:7 KB110", "an item a line"),
    "bracket not closed": (CATALOGUE, "['postfix']", "['postfix'", "7:15 KB002", "has no ]"),
    "brace not closed": (CATALOGUE, "The first thing'}", "The first thing'", "3:12 KB002", "has no }"),
    "comma forgotten": (CATALOGUE, "['postfix']", "['postfix' 'exim']", "7:25 KB002", "comma is missing"),
    "pasted from a diff": (CATALOGUE, "    reason: 'auth-failed'", "+    reason: 'auth-failed'", "4:1 KB002", "diff"),
    "a mark of diff3": (CATALOGUE, "    reason: 'auth-failed'", "||||||| base\n    reason: 'auth-failed'", "4:2 KB002", "conflict"),
    "number sign cuts the text": (CATALOGUE, "retry: 'later'", "retry: later #1", "48:12 KB106, 48:18 KB006", "single quotes"),
    "hyphen forgotten": (CATALOGUE, SECOND, SECOND.replace("- ", ""), "37:7 KB110", "an item a line"),
    "title without languages": (CATALOGUE, TITLE, "'The second thing'", "31:12 KB110", "names its languages"),
    "entry at the margin": (CATALOGUE, "combinations:\n", "mail-x:\n  reason: 'policy'\n\ncombinations:\n", "53:1 KB110", "below errors:"),
    "entry among the combinations": (CATALOGUE, "    leads_to: 'auth-first-thing'", "    reason: 'policy'\n    match: ['x']", "54:3 KB110", "under errors:"),
    "generic that is not yes": (CATALOGUE, "    causes:", "    generic: 'no'\n    causes:", "13:5 KB104, 13:14 KB110", "left out"),
    "reply code among the codes": (CATALOGUE, "    causes:", "    codes: ['550 5.7.1']\n    causes:", "13:5 KB104, 13:13 KB110", "5.7.1"),
    # What nobody finds, or everybody.
    "regular expression without re:": (CATALOGUE, SECOND, "      - 'second thing .* wrong'\n", "37:9 KB205", "re:"),
    "verb of printf": (CATALOGUE, SECOND, "      - 'second thing %s wrong'\n", "37:9 KB205", "{word}"),
    "address in a pattern": (CATALOGUE, SECOND, "      - 'bob@example.com second thing'\n", "37:9 KB205", "{addr}"),
    "look-alike letter": (CATALOGUE, "first thing went wrong'\n    ex", "first thing wеnt wrong'\n    ex", "9:23 KB008, 24:9 KB201", "CYRILLIC"),
    "look-alike letter in an id": (CATALOGUE, "  mail-second-thing:", "  mail-sеcond-thing:", "30:3 KB111, 30:9 KB008", "CYRILLIC"),
    "look-alike letter in an article": (ARTICLE, "A setting.", "A ѕetting.", "21:3 KB008", "CYRILLIC"),
    # What nobody can look up, what everybody would read.
    "source without https": (CATALOGUE, SOURCE, "['http://www.example.com/']", "51:15 KB114", "https://"),
    "source that is a script": (CATALOGUE, SOURCE, "['javascript:alert(1)']", "51:15 KB114", "https://"),
    "source that says nothing": (CATALOGUE, SOURCE, "['x']", "51:15 KB114", "look that up"),
    "somebody's address": (CATALOGUE, EXAMPLE, "- '<jane.roe@gmail.com> Second thing went wrong'", "50:9 KB213", "user@example.com"),
    "somebody's machine": (CATALOGUE, EXAMPLE, "- 'x[9.9.9.9] Second thing went wrong'", "50:9 KB213", "192.0.2.10"),
    "password after AUTH": (CATALOGUE, EXAMPLE, "- 'AUTH PLAIN AGEAc2VjcmV0 Second thing went wrong'", "50:9 KB213", "password"),
    "alias that is no id": (CATALOGUE, f"    sources: {SOURCE}", f"    aliases: ['../X']\n    sources: {SOURCE}", "51:15 KB111", "former id"),
    # Too much.
    "title of a page": (CATALOGUE, "The second thing", "The second thing " * 12, "31:29 KB112", "160"),
    "a word without end": (CATALOGUE, "'A cause.'", f"'{'A' * 3000}'", "14:25 KB112", "120"),
    "patterns without end": (CATALOGUE, SECOND, "".join(f"      - 'second thing {n:04} went wrong'\n" for n in range(1001)) + SECOND, "37:7 KB112", "1000"),
    "quotes in quotes": (ARTICLE, "A setting.", ">" * 300 + " A setting.", "21:1 KB003", "deeply"),
    "title of an article in two lines": (ARTICLE, "'First steps'", "|\n  First\n  steps", "2:1 KB110", "one line"),
    # Another language, another day.
    "Japanese under zh": (CATALOGUE, "第一句话。", "これはエラーです。", "11:11 KB403", "No Chinese"),
    "Russian under en": (CATALOGUE, "The first sentence.", "Первое предложение.", "12:11 KB403", "No English"),
    "a day to come": (ARTICLE, "2026-11-27", "2999-01-01", "7:1 KB110", "future"),
    "an entry twice": (ARTICLE, "  - 'auth-first-thing'\n", "  - 'auth-first-thing'\n" * 2, "5:1 KB113", "twice"),
    # Markdown that GitHub shows and the page does not, or the other way round.
    "heading without a space": (ARTICLE, "## Cause", "##Cause", "19:1 KB317", "space"),
    "HTML by hand": (ARTICLE, "A setting.", "A </div> setting.", "21:1 KB324", "Markdown"),
    "handler in single quotes": (ARTICLE, "A setting.", "A <a href='https://example.com' onclick='x()'>y</a>.", "21:1 KB311, 21:1 KB324", "onclick"),
    "attributes of a code block": (ARTICLE, "```text", "```{.text onclick=x}", "15:1 KB324", "language alone"),
    "link into the repository": (ARTICLE, "A setting.", "A [setting](../errors.yaml).", "21:11 KB318", "leads nowhere"),
    "link into the other language": (ARTICLE, "A setting.", "A [setting](/zh/errors/auth-first-thing).", "21:11 KB318", "leads nowhere"),
    "link without an end": (ARTICLE, "A setting.", "A [setting](first-steps.en.md.", "21:1 KB318", "no end"),
    "title in a link": (ARTICLE, "A setting.", "A [setting](first-steps.en.md 'x').", "21:1 KB311", "not shown"),
    "script behind a reference": (ARTICLE, "A setting.", "A [setting](&#106;avascript:x).", "21:1 KB315", "not allowed"),
    "backtick alone": (ARTICLE, "A setting.", "A `setting.", "21:1 KB312", "no partner"),
    "old line ends only": (ARTICLE, "\n", "\r", "1:4 KB005", "LF"),
}  # fmt: skip


def place(finding: Finding) -> str:
    return f"{finding.line}:{finding.column} {finding.rule}"


@pytest.mark.parametrize(("file", "old", "new", "places", "said"), EDITS.values(), ids=EDITS.keys())
def test_slip(tmp_path: Path, file: str, old: str, new: str, places: str, said: str) -> None:
    shutil.copytree(GOOD, tmp_path, dirs_exist_ok=True)
    text = (tmp_path / file).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / file).write_text(
        text.replace(old, new) if old == "\n" else text.replace(old, new, 1), encoding="utf-8", newline=""
    )
    findings = [finding for finding in check(tmp_path) if finding.path == file and finding.rule != "KB704"]
    assert {place(finding) for finding in findings} >= set(places.split(", "))
    assert len({finding.rule for finding in findings}) <= 2  # nothing beside the point
    assert any(said in finding.message.en for finding in findings), findings
    assert all(finding.message.zh != finding.message.en for finding in findings)


def test_what_editors_leave_behind_is_no_article(tmp_path: Path) -> None:
    shutil.copytree(GOOD, tmp_path, dirs_exist_ok=True)
    for name in (".first-steps.en.md.swp", "first-steps.en.md~", "#first-steps.en.md#", ".DS_Store"):
        (tmp_path / "articles" / name).write_bytes(b"\0")
    (tmp_path / "articles" / ".#first-steps.en.md").symlink_to("nobody@localhost.1:2")
    assert check(tmp_path) == []


def test_a_pattern_that_is_everybodys(tmp_path: Path) -> None:
    """KB212: entries of other reasons than the one whose pattern matches all their examples."""
    shutil.copytree(GOOD, tmp_path, dirs_exist_ok=True)
    text = (tmp_path / CATALOGUE).read_text(encoding="utf-8")
    start, end = text.index("  mail-second-thing"), text.index("combinations:")
    entry = text[start:end].replace("sender-rejected", "policy")
    others = "".join(
        entry.replace("mail-second-thing", f"mail-thing-{n:02}").replace("econd thing", f"ort {n:02} of thing")
        for n in range(21)
    )
    own = text[start:end].replace(SECOND, f"{SECOND}      - 'went wrong'\n")
    (tmp_path / CATALOGUE).write_text(text[:start] + own + others + text[end:], encoding="utf-8")
    (finding,) = check(tmp_path)
    assert (place(finding), "22 entries" in finding.message.en) == ("38:9 KB212", True)
