"""The answer to a pasted text."""

from __future__ import annotations

from pydantic import Field

from kb.contract.base import Basis, CatalogEnvelope, Envelope, Model, Reason, Retry, Side, Stage, told


class Fix(Model):
    """What to change."""

    for_: str = told("改哪个产品或哪一方。", "The product or the party to change.", alias="for")
    text: str = told("说明，Markdown。", "What to do, and what it costs; Markdown.")
    set: list[str] = told("可以照抄的设置或命令。", "Settings or commands to copy.")


class Verify(Model):
    """How to see that it is cured."""

    text: str = told("说明，Markdown。", "Markdown.")
    run: list[str] = told("可以照抄的命令。", "Commands to copy.")


class Evidence(Model):
    """A part of the pasted text on which the answer stands."""

    text: str = told("原文，密码已抹去。", "The text, secrets blanked.")
    start: int = told("起点，按 Unicode 字符计。", "Where it begins, in Unicode characters.")
    end: int = told("终点（不含）。", "Where it ends, exclusive.")


class NamedValue(Model):
    """Something that the text names: an address, a host, a port, a block list …"""

    name: str = told("是什么。", "What it is.")
    label: str = told("给人看的名称。", "The same for people.")
    text: str = told("原文。", "The text.")
    start: int = told("起点，按 Unicode 字符计。", "Where it begins, in Unicode characters.")
    end: int = told("终点（不含）。", "Where it ends, exclusive.")


class EntryFields(Model):
    """What an entry says."""

    id: str = told("永久的标识：条目的 id，或状态码。", "Permanent: the id of an entry, or a code.")
    url: str = told("给人看的页面，站内路径。", "The page for people; a path on this host.")
    title: str = told("一句话的答案。", "The answer in one sentence.")
    reason: Reason | None = told("原因，封闭词表。", "The reason, out of a closed list.")
    side: Side = told("哪一方说的。", "Who says it.")
    stage: Stage | None = told("出在 SMTP 的哪一步。", "The stage of SMTP at which it is said.")
    emitters: list[str] = told("哪些软件会这样说。", "The software that says it.")
    explanation: str = told("含义，Markdown。", "What it means; Markdown.")
    causes: list[str] = told("原因，最常见的在前。", "Causes, most likely first.")
    fixes: list[Fix] = told("怎么改，依次尝试。", "What to change, in order.")
    verify: Verify | None = told("怎么确认已经修好。", "How to verify.")
    retry: Retry = told("要不要重试。", "Whether to try again.")
    articles: list[str] = told("相关文章的 slug。", "Slugs of related articles.")
    sources: list[str] = told("出处：标准、源码或实测。", "Where it is from: a standard, the source, a measurement.")
    translated: bool = told("是否全部译成了所要的语言。", "Whether all of it is in the language that was asked for.")


class Match(EntryFields):
    """One thing that went wrong: an entry, or a code as its provider or the registry defines it."""

    score: float = told("把握，0 到 1。", "How sure, from 0 to 1.")
    basis: Basis = told("依据的是什么。", "What it stands on.")
    evidence: list[Evidence] = told("依据的原文。", "The text it stands on.")
    values: list[NamedValue] = told("原文里的地址、主机、端口等。", "Addresses, hosts, ports … that the text names.")


class Suggestion(Model):
    """A code with its meaning, or an entry that is near."""

    id: str = told("条目的 id 或状态码。", "An entry's id or a code.")
    title: str = told("标题。", "Its title.")


class Verdict(Model):
    """What is made of a text."""

    answered: bool = told("是否有把握地给出原因。", "Whether a reason is given with confidence.")
    basis: Basis = told("依据的是什么。", "What the answer stands on.")
    reason: Reason | None = told("原因；没有把握时为 null。", "The reason; null without an answer.")
    matches: list[Match] = told("各个问题，先因后果。", "What went wrong, first causes first.")
    suggestions: list[Suggestion] = told(
        "文中状态码的含义；没有答案时还有相近的条目。",
        "Meaning of the codes; without an answer the nearest entries too.",
    )


class Input(Model):
    """What was made of the text."""

    format: str = told("识别出的格式，例如 postfix-log、dsn、plain。", "The format: postfix-log, dsn, plain …")
    stage: Stage | None = told("文中说出的阶段。", "The stage that the text tells.")
    reply_code: str | None = told("回复码，例如 550。", "The reply code, such as 550.")
    enhanced_status: str | None = told("增强状态码，例如 5.7.1。", "The enhanced status code, such as 5.7.1.")
    diagnostic: str = told("起决定作用的那句话，密码已抹去。", "The diagnostic that decided, secrets blanked.")


class Recipient(Verdict):
    """One recipient of a bounce."""

    recipient: str = told("收件地址。", "The address.")
    action: str | None = told("退信里的 Action。", "`Action` of the delivery report.")
    enhanced_status: str | None = told("增强状态码。", "The enhanced status code.")
    reply_code: str | None = told("回复码。", "The reply code.")
    diagnostic: str = told("对方服务器的原话，密码已抹去。", "What the server said, secrets blanked.")


class Answer(CatalogEnvelope, Verdict):
    """The answer of `lookup`."""

    input: Input = told("文字是怎样读的。", "How the text was read.")
    recipients: list[Recipient] = told("退信里的每个收件人。", "Each recipient of a bounce.")


class ItemError(Model):
    """Why one item of a batch has no answer."""

    status: int = told("假如单独发送会得到的 HTTP 状态。", "The HTTP status that it would get alone.")
    title: str = told("出了什么事。", "What happened.")
    detail: str = told("怎么办。", "What to do.")


class BatchResult(Answer):
    """The answer to one item of a batch."""

    id: str = told("项目的 id。", "The id of the item.")
    error: ItemError | None = told("这一项没能处理时的说明。", "Why this item could not be looked at; null if it was.")


class BatchAnswer(Envelope):
    """The answers of `lookup/batch`, in the order of the items."""

    total: int = Field(description="How many.", json_schema_extra={"x-zh": "项数。"})
    results: list[BatchResult] = told("与请求的顺序相同。", "In the order of the items.")
