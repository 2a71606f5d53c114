"""Recipients that the fields of a report name, with the text that says best what went wrong."""

from __future__ import annotations

from itertools import islice

import re2

from kb.inputs.bounce import signs
from kb.inputs.bounce.context import Context
from kb.inputs.bounce.fields import TELLING, Field, Group, action_of, read_groups, recipient_of
from kb.inputs.bounce.message import Part
from kb.inputs.bounce.notification import is_notification, read_notification
from kb.inputs.bounce.prose import tells
from kb.inputs.bounce.said import Said
from kb.inputs.codes import failure_status, gloss_end
from kb.inputs.observation import Observation
from kb.inputs.peers import emitter_of_host

_WORD = re2.compile(r"[A-Za-z\x{C0}-\x{FFFF}]{2,}")
_FIRST_LINE = re2.compile(r"^[45][0-9]{2}-[^\n]*$")
_REPLY_LINES = re2.compile(r"<<< (?:[45][0-9]{2}-[^\n]*\n<<< )+[45][0-9]{2} [^\n]*")
# Diagnostics of these types are the exit status of a program, or are folded inside of words.
_POOR_TYPES = ("x-unix", "x-notes")


def from_fields(context: Context) -> tuple[Observation, ...] | None:
    """An observation for each recipient that was not delivered to; None when there is no report at all."""
    observations: list[Observation] = []
    known = False
    for part in context.mail.parts:
        if is_notification(part.text):
            observations += _notified(context, part)
            known = known or bool(observations)
        elif "status" in part.type or TELLING.search(part.text):
            report, groups = read_groups(part.text)
            known = known or bool(groups)
            for group in groups:
                action = action_of(group)
                if action:
                    prose = _prose_of(context, recipient_of(group), len(groups))
                    observations.append(_reported(context, part, report, group, prose).replace(action=action))
    return tuple(observations) if known else None


def _prose_of(context: Context, recipient: str | None, recipients: int) -> Said | None:
    """What the prose says of a recipient; where both tell of one only it is the same, however each of them writes it."""
    if recipients == len(context.of_each) == 1:
        return next(iter(context.of_each.values()))[1]
    return context.of_each.get((recipient or "").lower(), (None, None))[1]


def _reported(context: Context, part: Part, report: Group, group: Group, prose: Said | None) -> Observation:
    said = _best(context, part, group, prose)
    around = prose.text if prose else ""
    relay = _host(group.get("remote-mta"))
    remote = bool(relay) and relay.lower() != _host(report.get("reporting-mta")).lower()
    remote = remote or signs.is_remote(around)
    relay = relay or signs.relay_of(around) or ""
    seen = said.observation(context.paste)
    status = failure_status(group["status"].value) if "status" in group else None
    if seen.enhanced_status and not (status and seen.enhanced_status.endswith(".0.0")):
        status = seen.enhanced_status
    return seen.replace(
        stage=signs.stage_of(said.text) or signs.stage_of(around),
        enhanced_status=status,
        emitter=emitter_of_host(relay) if remote else context.emitter,
        side="server" if remote else None,
        relay=relay or None,
        recipient=recipient_of(group),
    )


def _host(field: Field | None) -> str:
    return field.value.partition(" ")[0].strip("[].") if field else ""


def _best(context: Context, part: Part, group: Group, prose: Said | None) -> Said:
    """The diagnostic of the fields, else the prose, else the comment of the status; what says most of all of them."""
    field, status, common = group.get("diagnostic-code"), group.get("status"), context.of_all
    own = _own_words(Said(part, field.begin, field.end)) if field else None
    if own and field and field.type not in _POOR_TYPES and _says_something(own):
        return prose if prose and _tells_more(prose, own) else _whole_reply(context, own)
    comment = Said(part, status.begin, status.end) if status else None
    choice = (prose, common if common and tells(common.text) else None, comment, common, own)
    return next((said for said in choice if said and _says_something(said)), own or comment or Said(part, 0, 0))


def _says_something(said: Said) -> bool:
    """Whether there is a code and a word, or two words."""
    text = said.text[:400]
    needed = 1 if tells(text) else 2
    return sum(1 for _ in islice(_WORD.finditer(text), needed)) == needed


def _tells_more(prose: Said, own: Said) -> bool:
    """Whether the prose is the diagnostic with the host that said it and the command that it answered (Postfix, Exim)."""
    words = " ".join(prose.text.split())
    told = any(sign in words for sign in ("(in reply to", " refused to talk to me: ", "from remote mail server after "))
    return told and " ".join(own.text.split()) in words


def _own_words(said: Said) -> Said:
    return said.replace(begin=said.begin + gloss_end(said.text))


def _whole_reply(context: Context, said: Said) -> Said:
    """All lines of a reply of which the fields give only the first, as Sendmail does."""
    first = said.text.strip()
    if not _FIRST_LINE.search(first):
        return said
    for part, _ in context.prose:
        at = part.text.find(f"<<< {first[:200]}")
        if at >= 0:
            lines = _REPLY_LINES.match(part.text[at : at + 4000])
            return Said(part, at + len("<<< "), at + lines.end()) if lines else said
    return said


def _notified(context: Context, part: Part) -> list[Observation]:
    observations = []
    for told in read_notification(part.text):
        seen = Said(part, told.begin, told.end).observation(context.paste)
        status = seen.enhanced_status or failure_status(told.status)
        observations.append(seen.replace(enhanced_status=status, recipient=told.recipient, action=told.action))
    return observations
