"""What can be listed, read and searched."""

from __future__ import annotations

from kb.contract.base import Basis, CatalogEnvelope, Envelope, Kind, Language, Model, Reason, Retry, Side, Stage, told
from kb.contract.lookup import EntryFields, Evidence, Fix, Verify


class Entry(CatalogEnvelope, EntryFields):
    """One entry."""


class EntrySummary(Model):
    """An entry in a list."""

    id: str = told("永久的标识。", "Permanent id.")
    title: str = told("一句话的答案。", "The answer in one sentence.")
    url: str = told("给人看的页面，站内路径。", "The page for people; a path on this host.")
    reason: Reason = told("原因。", "The reason.")
    stage: Stage = told("阶段。", "The stage.")


class Entries(CatalogEnvelope):
    """All entries."""

    total: int = told("个数。", "How many.")
    results: list[EntrySummary] = told("按 id 排列。", "In the order of their ids.")


class CodeSummary(Model):
    """A registered code in a list."""

    code: str = told("回复码，或 X.7.1 这样的增强状态码。", "A reply code, or an enhanced status code such as X.7.1.")
    title: str = told("含义，一句话。", "Its meaning in one line.")
    rfc: str = told("登记它的标准。", "The standard that registers it.")
    reason: Reason | None = told("含义确定时的原因。", "The reason, if its meaning is settled.")


class Codes(CatalogEnvelope):
    """All registered codes."""

    total: int = told("个数。", "How many.")
    results: list[CodeSummary] = told("先回复码，后增强状态码。", "Reply codes, then enhanced status codes.")


class ProviderMeaning(Model):
    """What one provider means by a code."""

    provider: str = told("服务商。", "The provider.")
    name: str = told("给人看的名称。", "The same for people.")
    title: str = told("含义，一句话。", "In one line.")
    meaning: str = told("含义。", "What it means.")
    reason: Reason | None = told("原因。", "The reason.")
    retry: Retry = told("要不要重试。", "Whether to try again.")
    entry: str | None = told("对应条目的 id。", "Id of the entry about it.")
    sources: list[str] = told("出处。", "Where it is from.")


class Code(Envelope):
    """A reply code, an enhanced status code, or a code of a provider."""

    code: str = told("状态码。", "The code.")
    title: str = told("含义，一句话。", "Its meaning in one line.")
    meaning: str = told("含义。", "What it means.")
    rfc: str | None = told("标准；服务商自己的码为 null。", "The standard; null for a provider's own code.")
    registered: bool = told(
        "是否登记在标准里；否则由类别推出。", "Whether it is registered; if not, its class says this."
    )
    reason: Reason | None = told("原因。", "The reason.")
    providers: list[ProviderMeaning] = told("各服务商的含义。", "What providers mean by it.")


class ArticleSummary(Model):
    """An article in a list."""

    slug: str = told("永久的标识。", "Permanent id.")
    title: str = told("标题。", "The title.")
    summary: str = told("摘要。", "The summary.")
    lang: Language = told("文章的语言；没有译文时是另一种。", "Its language; the other one where it is not translated.")
    url: str = told("给人看的页面，站内路径。", "The page for people; a path on this host.")
    translated: bool = told("是不是你要的语言。", "Whether it is in the language that was asked for.")


class Articles(CatalogEnvelope):
    """All articles."""

    total: int = told("个数。", "How many.")
    results: list[ArticleSummary] = told("按 slug 排列。", "In the order of their slugs.")


class ArticleAnswer(Envelope):
    """One article."""

    slug: str = told("永久的标识。", "Permanent id.")
    title: str = told("标题。", "The title.")
    summary: str = told("摘要。", "The summary.")
    tags: list[str] = told("标签。", "Tags.")
    errors: list[str] = told("所讲条目的 id。", "Ids of the entries that it explains.")
    updated: str = told("更新日期，YYYY-MM-DD。", "When it was updated, YYYY-MM-DD.")
    translated: bool = told("是不是你要的语言。", "Whether it is in the language that was asked for.")
    markdown: str = told("正文，Markdown。", "The text as Markdown.")
    html: str = told("正文，净化过的 HTML。", "The text as sanitised HTML.")


class Twin(Model):
    """The same page in the other language."""

    lang: Language = told("语言。", "Its language.")
    url: str = told("站内路径。", "A path on this host.")


class Snippet(Model):
    """A part of a page, with what was searched for."""

    text: str = told("片段。", "The part.")
    marks: list[list[int]] = told("命中处的起点与终点。", "Begin and end of each hit in it.")


class Hit(Model):
    """One result of a search."""

    kind: Kind = told("条目、文章或状态码。", "Entry, article or code.")
    id: str = told("标识。", "Its id.")
    url: str = told("站内路径。", "A path on this host.")
    lang: Language = told("语言。", "Its language.")
    twin: Twin | None = told("另一种语言的同一页。", "The same page in the other language.")
    title: str = told("标题。", "The title.")
    summary: str = told("摘要。", "The summary.")
    snippet: Snippet = told("片段。", "A part of it.")
    score: float = told("排序用的分数，只在同一次搜索内可比。", "For the order; only comparable within one search.")


class QuotedError(Model):
    """The entry of an error that a query quotes."""

    id: str = told("条目的 id。", "Id of the entry.")
    url: str = told("站内路径。", "A path on this host.")
    title: str = told("标题。", "The title.")
    reason: Reason = told("原因。", "The reason.")
    score: float = told("把握，0 到 1。", "How sure, from 0 to 1.")
    basis: Basis = told("依据的是什么。", "What it stands on.")
    evidence: list[Evidence] = told("依据的原文。", "The text it stands on.")


class SearchAnswer(Envelope):
    """The answer of `search`."""

    query: str = told("查询，密码已抹去。", "The query, secrets blanked.")
    searched_for: str | None = told(
        "按纠正后的写法搜索时的写法。", "What was searched instead, if the spelling was mended."
    )
    filters: dict[str, list[str]] = told("生效的筛选。", "The filters in force.")
    answer: QuotedError | None = told("查询本身就是一条报错时的条目。", "The entry, if the query quotes an error.")
    completions: list[str] = told("补全建议。", "Completions.")
    total: int = told("本次返回的个数。", "How many are returned.")
    results: list[Hit] = told("最相关的在前。", "Best first.")


class Completion(Model):
    """One completion."""

    text: str = told("补全后的词。", "The word.")
    url: str = told("搜索它的页面，站内路径。", "The page that searches it; a path on this host.")


class Completions(Envelope):
    """The answer of `complete`."""

    query: str = told("查询，密码已抹去。", "The query, secrets blanked.")
    total: int = told("个数。", "How many.")
    results: list[Completion] = told("最常用的在前。", "Most used first.")


class CatalogTexts(Model):
    """What an entry says in one language."""

    title: str = told("一句话的答案。", "The answer in one sentence.")
    explanation: str = told("含义，Markdown。", "What it means; Markdown.")
    causes: list[str] = told("原因，最常见的在前。", "Causes, most likely first.")
    fixes: list[Fix] = told("怎么改，依次尝试。", "What to change, in order.")
    verify: Verify | None = told("怎么确认已经修好。", "How to verify.")


class CatalogEntry(Model):
    """An entry in both languages."""

    id: str = told("永久的标识。", "Permanent id.")
    reason: Reason = told("原因。", "The reason.")
    side: Side = told("哪一方说的。", "Who says it.")
    stage: Stage = told("阶段。", "The stage.")
    emitters: list[str] = told("哪些软件会这样说。", "The software that says it.")
    retry: Retry = told("要不要重试。", "Whether to try again.")
    articles: list[str] = told("相关文章的 slug。", "Slugs of related articles.")
    sources: list[str] = told("出处。", "Where it is from.")
    zh: CatalogTexts = told("中文。", "In Chinese.")
    en: CatalogTexts = told("英文。", "In English.")


class CatalogCombination(Model):
    """A combination in both languages."""

    id: str = told("永久的标识。", "Permanent id.")
    stage: Stage = told("阶段。", "The stage.")
    entry: str = told("条目的 id。", "Id of the entry that it leads to.")
    when: dict[str, list[str]] = told("事实到取值。", "Fact to values.")
    reply: str | None = told("服务器的回复。", "The server's reply.")
    texts: dict[str, list[str]] = told("客户端的库到报错文字。", "Library of the client to wordings.")
    server_log: list[str] = told("服务器日志里的样子。", "What the server logs.")
    server_logs: dict[str, list[str]] = told(
        "客户端的库到日志里不同的样子。", "Library of the client to what the server logs instead."
    )
    sources: list[str] = told("出处。", "Where it is from.")
    title_zh: str = told("中文标题。", "Title in Chinese.")
    title_en: str = told("英文标题。", "Title in English.")
    explanation_zh: str = told("中文说明，Markdown。", "Why, in Chinese; Markdown.")
    explanation_en: str = told("英文说明，Markdown。", "Why, in English; Markdown.")


class CatalogCode(Model):
    """A registered code in both languages."""

    code: str = told("状态码。", "The code.")
    rfc: str = told("登记它的标准。", "The standard that registers it.")
    reason: Reason | None = told("含义确定时的原因。", "The reason, if its meaning is settled.")
    title_zh: str = told("中文标题。", "Title in Chinese.")
    title_en: str = told("英文标题。", "Title in English.")
    meaning_zh: str = told("中文含义。", "Meaning in Chinese.")
    meaning_en: str = told("英文含义。", "Meaning in English.")


class CatalogArticle(Model):
    """An article in one language."""

    slug: str = told("永久的标识。", "Permanent id.")
    lang: Language = told("语言。", "Its language.")
    title: str = told("标题。", "The title.")
    summary: str = told("摘要。", "The summary.")
    tags: list[str] = told("标签。", "Tags.")
    errors: list[str] = told("所讲条目的 id。", "Ids of the entries that it explains.")
    updated: str = told("更新日期，YYYY-MM-DD。", "When it was updated, YYYY-MM-DD.")
    markdown: str = told("正文，Markdown。", "The text as Markdown.")


class WholeCatalog(Model):
    """Everything, in both languages."""

    schema_version: int = told("契约的版本。", "Version of the contract.")
    catalog_version: str = told("内容的版本，即内容的散列。", "Version of the content: a hash of it.")
    errors: list[CatalogEntry] = told("全部条目。", "All entries.")
    combinations: list[CatalogCombination] = told("全部组合。", "All combinations.")
    codes: list[CatalogCode] = told("全部登记的状态码。", "All registered codes.")
    articles: list[CatalogArticle] = told("全部文章。", "All articles.")


class Health(Model):
    """The process answers."""

    status: str = told("ok。", "ok.")
    version: str = told("软件的版本。", "Version of the software.")


class Ready(Model):
    """The content is loaded."""

    status: str = told("ok。", "ok.")
    catalog_version: str = told("内容的版本。", "Version of the content.")
    entries: int = told("条目数。", "How many entries.")


class Problem(Model):
    """A failure, as RFC 9457 has it."""

    type: str = told("about:blank：含义即 HTTP 状态。", "about:blank: it means what the HTTP status means.")
    title: str = told("出了什么事。", "What happened.")
    status: int = told("HTTP 状态。", "The HTTP status.")
    detail: str = told("怎么办。", "What to do.")
    instance: str = told("请求的路径。", "The path of the request.")
