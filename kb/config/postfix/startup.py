"""What keeps smtpd(8) from starting: settings at which it stops with “fatal” before it takes a connection.

master(8) then waits service_throttle_time (60 s) and tries anew, so a client is connected and waits for a greeting that does not
come. Read off src/smtpd/smtpd_check.c, src/util/match_list.c and dict_open.c; measured on Postfix 3.7.11.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kb.config.postfix.effective import Effective
from kb.config.postfix.parameters import parameters
from kb.config.postfix.restrictions import Lists

_SWITCHES = (
    "smtpd_",
    "disable_vrfy_command",
    "broken_sasl_auth_clients",
    "strict_rfc821_envelopes",
    "message_size_limit",
)


@dataclass(frozen=True)
class Stop:
    """A setting that stops smtpd. kind: unprotected, address or value."""

    name: str
    kind: str
    word: str = ""


def stopping(effective: Effective) -> Iterator[Stop]:
    """The settings that stop it, in the order in which people meet them."""
    yield from _values(effective)
    word = next((word for word in effective.words("mynetworks")[:500] if bare_address(word)), None)
    if word:
        yield Stop("mynetworks", "address", word)
    if unprotected(effective):
        yield Stop("smtpd_relay_restrictions", "unprotected")


def unprotected(effective: Effective) -> bool:
    """Whether nothing refuses relaying, as far as it is told."""
    lists = Lists(effective)
    # A few lines of a main.cf say nothing of its compatibility level, on which the default protection depends.
    told = any(effective.is_set(name) for name in ("compatibility_level", *lists.last()))
    return told and not lists.protected()


def bare_address(word: str) -> bool:
    """Whether a word of mynetworks is an IPv6 address without its brackets, which Postfix takes for a table `type:name`."""
    return word.lstrip("!").startswith(":")


def _values(effective: Effective) -> Iterator[Stop]:
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
            yield Stop(name, "value", value.value)
