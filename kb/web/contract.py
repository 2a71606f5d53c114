"""What the API accepts, read out of a request."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from kb.catalog.vocabulary import EMITTERS, REASONS, STAGES
from kb.contract.requests import BatchItem, BatchRequest, DiagnoseRequest, LookupRequest
from kb.inputs.encoding import decode, decode_as
from kb.search import KINDS, Filters
from kb.text import LANGUAGES, Text
from kb.web.body import validated
from kb.web.language import preferred_language
from kb.web.problems import Problem

BATCH_BODY = 2 * 1024 * 1024
# Each filter of a search: its name in the address, the property of a page, and the words that it takes.
FILTERS: Mapping[str, tuple[str, Collection[str]]] = {
    "kind": ("kind", KINDS),
    "product": ("product", EMITTERS),
    "reason": ("reason", REASONS),
    "stage": ("stage", STAGES),
    "in": ("lang", LANGUAGES),
}


def read_diagnose() -> tuple[DiagnoseRequest, str]:
    """Body and language of a diagnosis. Raises Problem."""
    _must_be_json()
    body: DiagnoseRequest = validated(DiagnoseRequest)
    asked = read_language()
    return body, body.lang or asked


def read_lookup() -> tuple[str, str]:
    """Text and language of a lookup: JSON, text/plain, message/rfc822, a form, or `?q=`. Raises Problem."""
    if request.method in ("GET", "HEAD"):
        return _argument("q"), read_language()
    kind = request.mimetype
    if kind == "application/json":
        body = validated(LookupRequest)
        asked = read_language()
        return body.text, body.lang or asked
    if kind in ("text/plain", "message/rfc822", "application/octet-stream"):
        return read_text(), read_language()
    if kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        # `curl --data-binary @mail.log` says it sends a form; what has no field `text` is the text itself.
        raw = request.get_data(cache=True) if kind.startswith("application/x") else b""
        if "text" in request.form or not raw:
            return request.form.get("text", ""), read_language()
        return decode(raw), read_language()
    raise Problem(
        415,
        Text(
            "Content-Type 请用 application/json、text/plain 或 message/rfc822，例如 curl -H 'Content-Type: text/plain'。",
            "Send it with the Content-Type application/json, text/plain or message/rfc822, such as"
            " curl -H 'Content-Type: text/plain'.",
        ),
    )


def read_text() -> str:
    """The body as text: in the charset that it names, if it is a known one and fits, else in the one that fits."""
    return decode_as(request.get_data(cache=False), request.mimetype_params.get("charset"))


def read_batch() -> tuple[list[BatchItem], str]:
    """Items and language of a batch. Raises Problem."""
    _must_be_json()
    request.max_content_length = BATCH_BODY
    try:
        body = validated(BatchRequest)
    except RequestEntityTooLarge as too_large:
        detail = Text("一批最多 2 MB。请分几次发送。", "A batch may have 2 MB. Send it in parts.")
        raise Problem(413, detail) from too_large
    asked = read_language()
    return body.items, body.lang or asked


def read_language() -> str:
    """`?lang=`, else Accept-Language. Raises Problem when it names another language."""
    asked = _once("lang")
    asked = request.form.get("lang") if asked is None else asked
    if asked in LANGUAGES:
        return asked
    if asked is not None:
        raise Problem(422, Text("lang 只能是 zh 或 en。", "lang is zh or en."))
    return preferred_language()


def read_limit(default: int = 20, most: int = 100) -> int:
    """`?limit=`, between 1 and `most`. Raises Problem."""
    given = _once("limit")
    asked = str(default) if given is None else given
    if not asked.isascii() or not asked.isdigit() or not 1 <= int(asked[:9]) <= most:
        raise Problem(422, Text(f"limit 应在 1 到 {most} 之间。", f"limit is between 1 and {most}."))
    return int(asked)


def read_query() -> str:
    """`?q=` of a search. Raises Problem when it is missing."""
    query = _once("q")
    if query is None:
        raise Problem(
            400, Text("缺少参数 q，例如 ?q=relay+denied。", "The parameter q is missing, e.g. ?q=relay+denied.")
        )
    return query


def read_filters(strict: bool = True) -> Filters:
    """`?kind=&product=&reason=&stage=&in=`, each more than once or parted by commas; `in` is the language of the page.

    Raises Problem for a word that is in no vocabulary; not `strict`, such words are passed over.
    """
    chosen: dict[str, tuple[str, ...]] = {}
    for name, (field, known) in FILTERS.items():
        asked = [value for given in request.args.getlist(name) for value in given.split(",") if value or strict]
        wrong = [value for value in asked if value not in known]
        if wrong and strict:
            detail = Text(f"{name} 只能取：{'、'.join(known)}。", f"{name} is one of: {', '.join(known)}.")
            raise Problem(422, detail)
        values = tuple(value for value in asked if value in known)
        if values:
            chosen[field] = values
    return Filters(**chosen)


def _once(name: str) -> str | None:
    """A parameter of the address, None when it is missing. Raises Problem when it is there more than once: which one is meant?"""
    given = request.args.getlist(name)
    if len(given) > 1:
        raise Problem(422, Text(f"参数 {name} 只能出现一次。", f"The parameter {name} may be there only once."))
    return given[0] if given else None


def _argument(name: str) -> str:
    value = _once(name)
    if value is None:
        raise Problem(
            400,
            Text(
                f"缺少参数 {name}，例如 ?{name}=550+5.7.1。",
                f"The parameter {name} is missing, e.g. ?{name}=550+5.7.1.",
            ),
        )
    return value


def _must_be_json() -> None:
    if request.mimetype != "application/json":
        raise Problem(
            415,
            Text(
                "请发送 JSON，Content-Type 用 application/json，例如 curl --json。",
                "Send JSON with the Content-Type application/json, such as curl --json.",
            ),
        )
