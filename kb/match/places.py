"""Places in an entry's commands that a value of the pasted text can take: `{value:blocked-ip|192.0.2.1}`.

An entry's `set` and `run` lines may name a value and what stands there without one. The place stays in the pre-rendered
bytes of the compiled catalogue and is filled when they are read; an entry's own page shows what stands there without one.
Prose has no places: it is Markdown, which is never rendered from a request.
"""

from __future__ import annotations

from kb.regex import compiled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

OPEN = "{value:"
_OPEN = OPEN.encode()
NO_VALUES: Mapping[str, str] = {}
# Names of places that are made from values.
DERIVED = ("server", "blocked-ip-reversed", "client-ip-reversed", "recipient-domain", "sender-domain")
PLACE = r"\{value:([a-z-]+)\|([^{}|\"\\]+)\}"
# The reader pastes the command into a shell, and somebody else may have written the text: letters, digits, and marks that no
# shell and no JSON string gives a meaning.
_SAFE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:@+-")


def fill(raw: bytes, values: Mapping[str, str]) -> bytes:
    """A text, as UTF-8, with each place taken by its value, or by what the place says instead."""
    if _OPEN not in raw:
        return raw
    parts: list[bytes] = []
    done = 0
    for match in compiled(PLACE).finditer(raw):
        value = values.get(match.group(1).decode())
        parts += (raw[done : match.start()], match.group(2) if value is None else value.encode())
        done = match.end()
    return b"".join((*parts, raw[done:]))


def for_commands(values: Mapping[str, str]) -> dict[str, str]:
    """What may take a place, from name -> text of a paste's values: only what is safe in a shell, and what derives from it."""
    safe = {name: text for name, text in values.items() if text[:1].isalnum() and _SAFE.issuperset(text)}
    server = safe.get("server-host") or safe.get("expected-name") or safe.get("server-ip")
    if server:
        safe["server"] = server
    if "blocked-ip" in safe:
        safe.setdefault("client-ip", safe["blocked-ip"])
    if "." not in safe.get("block-list", "."):
        del safe["block-list"]  # the name of a list in prose, no zone to ask
    for name in ("blocked-ip", "client-ip"):
        if name in safe and ":" not in safe[name]:
            safe[f"{name}-reversed"] = ".".join(reversed(safe[name].split(".")))
    for name in ("recipient", "sender"):
        if name in safe:
            safe[f"{name}-domain"] = safe[name].rpartition("@")[2]
    return safe
