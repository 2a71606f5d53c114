"""All that was measured, as JSON. Objects only, nulls present; no password is in a measurement."""

from __future__ import annotations

from typing import Any

from kb.probe.der import is_for, is_for_by_common_name
from kb.probe.model import AFTER, BEFORE, CLEAR, TLS, Exchange, Measurement, Problem, Talk
from kb.probe.reply import Extensions


def measured_json(measurement: Measurement) -> dict[str, Any]:
    """The measurement."""
    talk = measurement.talk
    begun = talk is not None and talk.begun
    starttls = next(talk.replies("starttls"), None) if talk else None
    banner = next(talk.replies("banner"), None) if talk else None
    return {
        "addresses": [
            {"address": a.address, "answered": a.problem is None, "problem": _problem(a.problem)}
            for a in measurement.attempts
        ],
        "begins": talk.begins if talk and begun else None,
        "banner": banner.text if banner else None,
        "ehlo": {link: _extensions(talk.ehlo(link) if talk else None) for link in (CLEAR, TLS)},
        "starttls": starttls.text if starttls else None,
        "tls": _tls(talk),
        "certificate": _certificate(measurement),
        "tls_versions": [{"version": version, "accepted": taken} for version, taken in measurement.versions],
        "login": _login(talk),
        "recipient": {
            "before_login": _asked(talk.envelope(BEFORE) if talk else ()),
            "after_login": _asked(talk.envelope(AFTER) if talk else ()),
        },
        "problem": _problem(measurement.problem),
        "dialogue": [
            {"stage": e.stage, "link": e.link, "sent": e.sent, "reply": e.reply.text}
            for e in (talk.exchanges if talk else ())
        ],
    }


def _problem(problem: Problem | None) -> dict[str, str] | None:
    return {"stage": problem.stage, "kind": problem.kind, "text": problem.text} if problem else None


def _extensions(listed: Extensions | None) -> dict[str, Any] | None:
    if listed is None:
        return None
    return {
        "name": listed.name,
        "keywords": [" ".join(filter(None, pair)) for pair in listed.keywords],
        "mechanisms": list(listed.mechanisms),
        "size": listed.size,
    }


def _tls(talk: Talk | None) -> dict[str, str] | None:
    if talk is None or talk.tls is None:
        return None
    return {"version": talk.tls.version, "cipher": talk.tls.cipher, "fingerprint_sha256": talk.tls.fingerprint}


def _certificate(measurement: Measurement) -> dict[str, Any] | None:
    tls = measurement.talk.tls if measurement.talk else None
    if tls is None or tls.certificate is None:
        return None
    read, verdict, name = tls.certificate, tls.verdict, measurement.options.name
    return {
        "subject": read.subject,
        "issuer": read.issuer,
        "names": [*read.dns_names, *read.addresses],
        "not_before": read.not_before.isoformat(),
        "not_after": read.not_after.isoformat(),
        "self_issued": read.self_issued,
        "for_host": verdict.trusted_by is not None or is_for(read, name),
        "by_common_name_only": is_for_by_common_name(read, name),
        "trusted_by": verdict.trusted_by,
        "complaint": {"number": verdict.number, "text": verdict.text} if verdict.number else None,
    }


def _login(talk: Talk | None) -> dict[str, str | None] | None:
    if talk is None or talk.login is None:
        return None
    login = talk.login
    return {
        "outcome": login.outcome,
        "mechanism": login.mechanism or None,
        "reply": login.reply.text if login.reply else None,
    }


def _asked(asked: tuple[Exchange, ...]) -> dict[str, Any] | None:
    if not asked:
        return None
    last = asked[-1]
    return {"stage": last.stage, "reply": last.reply.text, "accepted": last.stage == "rcpt" and last.reply.positive}
