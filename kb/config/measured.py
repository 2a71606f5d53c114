"""A server that was asked over the network (kb/probe), not read off files: any setting of it may be changed, none is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from kb.config.rules import Rule
from kb.config.setting import Edit, Party, Reading
from kb.text import Text

PRODUCTS = frozenset({"server-measured"})
SHARES = True


@dataclass(frozen=True)
class Measured:
    """A server as it was asked. replies: per combination the stage at which the server refused, and its words there.

    postfix: whether it says that it is Postfix, in whose words the catalogue tells replies and logs. perhaps: facts of which only
    the possible values are known.
    """

    party: Party
    replies: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    postfix: bool = True
    perhaps: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def measured_server(host: str, port: int, facts: Mapping[str, str], details: Mapping[str, str]) -> Party:
    """The server at host and port, with the facts that were measured."""
    where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return Party("server", "server-measured", Text(f"{where}（实测）", f"{where} (measured)"), facts, {}, details)


def in_its_words(rules: Mapping[str, Rule], measured: Measured) -> dict[str, Rule]:
    """The combinations with what this server answers in them, where that was heard; no log if it is another program."""
    return {id_: _in_its_words(rule, measured) for id_, rule in rules.items()}


def not_postfix(rule: Rule) -> Rule:
    """The combination without what Postfix would say and log in it: another server says it in other words."""
    return replace(rule, reply=None, server_log=(), server_logs={})


def _in_its_words(rule: Rule, measured: Measured) -> Rule:
    if not measured.postfix:
        rule = replace(rule, server_log=(), server_logs={})
    if rule.id not in measured.replies:
        return rule
    stage, reply = measured.replies[rule.id]
    condition = replace(rule.condition, stage=stage)
    return replace(rule, stage=stage, condition=condition, reply=reply, texts={} if rule.reply != reply else rule.texts)


def sniff(name: str, text: str) -> bool:
    """No file describes it."""
    return False


def read(files: Mapping[str, str]) -> Reading:
    """Nothing."""
    return Reading()


def edits(party: Party, change: Mapping[str, str]) -> tuple[Edit, ...]:
    """No setting is known, but whoever runs the server may change any."""
    return ()


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text as it is."""
    return text
