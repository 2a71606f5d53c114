"""The exact text that a client prints in a combination, in every wording of its versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kb.config.libraries import library

_OPEN = "…"
_DIAL = {"implicit": "TLS dial error: "}
# What the server's log has by how TLS began.
_TRACES: Mapping[str, Mapping[str, str]] = {
    "greetings": {"starttls": "ehlo=2 starttls=1", "": "ehlo=1"},
    "upgraded": {"starttls": "ehlo=1 starttls=1 ", "": ""},
    "tls_command": {"starttls": "STARTTLS", "": "CONNECT"},
}
_PREFIX = {"starttls": "error creating StartTLS config: ", "implicit": "TLS dial error: "}


def predicted_texts(
    stage: str,
    reply: str | None,
    texts: Mapping[str, Sequence[str]],
    name: str,
    values: Mapping[str, str],
) -> list[str]:
    """What the implementation `name` prints when the dialogue ends at `stage`.

    texts: its own words in this combination, if any; else it reports the server's `reply`. values: for the placeholders, such as
    host, port, recipient, and starts_tls for the prefix of a failed handshake; one that is missing stands as an ellipsis.
    """
    own = texts.get(name)
    if own is None and reply is None:
        return []
    traits = library(name)
    templates = own or traits.reports.get(stage, ("{reply}",))
    replies = _replies(fill(reply, values), quotes=traits.quotes) if reply else [""]
    found = [fill(template, {**values, **_parts(said)}) for template in templates for said in replies]
    return list(dict.fromkeys(found))


def _parts(reply: str) -> dict[str, str]:
    """A reply for placeholders: whole, its code, and what is said after it; and the braces that templates cannot hold."""
    code, _, said = reply.partition(" ")
    return {"reply": reply, "code": code, "said": said, "open": "{", "close": "}"}


def fill(template: str, values: Mapping[str, str]) -> str:
    """A template with its placeholders replaced."""
    return "".join(_filled(template, values))


def _filled(template: str, values: Mapping[str, str]) -> Iterator[str]:
    rest = template
    while True:
        before, opened, rest = rest.partition("{")
        yield before
        if not opened:
            return
        name, closed, rest = rest.partition("}")
        if not closed:
            yield opened + name
            return
        if name in _TRACES:
            yield _TRACES[name].get(values.get("starts_tls", ""), _TRACES[name][""])
        elif name == "tls_step":
            yield _PREFIX.get(values.get("starts_tls", ""), "")
        elif name == "dial":
            usual = f"error connecting to {values.get('host', _OPEN)}:{values.get('port', _OPEN)}: "
            yield _DIAL.get(values.get("starts_tls", ""), usual)
        else:
            yield values.get(name, _OPEN)


def _replies(reply: str, *, quotes: bool) -> list[str]:
    """The forms of a reply. Since Go 1.25.11 and 1.26.4 textproto.Error prints `502 "5.5.1 …"` (CVE-2026-42507)."""
    if not quotes:
        return [reply]
    code, _, text = reply.partition(" ")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return [reply, f'{code} "{escaped}"']
