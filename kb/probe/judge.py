"""What the catalogue says to replies and problems that were met, in the words of `kb explain`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kb.explain import Answer, classify, explain
from kb.match.store import Store
from kb.probe.facts import Meaning
from kb.probe.model import SHORT, TRIAL, Exchange, Measurement, Problem

# For problems whose own words are no error that a program prints: the words of one that does.
_KNOWN_AS = {
    ("banner", "silent"): "Connection unexpectedly closed: timed out",
    ("banner", "closed"): "smtplib.SMTPServerDisconnected: Connection unexpectedly closed",
    ("banner", "reset"): "[Errno 104] Connection reset by peer",
    ("connect", "closed"): "smtplib.SMTPServerDisconnected: Connection unexpectedly closed",
}
_BY_ITS_WORDS = ("dns", "refused", "timeout", "unreachable", "plain", "version", "client-certificate", "tls", "reset")


@dataclass(frozen=True)
class Explained:
    """Something that went wrong, and the catalogue's answer to it. said: as it was said; "" for silence."""

    stage: str
    said: str
    answer: Answer


def meaning_of(store: Store, exchange: Exchange) -> Meaning:
    """Reason and entry of a reply, as the answer to what was sent."""
    _, reason, entry = classify(store, _dialogue(exchange))
    return Meaning(reason, entry)


def explanations(store: Store, measurement: Measurement) -> list[Explained]:
    """Everything that went wrong, in order; the answer may be none."""
    found = [Explained(stage, said, explain(store, text)) for stage, said, text in _wrong(measurement)]
    return [e for e in found if e.answer.reason is not None or e.said]


def _wrong(measurement: Measurement) -> Iterator[tuple[str, str, str]]:
    """(stage, what was said, the text to look up) of every refusal and problem."""
    talk = measurement.talk
    said = {e.reply.text for e in (talk.exchanges if talk else ()) if e.step not in SHORT.values()}
    for exchange in talk.exchanges if talk else ():
        if exchange.step in SHORT.values() and exchange.reply.text in said:
            continue  # the same under another name
        if exchange.reply.code[0] in "45" and exchange.step != TRIAL and exchange.sent not in ("RSET", "QUIT"):
            yield exchange.stage, exchange.reply.text, _dialogue(exchange)
    if talk and talk.tls and talk.tls.verdict.number:
        verdict = talk.tls.verdict
        text = f"verify error:num={verdict.number}:{verdict.text}"
        yield ("connect" if talk.begins == "implicit" else "starttls"), text, text
    problem = measurement.problem
    if problem is not None and problem.kind != "closing":
        yield problem.stage, problem.text, _looked_up(problem)


def _dialogue(exchange: Exchange) -> str:
    """Command and reply in the form of a transcript, so that the stage is understood."""
    code, lines = exchange.reply.code, exchange.reply.lines or ("",)
    said = [f"{code}-{line}" for line in lines[:-1]] + [f"{code} {lines[-1]}"]
    if not exchange.sent:
        return "\n".join(said)
    return "\n".join([f" -> {exchange.sent}", *(f"<** {line}" for line in said)])


def _looked_up(problem: Problem) -> str:
    known = _KNOWN_AS.get((problem.stage, problem.kind))
    if known:
        return known
    if problem.kind == "closed":
        return problem.text or _KNOWN_AS["banner", "closed"]
    if problem.kind == "silent":
        return problem.text  # of a handshake; for other silence no program has words of its own
    return problem.text if problem.kind in _BY_ITS_WORDS else ""
