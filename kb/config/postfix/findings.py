"""Findings on the text of a configuration: what is wrong, in both languages, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kb.config.postfix.model import Assignment, Value
from kb.config.setting import Finding
from kb.text import Text, nearest_word

MOST = 200

# {key}: the parameter or service. {detail}, {other}: what the kind of finding says about them.
PROBLEMS: Mapping[str, Text] = {
    "no-equals": Text(
        "这一行没有等号，Postfix 读到它就报 fatal: missing '=' after attribute name 并退出。补上等号；"
        "若是上一行的延续，行首要有空白。",
        "This line has no equals sign; Postfix stops at it with “fatal: missing '=' after attribute name”. Write"
        " name = value, or begin the line with white space if it continues the one before.",
    ),
    "blank-in-name": Text(
        "等号左边有空白，Postfix 报 missing '=' after attribute name 并退出。参数名里不能有空白；注释要另起一行。",
        "There is white space inside what stands left of the equals sign; Postfix stops with “missing '=' after"
        " attribute name”. A parameter's name has none, and a comment needs a line of its own.",
    ),
    "orphan": Text(
        "文件开头的这一行以空白起头，又没有上一行可延续：Postfix 会警告 logical line must not start with"
        " whitespace 并忽略它。去掉行首空白。",
        "This line begins with white space and there is no line before it to continue: Postfix warns “logical line"
        " must not start with whitespace” and ignores it. Take the white space away.",
    ),
    "all-indented": Text(
        "每一行都以空白起头，这里当作粘贴造成的缩进处理。如果文件里真是这样，Postfix 会把它们全部忽略。",
        "Every line begins with white space; that was taken for an indentation of the paste. If the file is like"
        " this, Postfix ignores all of it.",
    ),
    "nul": Text(
        "文件里有 NUL 字节，Postfix 会丢掉它后面的内容。请用纯文本编辑器重新保存。",
        "There is a NUL byte in the file; Postfix drops what follows it. Save the file anew as plain text.",
    ),
    "duplicate": Text(
        "{key} 设了两次，前一处在 {other} 第 {detail} 行；Postfix 以后一处为准，前一处不起作用。删掉其中一处。",
        "{key} is set twice, first at {other} line {detail}; Postfix takes the later one and the earlier has no"
        " effect. Remove one.",
    ),
    "swallowed": Text(
        "{key} 这一行以空白起头，Postfix 把它当作 {other} 的延续，{key} 因此没有生效。去掉行首空白。",
        "The line of {key} begins with white space, so Postfix takes it for the rest of {other}, and {key} is not"
        " set. Take the white space at its beginning away.",
    ),
    "unused": Text(
        "postconf 自己说 {key} 没有被用到：多半是参数名写错了。",
        "postconf itself says that {key} is unused: most likely the name is misspelled.",
    ),
    "bad-service": Text(
        "{key} 这一条字段不全或不合法：master.cf 的一条至少要有 8 个字段（名称、类型、private、unpriv、chroot、"
        "wakeup、maxproc、命令）。",
        "The entry {key} is incomplete or wrong: one in master.cf has at least eight fields (name, type, private,"
        " unpriv, chroot, wakeup, maxproc, command).",
    ),
    "option-without-value": Text(
        "选项 {key} 后面缺少参数，{other} 起不来。",
        "The option {key} lacks its argument; {other} does not start.",
    ),
    "override-without-equals": Text(
        "{other} 的 -o {key} 没有紧跟等号：master.cf 里等号两边不能有空白，写成 -o name=value，值里有空白就写 -o"
        " {{ name = value }}。"
        '否则进程报 fatal: invalid "-o …" option value，客户端连上就断。',
        "-o {key} of {other} is not followed by an equals sign: in master.cf no blank may stand around it. Write"
        " -o name=value, or"
        ' -o {{ name = value }} when the value has blanks. As it is the process stops with “fatal: invalid "-o …"'
        " option value” and clients see the connection close.",
    ),
    "stray-argument": Text(
        "{other} 的命令行里多出 {key}：-o 的值里不能有空白，逗号后也不行。smtpd 报 fatal: unexpected command-line"
        " argument，客户端一连上就断开。去掉空白，或把整项写成 -o {{ name = value }}。",
        "{key} stands alone on the command line of {other}: the value of an -o has no blanks, not even after a"
        " comma. smtpd stops with “fatal: unexpected command-line argument” as soon as a client connects. Take the"
        " blanks out, or write -o {{ name = value }}.",
    ),
    "duplicate-override": Text(
        "{detail} 里 -o {key} 出现多次，以最后一个为准。",
        "-o {key} stands more than once in {detail}; the last one counts.",
    ),
    "duplicate-service": Text(
        "服务 {key} 定义了两次（前一处第 {detail} 行），Postfix 会警告 duplicate service name 并以后一处为准。",
        "The service {key} is defined twice (first at line {detail}); Postfix warns “duplicate service name” and"
        " takes the later one.",
    ),
    "commented-service": Text(
        "服务 {key} 只在注释里，没有启用，连这个端口会被拒绝（Connection refused）。要用它，就去掉它和它的 -o"
        " 各行行首的 #，再 postfix reload。",
        "The service {key} stands in a comment and does not run, so connections to its port are refused. To use"
        " it, remove the # before it and before its -o lines, then postfix reload.",
    ),
    "unknown": Text(
        "Postfix 3.4 到 3.11 都没有 {key} 这个参数，设了也不起作用。",
        "No Postfix from 3.4 to 3.11 has a parameter {key}; setting it does nothing.",
    ),
    "unknown-near": Text(
        "Postfix 没有 {key} 这个参数，设了也不起作用。是否想写 {detail}？",
        "Postfix has no parameter {key}; setting it does nothing. Did you mean {detail}?",
    ),
    "unknown-server": Text(
        "没有 {key} 这个参数；{detail} 管的是收信一侧（smtpd，别人连进来），smtp_ 开头的管发信一侧。"
        "确认要改的是哪一侧。",
        "There is no parameter {key}; {detail} is for the receiving side (smtpd, others connect to it), names with"
        " smtp_ are for the sending side. Make sure which side you mean.",
    ),
    "unknown-client": Text(
        "没有 {key} 这个参数；{detail} 管的是发信一侧（smtp，连到中继），smtpd_ 开头的管收信一侧。确认要改的是哪一侧。",
        "There is no parameter {key}; {detail} is for the sending side (smtp, to a relay), names with smtpd_ are"
        " for the receiving side. Make sure which side you mean.",
    ),
    "only-later": Text(
        "{key} 从 Postfix {other} 起才有，{detail} 里设了不起作用。",
        "{key} exists from Postfix {other} on; in {detail} it does nothing.",
    ),
    "no-longer": Text(
        "{key} 在 Postfix {detail} 里已不存在，设了不起作用。",
        "{key} no longer exists in Postfix {detail} and does nothing.",
    ),
    "restriction": Text(
        "{key} 里的 {detail} 不是 Postfix 的限制{other}：smtpd 走到它就回 451 4.3.5 Server configuration error，"
        "日志里是 unknown smtpd restriction。",
        "{detail} in {key} is no restriction of Postfix{other}: coming to it, smtpd answers 451 4.3.5 Server"
        " configuration error and logs “unknown smtpd restriction”.",
    ),
    "restriction-argument": Text(
        "{key} 里的 {detail} 后面缺少参数。",
        "{detail} in {key} lacks its argument.",
    ),
    "value": Text(
        "{key} 不能是 {detail}，可用的值：{other}。",
        "{key} cannot be {detail}; it takes: {other}.",
    ),
    "yesno": Text(
        "{key} 只能是 yes 或 no，写成 {detail} 时 Postfix 报 fatal: bad boolean configuration 并退出。",
        "{key} takes yes or no only; with {detail} Postfix stops with “fatal: bad boolean configuration”.",
    ),
    "number": Text(
        "{key} 要一个数字，不是 {detail}；Postfix 报 fatal: bad numerical configuration 并退出。",
        "{key} takes a number, not {detail}; Postfix stops with “fatal: bad numerical configuration”.",
    ),
    "time": Text(
        "{key} 要一个时间：数字后可跟 s、m、h、d、w，不是 {detail}。",
        "{key} takes a time, a number that may be followed by s, m, h, d or w, not {detail}.",
    ),
    "expansion": Text(
        "{key} 的值展开失败：{detail}。Postfix 读到它会报 fatal 并退出。",
        "The value of {key} cannot be expanded: {detail}. Postfix stops when it reads it.",
    ),
}
_EXPANSION: Mapping[str, Text] = {
    "truncated": Text("${ 或 $( 没有配对的括号", "a ${ or $( is not closed"),
    "empty": Text("$ 后面没有参数名；要写美元符号本身，请写 $$", "no name follows a $; for a dollar sign write $$"),
    "name": Text("${…} 里的参数名写法不对", "the name in ${…} is malformed"),
    "syntax": Text("${…?…:…} 的写法不对", "the form of ${…?…:…} is wrong"),
    "operator": Text("比较式要写成 {a} == {b} 的样子", "a comparison reads {a} == {b}"),
    "level": Text("比较的版本号写法不对", "a version to be compared is malformed"),
    "nesting": Text("参数互相引用，没有尽头", "parameters refer to one another without end"),
    "work": Text("引用展开后太长，这里没有展开", "the references become too long; they were left as they are"),
}
_SEE_MORE = Text("还有更多同类问题，没有一一列出。", "There are more findings than are listed.")


def make(kind: str, file: str, line: int, key: str = "", detail: str = "", other: str | Text = "") -> Finding:
    """A finding of a kind in PROBLEMS."""
    return Finding(file, line, key, filled(PROBLEMS[kind], key, detail, other))


def expansion(kind: str, file: str, line: int, key: str) -> Finding:
    """A value that cannot be expanded, with ExpansionError's kind."""
    detail, text = _EXPANSION[kind], PROBLEMS["expansion"]
    return Finding(
        file, line, key, Text(text.zh.format(key=key, detail=detail.zh), text.en.format(key=key, detail=detail.en))
    )


def not_in_version(found: Assignment, version: str, since: str, *, later: bool) -> Finding:
    """A parameter that the version at hand does not have, yet or any more."""
    return make("only-later" if later else "no-longer", found.file, found.line, found.name, version, since)


def not_allowed(found: Assignment, value: str, allowed: Sequence[str]) -> Finding:
    """A value outside of its closed set."""
    words = ", ".join(word or "(empty)" for word in allowed)
    return make("value", found.file, found.line, found.name, value or "(empty)", words)


def near_word(word: str, words: Iterable[str]) -> Text:
    """`(did you mean x?)` where a word is near, else nothing."""
    near = nearest_word(word, words) if len(word) <= 80 else None
    return Text(f"（是否想写 {near}？）", f" (did you mean {near}?)") if near else Text("", "")


def filled(text: Text, key: str = "", detail: str = "", other: str | Text = "") -> Text:
    """A template with its places filled; long pieces are cut."""
    places = {"key": _short(key), "detail": _short(detail)}
    both = other if isinstance(other, Text) else Text(other, other)
    return Text(text.zh.format(**places, other=both.zh), text.en.format(**places, other=both.en))


def _short(text: str) -> str:
    line = " ".join(text[:200].split())
    return line if len(line) <= 80 else f"{line[:79]}…"


def capped(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """At most MOST findings, then one that says there are more."""
    if len(found) <= MOST:
        return tuple(found)
    return (*found[:MOST], Finding(found[0].file, 0, "", _SEE_MORE))


def on_value(value: Value, text: Text, detail: str = "", other: str = "") -> Finding:
    """A finding on a value, at its place."""
    return Finding(value.file, value.line, value.key, filled(text, value.key, detail, other))
