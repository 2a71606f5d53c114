"""What an article must keep to, beyond what the renderer accepts: rules that give lines, from 1, and messages."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import NamedTuple

from kb.text import Text

from .markup import TAGS, link
from .model import SECTIONS, Article, ArticleError, Heading
from .source import blocks

_INDENTED = re.compile(r"( +)(?:[-*+] |\d{1,3}[.)] |`{3,}|~{3,})")
_ITEM = re.compile(r"(?:[-*+]|\d{1,3}\.) ")
_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9-]*)")
_HREF = re.compile(r'href="([^"]*)"')
_INTERNAL = re.compile(r"\]\((?:(?:\./)?([a-z0-9-]{1,80})\.(zh|en)\.md)?(?:#([a-z0-9-]+))?\)")
_COMMENT = re.compile(r"^\s*(?:#|//|;).*|\s+#\s.*")
_TAB = 4
_PARAGRAPH = 4000
_MARKS = 200
_MOST = 100
_DEEPEST = 80  # spaces before a line of prose
TOO_DEEP = Text("嵌套太深，无法渲染。", "Nested too deeply to be rendered.")
_ATTRIBUTES = re.compile(r"<([a-zA-Z][a-zA-Z0-9-]*)(\s[^<>]*)>")
_NAME = re.compile(r"([a-zA-Z-]+)\s*=")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_RAW = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)(?:\s[^<>]*)?/?>")
_INFO = re.compile(r" *(?:`{3,}|~{3,})[a-z0-9+#-]*\s*")
_TIGHT = re.compile(r"#{1,6}[^#\s]")
_TARGET = re.compile(r"\]\(\s*([^)\s]*)[^)]*\)")
_OPEN_TARGET = re.compile(r"\]\([^)]*$")
_ELSEWHERE = re.compile(r"#|//|&|[a-z][a-z0-9+.-]*:", re.I)  # other rules have these
_DEEPEST_QUOTE = 8
_KEPT = frozenset({"href", "id", "class", "align", "start"})
_SPAN = re.compile(r"`[^`]*`")
_TOO_LONG = Text(
    f"这一段太长（超过 {_PARAGRAPH} 个字符，或 {_MARKS} 个标记）：请分段。",
    f"This paragraph is too long (over {_PARAGRAPH} characters, or {_MARKS} marks): break it.",
)
_TOO_MANY = Text(
    f"代码块或反引号外的 < 超过 {_MOST} 个：请拆成几篇。",
    f"More than {_MOST} code blocks, or < outside backticks: split the article.",
)
# What `kb new article` leaves for the author to write.
TO_WRITE = ("（待写：", "(To be written: ")


class Complaint(NamedTuple):
    """What is wrong in a line of Markdown, counted from 1, and the number of the rule."""

    line: int
    message: Text
    rule: str


def complaints(markdown: str, unsanitised: str) -> Iterator[Complaint]:
    """Where a code forge's preview of `markdown` would differ from our page, and what the sanitiser will take away."""
    for block in blocks(markdown):
        if block.code:
            yield from _code_complaints(block.start + 1, block.lines)
        else:
            yield from _prose_complaints(block.start + 1, block.lines)
            yield from _alone(block.start + 1, block.lines)
    yield from _removals(markdown, unsanitised)


def is_plain(markdown: str) -> bool:
    """Whether a text without markup is one line, and a line that none of these rules has anything to say about."""
    if "\n" in markdown or "```" in markdown or "~~~" in markdown or markdown.startswith(TO_WRITE):
        return False
    return len(markdown) <= _PARAGRAPH and markdown.count("`") % 2 == 0 and sum(map(markdown.count, "[<*_`&")) <= _MARKS


def too_long(markdown: str) -> Complaint | None:
    """The first place that is too much for a reader, and for the renderer, whose time grows with the square of it."""
    codes = opened = 0
    for block in blocks(markdown):
        if block.code and len(block.lines) > 1 and block.lines[-1].strip().startswith(block.lines[0].strip()[:3]):
            codes += 1
            if codes > _MOST:
                return Complaint(block.start + 1, _TOO_MANY, "KB322")
            continue
        size = marks = 0
        for offset, line in enumerate(block.lines):
            blank = not line.strip()
            size = 0 if blank else size + len(line.strip())
            marks = 0 if blank else marks + sum(map(line.count, "[<*_`&"))
            deep = (
                len(line) - len(line.lstrip(" ")) > _DEEPEST or line[: 3 * _DEEPEST_QUOTE].count(">") > _DEEPEST_QUOTE
            )
            if not block.code and deep:
                return Complaint(block.start + offset + 1, TOO_DEEP, "KB003")
            opened += _SPAN.sub("", line).count("<")
            if size > _PARAGRAPH or marks > _MARKS or opened > _MOST:
                message = _TOO_MANY if opened > _MOST else _TOO_LONG
                return Complaint(block.start + offset + 1, message, "KB322")
    return None


def heading_complaints(markdown: str, headings: Sequence[Heading]) -> Iterator[Complaint]:
    """Whether the sections are there, and whether every anchor is there once."""
    sections = [heading.id for heading in headings if heading.level == 2 and heading.id in SECTIONS]
    if sections != list(SECTIONS):
        names = ", ".join(f"{{#{name}}}" for name in SECTIONS)
        message = Text(
            f"须有且只有一次、并按此顺序的二级标题：{names}，例如 `## 现象 {{#symptom}}`。",
            f"Needs these level 2 headings, each once, in this order: {names}, as in `## Symptom {{#symptom}}`.",
        )
        yield Complaint(1, message, "KB316")
    seen: set[str] = set()
    above = 1
    for heading in headings:
        # The line is looked for only where there is something to say.
        begin = rf"#+ +{re.escape(heading.text[:20])}"
        if heading.level > above + 1:
            message = Text(
                f"标题「{heading.text}」跳了一级：这里用 {'#' * (above + 1)}。",
                f"The heading '{heading.text}' skips a level: use {'#' * (above + 1)} here.",
            )
            yield Complaint(_line_with(markdown, begin), message, "KB323")
        above = heading.level
        if heading.level == 2 and not heading.id:
            message = Text(
                f"二级标题「{heading.text}」没有锚点：在行尾加 {{#id}}。",
                f"The heading '{heading.text}' has no anchor: end the line with {{#id}}.",
            )
            yield Complaint(_line_with(markdown, begin), message, "KB317")
        elif heading.id and heading.id in seen:
            message = Text(
                f"锚点 {heading.id} 重复：请换一个。", f"The anchor {heading.id} is there twice: change one."
            )
            yield Complaint(_line_with(markdown, begin), message, "KB317")
        seen.add(heading.id)


def pair_errors(articles: Mapping[tuple[str, str], Article]) -> Iterator[ArticleError]:
    """Where two translations differ in what must be the same, and links to articles that do not exist."""
    for (slug, lang), article in articles.items():
        yield from _sibling_errors(article, articles)
        other = articles.get((slug, "en" if lang == "zh" else "zh"))
        translated = lang != article.source if other and article.source == other.source else lang == "en"
        if other and translated:
            yield from _twin_errors(article, other)


def _removals(markdown: str, unsanitised: str) -> Iterator[Complaint]:
    for tag in sorted({tag.lower() for tag in _TAG.findall(unsanitised)} - TAGS):
        yield Complaint(_line_with(markdown, _origin(tag)), _tag_message(tag), "KB311")
    if "<!--" in unsanitised:
        message = Text("HTML 注释不会显示：请删去。", "An HTML comment is not shown: remove it.")
        yield Complaint(_line_with(markdown, "<!--"), message, "KB311")
    written = [found for tag, found in _ATTRIBUTES.findall(unsanitised) if tag.lower() in TAGS]
    attributes = {name.lower() for found in written for name in _NAME.findall(_QUOTED.sub("''", found))}
    for name in sorted(attributes - _KEPT):
        message = Text(
            f"属性 {name} 会被删掉：不写 HTML，用 Markdown。",
            f"The attribute {name} would be removed: write Markdown, not HTML.",
        )
        if name == "title":
            message = Text(
                "链接里的标题不会显示：只写地址。", "The title of a link is not shown: write the address alone."
            )
        pattern = r"\]\([^)]*[\"']" if name == "title" else rf"(?i)\b{re.escape(name)}\s*="
        yield Complaint(_line_with(markdown, pattern), message, "KB311")
    for href in sorted({html.unescape(href) for href in _HREF.findall(unsanitised)}):
        if link(href) is None:
            shown = href[:80]
            message = Text(
                f"不允许的链接 {shown}：只用 http、https、mailto 或站内地址。",
                f"The link {shown} is not allowed: use http, https, mailto or an address of this site.",
            )
            yield Complaint(_line_with(html.unescape(markdown), re.escape(href)), message, "KB315")


def _code_complaints(first: int, lines: list[str]) -> Iterator[Complaint]:
    indent = len(lines[0]) - len(lines[0].lstrip())
    if indent % _TAB:
        yield Complaint(first, _indent_message(indent), "KB313")
    fence = lines[0].strip()[:3]
    if len(lines) < 2 or not lines[-1].strip().startswith(fence):
        message = Text(f"代码块没有结束：补上一行 {fence}。", f"The code block has no end: add a line of {fence}.")
        yield Complaint(first, message, "KB312")
    elif not _INFO.fullmatch(lines[0]):
        message = Text(
            f"{fence} 之后只写语言，例如 {fence}text。", f"After {fence} stands a language alone, as in {fence}text."
        )
        yield Complaint(first, message, "KB324")


def _prose_complaints(first: int, lines: list[str]) -> Iterator[Complaint]:
    for number, line in enumerate(lines):
        yield from _line_complaints(first + number, line)
        if line.startswith(TO_WRITE):
            message = Text(
                "这里还没有写：请写完，或删去这一节的占位文字。", "Not written yet: write it, or remove the line."
            )
            yield Complaint(first + number, message, "KB319")
        indented = _INDENTED.match(line)
        if indented and len(indented[1]) % _TAB:
            yield Complaint(first + number, _indent_message(len(indented[1])), "KB313")
        if _ITEM.match(line):
            top = number
        elif _is_table_rule(line):
            top = number - 1
        else:
            continue
        above = lines[top - 1] if top > 0 else ""
        if above.strip() and not above.startswith((" ", "#", ">", "|")) and not _ITEM.match(above):
            message = Text("列表或表格之前须有一个空行。", "A list or a table needs a blank line before it.")
            yield Complaint(first + top, message, "KB314")


def _alone(first: int, lines: list[str]) -> Iterator[Complaint]:
    """Backticks without a partner in their paragraph."""
    paragraph: list[str] = []
    for number, line in enumerate([*lines, ""]):
        if line.strip():
            paragraph.append(line)
            continue
        if "`" in _SPAN.sub("", "\n".join(paragraph)):
            start = number - len(paragraph)
            last = next(n for n, text in enumerate(paragraph) if "`" in _SPAN.sub("", text))
            message = Text("反引号没有配对：补上另一个。", "A backtick has no partner: add the other one.")
            yield Complaint(first + start + last, message, "KB312")
        paragraph = []


def _line_complaints(number: int, line: str) -> Iterator[Complaint]:
    """What one line of prose tells by itself."""
    if _TIGHT.match(line):
        yield Complaint(number, Text("# 与标题之间要有空格。", "A space belongs between # and the heading."), "KB317")
    if "<" in line:
        raw = next((tag for tag in _RAW.findall(_SPAN.sub("", line)) if tag.lower() in TAGS - {"br"}), None)
        if raw:
            message = Text(
                f"正文里不写 HTML（<{raw}>）：用 Markdown。", f"No HTML in the text (<{raw}>): write Markdown."
            )
            yield Complaint(number, message, "KB324")
    if "](" in line and _OPEN_TARGET.search(_SPAN.sub("", line)):
        yield Complaint(number, Text("链接没有收尾：补上 )。", "The link has no end: add the )."), "KB318")


def _is_table_rule(line: str) -> bool:
    return "|" in line and "-" in line and not line.strip("|:- ")


def _indent_message(indent: int) -> Text:
    return Text(
        f"缩进了 {indent} 个空格：列表里的内容须缩进 {_TAB} 个空格（或其倍数）。",
        f"Indented by {indent} spaces: what is inside a list is indented by {_TAB} spaces, or twice that.",
    )


def _tag_message(tag: str) -> Text:
    if tag == "h1":
        return Text(
            "正文里不用一级标题：标题写在元数据的 title 里，正文从 ## 开始。",
            "No level 1 heading in the body: the title is in the front matter, headings begin with ##.",
        )
    if tag == "img":
        return Text("文章里不放图片：请用文字或代码块。", "No images in articles: use text or a code block.")
    return Text(
        f"<{tag}> 会被删掉：若是占位符，请写进反引号里，或把 < 写成 &lt;。",
        f"<{tag}> would be removed: if it is a placeholder, put it in backticks or write &lt; for <.",
    )


def _origin(tag: str) -> str:
    return {"h1": r"^# |^=+$", "img": r"!\[|<img"}.get(tag, rf"(?i)<{re.escape(tag)}|^#{{5,6}} ")


def _line_with(markdown: str, pattern: str) -> int:
    return next((number for number, line in enumerate(markdown.split("\n"), 1) if re.search(pattern, line)), 1)


def _sibling_errors(article: Article, articles: Mapping[tuple[str, str], Article]) -> Iterator[ArticleError]:
    for block in blocks(article.markdown):
        for offset, line in enumerate([] if block.code or "](" not in "\n".join(block.lines) else block.lines):
            if "](" not in line:
                continue
            at = article.body_line + block.start + offset
            yield from (ArticleError(str(article.path), at, *found) for found in _dead_ends(line, article.lang))
            for link_ in _INTERNAL.finditer(line):
                slug, lang, anchor = link_.groups()
                target = articles.get((slug, lang)) if slug else article
                if target is not None and target.lang == article.lang:
                    if not anchor or anchor in {heading.id for heading in target.headings}:
                        continue
                    name = f"{target.path.name}#{anchor}"
                    message = Text(f"链接指向 {name}：没有这个锚点。", f"Links to {name}: there is no such anchor.")
                else:
                    name = f"{slug}.{lang}.md"
                    message = Text(
                        f"链接指向 {name}：请指向已有的、同一语言的文章。",
                        f"Links to {name}: link to an article that exists, in the same language.",
                    )
                number = article.body_line + block.start + offset
                yield ArticleError(str(article.path), number, message, "KB318", link_.start() + 1)


def _dead_ends(line: str, lang: str) -> Iterator[tuple[Text, str, int]]:
    """Message, rule and column of each link on a line that leads to no page of this site in this language."""
    for found in _TARGET.finditer(_SPAN.sub(lambda span: "x" * len(span.group()), line)):
        target = found[1]
        other = target.startswith("/zh/" if lang == "en" else "/en/")
        beside = _INTERNAL.fullmatch(f"]({target})")
        if target and not beside and (other or not (target.startswith("/") or _ELSEWHERE.match(target))):
            message = Text(
                f"链接 {target[:80]} 不通：文章写成 slug.{lang}.md，站内页面写成 /{lang}/…。",
                f"The link {target[:80]} leads nowhere: an article is slug.{lang}.md, a page of this site /{lang}/….",
            )
            yield message, "KB318", found.start() + 1


def _twin_errors(article: Article, source: Article) -> Iterator[ArticleError]:
    for name in ("tags", "errors", "source"):
        if getattr(article, name) != getattr(source, name):
            message = Text(
                f"{name} 须与 {source.path.name} 相同。", f"{name} must be the same as in {source.path.name}."
            )
            yield ArticleError(str(article.path), 1, message, "KB701")
    if [heading[:2] for heading in article.headings] != [heading[:2] for heading in source.headings]:
        message = Text(
            f"各级标题及其锚点须与 {source.path.name} 相同。",
            f"The headings must have the levels and anchors of those in {source.path.name}.",
        )
        yield ArticleError(str(article.path), article.body_line, message, "KB702")
    for ours, theirs in zip_longest(_code(article), _code(source), fillvalue=(1, None)):
        if ours[1] != theirs[1]:
            message = Text(
                f"除注释外，代码块须与 {source.path.name} 第 {theirs[0]} 行起的相同。",
                f"But for comments, the code must be that of {source.path.name}, line {theirs[0]}.",
            )
            yield ArticleError(str(article.path), ours[0], message, "KB703")
            return


def _code(article: Article) -> Iterator[tuple[int, list[str] | None]]:
    for block in blocks(article.markdown):
        if block.code:
            lines = (_COMMENT.sub("", line).strip() for line in block.lines)
            yield article.body_line + block.start, [line for line in lines if line]
