"""What every template may use, wherever it is rendered: words in the reader's language, forms of a change, the dialogue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kb.catalog import vocabulary
from kb.page.address import example_of, page_of
from kb.page.strings import KIND_NAMES, LANGUAGE_NAMES, STRINGS
from kb.page.strings_page import FORM_NAMES, FORMAT_NAMES, PAGE_STRINGS
from kb.render.settings import Form, forms_of
from kb.text import first_sentence

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
# Who opens each stage of the dialogue, and with what: RFC 5321 section 3, RFC 3207, RFC 4954.
_SPEAKS = {
    "connect": ("client", "TCP"),
    "banner": ("server", "220"),
    "ehlo": ("client", "EHLO"),
    "starttls": ("client", "STARTTLS"),
    "auth": ("client", "AUTH"),
    "mail": ("client", "MAIL FROM"),
    "rcpt": ("client", "RCPT TO"),
    "data": ("client", "DATA"),
    "quit": ("client", "QUIT"),
}
_OPTIONAL = ("starttls", "auth")


def words(name: str, lang: str) -> str:
    """A text of the pages by its name."""
    return (STRINGS.get(name) or PAGE_STRINGS[name]).get(lang)


def label(kind: str, name: str, lang: str) -> str:
    """The words of a vocabulary, as a reader sees them."""
    return _TABLES[kind][name].get(lang)


def ladder_rows(stage: str | None, side: str) -> list[dict[str, str]]:
    """The stages of a session: who opens each with what, and what became of it.

    state: passed, maybe (before the end, but not every session has it), failed, unreached.
    """
    if stage not in _SPEAKS:
        return []
    order = list(_SPEAKS)
    failed = order.index(stage)
    rows = []
    for place, (name, (speaker, opening)) in enumerate(_SPEAKS.items()):
        before = "maybe" if name in _OPTIONAL else "passed"
        state = before if place < failed else "failed" if place == failed else "unreached"
        rows.append({"stage": name, "speaker": speaker, "words": opening, "state": state, "side": side})
    return rows


def _forms(product: str, lines: list[str]) -> tuple[Form, ...]:
    return forms_of(product, lines)


NAMES: Mapping[str, Any] = {
    "t": words,
    "label": label,
    "has_label": lambda kind, name: name in _TABLES[kind],
    "html_lang": HTML_LANG,
    "page_of": page_of,
    "example_of": example_of,
    "other": {"zh": "en", "en": "zh"},
    "forms_of": _forms,
    "first_sentence": first_sentence,
    "ladder_rows": ladder_rows,
}
