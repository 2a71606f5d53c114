"""The pasted text as HTML, secrets blanked, the evidence marked."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

from kb.match.engine import Evidence
from kb.redact import redact_secrets

# Noncharacters: they can be in no pasted text once they were taken out of it.
_OPEN, _CLOSE = "\ufdd1", "\ufdd2"
SHOWN = 8000
_AROUND = 3000


def marked_html(text: str, evidence: Iterable[Evidence]) -> Markup:
    """`text`, or the part of it around the first evidence, safe to put into a page."""
    text = _unmarked(text, " ")
    parts: list[str] = []
    done = 0
    for start, stop in sorted((found.start, found.end) for found in evidence):
        if done <= start < stop <= len(text):
            parts += (text[done:start], _OPEN, text[start:stop], _CLOSE)
            done = stop
    # First redacted, then cut: a secret whose key was cut off would not be known for one.
    shown, bare = redact_secrets("".join((*parts, text[done:]))), redact_secrets(text)
    if _unmarked(shown) != bare:
        shown = bare  # A mark came between a key and its secret.
    begin = max(0, shown.find(_OPEN) - _AROUND) if len(shown) > SHOWN else 0
    end = begin + SHOWN
    html = str(escape(shown[begin:end])).replace(_OPEN, "<mark>").replace(_CLOSE, "</mark>")
    html += "</mark>" * (html.count("<mark>") - html.count("</mark>"))
    before, after = "… " if begin else "", " …" if end < len(shown) else ""
    return Markup(before) + Markup(html) + Markup(after)  # noqa: S704 - escaped above


def _unmarked(text: str, instead: str = "") -> str:
    return text.replace(_OPEN, instead).replace(_CLOSE, instead)
