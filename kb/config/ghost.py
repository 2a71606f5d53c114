"""Ghost's mail options in config.production.json: `mail.options` is what Nodemailer gets (@tryghost/nodemailer 2.3.14).

Its variables (mail__options__…) are in forms_other.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import re2

from kb.config import nodemailer
from kb.config.forms import braced
from kb.config.setting import Edit, Finding, Party, Reading
from kb.text import Text

PRODUCTS = frozenset({"ghost"})
SHARES = False

_MAIL = re2.compile(r"""["']?mail["']?\s*:\s*\{""")
_OPTIONS = re2.compile(r"""["']?options["']?\s*:\s*\{""")
_SMTP = re2.compile(r"""(?i)["']?transport["']?\s*:\s*["']smtp["']""")


def sniff(name: str, text: str) -> bool:
    """Whether a file holds `"mail": {"transport": "SMTP", "options": {…}}`."""
    return _part(text) is not None


def _part(text: str) -> tuple[int, int] | None:
    """The inside of mail.options."""
    found = _MAIL.search(text) if len(text) < 200_000 else None
    if found is None:
        return None
    begin, end = braced(text, found.start())
    options = _OPTIONS.search(text[begin:end])
    if options is None or not _SMTP.search(text[begin:end]):
        return None
    return braced(text, begin + options.start())


def read(files: Mapping[str, str]) -> Reading:
    """The sending side of each file."""
    findings: list[Finding] = []
    parties: list[Party] = []
    for name, text in files.items():
        part = _part(text)
        if part is not None:
            above = "\n" * text.count("\n", 0, part[0])
            inner = nodemailer.read({name: f"{above}{{{text[part[0] : part[1]]}}}"})
            findings += inner.findings
            parties += [replace(party, product="ghost", name=Text("Ghost", "Ghost")) for party in inner.parties]
    return Reading(tuple(parties), tuple(findings))


def edits(party: Party, change: Mapping[str, str]) -> tuple[Edit, ...] | None:
    """Nodemailer's options that change the facts."""
    return nodemailer.edits(party, change)


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text with the options of mail changed."""
    part = _part(text)
    if part is None:
        return text
    inner = nodemailer.apply(f"{{{text[part[0] : part[1]]}}}", edits)
    return text[: part[0]] + inner[1:-1] + text[part[1] :]
