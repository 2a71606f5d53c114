"""What every template may use: words in the reader's language, forms of a change, addresses, assets, the issue form."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import quote, urlencode

import re2
from flask import Flask, current_app, request

from kb.catalog import vocabulary
from kb.content import page_of
from kb.redact import redact, redact_secrets
from kb.render.settings import Form, forms_of
from kb.text import LANGUAGES, first_sentence
from kb.web.assets import asset
from kb.web.site import markdown, site
from kb.web.strings import KIND_NAMES, LANGUAGE_NAMES, STRINGS
from kb.web.strings_page import FORM_NAMES, FORMAT_NAMES, PAGE_STRINGS

HTML_LANG = {"zh": "zh-Hans", "en": "en"}
ISSUE_URL_LIMIT = 4000
_REPOSITORY = re2.compile(r"^https://[A-Za-z0-9.-]+(?:/[\w.-]+){2}$")
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


def install(app: Flask) -> None:
    """Give the templates their names, and read where issues go from KB_REPOSITORY."""
    app.config["REPOSITORY"] = repository(os.environ.get("KB_REPOSITORY", ""))
    app.context_processor(_names)


def repository(address: str) -> str:
    """The address of the repository, such as `https://github.com/owner/name`; "" for anything else."""
    address = address.strip().rstrip("/")
    return address if _REPOSITORY.match(address) else ""


def _names() -> dict[str, Any]:
    return {
        "t": _words,
        "label": label,
        "has_label": lambda kind, name: name in _TABLES[kind],
        "markdown": markdown,
        "html_lang": HTML_LANG,
        "page_of": page_of,
        "other": {"zh": "en", "en": "zh"},
        "same_page": same_page,
        "forms_of": _forms,
        "first_sentence": first_sentence,
        "ladder_rows": ladder_rows,
        "asset": asset,
        "repository": current_app.config.get("REPOSITORY", ""),
        "catalog_version": site().version,
        "base_url": current_app.config["BASE_URL"],
    }


def _words(name: str, lang: str) -> str:
    return (STRINGS.get(name) or PAGE_STRINGS[name]).get(lang)


def label(kind: str, name: str, lang: str) -> str:
    """The words of a vocabulary, as a reader sees them."""
    return _TABLES[kind][name].get(lang)


def _forms(product: str, lines: list[str]) -> tuple[Form, ...]:
    return forms_of(product, lines)


def ladder_rows(stage: str | None, side: str) -> list[dict[str, str]]:
    """The stages of a session: who opens each and with what, and and what became of it.

    state: passed, maybe (before the end, but not every session has it), failed, unreached.
    """
    if stage not in _SPEAKS:
        return []
    order = list(_SPEAKS)
    failed = order.index(stage)
    rows = []
    for place, (name, (speaker, words)) in enumerate(_SPEAKS.items()):
        before = "maybe" if name in _OPTIONAL else "passed"
        state = before if place < failed else "failed" if place == failed else "unreached"
        rows.append({"stage": name, "speaker": speaker, "words": words, "state": state, "side": side})
    return rows


def same_page(lang: str) -> str:
    """This page in another language; the front page where an address has none, or stands for a pasted text."""
    _, first, *rest = request.path.split("/")
    if first not in LANGUAGES or (rest == ["lookup"] and request.method == "POST"):
        return f"/{lang}/"
    path = quote("/".join(("", lang, *rest)))
    query = request.query_string.decode("ascii", "replace")
    typed = "\n".join((*rest, *request.args.values()))
    if redact_secrets(typed) != typed:  # no link carries a secret on
        return f"/{lang}/"
    return f"{path}?{query}" if query else path


def issue_url(text: str, diagnostic: str, version: str) -> str:
    """The address of a new issue about a text that has no answer, secrets and addresses blanked; "" without a repository.

    At most ISSUE_URL_LIMIT characters long: the text is cut to fit, after it was redacted.
    """
    base = current_app.config.get("REPOSITORY", "")
    if not base:
        return ""
    shown = redact(text).strip()
    title = f"No answer: {' '.join(redact(diagnostic).split())[:80]}"
    while True:
        body = f"What was pasted (secrets and addresses blanked):\n\n~~~~text\n{shown}\n~~~~\n\ncatalogue {version}\n"
        url = f"{base}/issues/new?{urlencode({'title': title, 'body': body})}"
        if len(url) <= ISSUE_URL_LIMIT or not shown:
            return url
        shown = shown[: min(len(shown) - 1, len(shown) * ISSUE_URL_LIMIT // len(url))]
