"""What keeps smtpd(8) from starting: settings at which it stops with “fatal” before it takes a connection.

master(8) then waits service_throttle_time (60 s) and tries anew, so a client is connected and waits for a greeting that does not
come. Read off src/smtpd/smtpd_check.c, src/util/match_list.c and dict_open.c; measured on Postfix 3.7.11.
"""

from __future__ import annotations

from collections.abc import Iterator

from kb.config.postfix.effective import Effective
from kb.config.postfix.parameters import parameters
from kb.config.postfix.restrictions import Lists
from kb.config.postfix.whole import is_printed

_SWITCHES = (
    "smtpd_",
    "disable_vrfy_command",
    "broken_sasl_auth_clients",
    "strict_rfc821_envelopes",
    "message_size_limit",
)


def stopping(effective: Effective) -> Iterator[str]:
    """The parameters that stop it, in the order in which people meet them."""
    yield from _values(effective)
    if bare_address(effective):
        yield "mynetworks"
    if unprotected(effective):
        yield "smtpd_relay_restrictions"


def unprotected(effective: Effective) -> bool:
    """Whether nothing refuses relaying, as far as it is told."""
    lists = Lists(effective)
    # A few lines of a main.cf say nothing of its compatibility level, on which the default protection depends.
    told = is_printed(effective.config.main) or any(
        effective.is_set(name) for name in ("compatibility_level", *lists.last())
    )
    return told and not lists.protected()


def bare_address(effective: Effective) -> str | None:
    """The first word of mynetworks that needs brackets."""
    return next((word for word in effective.words("mynetworks")[:500] if bracketed(word) != word), None)


def bracketed(word: str) -> str:
    """A word of mynetworks; an IPv6 address such as `::1/128`, which Postfix takes for a table `type:name`, in brackets."""
    address, slash, bits = word.removeprefix("!").partition("/")
    if not address.startswith(":"):
        return word
    return f"{'!' if word.startswith('!') else ''}[{address}]{slash}{bits}"


def _values(effective: Effective) -> Iterator[str]:
    """Switches that are neither yes nor no, and numbers that are none."""
    overridden = effective.service.overrides if effective.service else ()
    for name in dict.fromkeys([*effective.config.main, *(override.name for override in overridden)]):
        parameter = parameters().get(name)
        if parameter is None or not name.startswith(_SWITCHES) or parameter.type not in ("yesno", "number"):
            continue
        value = effective[name]
        if value.secret or name in effective.problems:
            continue
        yesno = parameter.type == "yesno"
        if value.value.lower() not in ("yes", "no") if yesno else not value.value.lstrip("+-").isdigit():
            yield name
