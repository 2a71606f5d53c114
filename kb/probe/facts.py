"""A measurement as facts (kb/config/facts.py) about the server; what cannot be seen from outside is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kb.config.options import ehlo_kind
from kb.probe.der import Certificate, is_for, is_for_by_common_name
from kb.probe.model import AFTER, BEFORE, CLEAR, SHORT, TLS, TRIAL, Exchange, Measurement, Talk, Tls

# X509_V_ERR_… of OpenSSL (x509_vfy.h).
_EXPIRED = frozenset({9, 10})
_SELF_SIGNED = frozenset({18})
_UNKNOWN_ISSUER = frozenset({2, 19, 20, 21})
_OTHER_NAME = frozenset({62, 63, 64})
_OFFERS = {"PLAIN": "offers_plain", "LOGIN": "offers_login", "CRAM-MD5": "offers_cram", "XOAUTH2": "offers_xoauth2"}
_PLAINTEXT = ("PLAIN", "LOGIN")
_GO = ("go-client", "go-sendmail", "go-gomail", "go-mail", "alertmanager", "gitea")


@dataclass(frozen=True)
class Meaning:
    """What the catalogue takes a reply for: the reason and the entry, each None when it has no answer."""

    reason: str | None
    entry: str | None


Judge = Callable[[Exchange], Meaning]


def facts_of(measurement: Measurement, judge: Judge, library: str = "other") -> dict[str, str]:
    """The facts that were seen. judge: the meaning of a reply. library: the client's SMTP implementation, where that is known."""
    talk = measurement.talk
    if talk is None or not talk.begun:
        refused = measurement.attempts and all(a.problem and a.problem.kind == "refused" for a in measurement.attempts)
        return {"reachable": "no"} if refused else {"reachable": "yes"} if measurement.reached else {}
    found = {"reachable": "yes", "listens": talk.begins}
    names = measurement.options.names or (measurement.options.name,)
    for part in (_tls(talk, judge, names, library), _auth(talk), _people(talk, judge), _ehlo_name(measurement, judge)):
        found.update(part)
    accepted = [version for version, taken in measurement.versions if taken]
    if accepted:
        found |= {"server_tls_min": accepted[0], "server_tls_max": accepted[-1]}
    return found


def _tls(talk: Talk, judge: Judge, names: tuple[str, ...], library: str) -> Iterator[tuple[str, str]]:
    clear = talk.ehlo(CLEAR)
    if talk.begins == "implicit":
        yield from (("starttls", "not-offered"), ("requires_tls", "yes"))
    elif clear is not None:
        yield "starttls", "offered" if "STARTTLS" in clear else "not-offered"
        yield from _requires_tls(talk, judge, offered="STARTTLS" in clear)
    answer = next(talk.replies("starttls"), None)
    if answer is not None and answer.code == "454":
        yield "certificate", "missing"
    if talk.tls is not None:
        yield from _certificate(talk.tls, names, library)
        if talk.tls.version in ("1.0", "1.1", "1.2"):
            yield "server_tls_max", talk.tls.version
            if talk.tls.version != "1.2":
                yield "server_tls_min", talk.tls.version
    yield from _client_certificate(talk, judge)


def _requires_tls(talk: Talk, judge: Judge, *, offered: bool) -> Iterator[tuple[str, str]]:
    """What MAIL got before STARTTLS (RFC 3207 section 4); another refusal of it tells nothing about TLS that is offered."""
    asked = next(iter(talk.envelope(TRIAL)), None)
    if asked is None:
        return
    if asked.reply.positive:
        yield "requires_tls", "no"
    elif judge(asked).reason == "tls-required":
        yield "requires_tls", "yes"
    elif not offered:
        yield "requires_tls", "no"


def _certificate(tls: Tls, names: tuple[str, ...], library: str) -> Iterator[tuple[str, str]]:
    verdict, read = tls.verdict, tls.certificate
    if verdict.trusted_by == "system" or verdict.number in _OTHER_NAME:
        yield "certificate", "trusted"
    elif verdict.number in _EXPIRED:
        yield "certificate", "expired"
    elif verdict.number in _SELF_SIGNED:
        yield "certificate", "self-signed"
    elif verdict.number in _UNKNOWN_ISSUER:
        yield "certificate", "private-ca"
    if verdict.trusted_by is not None and len(names) == 1 and not names[0].startswith("."):
        yield "certificate_name", "matches"
    elif read is not None:
        matches = any(_is_named(read, name, library) for name in names)
        yield "certificate_name", "matches" if matches else "differs"


def _is_named(read: Certificate, name: str, library: str) -> bool:
    """Whether the certificate is for a host, or for one below a domain that is written with a dot before it."""
    if name.startswith("."):
        return any(own.lower().endswith(name.lower()) for own in read.dns_names)
    return is_for(read, name) or (is_for_by_common_name(read, name) and library not in _GO)


def _client_certificate(talk: Talk, judge: Judge) -> Iterator[tuple[str, str]]:
    if talk.problem and talk.problem.kind == "client-certificate":
        yield "client_certificate", "required"
        return
    after = next((e for e in talk.exchanges if e.stage == "ehlo" and e.link == TLS), None)
    if after is not None and after.reply.positive:
        yield "client_certificate", "not-required"
    elif after is not None and judge(after).entry == "starttls-client-certificate-refused":
        yield "client_certificate", "required"


def _auth(talk: Talk) -> Iterator[tuple[str, str]]:
    clear, tls = talk.ehlo(CLEAR), talk.ehlo(TLS)
    in_clear = clear.mechanisms if clear else ()
    over_tls = tls.mechanisms if tls else ()
    if in_clear:
        yield "auth_offer", "always"
    elif over_tls:
        yield "auth_offer", "over-tls"
    elif tls is not None or (clear is not None and "STARTTLS" not in clear):
        yield "auth_offer", "never"
    offered = (*in_clear, *over_tls)
    if not offered:
        return
    for mechanism, fact in _OFFERS.items():
        yield fact, "yes" if mechanism in offered else "no"
    if any(mechanism in offered for mechanism in _PLAINTEXT):
        for fact, listed in (("plaintext_clear", in_clear), ("plaintext_tls", over_tls)):
            if listed:
                yield fact, "allowed" if any(mechanism in listed for mechanism in _PLAINTEXT) else "forbidden"


def _people(talk: Talk, judge: Judge) -> Iterator[tuple[str, str]]:
    """Whom it serves, as far as a recipient was asked for, and the state of what checks passwords."""
    login = talk.login
    if login is not None and login.reply is not None:
        last = next(e for e in reversed(talk.exchanges) if e.stage == "auth")
        if login.outcome == "accepted":
            yield "backend", "works"
        elif judge(last).reason == "auth-backend":
            yield "backend", "broken"
    asked = talk.envelope(BEFORE)
    if not asked:
        return
    last = asked[-1]
    if last.reply.positive:
        # Relayed or received: either way this address is served without a login.
        yield "trusts_client", "yes"
        return
    meaning = judge(last)
    yield from _refused(last, meaning)


_BY_ENTRY: Mapping[str, tuple[tuple[str, str], ...]] = {
    "connect-client-host-rejected": (("gate", "client"), ("trusts_client", "no")),
    "rcpt-recipient-access-denied": (("relay", "login-only"), ("trusts_client", "no")),
}


def _refused(asked: Exchange, meaning: Meaning) -> Iterator[tuple[str, str]]:
    by_entry = _BY_ENTRY.get(meaning.entry or "")
    if by_entry:
        yield from by_entry
    elif meaning.reason == "relay-denied":
        yield from (("relay", "defer" if asked.reply.code.startswith("4") else "reject"), ("trusts_client", "no"))
        yield "recipient", "remote"
    elif meaning.reason == "auth-required":
        yield from (("relay", "login-only"), ("trusts_client", "no"))
    elif meaning.reason == "user-unknown":
        yield from (("recipient", "local"), ("recipient_exists", "no"), ("checks_recipient", "yes"))


def _ehlo_name(measurement: Measurement, judge: Judge) -> Iterator[tuple[str, str]]:
    """What the server demands of the name in EHLO, as far as a name without a dot was tried."""
    if _own_is_short(measurement):
        yield "ehlo", "short"
    before, after = _name_refused(measurement, judge)
    if before is False:
        yield "helo_check", "none"
    elif before and after is not None:
        yield "helo_check", "full" if after else "full-unless-known"


def perhaps(measurement: Measurement, judge: Judge, client: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Facts of which only the possible values were seen, where they matter to a client. client: its facts."""
    before, after = _name_refused(measurement, judge)
    if not before or not client:
        return {}
    found: dict[str, tuple[str, ...]] = {}
    if after is None:
        # Without a login nobody knows whether one exempts from it.
        found["helo_check"] = ("full", "full-unless-known") if client.get("auth", "none") != "none" else ("full",)
    if "ehlo" not in client and not _own_is_short(measurement):
        found["ehlo"] = ("short", "full")
    return found


def _own_is_short(measurement: Measurement) -> bool:
    return ehlo_kind(measurement.options.ehlo) == "short"


def _name_refused(measurement: Measurement, judge: Judge) -> tuple[bool | None, bool | None]:
    """Whether the server refuses a name without a dot, before a login and after it; None where that was not tried."""
    talk = measurement.talk
    if talk is None:
        return None, None
    own = _own_is_short(measurement)
    before, after = ((talk.envelope(step if own else SHORT[step])) for step in (BEFORE, AFTER))
    return _refuses_name(before, judge), _refuses_name(after, judge)


def _refuses_name(asked: Sequence[Exchange], judge: Judge) -> bool | None:
    if not asked:
        return None
    return any(not e.reply.positive and judge(e).reason == "helo-invalid" for e in asked)
