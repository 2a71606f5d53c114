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
    text = text.replace(_OPEN, " ").replace(_CLOSE, " ")
    # In an encoded bounce the evidence does not stand in the paste as it reads; then nothing is marked.
    spans = sorted((e.start, e.end) for e in evidence if text[e.start : e.end].split()[:2] == e.text.split()[:2])
    begin = max(0, spans[0][0] - _AROUND) if spans and len(text) > SHOWN else 0
    end = min(len(text), begin + SHOWN)
    parts: list[str] = []
    done = begin
    for start, stop in spans:
        if done <= start < stop <= end:
            parts += (text[done:start], _OPEN, text[start:stop], _CLOSE)
            done = stop
    parts.append(text[done:end])
    redacted = redact_secrets("".join(parts))
    if redacted.count(_OPEN) != redacted.count(_CLOSE):
        redacted = redacted.replace(_OPEN, "").replace(_CLOSE, "")
    html = str(escape(redacted)).replace(_OPEN, "<mark>").replace(_CLOSE, "</mark>")
    before, after = "… " if begin else "", " …" if end < len(text) else ""
    return Markup(before) + Markup(html) + Markup(after)  # noqa: S704 - escaped above
