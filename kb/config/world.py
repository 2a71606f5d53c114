"""A client and a server as facts: the ones that are known, the ones that are assumed, and those that follow from them.

Facts are read one by one. Reading one that nobody settled raises `UnsettledError`, so that only what matters is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kb.config.facts import FACTS
from kb.config.libraries import Library, library
from kb.config.verdict import VERDICTS, recipient_verdict


class UnsettledError(LookupError):
    """A fact decides and nobody settled it. `name` is the fact."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class World:
    """Facts by name. `read` holds those that were looked at, `assumed` those of them that nobody settled."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self.known = known
        self.assumed: dict[str, str] = {}
        self.read: set[str] = set()
        # What was found already. A fact that follows from others is worked out once; what it read then stays read.
        self.found: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        value = self.found.get(name)
        if value is None:
            derive = DERIVED.get(name)
            value = self.found[name] = derive(self) if derive is not None else self._read(name)
        return value

    def supposing(self, name: str, value: str) -> World:
        """The same world with one fact more, of which nothing that was found already knew."""
        other = World({**self.known, name: value})
        other.assumed, other.read, other.found = dict(self.assumed), set(self.read), dict(self.found)
        return other

    def _read(self, name: str) -> str:
        self.read.add(name)
        value = self.known.get(name)
        if value is not None:
            return value
        assumed = FACTS[name].assumed
        if assumed is None:
            raise UnsettledError(name)
        self.assumed[name] = assumed
        return assumed


def _starts_tls(world: World) -> str:
    """How TLS begins: none, starttls or implicit."""
    tls = world["tls"]
    if tls == "implicit":
        return "implicit"
    if tls == "starttls":
        return "starttls"
    if tls == "opportunistic" and world["listens"] == "plain" and world["starttls"] == "offered":
        return "none" if library(world["library"]).falls_back and _tls_trouble(world) != "none" else "starttls"
    return "none"


def _encrypted(world: World) -> str:
    return "no" if world["starts_tls"] == "none" else "yes"


def _tls_trouble(world: World) -> str:
    """What keeps a TLS handshake from succeeding: none, key, version, name, name-impossible, issuer, expired."""
    if world["certificate"] == "missing":
        return "key"
    if not _versions_overlap(world):
        return "version"
    return _certificate_trouble(world)


def _versions_overlap(world: World) -> bool:
    low = max(float(world["client_tls_min"]), float(world["server_tls_min"]))
    high = min(float(world["client_tls_max"]), float(world["server_tls_max"]))
    return low <= high


def _certificate_trouble(world: World) -> str:
    """Which complaint about the certificate the client has; the one it voices first."""
    verify = world["verify"]
    # Opportunistic TLS of Postfix does not look at certificates at all; its adapter says so with verify "none".
    if verify == "none":
        return "none"
    issuer = _issuer_trouble(world)
    if verify != "full":
        return issuer
    if library(world["library"]).name_first or issuer == "none":
        if world["name_check"] == "with-subdomain" and world["host"] != "name":
            return "name-impossible"
        return "name" if world["certificate_name"] == "differs" else issuer
    return issuer


def _issuer_trouble(world: World) -> str:
    certificate = world["certificate"]
    if certificate == "expired":
        return "expired"
    trust = world["trust"]
    if trust == "nothing" or (certificate == "private-ca" and trust in ("system", "self-signed-too")):
        return "issuer"
    return "issuer" if certificate == "self-signed" and trust == "system" else "none"


_PLAINTEXT = frozenset({"plain", "login"})
_OFFER = {"plain": "offers_plain", "login": "offers_login", "cram-md5": "offers_cram", "xoauth2": "offers_xoauth2"}


def _auth_offered(world: World) -> str:
    """Whether the EHLO reply that counts lists AUTH."""
    offer = world["auth_offer"]
    if offer == "always" or (offer == "over-tls" and world["encrypted"] == "yes"):
        return "yes"
    return "no"


def _listed(world: World, mechanism: str) -> bool:
    """Whether the EHLO reply lists a mechanism: one that `noplaintext` forbids on this link is not."""
    offer = _OFFER.get(mechanism)
    if offer is None or world[offer] != "yes":
        return False
    return mechanism not in _PLAINTEXT or _plaintext_accepted(world)


def _plaintext_accepted(world: World) -> bool:
    return world["plaintext_tls" if world["encrypted"] == "yes" else "plaintext_clear"] == "allowed"


def _auth_attempt(world: World) -> str:
    """What the client does about AUTH.

    none: it has no credentials. skips: AUTH is not offered and it goes on. unoffered, unfit, held-back: it gives up by itself,
    since the server offers no AUTH, no mechanism that it may use, or no TLS. blind: it sends AUTH although none is offered.
    plain, login, cram-md5, xoauth2: it sends that mechanism.
    """
    auth = world["auth"]
    if auth == "none":
        return "none"
    traits = library(world["library"])
    if auth != "any":
        return _fixed_mechanism(world, auth)
    if world["auth_offered"] == "no":
        return {"fails": "unoffered", "skips": "skips", "sends": "blind"}[traits.unoffered_auth]
    if traits.chooses_none_without_tls and world["encrypted"] == "no":
        return "held-back"
    return _chosen(world, traits)


def _chosen(world: World, traits: Library) -> str:
    """The first mechanism in the client's order that is listed and may be used; it is not passed over for being held back."""
    for mechanism in traits.order:
        if _allowed(world, mechanism) and _listed(world, mechanism):
            return "held-back" if _held_back(world, mechanism) else mechanism
    return _without_fit(traits)


def _without_fit(traits: Library) -> str:
    """What it does about AUTH where no mechanism fits."""
    return "skips" if traits.unfit == "skips" else "unfit"


def _fixed_mechanism(world: World, mechanism: str) -> str:
    traits = library(world["library"])
    blind = traits.unoffered_auth == "sends"
    if blind and _held_back(world, mechanism):
        return "held-back"
    if world["auth_offered"] == "no":
        if blind and world["auth_offer"] == "hidden":
            return mechanism
        return {"fails": "unoffered", "skips": "skips", "sends": "blind"}[traits.unoffered_auth]
    if not _listed(world, mechanism) and traits.unfit != "sends":
        return _chosen(world, traits) if traits.unfit == "chooses" else _without_fit(traits)
    return "held-back" if _held_back(world, mechanism) else mechanism


def _held_back(world: World, mechanism: str) -> bool:
    """Whether the client refuses to use a mechanism on this link."""
    traits = library(world["library"])
    if mechanism not in traits.held_back or world["encrypted"] == "yes":
        return False
    return traits.held_back_local or world["host"] != "localhost"


def _allowed(world: World, mechanism: str) -> bool:
    ruled_out = world["filter"]
    if ruled_out == "all":
        return False
    if mechanism in _PLAINTEXT and ruled_out != "nothing":
        return ruled_out == "plaintext-without-tls" and world["encrypted"] == "yes"
    return True


def _wrong_port(world: World) -> str:
    """Whether one side begins with TLS and the other in clear."""
    return "yes" if (world["tls"] == "implicit") != (world["listens"] == "implicit") else "no"


def _server_process(world: World) -> str:
    """runs, or stops where the server's own settings keep it from starting; nothing to be asked or assumed of another one."""
    return "stops" if "serves" in world.known and world["serves"] == "no" else "runs"


def _sender_owned(world: World) -> str:
    """Whether the server lets the login use the sender's address, where it is known to look at that."""
    looks = "sender_owner" in world.known and world["authenticated"] == "yes"
    return "no" if looks and world["sender_owner"] == "nobody" else "yes"


def _sasl(world: World) -> str:
    """The state of the SASL backend as smtpd meets it when a connection begins: works, broken or unreachable.

    With `noplaintext` and nothing but plaintext mechanisms there is none left to offer, and smtpd exits as without a backend.
    It asks when it may offer AUTH on the link as it begins, and again after STARTTLS (`sasl_over_tls`).
    """
    backend = world["backend"]
    offer = world["auth_offer"] if backend != "works" or world["offers_cram"] == "no" else "never"
    implicit = offer != "never" and world["listens"] == "implicit"
    if offer == "never" or (offer == "over-tls" and not implicit):
        return "works" if backend == "unreachable" else backend
    if backend == "works" and world["plaintext_tls" if implicit else "plaintext_clear"] == "forbidden":
        return "unreachable"
    return backend


def _sasl_over_tls(world: World) -> str:
    """The same after STARTTLS."""
    if world["backend"] != "unreachable" and (world["offers_cram"] == "yes" or world["plaintext_tls"] == "allowed"):
        return "works"
    begins = world["starts_tls"] == "starttls" and world["handshake"] == "none"
    return "unreachable" if begins and world["auth_offer"] != "never" else "works"


def _handshake(world: World) -> str:
    """What ends the TLS handshake: "plain" where there is none, "none" where it succeeds, else the trouble."""
    begins = world["starts_tls"]
    if begins == "none":
        return "plain"
    if begins == "starttls":
        if world["listens"] == "implicit" or world["starttls"] == "not-offered":
            return "plain"
    elif world["listens"] == "plain":
        return "plain"
    return world["tls_trouble"]


def _mechanism_missing(world: World) -> str:
    """Whether the client sends a mechanism that the server's backend does not have."""
    offer = _OFFER.get(world["auth_attempt"])
    return "yes" if offer is not None and world[offer] == "no" else "no"


def _declares_size(world: World) -> str:
    return "yes" if library(world["library"]).declares_size else "no"


def _plaintext_refused(world: World) -> str:
    """Whether `noplaintext` forbids the mechanism that the client sends."""
    if world["auth_attempt"] not in _PLAINTEXT:
        return "no"
    return "no" if _plaintext_accepted(world) else "yes"


def _blocked_without_tls(world: World) -> str:
    """Whether the server takes nothing but STARTTLS on this link."""
    return "yes" if world["encrypted"] == "no" and world["requires_tls"] == "yes" else "no"


def _account_missing(world: World) -> str:
    """Whether a provider refuses the sender since nobody has logged in (RFC 6409 section 4.3)."""
    return "yes" if world["relay"] == "accounts" and world["authenticated"] == "no" else "no"


def _authenticated(world: World) -> str:
    return "yes" if world["auth_attempt"] in _OFFER else "no"


DERIVED: Mapping[str, Callable[[World], str]] = {
    "starts_tls": _starts_tls,
    "encrypted": _encrypted,
    "tls_trouble": _tls_trouble,
    "auth_offered": _auth_offered,
    "auth_attempt": _auth_attempt,
    "wrong_port": _wrong_port,
    "server_process": _server_process,
    "sender_owned": _sender_owned,
    "sasl": _sasl,
    "sasl_over_tls": _sasl_over_tls,
    "handshake": _handshake,
    "mechanism_missing": _mechanism_missing,
    "declares_size": _declares_size,
    "plaintext_refused": _plaintext_refused,
    "blocked_without_tls": _blocked_without_tls,
    "authenticated": _authenticated,
    "account_missing": _account_missing,
    "recipient_verdict": recipient_verdict,
}

# The values of each, for `kb check`.
DERIVED_VALUES: Mapping[str, tuple[str, ...]] = {
    "starts_tls": ("none", "starttls", "implicit"),
    "encrypted": ("yes", "no"),
    "tls_trouble": ("none", "key", "version", "name", "name-impossible", "issuer", "expired"),
    "auth_offered": ("yes", "no"),
    "auth_attempt": (
        "none",
        "skips",
        "unoffered",
        "unfit",
        "held-back",
        "blind",
        "plain",
        "login",
        "cram-md5",
        "xoauth2",
    ),
    "wrong_port": ("yes", "no"),
    "server_process": ("runs", "stops"),
    "sender_owned": ("yes", "no"),
    "sasl": ("works", "broken", "unreachable"),
    "sasl_over_tls": ("works", "unreachable"),
    "handshake": ("plain", "none", "key", "version", "name", "name-impossible", "issuer", "expired"),
    "mechanism_missing": ("yes", "no"),
    "declares_size": ("yes", "no"),
    "plaintext_refused": ("yes", "no"),
    "blocked_without_tls": ("yes", "no"),
    "authenticated": ("yes", "no"),
    "account_missing": ("yes", "no"),
    "recipient_verdict": VERDICTS,
}
