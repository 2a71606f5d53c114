"""KB8xx: advice that cannot work as it is written, or that gives a password away without a word about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import re2

from kb.articles import Article
from kb.catalog.findings import Finding
from kb.catalog.load import Document, Key
from kb.catalog.model import Catalog, Entry
from kb.check.content import Content
from kb.text import Text

# swaks(1): options begin with one hyphen or two.
_LOGIN = re2.compile(r"\bswaks\b.*\s--?(?:a|au|ap|auth|auth-user|auth-password)(?:\s|$)")
_TLS = re2.compile(r"\s--?tls(?:c|-on-connect)?(?:\s|$)")
_VERIFIED = "-tls-verify"
# DATABASE_README: these are read from a file that postmap makes. `-q` only asks it.
_NAMED = re2.compile(r"=.*?\b((?:hash|btree|lmdb|cdb|dbm):(/[^\s,']+))")
_ALIASES = re2.compile(r"\balias_(?:maps|database)\b")  # which newaliases(1) builds
_BUILT = re2.compile(r"^(?:postmap|postalias) (?:[a-z]+:)?(/\S+)$")
_REPLY = re2.compile(r"(?:^|[^0-9.\[])([45])[0-9]{2}(?:[ #-]|$)")


def check(content: Content) -> Iterator[Finding]:
    """Findings on what entries and articles tell to do, and on when entries tell to try again."""
    document, catalog = content.document, content.catalog
    if document is not None:
        yield from _entries(document, catalog)
    for article in content.articles:
        yield from _article(article)


def _entries(document: Document, catalog: Catalog) -> Iterator[Finding]:
    for id_, entry in catalog.errors.items():
        for key, line in _lines(entry):
            if gives_password_away(line):
                yield document.finding("KB801", ("errors", id_, *key), _UNVERIFIED)
        for place, table in unbuilt_tables(entry):
            message = Text(
                f"没有生成索引：加一行 postmap {table}。",
                f"Nothing builds that table: add a line postmap {table}.",
            )
            yield document.finding("KB802", ("errors", id_, *place), message)
        if entry.retry == "later" and only_permanent(entry.examples):
            yield document.finding("KB803", ("errors", id_, "retry"), _PERMANENT)


_UNVERIFIED = Text(
    "密码会发给任何冒充服务器的人：加上 --tls-verify。",
    "The password goes to whoever answers: add --tls-verify.",
)
_PERMANENT = Text(
    "示例都是 5yz，不会自动重试：写 after-fix 或 never。",
    "All examples are 5yz and are not retried by themselves: write after-fix or never.",
)


def _lines(entry: Entry) -> Iterator[tuple[Key, str]]:
    """Every command and setting of an entry, with its place."""
    for number, line in enumerate(entry.verify.run):
        yield ("verify", "run", number), line
    for index, fix in enumerate(entry.fixes):
        for number, line in enumerate(fix.set):
            yield ("fixes", index, "set", number), line


def _article(article: Article) -> Iterator[Finding]:
    for offset, line in enumerate(article.markdown.split("\n")):
        if gives_password_away(line):
            yield Finding(f"articles/{article.path.name}", article.body_line + offset, 1, "KB801", _UNVERIFIED)


def gives_password_away(line: str) -> bool:
    """Whether a line logs in with swaks over TLS without a look at the certificate, as swaks does unless it is told."""
    return "swaks" in line and _VERIFIED not in line and bool(_LOGIN.search(line) and _TLS.search(line))


def unbuilt_tables(entry: Entry) -> Iterator[tuple[Key, str]]:
    """Tables that an entry has Postfix read and has nobody build: the place of the setting, the table with its type."""
    lines = list(_lines(entry))
    built = {found.group(1) for _, line in lines if (found := _BUILT.search(line))}
    aliases = any(line == "newaliases" for _, line in lines)
    for place, line in lines:
        if place[0] != "fixes" or (aliases and _ALIASES.search(line)):
            continue
        for found in _NAMED.finditer(line):
            if found.group(2) not in built:
                yield place, found.group(1)


def only_permanent(examples: Iterable[str]) -> bool:
    """Whether two examples or more begin with a reply code and all of them are 5yz, which no mail server tries again."""
    classes = [found.group(1) for text in examples if (found := _REPLY.search(text))]
    return len(classes) > 1 and set(classes) == {"5"}
