"""Which sections of a translation are older than its source, told by hashes that the translation carries.

`translated_from` in the front matter of a translation has one hash for each part of the source it was made from: title and
summary, what stands before the first heading, then each level 2 section. A hash changes when the words or the code change,
not when a link leads elsewhere or a line is broken elsewhere. It needs no history: it works in an archive as in a clone.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence

from .model import Article
from .source import blocks

HASH = re.compile(r"[0-9a-f]{8}")
_SECTION = re.compile(r"## ")
_ANCHOR = re.compile(r"\{#([a-z0-9-]+)\}")
_TARGET = re.compile(r"\]\([^()\s]*\)|<https?://[^>\s]+>|https?://[^\s）)]+")
_SPACE = re.compile(r"\s+")
_COMMENT = re.compile(r"^\s*(?:#|//|;).*")


def stamp(article: Article) -> tuple[str, ...]:
    """The hashes of the parts of an article, in order."""
    return tuple(_hash(text) for _, text in parts(article))


def stale_parts(source: Article, translation: Article) -> list[str]:
    """The names of the parts of `source` that changed since `translation` was stamped; its whole, when parts came or went."""
    now, then = stamp(source), translation.translated_from
    names = [name for name, _ in parts(source)]
    if len(now) != len(then):
        return names
    return [name for name, new, old in zip(names, now, then, strict=True) if new != old]


def parts(article: Article) -> Iterator[tuple[str, str]]:
    """Name and text of each part: `title`, `intro`, then the anchors of the level 2 sections."""
    yield "title", f"{article.title}\n{article.summary}"
    name, lines = "intro", list[str]()
    for block in blocks(article.markdown):
        for line in block.lines:
            if not block.code and _SECTION.match(line):
                yield name, "\n".join(lines)
                anchor = _ANCHOR.search(line)
                name, lines = anchor.group(1) if anchor else line[3:].strip(), []
            elif not (block.code and _COMMENT.match(line)):
                lines.append(line)
    yield name, "\n".join(lines)


def is_stamp(value: Sequence[object]) -> bool:
    """Whether a list can be what `stamp` gives."""
    return all(isinstance(one, str) and HASH.fullmatch(one) for one in value)


def _hash(text: str) -> str:
    """Eight digits that stay the same when links, line breaks and spaces change."""
    words = _SPACE.sub("", _TARGET.sub("]", text))
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:8]
