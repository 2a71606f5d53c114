"""Every operation of the API: where it is, what it takes, what it answers."""

from __future__ import annotations

from typing import Any, NamedTuple

from pydantic import BaseModel

from kb.catalog import vocabulary
from kb.contract import content, diagnosis, lookup, requests
from kb.contract.base import KINDS
from kb.text import LANGUAGES, Text

PREFIX = "/api/v1"


class Parameter(NamedTuple):
    """A parameter of the address. place: "query" or "path"."""

    name: str
    place: str
    text: Text
    schema: dict[str, Any]
    required: bool = False


class Operation(NamedTuple):
    """One method of one address. failures: the statuses of its problems beside those that any may have."""

    method: str
    path: str
    name: str
    summary: Text
    answer: type[BaseModel]
    parameters: tuple[Parameter, ...] = ()
    body: type[BaseModel] | None = None
    raw_bodies: tuple[str, ...] = ()
    failures: tuple[int, ...] = ()
    example: str = ""


_STRING = {"type": "string"}
_LANG = Parameter(
    "lang",
    "query",
    Text("回答的语言；省略时看 Accept-Language。", "Language of the answer; else Accept-Language."),
    {"enum": list(LANGUAGES), "type": "string"},
)
_FILTERS = (
    ("kind", KINDS, Text("只要这些类型。", "Only these kinds.")),
    ("product", tuple(vocabulary.EMITTERS), Text("只要这些产品。", "Only these products.")),
    ("reason", tuple(vocabulary.REASONS), Text("只要这些原因。", "Only these reasons.")),
    ("stage", tuple(vocabulary.STAGES), Text("只要这些阶段。", "Only these stages.")),
    ("in", LANGUAGES, Text("只要这种语言的页面。", "Only pages in these languages.")),
)


def _query(zh: str, en: str) -> Parameter:
    return Parameter("q", "query", Text(zh, en), _STRING, True)


def _limit(default: int, most: int) -> Parameter:
    schema = {"type": "integer", "minimum": 1, "maximum": most, "default": default}
    return Parameter("limit", "query", Text("最多返回几个。", "How many at most."), schema)


def _part(name: str, zh: str, en: str) -> Parameter:
    return Parameter(name, "path", Text(zh, en), _STRING, True)


_SEARCH_FILTERS = tuple(
    Parameter(name, "query", text, {"type": "array", "items": {"type": "string", "enum": list(words)}})
    for name, words, text in _FILTERS
)
_ANY_TEXT = ("text/plain", "message/rfc822", "application/octet-stream")
_ERROR = "error response to AUTH command: unencrypted connection"

OPERATIONS = (
    Operation(
        "post",
        f"{PREFIX}/lookup",
        "lookup",
        Text("解释一段报错、日志、退信或会话", "Explain an error, a log, a bounce or a session"),
        lookup.Answer,
        (_LANG,),
        requests.LookupRequest,
        _ANY_TEXT,
        (400, 413, 415, 422),
        "curl --data-binary @mail.log -H 'Content-Type: text/plain' {base}/api/v1/lookup",
    ),
    Operation(
        "get",
        f"{PREFIX}/lookup",
        "lookupByQuery",
        Text("解释一小段文字", "Explain a short text"),
        lookup.Answer,
        (_query("要解释的文字。", "The text."), _LANG),
        failures=(400, 422),
        example=f"curl -G --data-urlencode 'q={_ERROR}' {{base}}/api/v1/lookup",
    ),
    Operation(
        "post",
        f"{PREFIX}/lookup/batch",
        "lookupBatch",
        Text("一次解释至多 1,000 段文字", "Explain up to 1,000 texts at once"),
        lookup.BatchAnswer,
        (_LANG,),
        requests.BatchRequest,
        (),
        (400, 413, 415, 422),
        'curl --json \'{"items": [{"id": "1", "text": "550 5.1.1 User unknown"}]}\' {base}/api/v1/lookup/batch',
    ),
    Operation(
        "post",
        f"{PREFIX}/diagnose",
        "diagnose",
        Text("由两边的配置判断发不发得出", "Tell from both sides' settings whether the mail goes through"),
        diagnosis.Diagnosis,
        (_LANG,),
        requests.DiagnoseRequest,
        (),
        (400, 413, 415, 422),
        'curl --json \'{"files": {"main.cf": "smtpd_tls_auth_only = yes"}}\' {base}/api/v1/diagnose',
    ),
    Operation(
        "get",
        f"{PREFIX}/search",
        "search",
        Text("搜索条目、文章和状态码", "Search entries, articles and codes"),
        content.SearchAnswer,
        (_query("要找的词。", "What to look for."), _LANG, _limit(20, 100), *_SEARCH_FILTERS),
        failures=(400, 422),
        example="curl '{base}/api/v1/search?q=relay+denied&kind=article'",
    ),
    Operation(
        "get",
        f"{PREFIX}/complete",
        "complete",
        Text("补全配置项和状态码", "Complete settings and codes"),
        content.Completions,
        (_query("已经输入的部分。", "What was typed so far."), _LANG, _limit(10, 50)),
        failures=(400, 422),
        example="curl '{base}/api/v1/complete?q=smtpd_tls'",
    ),
    Operation(
        "get",
        f"{PREFIX}/errors",
        "errors",
        Text("全部条目", "All entries"),
        content.Entries,
        (_LANG,),
        failures=(422,),
        example="curl {base}/api/v1/errors",
    ),
    Operation(
        "get",
        f"{PREFIX}/errors/{{id}}",
        "error",
        Text("一个条目", "One entry"),
        content.Entry,
        (_part("id", "条目的 id，旧 id 也行。", "Its id, or a former one."), _LANG),
        failures=(404, 422),
        example="curl {base}/api/v1/errors/auth-unencrypted-connection",
    ),
    Operation(
        "get",
        f"{PREFIX}/codes",
        "codes",
        Text("全部登记的状态码", "All registered codes"),
        content.Codes,
        (_LANG,),
        failures=(422,),
        example="curl {base}/api/v1/codes",
    ),
    Operation(
        "get",
        f"{PREFIX}/codes/{{code}}",
        "code",
        Text("一个状态码的含义", "What a code means"),
        content.Code,
        (_part("code", "550、5.7.1，或服务商自己的码。", "550, 5.7.1, or a provider's own code."), _LANG),
        failures=(404, 422),
        example="curl {base}/api/v1/codes/5.7.1",
    ),
    Operation(
        "get",
        f"{PREFIX}/articles",
        "articles",
        Text("全部文章", "All articles"),
        content.Articles,
        (_LANG,),
        failures=(422,),
        example="curl {base}/api/v1/articles",
    ),
    Operation(
        "get",
        f"{PREFIX}/articles/{{slug}}",
        "article",
        Text("一篇文章", "One article"),
        content.ArticleAnswer,
        (_part("slug", "文章的 slug。", "Its slug."), _LANG),
        failures=(404, 422),
        example="curl {base}/api/v1/articles/reading-a-bounce",
    ),
    Operation(
        "get",
        f"{PREFIX}/combinations",
        "combinations",
        Text("全部合不来的配置组合", "All combinations of settings that do not fit"),
        diagnosis.Combinations,
        (_LANG,),
        failures=(422,),
        example="curl {base}/api/v1/combinations",
    ),
    Operation(
        "get",
        "/catalog.json",
        "catalog",
        Text("全部内容，中英文，一个文件", "Everything, in both languages, in one file"),
        content.WholeCatalog,
        example="curl --compressed {base}/catalog.json",
    ),
    Operation("get", "/healthz", "health", Text("进程是否在应答", "Whether the process answers"), content.Health),
    Operation("get", "/readyz", "ready", Text("内容是否已装载", "Whether the content is loaded"), content.Ready),
)
