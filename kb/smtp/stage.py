"""The stages of an SMTP session in the order in which they come, and the stage a command belongs to."""

from __future__ import annotations

from collections.abc import Mapping

# `config` is before any connection: a program refuses its own settings.
STAGES = ("config", "connect", "banner", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "quit")

STAGE_OF_VERB: Mapping[str, str] = {
    "EHLO": "ehlo",
    "HELO": "ehlo",
    "LHLO": "ehlo",
    "STARTTLS": "starttls",
    "AUTH": "auth",
    "MAIL": "mail",
    "SEND": "mail",
    "SOML": "mail",
    "SAML": "mail",
    "RCPT": "rcpt",
    "DATA": "data",
    "BDAT": "data",
    "BURL": "data",
    ".": "data",
    "QUIT": "quit",
}


def stage_of_command(verb: str) -> str | None:
    """The stage of an SMTP command, given its verb or its whole line, in any case.

    None for commands that are allowed anywhere (RSET, NOOP, VRFY, EXPN, HELP, ETRN; RFC 5321 section 4.1.4) and for
    unknown ones. The lone dot is the end of the message, so `data`.
    """
    words = verb.split(None, 1)
    return STAGE_OF_VERB.get(words[0].upper()) if words else None


def stage_index(stage: str) -> int:
    """The place of `stage` in the order of a session, from 0. ValueError for an unknown stage."""
    if stage not in STAGES:
        raise ValueError(f"not a stage: {stage!r}")
    return STAGES.index(stage)
