"""What every template may use, wherever it is rendered: words in the reader's language, forms of a change, the dialogue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kb.catalog import vocabulary
from kb.match.programs import is_program
from kb.page.address import example_of, page_of
from kb.page.strings import KIND_NAMES, LANGUAGE_NAMES, STRINGS
from kb.page.strings_page import FORM_NAMES, FORMAT_NAMES, PAGE_STRINGS
from kb.render.settings import Form, forms_of
from kb.text import Text, first_sentence

HTML_LANG = {"zh": "zh-Hans", "en": "en"}
_TABLES = {
    "reason": vocabulary.REASONS,
    "stage": vocabulary.STAGES,
    "side": vocabulary.SIDES,
    "retry": vocabulary.RETRY,
    "for": vocabulary.FIX_TARGETS,
    "emitter": vocabulary.EMITTERS,
    "product": vocabulary.EMITTERS,
    "kind": KIND_NAMES,
    "in": LANGUAGE_NAMES,
    "form": FORM_NAMES,
    "format": FORMAT_NAMES,
}
# Who opens each stage of the dialogue, with what, to do what: RFC 5321 section 3, RFC 3207, RFC 4954.
_SPEAKS = {
    "connect": ("client", "TCP", Text("连接", "connects")),
    "banner": ("server", "220", Text("问候", "greets")),
    "ehlo": ("client", "EHLO", Text("报上名字，问支持什么", "gives its name, asks what is offered")),
    "starttls": ("client", "STARTTLS", Text("改用加密", "turns on encryption")),
    "auth": ("client", "AUTH", Text("登录", "logs in")),
    "mail": ("client", "MAIL FROM", Text("说明发件人", "names the sender")),
    "rcpt": ("client", "RCPT TO", Text("说明收件人", "names the recipients")),
    "data": ("client", "DATA", Text("发送正文", "sends the mail")),
    "quit": ("client", "QUIT", Text("结束", "ends")),
}
_OPTIONAL = ("starttls", "auth")
# What a server refuses for who connects, greets or sends, and not for what is said where it refuses.
_OF_EARLIER = frozenset(
    {"auth-required", "geo-blocked", "helo-invalid", "ip-blocked", "rdns-missing", "sender-domain-invalid"}
    | {"sender-rejected", "tls-required"}
)
MAX_SENT = 256 * 1024  # bytes that a form may send
_LONG = {"zh": 70, "en": 150}  # characters of a text that keeps its settings out of sight
_DEFAULT_OF = "default of "  # kb/config/setting.py
_OPEN_ENDS = ("", ":", "：")


def words(name: str, lang: str) -> str:
    """A text of the pages by its name."""
    return (STRINGS.get(name) or PAGE_STRINGS[name]).get(lang)


def label(kind: str, name: str, lang: str) -> str:
    """The words of a vocabulary, as a reader sees them."""
    return _TABLES[kind][name].get(lang)


def ladder_rows(stage: str | None, side: str) -> list[dict[str, Any]]:
    """The stages of a session: who opens each with what, and what became of it.

    state: passed, maybe (before the end, but not every session has it), failed, unreached.
    """
    if stage not in _SPEAKS:
        return []
    order = list(_SPEAKS)
    failed = order.index(stage)
    rows: list[dict[str, Any]] = []
    for place, (name, (speaker, opening, what)) in enumerate(_SPEAKS.items()):
        before = "maybe" if name in _OPTIONAL else "passed"
        state = before if place < failed else "failed" if place == failed else "unreached"
        row = {"stage": name, "speaker": speaker, "words": opening, "what": what, "state": state, "side": side}
        rows.append(row)
    return rows


def said_late(match: Mapping[str, Any], stage: str | None, lang: str) -> str:
    """Why a server refuses something of an earlier stage only at `stage`; "" where it does not."""
    known = [name for name in (match["stage"], stage) if name in _SPEAKS]
    if match["reason"] not in _OF_EARLIER or match["side"] != "server" or len(known) < 2:
        return ""
    if list(_SPEAKS).index(known[0]) >= list(_SPEAKS).index(known[1]):
        return ""
    parts = [words("late", lang).format(label("stage", known[0], lang))]
    if stage == "rcpt":
        parts.append(words("late_rcpt", lang))
    return ("" if lang == "zh" else " ").join(parts)


def programs_of(fixes: Iterable[Mapping[str, Any]]) -> list[str]:
    """The software that fixes are for, in their order; no roles, and nothing that software runs on."""
    return list(dict.fromkeys(fix["for"] for fix in fixes if is_program(fix["for"])))


def lead_of(fix: Mapping[str, Any], lang: str) -> tuple[str, str]:
    """The text of a fix before its settings and, where it is long, what is left for after them: they are what is sought."""
    first, more = first_sentence(fix["text"], lang)
    long = len(fix["text"]) > _LONG[lang]
    return (first, more) if fix["set"] and long and more[-1:] not in _OPEN_ENDS else (fix["text"], "")


def origin_of(setting: Mapping[str, Any], lang: str) -> str:
    """Where a setting comes from, beside its file and line; "" where these say it."""
    origin: str = setting["origin"] or ""
    if origin == setting["file"]:
        return ""
    default = origin.removeprefix(_DEFAULT_OF)
    return f"{default} 的默认值" if lang == "zh" and default != origin else origin


def _forms(product: str, lines: list[str]) -> tuple[Form, ...]:
    return forms_of(product, lines)


NAMES: Mapping[str, Any] = {
    "t": words,
    "label": label,
    "roles": vocabulary.ROLES,
    "has_label": lambda kind, name: name in _TABLES[kind],
    "html_lang": HTML_LANG,
    "most": MAX_SENT,
    "page_of": page_of,
    "example_of": example_of,
    "other": {"zh": "en", "en": "zh"},
    "forms_of": _forms,
    "lead_of": lead_of,
    "origin_of": origin_of,
    "first_sentence": first_sentence,
    "ladder_rows": ladder_rows,
    "said_late": said_late,
    "programs_of": programs_of,
}
