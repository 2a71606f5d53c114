"""Documents and queries for `bench/search.py`: a bilingual corpus of Debian's manual pages, and as many documents as wanted.

The pages are those of the packages in PACKAGES, fetched with `apt-get download` and unpacked, never installed. The queries ask
for a known page and are made mechanically: what they measure is finding it again, not whether people are content.
"""

from __future__ import annotations

import gzip
import random
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from opencc import OpenCC

from kb.search import Document
from kb.search.analyzer import key

PACKAGES = ("manpages", "manpages-dev", "manpages-zh", "postfix")
MAX_TEXT = 12_000
_PAGE = re.compile(r"usr/share/man/(?:(zh_CN)/)?man(\d)/([^/]+)\.\d\w*\.gz$")
_FONT = re.compile(r"\\f(?:\[\w*\]|\(..|.)|\\s[+-]?\d|\\[&|/,^]|\\\*\(..|\\\*\[\w+\]")
_MACROS = frozenset(
    {"B", "I", "BR", "RB", "BI", "IB", "IR", "RI", "SM", "SH", "SS", "IP", "Nm", "Nd", "Xr", "Fl", "Ar"}
)


class Asked(NamedTuple):
    """A query and the one page it is for, as kind, id and language; `lang` is the language of the one who asks."""

    kind: str
    text: str
    lang: str
    wanted: str


def fetch(folder: Path) -> Path:
    """Unpack the packages below `folder`, unless they are there. CalledProcessError without apt-get or its servers."""
    unpacked = folder / "unpacked"
    if not unpacked.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["apt-get", "-qq", "download", *PACKAGES], cwd=folder, check=True)
        for package in sorted(folder.glob("*.deb")):
            subprocess.run(["dpkg-deb", "-x", str(package), str(unpacked)], check=True)
    return unpacked


def manuals(unpacked: Path) -> list[Document]:
    """The manual pages, with postconf(5) split into a page for each setting."""
    found = []
    for path in sorted(unpacked.rglob("*.gz")):
        match = _PAGE.search(path.as_posix())
        if not match or path.is_symlink():
            continue
        lang, section, name = "zh" if match[1] else "en", match[2], match[3]
        source = gzip.decompress(path.read_bytes()).decode("utf-8", "replace")
        if name == "postconf" and section == "5":
            found += _settings(source)
        elif not source.startswith(".so "):
            title, text = _read(source)
            if title and len(text) > 200:
                found.append(
                    Document("article", f"{name}.{section}", lang, f"{name} - {title}", title, text[:MAX_TEXT])
                )
    return found


def _read(source: str) -> tuple[str, str]:
    """The description in the NAME section, and the whole text without its markup."""
    text = "\n".join(filter(None, map(_line, source.splitlines())))
    named = re.search(r"^(?:NAME|名称|名字|名稱)\n(?:[^\n]*\n)??[^\n]*? (?:-|—|－) ([^\n]+)", text, re.M)
    return (named[1].strip() if named else ""), text


def _line(line: str) -> str:
    if line.startswith(('.\\"', "'\\\"", "'")):
        return ""
    if line.startswith("."):
        macro, _, rest = line[1:].partition(" ")
        line = rest.replace('"', "") if macro in _MACROS else ""
    return (
        _FONT.sub("", line).replace("\\-", "-").replace("\\(aq", "'").replace("\\e", "\\").replace("\\ ", " ").strip()
    )


def _settings(source: str) -> Iterator[Document]:
    for part in re.split(r"^\.SH ", source, flags=re.M)[1:]:
        head, _, rest = part.partition("\n")
        name = head.split()[0].strip('"')
        if re.fullmatch(r"[a-z0-9]+(?:_[a-z0-9]+)+", name):
            text = "\n".join(filter(None, map(_line, rest.splitlines())))
            yield Document("article", f"postconf.{name}", "en", name, text[:200], text[:MAX_TEXT], (name,))


def known_items(pages: list[Document], each: int) -> list[Asked]:
    """For each kind of query at most `each`, for pages of which the description is theirs alone."""
    chance = random.Random(1)
    by_summary: dict[str, list[Document]] = defaultdict(list)
    for page in pages:
        by_summary[key(page.summary)].append(page)
    alone = [page for page in pages if len(by_summary[key(page.summary)]) == 1]
    settings = [page for page in alone if page.id.startswith("postconf.")]
    zh = [page for page in alone if page.lang == "zh"]
    en = [page for page in alone if page.lang == "en" and page not in settings]
    both = {page.id for page in zh} & {page.id for page in en}
    taiwan = OpenCC("s2tw")
    asked = [Asked("en: description", page.summary, "en", page.id) for page in _some(chance, en, each)]
    asked += [
        Asked("en: words in order", _fragment(chance, page.body), "en", page.id) for page in _some(chance, en, each)
    ]
    asked += [Asked("zh: description", page.summary, "zh", page.id) for page in _some(chance, zh, each)]
    asked += [Asked("zh: piece of text", _piece(chance, page.body), "zh", page.id) for page in _some(chance, zh, each)]
    asked += [Asked("zh-Hant: description", taiwan.convert(p.summary), "zh", p.id) for p in _some(chance, zh, each)]
    asked += [Asked("setting", page.title, "en", page.id) for page in _some(chance, settings, each)]
    asked += [
        Asked("setting, with blanks", page.title.replace("_", " "), "en", page.id)
        for page in _some(chance, settings, each)
    ]
    crossing = [page for page in zh if page.id in both]
    asked += [Asked("cross: zh for en", page.summary, "en", page.id) for page in _some(chance, crossing, each)]
    return [one for one in asked if one.text.strip()]


def _some(chance: random.Random, pages: list[Document], most: int) -> list[Document]:
    return chance.sample(pages, min(most, len(pages)))


def _fragment(chance: random.Random, text: str) -> str:
    words = re.findall(r"[A-Za-z]{2,}", text)
    start = chance.randrange(max(1, len(words) - 5))
    return " ".join(words[start : start + 5])


def _piece(chance: random.Random, text: str) -> str:
    pieces = re.findall(r"[\u4e00-\u9fff]{6,}", text) or [text[:6]]
    piece = chance.choice(pieces)
    start = chance.randrange(len(piece) - 5)
    return piece[start : start + 6]


def grown(pages: list[Document], count: int) -> Iterator[Document]:
    """`count` documents: the pages themselves, then as many more, each made of lines of two pages of a language."""
    chance = random.Random(2)
    lines = {
        lang: [[line for line in page.body.split("\n") if line] for page in pages if page.lang == lang]
        for lang in ("zh", "en")
    }
    yield from pages if count >= len(pages) else chance.sample(pages, count)
    for number in range(len(pages), count):
        lang = chance.choice(("zh", "en"))
        one, other = chance.choice(lines[lang]), chance.choice(lines[lang])
        mixed = [*chance.sample(one, len(one) // 2), *chance.sample(other, len(other) // 2)] or one
        title = " ".join(mixed[0].split()[:8])[:80]
        yield Document("article", f"made-{number}", lang, title, mixed[-1][:160], "\n".join(mixed)[:MAX_TEXT])
