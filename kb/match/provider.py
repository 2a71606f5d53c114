"""Codes that a provider defined: which of them a text carries, and for which provider they count.

A code counts when its provider is recognised (it said the text, or one of its hosts is named in it), or when the code itself
cannot be anybody else's: `[TSS04]`, `MI:SPB`, `AS(1430)`, or an enhanced status code that is not registered and that one
provider alone defines. What only one table calls so but other programs could print by chance (`SC-001`) needs the provider.
"""

from __future__ import annotations

from kb.inputs.observation import Observation
from kb.inputs.peers import emitters_in
from kb.match.store import ProviderCode, Store
from kb.regex import Late

_TAG = Late(
    r"\[([A-Z]{2,4}[0-9]{1,4})\]|\b([A-Z]{2}:[A-Z]{3})\b|\b(AS\([0-9]{3,10}\))|\(([A-Z]{1,4}[0-9]{2,4})\)"
    r"|\(([A-Z]{3}:[A-Z0-9]{1,3})\)|\b([A-Z]{2}-[0-9]{3})\b"
)
_MAX_TEXT = 4096
_MAX_TAGS = 10


def provider_code(store: Store, observation: Observation) -> ProviderCode | None:
    """The provider's code that decides what an observation means, or None; a letter code before an enhanced status code."""
    codes = tags(observation.diagnostic)
    if observation.enhanced_status:
        codes.append(observation.enhanced_status)
    known = store.provider_codes(codes) if codes else []
    known = [row for row in known if row.entry is not None or row.reason]
    if not known:
        return None
    providers = {observation.emitter} if observation.emitter else set()
    providers |= emitters_in(observation.diagnostic[:_MAX_TEXT])
    own = [row for row in known if row.provider in providers or row.sure]
    own.sort(
        key=lambda row: (codes.index(row.code), row.provider != observation.emitter, row.provider not in providers)
    )
    return own[0] if own else None


def tags(text: str) -> list[str]:
    """What could be a provider's letter code in a text, in order, as the tables write it."""
    found: list[str] = []
    for match in _TAG.finditer(text[:_MAX_TEXT].encode()):
        code = next(group for group in match.groups() if group).decode()
        if code not in found and len(found) < _MAX_TAGS:
            found.append(code)
    return found
