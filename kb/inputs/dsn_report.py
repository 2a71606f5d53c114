"""From the parts of a message to observations: which text says it, whom it is about, and where it stands in the paste."""

from __future__ import annotations

import re2

from kb.inputs import bounce_signs
from kb.inputs.bounce_text import ADDRESS, Failure, Prose, read_prose, tells
from kb.inputs.codes import failure_status, find_codes
from kb.inputs.dsn_fields import TELLING, Group, action_of, read_groups, recipient_of
from kb.inputs.mail import Mail, Part, read_mail
from kb.inputs.observation import Observation
from kb.inputs.peers import emitter_of_host
from kb.record import Record

_FEEDBACK = re2.compile(r"(?im)^[ \t>|]*(Feedback-Type[ \t]*:[^\n]*|Disposition[ \t]*:[^\n]*;[^\n]*)")
_WORD = re2.compile(r"\pL{2,}")
_ADDRESS = re2.compile(ADDRESS)
_TO = re2.compile(rf"(?im)^(?:to|x-envelope-to|envelope-to|delivered-to)[ \t]*:[^\n]*?({ADDRESS})")
_DAEMONS = ("mailer-daemon@", "postmaster@", "abuse@", "support@", "helpdesk@", "no-reply@", "noreply@")
# Diagnostics of these types are a program's exit status, or are folded inside of words.
_POOR_TYPES = ("x-unix", "x-notes")


class Said(Record):
    """A part of a text, and the place in the paste where it begins, or where that was looked for in vain."""

    part: Part
    begin: int
    end: int


class Context(Record):
    """The message that is read, what its prose says, and what holds for all recipients."""

    paste: str
    mail: Mail
    prose: tuple[tuple[Part, Prose], ...]
    emitter: str | None
    name: str


def observe(paste: str, mail: Mail, depth: int, name: str) -> tuple[Observation, ...]:
    """The observations of a message; those of the message inside when it only passes a report on."""
    feedback = _feedback(paste, mail, name)
    if feedback:
        return feedback
    context = _context(paste, mail, name)
    reported = _from_fields(context)
    if reported is not None:
        return reported
    bounce = bounce_signs.is_bounce(mail)
    automatic = bounce_signs.autoreply_sign(mail)
    if automatic and not bounce:
        return (Observation(diagnostic=automatic, start=max(0, paste.find(automatic)), format=name),)
    told = _from_prose(context)
    if not told and mail.returned and depth:
        inner = read_mail(paste, *mail.returned)
        if inner.headers and bounce_signs.is_bounce(inner):
            told = observe(paste, inner, depth - 1, name)
    return told or _unaddressed(context)


def _context(paste: str, mail: Mail, name: str) -> Context:
    prose = []
    for part in mail.parts:
        if part.type.startswith("text/"):
            prose.append((part, read_prose(part.text)))
            if prose[-1][1].cut is not None and not mail.headers:
                break
    head = paste[: mail.parts[0].start or 4096] if mail.parts else paste[:4096]
    return Context(paste, mail, tuple(prose), bounce_signs.emitter_of("\n".join((head, *(part.text for part in mail.parts)))), name)


def _feedback(paste: str, mail: Mail, name: str) -> tuple[Observation, ...]:
    """A complaint, or a receipt (RFC 8098): the field that says so."""
    for part in mail.parts:
        found = _FEEDBACK.search(part.text[:4096])
        if found and (part.type.startswith(("message/feedback", "message/disposition")) or not mail.headers):
            return (_observation(paste, Said(part, found.start(1), found.end(1)), name),)
    return ()


def _from_fields(context: Context) -> tuple[Observation, ...] | None:
    """An observation for each recipient of the report's fields; None when it has none."""
    observations = []
    known = False
    for part in context.mail.parts:
        if "status" not in part.type and not TELLING.search(part.text):
            continue
        report, groups = read_groups(part.text)
        for group in groups:
            known = True
            action = action_of(group)
            if action:
                observations.append(_reported(context, part, report, group, action))
    return tuple(observations) if known else None


def _reported(context: Context, part: Part, report: Group, group: Group, action: str) -> Observation:
    recipient = recipient_of(group)
    prose = _failure_of(context, recipient)
    said = _best(context, part, group, prose)
    text = said.part.text[said.begin : said.end]
    around = prose.part.text[prose.begin : prose.end] if prose else ""
    relay = group["remote-mta"].value.partition(" ")[0].strip("[]") if "remote-mta" in group else None
    reporter = report["reporting-mta"].value.partition(" ")[0] if "reporting-mta" in report else ""
    remote = bool(relay and relay.lower() != reporter.lower()) or bounce_signs.is_remote(around)
    relay = relay or bounce_signs.relay_of(around)
    status = failure_status(group["status"].value) if "status" in group else None
    seen = _observation(context.paste, said, context.name)
    return seen.replace(
        stage=bounce_signs.stage_of(text) or bounce_signs.stage_of(around),
        enhanced_status=_status(seen.enhanced_status, status, seen.reply_code),
        emitter=emitter_of_host(relay or "") if remote else context.emitter,
        side="server" if remote else None,
        relay=relay or None,
        recipient=recipient,
        action=action,
    )


def _status(said: str | None, field: str | None, reply: str | None) -> str | None:
    """The enhanced status code: what the text says, unless only the field is specific."""
    if said is None or (said.endswith(".0.0") and field):
        return field
    return said


def _best(context: Context, part: Part, group: Group, prose: Said | None) -> Said:
    """What says best what went wrong: the diagnostic of the fields, the prose, or the comment of the status field."""
    field = group.get("diagnostic-code")
    candidates = []
    if field:
        candidates.append((field.type not in _POOR_TYPES, Said(part, field.begin, field.end)))
    if prose:
        candidates.append((True, prose))
    if "status" in group:
        candidates.append((True, Said(part, group["status"].begin, group["status"].end)))
    for good, said in candidates:
        if good and _is_telling(said):
            return said
    common = _common(context)
    if common and _is_telling(common):
        return common
    return candidates[0][1] if candidates else Said(part, 0, 0)


def _is_telling(said: Said) -> bool:
    """Whether a text has words beside its codes."""
    return len(_WORD.findall(said.part.text[said.begin : min(said.end, said.begin + 400)])) >= 2


def _failure_of(context: Context, recipient: str | None) -> Said | None:
    """What the prose says of a recipient."""
    for part, prose in context.prose:
        for failure in prose.failures:
            if failure.begin < failure.end and recipient and failure.recipient.lower() == recipient.lower():
                return Said(part, failure.begin, failure.end)
    return None


def _common(context: Context) -> Said | None:
    """What the prose says of all recipients, the part with codes first."""
    texts = [Said(part, prose.begin, prose.end) for part, prose in context.prose if prose.begin < prose.end]
    return next((said for said in texts if tells(said.part.text[said.begin : said.end])), texts[0] if texts else None)


def _from_prose(context: Context) -> tuple[Observation, ...]:
    """An observation for each recipient that the prose, or `X-Failed-Recipients`, names."""
    named = [address.lower() for address in _ADDRESS.findall(context.mail.headers.get("x-failed-recipients", ""))]
    told: list[tuple[str, Said | None]] = []
    for part, prose in context.prose:
        told += [(f.recipient, _own(part, prose, f)) for f in prose.failures if f.recipient.lower() not in {r.lower() for r, _ in told}]
    told = [(r, s) for r, s in told if not r.lower().startswith(_DAEMONS)] or told
    if named:
        told = [(r, s) for r, s in told if r.lower() in named] or told
        told += [(r, None) for r in named if r not in {t.lower() for t, _ in told}] if not told else []
    elif len(told) > 1:
        sender = context.mail.header("to").lower()
        told = [(r, s) for r, s in told if r.lower() not in sender or s is not None] or told
    return tuple(_told(context, recipient, said) for recipient, said in told)


def _own(part: Part, prose: Prose, failure: Failure) -> Said | None:
    """What is said of one recipient alone; None when what is said of all tells more."""
    said = Said(part, failure.begin, failure.end)
    if failure.begin == failure.end or not _WORD.search(part.text, failure.begin, failure.end):
        return None
    return said


def _told(context: Context, recipient: str | None, said: Said | None) -> Observation:
    said = said or _common(context) or Said(context.mail.parts[0], 0, 0)
    text = said.part.text[said.begin : said.end]
    remote = bounce_signs.is_remote(text)
    relay = bounce_signs.relay_of(text) if remote else None
    notice = context.mail.header("subject") + "\n" + said.part.text[:2000]
    return _observation(context.paste, said, context.name).replace(
        stage=bounce_signs.stage_of(text),
        emitter=emitter_of_host(relay or "") if relay else context.emitter,
        side="server" if remote else None,
        relay=relay,
        recipient=recipient,
        action="delayed" if bounce_signs.is_delay(notice) else "failed",
    )


def _unaddressed(context: Context) -> tuple[Observation, ...]:
    """What the text says when it names no recipient: the one address in it, or whom the returned message was for."""
    if not _common(context):
        return ()
    own = context.mail.header("to").lower() + context.mail.header("from").lower()
    found: dict[str, None] = {}
    for part, prose in context.prose:
        for address in _ADDRESS.findall(part.text[: prose.cut if prose.cut is not None else 65536]):
            if address.lower() not in own and not address.lower().startswith(_DAEMONS):
                found[address] = None
    if len(found) == 1:
        return (_told(context, next(iter(found)), None),)
    return (_told(context, _addressee(context), None),)


def _addressee(context: Context) -> str | None:
    """The recipient of the returned message."""
    places = [(context.paste, *context.mail.returned)] if context.mail.returned else []
    places += [(part.text, prose.cut, len(part.text)) for part, prose in context.prose if prose.cut is not None]
    for text, begin, end in places:
        found = _TO.search(text, begin, min(end, begin + 65536))
        if found:
            return str(found.group(1))
    return None


def _observation(paste: str, said: Said, name: str) -> Observation:
    """The text of a place on one line, as long as it was, so that every place in it can be found in the paste."""
    raw = said.part.text[said.begin : said.end]
    begin = said.begin + len(raw) - len(raw.lstrip())
    text = raw.strip().replace("\n<<< ", "     ").replace("\n", " ").replace("\t", " ")
    reply, status = find_codes(text)
    start = said.part.start + begin if said.part.start is not None else _find(paste, raw.strip())
    return Observation(diagnostic=text, start=start, format=name, reply_code=reply, enhanced_status=status)


def _find(paste: str, text: str) -> int:
    """Where an encoded text, or its first line, stands in the paste all the same; 0 when nowhere."""
    at = paste.find(text)
    if at < 0:
        at = paste.find(text.partition("\n")[0])
    return max(at, 0)
