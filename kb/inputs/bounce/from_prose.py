"""Recipients that the prose of a bounce names, or its header, or the message that it returns."""

from __future__ import annotations

import re2

from kb.inputs.bounce import signs
from kb.inputs.bounce.context import Context
from kb.inputs.bounce.prose import ADDRESS
from kb.inputs.bounce.said import NAME, Said
from kb.inputs.observation import Observation
from kb.inputs.peers import emitter_of_host

_SEARCHED = 64 * 1024
_ADDRESS = re2.compile(ADDRESS)
_TO = re2.compile(rf"(?im)^(?:to|x-envelope-to|envelope-to|delivered-to)[ \t]*:[^\n]*?({ADDRESS})")
_HELPERS = ("mailer-daemon@", "postmaster@", "abuse@", "support@", "helpdesk@", "no-reply@", "noreply@")


def from_prose(context: Context) -> tuple[Observation, ...]:
    """An observation for each recipient that the text, or `X-Failed-Recipients`, names."""
    told = {key: value for key, value in context.of_each.items() if not key.startswith(_HELPERS)} or context.of_each
    named = [str(address) for address in _ADDRESS.findall(context.mail.headers.get("x-failed-recipients", ""))]
    if named:
        chosen = {address.lower(): told.get(address.lower(), (address, None)) for address in named}
        # Exim names the recipient as it was given, and the text what it was rewritten to.
        told = told if told and not chosen.keys() & told.keys() else chosen
    elif len(told) > 1:
        sender = context.mail.header("to").lower()
        told = {key: value for key, value in told.items() if value[1] or key not in sender} or told
    return tuple(_told(context, recipient, said) for recipient, said in told.values())


def from_text(context: Context) -> tuple[Observation, ...]:
    """What a text says that names no recipient: the only address in it is one, else whom the returned message was for.

    The subject stands in for a text that there is none of.
    """
    if not context.of_all:
        subject = context.mail.header("subject")
        return (
            (Observation(diagnostic=subject, start=max(0, context.paste.find(subject)), format=NAME),)
            if subject
            else ()
        )
    own = f"{context.mail.header('to')} {context.mail.header('from')}".lower()
    found: dict[str, str] = {}
    for part, prose in context.prose:
        for address in _ADDRESS.findall(part.text[: _SEARCHED if prose.cut is None else min(prose.cut, _SEARCHED)]):
            if address.lower() not in own and not address.lower().startswith(_HELPERS):
                found[address.lower()] = str(address)
    recipient = next(iter(found.values())) if len(found) == 1 else _addressee(context)
    return (_told(context, recipient, None),)


def _addressee(context: Context) -> str | None:
    """The recipient of the returned message."""
    texts = []
    if context.mail.returned:
        begin, end = context.mail.returned
        texts.append(context.paste[begin : min(end, begin + _SEARCHED)])
    texts += [part.text[prose.cut : prose.cut + _SEARCHED] for part, prose in context.prose if prose.cut is not None]
    found = next(filter(None, map(_TO.search, texts)), None)
    return str(found.group(1)) if found else None


def _told(context: Context, recipient: str | None, said: Said | None) -> Observation:
    """What is said of a recipient, or of all; the subject when there is no text."""
    said = said or context.of_all
    if not said:
        subject = context.mail.header("subject")
        return Observation(subject, max(0, context.paste.find(subject)), NAME, recipient=recipient, action="failed")
    remote = signs.is_remote(said.text)
    relay = signs.relay_of(said.text) if remote else None
    late = signs.is_delay(f"{context.mail.header('subject')}\n{said.part.text[:2000]}")
    return said.observation(context.paste).replace(
        stage=signs.stage_of(said.text),
        emitter=emitter_of_host(relay or "") if remote else context.emitter,
        side="server" if remote else None,
        relay=relay,
        recipient=recipient,
        action="delayed" if late else "failed",
    )
