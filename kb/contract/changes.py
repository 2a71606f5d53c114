"""What changed in the API, newest first. Its version is `1.N`: N grows with every addition; v1 takes nothing back."""

from __future__ import annotations

from typing import NamedTuple

from kb.text import Text


class Change(NamedTuple):
    """One version of the API. date: YYYY-MM-DD."""

    version: str
    date: str
    texts: tuple[Text, ...]


PROMISE = Text(
    "v1 只增不减：已有的地址、参数和字段不会消失，也不会换类型；可能增加新的地址、可选参数、字段和词表里的词，"
    "所以请忽略不认识的字段，并为不认识的词留一条默认分支。真要有不兼容的改动，会是 /api/v2，v1 至少再保留一年。",
    "v1 only grows: no address, parameter or field disappears or changes its type. New addresses, optional parameters, fields"
    " and words of a vocabulary may come, so ignore fields that you do not know and keep a default for unknown words."
    " A change that breaks this will be /api/v2, and v1 stays for at least a year after it.",
)
CHANGES = (
    Change(
        "1.2",
        "2026-11-27",
        (
            Text(
                "组合多了 server_logs：有些客户端留下的服务器日志与 server_log 不同。",
                "Combinations have `server_logs`: what the server logs for clients that leave other traces than `server_log`.",
            ),
            Text(
                "失败的 detail 全部随语言而变，并给出可以照写的例子；404 会列出相近的编号，405 列出允许的方法。",
                "`detail` of a failure is in the caller's language throughout and gives an example; a 404 lists ids that are"
                " near, a 405 the methods that are allowed.",
            ),
        ),
    ),
    Change(
        "1.1",
        "2026-11-27",
        (
            Text("新增 GET /api/v1/combinations。", "New: GET /api/v1/combinations."),
            Text(
                "新增 GET /catalog.json：全部内容，中英文，一个文件。",
                "New: GET /catalog.json, everything in both languages in one file.",
            ),
            Text(
                "新增 /openapi.json（也在 /api/v1/openapi.json），以及 /zh/api/、/en/api/ 的说明页。",
                "New: /openapi.json (also /api/v1/openapi.json), and the reference at /en/api/ and /zh/api/.",
            ),
            Text(
                "批量查询的每一项多了 error：单项过长时只影响这一项。批量请求可到 2 MB。",
                "Each result of a batch has `error`: an item that is too long affects only itself. A batch may have 2 MB.",
            ),
            Text(
                "可以限制请求速率：429，带 Retry-After、RateLimit 与 RateLimit-Policy。",
                "Requests may be limited: 429 with Retry-After, RateLimit and RateLimit-Policy.",
            ),
            Text(
                "text/plain 与 message/rfc822 认 charset；空的 lang 与其他无效的 lang 一样是 422。",
                "The charset of text/plain and message/rfc822 counts; an empty lang is 422 like any other that is not zh or en.",
            ),
            Text(
                "条目与文章多了 translated：还没有译成所要的语言时为 false。",
                "Entries and articles have `translated`: false where they are not in the language that was asked for.",
            ),
            Text(
                "接受跨域预检（OPTIONS）。",
                "Cross-origin preflights (OPTIONS) are answered.",
            ),
        ),
    ),
    Change("1.0", "2026-11-25", (Text("第一版。", "First version."),)),
)
API_VERSION = CHANGES[0].version


def changelog_markdown() -> str:
    """`docs/api-changelog.md`."""
    lines = ["# Changes of the API / 接口变更", "", "Made from `kb/contract/changes.py` by `kb schema --write`.", ""]
    lines += [PROMISE.en, "", PROMISE.zh]
    for change in CHANGES:
        lines += ["", f"## {change.version} ({change.date})", ""]
        lines += [f"- {text.en}\n  {text.zh}" for text in change.texts]
    return "\n".join(lines) + "\n"
