"""Postfix as a client: where it relays to, with which TLS, as whom.

After src/smtp/smtp.c, smtp_tls_policy.c and smtp_sasl_glue.c.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.config.postfix import tables
from kb.config.postfix.effective import Effective, find
from kb.config.postfix.model import Config, Row, Value
from kb.config.postfix.server import PRODUCT, Facts, passes
from kb.config.postfix.values import protocol_range
from kb.config.setting import Party
from kb.text import Text

_SYSTEM_ROOTS = (
    "/etc/ssl/certs",
    "/etc/ssl/cert.pem",
    "/etc/pki/tls/certs",
    "/etc/pki/tls/cert.pem",
    "/etc/pki/ca-trust",
    "/usr/share/ssl/certs",
    "/usr/local/etc/openssl",
    "/etc/ssl/ca-bundle.pem",
)
_STRICT = frozenset({"encrypt", "fingerprint", "verify", "secure", "dane-only"})
_CHECKING = frozenset({"verify", "secure", "fingerprint"})
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_CLIENT_SETTINGS = ("relayhost", "smtp_sasl_auth_enable", "smtp_sasl_password_maps", "smtp_tls_wrappermode")


@dataclass(frozen=True, slots=True)
class NextHop:
    """Where mail goes: `text` as written, host, port, and whether MX records of the host are asked for first."""

    text: str
    host: str
    port: str
    mx: bool
    setting: Value


def next_hop(effective: Effective) -> NextHop | None:
    """relayhost, else the next hop of default_transport; None when mail goes straight to the recipients' own servers."""
    for name in ("relayhost", "default_transport"):
        setting = effective[name]
        text = setting.value.strip()
        if name == "default_transport":
            transport, _, text = text.partition(":")
            if transport not in ("smtp", "relay") or not text:
                continue
        else:
            # A URL or a transport is wrong here, and a finding says so; its host is what was meant.
            text = text.rsplit("@", 1)[-1].rsplit("//", 1)[-1].removeprefix("smtp:[")
            text = f"[{text}" if "]" in text and "[" not in text else text
        if text:
            host, port, mx = destination(text)
            return NextHop(text, host, port, mx, setting)
    return None


def destination(text: str) -> tuple[str, str, bool]:
    """Host, port and whether MX records are looked up: `example.com`, `[mail.example.com]:587`, `[::1]`, `host:port`."""
    first = text.replace(",", " ").split()[0] if text.replace(",", " ").split() else ""
    if first.startswith("["):
        host, _, rest = first[1:].partition("]")
        return host, _port(rest.removeprefix(":")) if rest.startswith(":") else "25", False
    host, colon, port = first.partition(":")
    return host, _port(port) if colon else "25", True


def _port(text: str) -> str:
    return {"smtp": "25", "submission": "587", "submissions": "465", "smtps": "465", "": "25"}.get(text, text)


def client_side(config: Config) -> Party | None:
    """Postfix as the client of its relay; None when nothing says that it relays through another server."""
    effective = Effective(config, find(config, "smtp/unix"))
    hop = next_hop(effective)
    if hop is None:
        return None
    facts = Facts()
    facts.set("library", "postfix")
    facts.set("host", _kind(hop.host), hop.setting)
    facts.set("after_refusal", "stops")
    _tls(effective, hop, facts)
    _trust(effective, facts)
    _auth(effective, hop, facts)
    _filter(effective, facts)
    _name(effective, facts)
    serves = any(service.type == "inet" and not service.assumed for service in config.services)
    main = min({found.file for found in config.main.values()}, default="main.cf")
    details = {
        "host": hop.host,
        "port": hop.port,
        "nexthop": hop.text,
        "mx": "yes" if hop.mx else "no",
        "hostname": "" if effective["myhostname"].unset else effective.text("myhostname"),
        "service": "smtp/unix",
        "overridden": " ".join(override.name for override in effective.service.overrides) if effective.service else "",
        "main": main,
        "passwords": _passwords(effective, main),
        **_of_names(effective, hop),
        "tls_level": level(effective, hop) or "",
        "master": next((s.file for s in config.services if s.file), "master.cf"),
        # It is pasted as a server as often as not; whoever pairs parties may prefer another client.
        "weak": "yes" if serves or not _is_about_relaying(effective) else "no",
    }
    name = Text(f"Postfix 经 {hop.text} 中继", f"Postfix relaying through {hop.text}")
    return Party("client", PRODUCT, name, facts.values, facts.origins, details)


def _is_about_relaying(effective: Effective) -> bool:
    """Whether a setting says how to send that nobody has by default; smtp_tls_security_level = may stands in Debian's file."""
    strict = effective.text("smtp_tls_security_level").lower() in _STRICT
    return strict or any(effective.is_set(name) for name in _CLIENT_SETTINGS[1:])


def _of_names(effective: Effective, hop: NextHop) -> dict[str, str]:
    """names: what the certificate has to have one of, where that is set by hand; match: the setting that says it."""
    at_level = level(effective, hop)
    found = at_level if at_level in ("verify", "secure") and at_level else "secure"
    wanted = names_wanted(effective, hop, found)
    by_hand = [word for word in wanted.words if word not in ("nexthop", "dot-nexthop", "hostname")]
    names = " ".join(wanted.names(hop.host)) if by_hand else ""
    return {"names": names, "match": "" if wanted.of_policy else f"smtp_tls_{found}_cert_match"}


def _passwords(effective: Effective, main: str) -> str:
    """The file of the password map, by the name under which it was pasted; "" where the map is none that is a file."""
    maps = effective.text("smtp_sasl_password_maps")
    bases = tables.files_of(maps)
    if maps and not bases:
        return ""
    for base in bases:
        rows = effective.config.tables.get(base.lower(), ())
        if rows:
            return rows[0].file
    folder, slash, _ = main.rpartition("/")
    return f"{folder}{slash}{bases[0] if bases else 'sasl_passwd'}"


def _kind(host: str) -> str:
    if host in _LOCAL:
        return "localhost"
    return "address" if _is_address(host) else "name"


def _is_address(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()


def rows(effective: Effective, name: str) -> tuple[tuple[Row, ...], bool]:
    """The rows of a map that can be seen, and whether the map has a part that cannot."""
    setting = effective[name]
    found = list(tables.inline_rows(setting.value, setting.file, setting.line))
    hidden = False
    for base in tables.files_of(setting.value):
        table = effective.config.tables.get(base.lower())
        hidden = hidden or table is None
        found += table or ()
    other = setting.value.replace(",", " ").split()
    return tuple(found), hidden or (bool(other) and not found and "inline:" not in setting.value)


def lookup(found: Sequence[Row], hop: NextHop) -> Row | None:
    """The row for a next hop: by the host, or by the next hop as written, with its brackets and its port."""
    wanted = [hop.text.lower(), hop.host.lower()]
    return next((row for key in wanted for row in found if row.key == key), None)


def policy(effective: Effective, hop: NextHop) -> tuple[Row | None, bool]:
    """The row of smtp_tls_policy_maps for the next hop, and whether one may exist that cannot be seen."""
    if not effective.text("smtp_tls_policy_maps"):
        return None, False
    found, hidden = rows(effective, "smtp_tls_policy_maps")
    row = next((row for row in found if row.key == hop.text.lower()), None)
    if row is None:
        # Parent domains: `.example.com` stands for what is below it.
        labels = hop.host.lower().split(".")[:20]
        parents = ["." + ".".join(labels[index:]) for index in range(1, len(labels))]
        row = next((row for parent in parents for row in found if row.key == parent), None)
    return row, hidden and row is None


def level(effective: Effective, hop: NextHop) -> str | None:
    """The TLS security level towards the next hop; None where a table that was not pasted may decide."""
    row, hidden = policy(effective, hop)
    if row is not None:
        return row.value.split(None, 1)[0].lower() if row.value else None
    if hidden:
        return None
    text = effective.text("smtp_tls_security_level").lower()
    if text:
        return text
    if effective.yes("smtp_enforce_tls"):
        return "verify" if effective.yes("smtp_tls_enforce_peername") else "encrypt"
    return "may" if effective.yes("smtp_use_tls") else "none"


def _tls(effective: Effective, hop: NextHop, facts: Facts) -> None:
    asked = [
        effective[n] for n in ("smtp_tls_wrappermode", "smtp_tls_security_level", "smtp_use_tls", "smtp_enforce_tls")
    ]
    asked = [setting for setting in asked if setting.line] or [effective["smtp_tls_security_level"]]
    row, _ = policy(effective, hop)
    if row is not None:
        asked = [effective["smtp_tls_policy_maps"]]
    found = level(effective, hop)
    if effective.yes("smtp_tls_wrappermode"):
        if found in _STRICT or found is None:
            facts.set("tls", "implicit", *asked)
        else:
            facts.set("startup", "tls-level", *asked)
    elif found is not None:
        facts.set("tls", _use(found), *asked)
    checks = {"none": "none", "may": "none", "encrypt": "none", "verify": "full", "secure": "full"}
    checks["fingerprint"] = "fingerprint"
    if found in checks:
        facts.set("verify", checks[found], *asked)
    # Of a level that checks nothing: what would stand in the way with `secure`.
    checking = found in ("verify", "secure")
    wanted = names_wanted(effective, hop, found if checking and found else "secure")
    kind = _name_check(wanted.words, hop.host)
    if checking or kind != "host":
        facts.set("name_check", kind, *wanted.settings)
    name = "smtp_tls_mandatory_protocols" if found in _STRICT else "smtp_tls_protocols"
    low, high = protocol_range([word for part in effective.words(name) for word in part.split(":") if word])
    if low in ("TLSv1.2", "TLSv1.3"):
        facts.set("client_tls_min", low.removeprefix("TLSv"), effective[name])
    elif found not in _CHECKING:
        # Measured: with a level that checks certificates OpenSSL 3 keeps to its own security level and refuses TLS 1.0 and 1.1.
        facts.set("client_tls_min", "1.0", effective[name])
    if high in ("TLSv1", "TLSv1.1", "TLSv1.2"):
        facts.set("client_tls_max", {"TLSv1": "1.0"}.get(high, high.removeprefix("TLSv")), effective[name])
        if low in ("TLSv1", "TLSv1.1"):
            facts.set("client_tls_min", {"TLSv1": "1.0"}.get(low, "1.1"), effective[name])


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a certificate has to have: words as in smtp_tls_secure_cert_match, and the settings that say so.

    of_policy: whether a row of the policy map says it.
    """

    words: tuple[str, ...]
    settings: tuple[Value, ...]
    of_policy: bool = False

    def names(self, host: str) -> list[str]:
        """The domain names and addresses of which one is enough; a suffix begins with a dot."""
        own = {"hostname": host, "nexthop": host, "dot-nexthop": f".{host}"}
        return [own.get(word, word) for word in self.words]


def names_wanted(effective: Effective, hop: NextHop, found: str) -> Wanted:
    """By the `match` of the policy's row, else smtp_tls_verify_cert_match or smtp_tls_secure_cert_match (smtp_tls_policy.c)."""
    row, _ = policy(effective, hop)
    said = next((word[6:] for word in (row.value.split() if row else ()) if word.startswith("match=")), "")
    if said:
        return Wanted(tuple(said.lower().split(":")), (effective["smtp_tls_policy_maps"],), of_policy=True)
    setting = effective[f"smtp_tls_{found}_cert_match"]
    return Wanted(tuple(setting.value.lower().replace(",", " ").replace(":", " ").split()), (setting, hop.setting))


def _name_check(words: tuple[str, ...], host: str) -> str:
    """Measured, and in OpenSSL's SSL_add1_host: an address among the names is a check of its own beside that of the domain
    names, and both have to hold. With `nexthop, dot-nexthop` the second wants a domain below the address."""
    if not _is_address(host):
        return "host"
    suffixes = [word for word in words if word == "dot-nexthop"]
    others = [word for word in words if word not in ("dot-nexthop", "nexthop", "hostname")]
    return "with-subdomain" if suffixes and not others else "host"


def _use(found: str) -> str:
    if found in _STRICT:
        return "starttls"
    return "opportunistic" if found in ("may", "dane") else "none"


def _trust(effective: Effective, facts: Facts) -> None:
    asked = [effective[name] for name in ("smtp_tls_CAfile", "smtp_tls_CApath") if effective.text(name)]
    if asked:
        system = any(setting.value.startswith(_SYSTEM_ROOTS) for setting in asked)
        facts.set("trust", "system" if system else "file", *asked)
    elif effective.yes("tls_append_default_CA"):
        facts.set("trust", "system", effective["tls_append_default_CA"])
    else:
        facts.set("trust", "nothing", effective["smtp_tls_CAfile"], effective["smtp_tls_CApath"])


def _auth(effective: Effective, hop: NextHop, facts: Facts) -> None:
    enabled, maps = effective["smtp_sasl_auth_enable"], effective["smtp_sasl_password_maps"]
    if not effective.yes("smtp_sasl_auth_enable") or not maps.value:
        facts.set("auth", "none", enabled, maps)
        return
    if "static:" in maps.value:
        facts.set("auth", "any", enabled, maps)
        return
    found, hidden = rows(effective, "smtp_sasl_password_maps")
    if lookup(found, hop) is not None:
        facts.set("auth", "any", enabled, maps)
    elif not hidden and not hop.mx and not effective.yes("smtp_sender_dependent_authentication"):
        facts.set("auth", "none", enabled, maps)
    elif hidden:
        # The file was not pasted: taken to have the line it needs, as the person says it has.
        facts.set("auth", "any", enabled, maps)


def _filter(effective: Effective, facts: Facts) -> None:
    clear, tls = effective["smtp_sasl_security_options"], effective["smtp_sasl_tls_security_options"]
    without = {which.key: "noplaintext" in which.value.lower().replace(",", " ").split() for which in (clear, tls)}
    if without[tls.key]:
        facts.set("filter", "plaintext", clear, tls)
    elif without[clear.key]:
        facts.set("filter", "plaintext-without-tls", clear, tls)
    else:
        facts.set("filter", "nothing", clear, tls)
    setting = effective["smtp_sasl_mechanism_filter"]
    listed = setting.value.lower().replace(",", " ").split()
    if listed and all(":" not in word for word in listed):
        passing = [mechanism for mechanism in ("plain", "login", "cram-md5") if passes(mechanism, listed)]
        if len(passing) == 1 and facts.values.get("auth") == "any":
            facts.set("auth", passing[0], setting)
        if not passing:
            facts.set("filter", "all", setting)
        elif passing == ["cram-md5"]:
            facts.set("filter", "plaintext", setting)


def _name(effective: Effective, facts: Facts) -> None:
    setting = effective["smtp_helo_name"]
    if "$" not in setting.value and setting.value:
        full = "." in setting.value or setting.value.startswith("[")
        facts.set("ehlo", "full" if full else "short", setting, effective["myhostname"])
