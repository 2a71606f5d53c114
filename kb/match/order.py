"""In which order the fixes of an entry are shown for a paste: those for the software that is in it first.

The entry's own order says which kind of change is best, so a fix keeps its place among those for another side, for DNS, the
network or people. Only what two programs of one side have of their own changes places: the one that the paste shows goes first,
and what is for others that it does not show goes last. A fix that costs security never moves up, nor does one that leans on
what is said before it.
"""

from __future__ import annotations

from kb.match.programs import (
    APPLICATIONS,
    CLIENT,
    EITHER,
    PROVIDERS,
    ROLES_OF_MTA,
    RUNTIMES,
    SENDERS,
    SERVER,
    TOOLS,
    is_program,
)
from kb.record import Record
from kb.regex import Late

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from kb.match.software import Software
    from kb.match.store import EntryKey

_ROLES = {"client": CLIENT, "server": SERVER}
_SIDES = {"c": (CLIENT,), "s": (SERVER,), "e": EITHER, "": ()}
_STAYS = "!"
# How a fix begins or ends that cannot be read before the one that it follows, in English and in lower case.
_LEANS = Late(r"(?m)^(?:or|otherwise|the same|also|then|make them)\b|\btoo[.,]|\bas above\b")

# Settings that only one side has: postconf(5), Exim's, Exchange's connectors, Mailpit's variables.
_SETTINGS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "postfix": {
        SERVER: (
            "smtpd",
            "mynetworks",
            "relay_domains",
            "virtual_",
            "inet_interfaces",
            "mydestination",
            "local_recipient",
        ),
        CLIENT: (
            *("relayhost", "_destination_", "transport_maps", "sender_canonical", "sender_dependent", "inet_protocols"),
            *(" smtp_", "'smtp_", "smtp_generic", "`smtp_", "\nsmtp_", "smtp_bind", "smtp_helo"),
        ),
    },
    "exim": {
        SERVER: (
            "acl_",
            " acls",
            "dnslists",
            "tls_advertise_hosts",
            "auth_advertise_hosts",
            "smtp_accept_",
            "helo_a",
            "check_spool_",
        ),
        CLIENT: (
            "smarthost",
            "route_list",
            "serialize_hosts",
            "hosts_avoid_",
            "hosts_require_",
            "helo_data",
            "exinext",
            "exim -r",
        ),
    },
    "exchange": {
        SERVER: ("receiveconnector", "accepteddomain", "set-mailbox", "ipblocklist"),
        CLIENT: ("sendconnector",),
    },
    "mailpit": {
        SERVER: ("mp_smtp_auth", "mp_smtp_tls", "mp_smtp_require"),
        CLIENT: ("mp_smtp_relay", "mp_smtp_forward"),
    },
}


class Target(Record):
    """Whom a fix is for, on which sides of the session that stands (none: on neither), and whether the fix may not move up."""

    who: str
    sides: tuple[str, ...]
    stays: bool


class Shown(Record):
    """order: numbers of the fixes as the entry has them. program: the one whose fixes alone matter here, None if several may."""

    order: tuple[int, ...]
    program: str | None


def written(who: str, said: str, side: str, emitters: Collection[str], *, costs: bool) -> str:
    """Whom a fix is for, as the compiled catalogue has it, for `read`: `postfix:s`, `mailpit:c!`.

    said: the English words of the fix and its settings. side, emitters: of its entry. costs: whether it costs security.
    """
    said = said.lower()
    sides = sides_of(who, said, side, emitters)
    mark = next(mark for mark, meant in _SIDES.items() if meant == sides)
    return f"{who}:{mark}{_STAYS if costs or _LEANS.search(said) else ''}"


def read(targets: Iterable[str]) -> list[Target]:
    """The targets of an entry's fixes, in its order."""
    found = []
    for target in targets:
        who, _, mark = target.partition(":")
        found.append(Target(who, _SIDES[mark.rstrip(_STAYS)], mark.endswith(_STAYS)))
    return found


def sides_of(who: str, said: str, side: str, emitters: Collection[str]) -> tuple[str, ...]:
    """The sides on which a fix has something changed. said: the fix, in lower case. side, emitters: of its entry.

    An MTA stands on both; which one is meant its settings tell, and else who says the error: it itself, or whom it talks to.
    """
    if who in _ROLES:
        return (_ROLES[who],)
    if who not in ROLES_OF_MTA:
        return (CLIENT,) if who in SENDERS | RUNTIMES else (SERVER,) if who in PROVIDERS else ()
    told = tuple(side for side in EITHER if any(word in said for word in _SETTINGS.get(who, {}).get(side, ())))
    if told:
        return told
    if who in emitters:
        return (side,)
    if "any" in emitters and side == SERVER:
        return EITHER
    return (CLIENT,) if side == SERVER else (SERVER,)


def shown(entry: EntryKey, software: Software) -> Shown:
    """The order for a paste that shows this software."""
    targets = read(entry.targets)
    order = list(range(len(targets)))
    last: set[int] = set()
    for side, present in ((CLIENT, software.client), (SERVER, software.server)):
        ours = [number for number in order if side in targets[number].sides]
        others = {number for number in ours if is_program(targets[number].who) and targets[number].who not in present}
        left = [number for number in ours if number not in others]
        people = side == CLIENT and any(target.who == "sender" for target in targets)
        if present <= TOOLS or not (left or people):
            continue
        last.update(number for number in others if targets[number].sides == (side,))
        _arrange(order, left, targets, present, known=_is_written_for(present, entry, side))
    order = [*(number for number in order if number not in last), *sorted(last)]
    return Shown(tuple(order), _only_program(order, last, targets))


def _is_written_for(present: frozenset[str], entry: EntryKey, side: str) -> bool:
    """Whether an entry takes it as given that one of these programs is on a side.

    It does of who says the text, but of a library's words not who uses the library.
    """
    libraries = entry.emitters - APPLICATIONS if side == CLIENT else entry.emitters
    return entry.side == side and bool((libraries or entry.emitters) & present)


def _arrange(order: list[int], left: list[int], targets: list[Target], present: frozenset[str], *, known: bool) -> None:
    """Put in order what one side has to change.

    What is for an application goes before what is for the libraries and the runtime under it. What is for a program that is
    there goes before what is for any, unless the entry is known to be written for what that program says.
    """
    free = [number for number in left if not targets[number].stays]
    software = [number for number in free if targets[number].who not in _ROLES]
    _sort(order, software, lambda number: targets[number].who not in present & APPLICATIONS)
    if not known:
        _sort(order, free, lambda number: targets[number].who not in present)


def _sort(order: list[int], numbers: list[int], is_later: Callable[[int], bool]) -> None:
    """Put these, in the places that they have in `order`, those first that are not later than the others."""
    moving = [number for number in order if number in numbers]
    places = [order.index(number) for number in moving]
    for place, number in zip(places, sorted(moving, key=is_later), strict=True):
        order[place] = number


def _only_program(order: list[int], last: set[int], targets: list[Target]) -> str | None:
    """The one program that is there, when all that the fixes say of other programs is out of place."""
    named = {targets[n].who for n in order if is_program(targets[n].who) and n not in last}
    return named.pop() if len(named) == 1 and last else None
