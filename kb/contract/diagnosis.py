"""The answer of `diagnose`, and the combinations that it knows."""

from __future__ import annotations

from kb.contract.base import CatalogEnvelope, Model, Outcome, Reason, Stage, told
from kb.contract.lookup import Answer


class FactValue(Model):
    """A fact about a client or a server."""

    fact: str = told("名称。", "Its name.")
    value: str = told("取值。", "Its value.")
    label: str = told("给人看的名称。", "The name for people.")
    value_label: str = told("给人看的取值。", "The value for people.")


class Setting(Model):
    """A setting that says a fact."""

    file: str = told("文件名。", "The file.")
    line: int = told("行号，从 1 起；0 表示不在文件里。", "The line, from 1; 0 for what stands in no file.")
    key: str = told("设置项。", "The setting.")
    value: str = told("生效的值；密码显示为 ***。", "What holds; *** for a secret.")
    origin: str = told("来源，例如默认值。", "Where it comes from, if not plainly the file.")


class SettledFact(FactValue):
    """A fact with the settings that say so."""

    settings: list[Setting] = told("由哪些设置得出。", "The settings that say so.")


class PartyFacts(Model):
    """What the settings of one side say."""

    product: str | None = told("产品；没有给出这一方时为 null。", "The product; null if this side was not given.")
    name: str | None = told("给人看的名称。", "The same for people.")
    facts: list[SettledFact] = told("读出的事实。", "The facts.")


class Facts(Model):
    """What was read, side by side."""

    client: PartyFacts = told("发信方。", "The client.")
    server: PartyFacts = told("服务器。", "The server.")


class Hidden(Model):
    """A failure that the first one hides."""

    combination: str = told("组合的 id。", "Id of the combination.")
    entry: str = told("条目的 id。", "Id of the entry.")
    stage: Stage = told("阶段。", "The stage.")
    title: str = told("标题。", "Its title.")


class DiagnosedCase(Model):
    """One outcome, and what it supposes."""

    given: list[FactValue] = told("前提。", "What it supposes.")
    outcome: Outcome = told("结果。", "What happens.")
    stage: Stage | None = told("卡在哪一步。", "Where it ends.")
    reason: Reason | None = told("原因。", "The reason.")
    combination: str | None = told("组合的 id。", "Id of the combination.")
    entry: str | None = told("条目的 id。", "Id of the entry.")
    title: str | None = told("一句话。", "In one sentence.")
    explanation: str | None = told("为什么，Markdown。", "Why; Markdown.")
    predicted_text: list[str] = told("客户端可能的每一种报错文字。", "Every wording that the client can print.")
    server_log: list[str] = told("服务器日志里的样子。", "What the server logs.")
    hidden: list[Hidden] = told("改好之后还会遇到的问题。", "What you would meet after that.")


class FileEdit(Model):
    """One changed setting."""

    file: str = told("文件名。", "The file.")
    section: str = told("所在的段或服务。", "The section or service that holds it.")
    key: str = told("设置项。", "The setting.")
    value: str | None = told("新值；null 表示删除。", "The new value; null to remove it.")


class Diff(Model):
    """The changes of one file."""

    file: str = told("文件名。", "The file.")
    diff: str = told("统一格式的差异。", "A unified diff.")


class Cure(Model):
    """A change that makes it work."""

    for_: str = told("改哪个产品或哪一方。", "The product or the party to change.", alias="for")
    text: str = told("说明与代价。", "What to do, and what it costs.")
    set: list[str] = told("设置。", "Settings.")
    outcome_after: Outcome = told("改后的结果。", "What happens then.")
    needs: list[FactValue] = told("前提。", "What it supposes.")
    risk: int = told("安全代价，0 为没有。", "Cost in security; 0 for none.")
    moves: list[str] = told("改动的名称。", "Names of the moves.")
    edits: list[FileEdit] = told("各个改动。", "The single changes.")
    diffs: list[Diff] = told("可以直接应用的差异。", "Differences to apply.")


class AskValue(Model):
    """One possible answer."""

    value: str = told("取值。", "The value.")
    label: str = told("给人看的取值。", "The same for people.")


class Ask(Model):
    """A question, with the answers that it takes."""

    fact: str = told("用作 answers 的键。", "The key in `answers`.")
    question: str = told("问题。", "The question.")
    values: list[AskValue] = told("可以回答的值。", "The values that it takes.")


class ConfigFinding(Model):
    """Something to look at in a file."""

    file: str = told("文件名。", "The file.")
    line: int = told("行号，从 1 起；0 表示整个文件。", "The line, from 1; 0 for the whole file.")
    key: str = told("设置项。", "The setting.")
    text: str = told("说明。", "What about it.")


class Diagnosis(CatalogEnvelope):
    """The answer of `diagnose`. The fields from `stage` to `hidden` are those of the only case, null where there are several."""

    outcome: Outcome = told("发得出、发不出，还是要看没给出的设置。", "Works, fails, or depends on what was not given.")
    stage: Stage | None = told("卡在哪一步。", "Where it ends.")
    reason: Reason | None = told("原因。", "The reason.")
    combination: str | None = told("组合的 id。", "Id of the combination.")
    entry: str | None = told("条目的 id。", "Id of the entry.")
    title: str | None = told("一句话。", "In one sentence.")
    explanation: str | None = told("为什么，Markdown。", "Why; Markdown.")
    predicted_text: list[str] = told("客户端可能的每一种报错文字。", "Every wording that the client can print.")
    server_log: list[str] = told("服务器日志里的样子。", "What the server logs.")
    hidden: list[Hidden] = told("改好之后还会遇到的问题。", "What you would meet after that.")
    cases: list[DiagnosedCase] = told("各种情况。", "The cases.")
    fixes: list[Cure] = told("怎么改，最安全的在前。", "What to change, safest first.")
    facts: Facts = told("从设置读出的事实。", "What was read from the settings.")
    assumptions: list[FactValue] = told("没有写明、按常见情况算的。", "Not said, and taken as usual.")
    asks: list[Ask] = told("还要知道的，连同可以回答的值。", "What is still to be known, with the answers it takes.")
    questions: list[str] = told("还要知道的，只有问题。", "The same as questions only.")
    findings: list[ConfigFinding] = told("配置里要留意的。", "What to look at in the files.")
    remarks: list[str] = told("安全提醒。", "Remarks on security.")
    answer: Answer | None = told("所给报错自身的解释。", "The answer to the error that was given.")


class ConditionValue(Model):
    """A value at which a combination fails."""

    value: str = told("取值。", "The value.")
    label: str = told("给人看的取值。", "The same for people.")


class Condition(Model):
    """A fact of a combination, with the values at which it fails."""

    fact: str = told("事实的名称。", "Name of the fact.")
    label: str = told(
        "给人看的名称；推导出的事实就是它自己的名称。", "For people; a fact that follows from others keeps its name."
    )
    values: list[ConditionValue] = told("任一取值即成立。", "Any of them.")


class LibraryTexts(Model):
    """What the clients of one library print, or leave in the server's log."""

    library: str = told("客户端的库。", "The library of the client.")
    texts: list[str] = told("报错文字，花括号里是占位。", "The wordings; `{…}` stands for what differs.")


class CombinationAnswer(Model):
    """Settings of both sides that do not fit."""

    id: str = told("永久的标识。", "Permanent id.")
    title: str = told("一句话。", "In one sentence.")
    explanation: str = told("为什么，Markdown。", "Why; Markdown.")
    stage: Stage = told("卡在哪一步。", "Where it ends.")
    reason: Reason | None = told("原因。", "The reason.")
    entry: str = told("所报错误的条目 id。", "Id of the entry that it leads to.")
    url: str = told("该条目的页面，站内路径。", "The page of that entry; a path on this host.")
    when: list[Condition] = told("全部成立时发生。", "Happens when all of them hold.")
    reply: str | None = told("服务器的回复。", "The server's reply.")
    texts: list[LibraryTexts] = told("各种客户端打印的文字。", "What clients print.")
    server_log: list[str] = told("服务器日志里的样子。", "What the server logs.")
    server_logs: list[LibraryTexts] = told(
        "用这些库的客户端，日志是这样而不是 server_log。", "What it logs instead for clients of these libraries."
    )
    sources: list[str] = told("出处。", "Where it is from.")


class Combinations(CatalogEnvelope):
    """All combinations."""

    total: int = told("个数。", "How many.")
    results: list[CombinationAnswer] = told("按 id 排列。", "In the order of their ids.")
