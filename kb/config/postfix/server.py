"""Postfix as a server: the facts of every port at which it answers SMTP.

What a setting leads to is read off src/smtpd/smtpd.c and smtpd_check.c of Postfix 3.4 to 3.11, which agree in this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kb.config.postfix.effective import Effective, described, smtp_servers
from kb.config.postfix.master_cf import endpoint, port_of
from kb.config.postfix.model import Config, Service, Value
from kb.config.postfix.policy import policy
from kb.config.postfix.startup import stopping
from kb.config.postfix.values import protocol_range
from kb.config.postfix.whole import with_usual_level
from kb.config.setting import Party, Setting

PRODUCT = "postfix"
_CERTIFICATES = ("smtpd_tls_chain_files", "smtpd_tls_cert_file", "smtpd_tls_eccert_file", "smtpd_tls_dcert_file")
_TLS = ("smtpd_tls_wrappermode", "smtpd_tls_security_level", "smtpd_enforce_tls", "smtpd_use_tls")
# What smtpd says of Dovecot's refusals (src/xsasl/xsasl_dovecot_server.c); the first differs between its versions.
_OF_DOVECOT = {"refusal": "…", "no_mechanism": "Invalid authentication mechanism"}
# What may not be smaller than a message: local(8) and virtual(8) exit (src/local/local.c, src/virtual/virtual.c).
MAILBOX_LIMITS = ("mailbox_size_limit", "virtual_mailbox_limit")
_AS_ENCRYPT = ("encrypt", "verify", "secure", "fingerprint")


@dataclass
class Facts:
    """Facts being gathered, each with the settings it rests on."""

    values: dict[str, str] = field(default_factory=dict)
    origins: dict[str, tuple[Setting, ...]] = field(default_factory=dict)

    def set(self, fact: str, value: str, *settings: Value) -> None:
        """Settle a fact. Settings that stand in a file come before defaults."""
        self.values[fact] = value
        told = [setting.setting() for setting in settings if not setting.unset]
        self.origins[fact] = tuple(sorted(told, key=lambda setting: setting.line == 0))

    def forget(self, fact: str) -> None:
        """Leave a fact open again."""
        self.values.pop(fact, None)
        self.origins.pop(fact, None)


def server_sides(config: Config) -> list[Party]:
    """A party for every port at which SMTP is answered."""
    config = with_usual_level(config)
    return [_party(config, listening, deciding) for listening, deciding in smtp_servers(config)]


def _party(config: Config, listening: Service, deciding: Service) -> Party:
    effective = Effective(config, deciding)
    facts = Facts()
    _tls(effective, facts)
    _certificate(effective, facts)
    _versions(effective, facts)
    _auth(effective, facts)
    _mechanisms(effective, facts)
    _relaying(effective, facts)
    return Party("server", PRODUCT, described(listening), facts.values, facts.origins, _details(effective, listening))


def _details(effective: Effective, listening: Service) -> Mapping[str, str]:
    files = {found.file for found in effective.config.main.values()}
    host, _ = endpoint(listening.name)
    return {
        "port": port_of(listening.name),
        "host": host,
        "service": effective.service.label if effective.service else listening.label,
        "hostname": "" if effective["myhostname"].unset else effective.text("myhostname"),
        "mynetworks": "" if effective["mynetworks"].unset else effective.text("mynetworks"),
        "mynetworks_style": effective.text("mynetworks_style"),
        "exceptions": effective.text("smtpd_sasl_exceptions_networks"),
        **{name: effective.text(name) for name in ("message_size_limit", *MAILBOX_LIMITS)},
        "main": min(files, default="main.cf"),
        "master": listening.file or "master.cf",
        "overridden": " ".join(override.name for override in effective.service.overrides) if effective.service else "",
        **(_OF_DOVECOT if effective.text("smtpd_sasl_type") == "dovecot" else {}),
        "master_assumed": "yes" if listening.assumed else "no",
    }


def tls_level(effective: Effective) -> str:
    """none, may, encrypt or implicit: what smtpd makes of its level, old switches and wrapper mode; "" where it exits."""
    if effective.yes("smtpd_tls_wrappermode"):
        return "implicit"
    level = effective.text("smtpd_tls_security_level").lower()
    if level:
        return {"none": "none", "may": "may", **dict.fromkeys(_AS_ENCRYPT, "encrypt")}.get(level, "")
    if effective.yes("smtpd_enforce_tls"):
        return "encrypt"
    return "may" if effective.yes("smtpd_use_tls") else "none"


def _tls(effective: Effective, facts: Facts) -> None:
    level = tls_level(effective)
    asked = [effective[name] for name in _TLS if effective.is_set(name)] or [effective["smtpd_tls_security_level"]]
    facts.set("listens", "implicit" if level == "implicit" else "plain", effective["smtpd_tls_wrappermode"])
    if not level:
        return
    facts.set("requires_tls", "yes" if level in ("encrypt", "implicit") else "no", *asked)
    if level in ("none", "implicit"):
        facts.set("starttls", "not-offered", *asked)
    elif _unlisted(effective, "starttls"):
        facts.set("starttls", "not-offered", effective["smtpd_discard_ehlo_keywords"])
    else:
        facts.set("starttls", "offered", *asked)
    demanded = level in ("encrypt", "implicit") and effective.yes("smtpd_tls_req_ccert")
    facts.set("client_certificate", "required" if demanded else "not-required", effective["smtpd_tls_req_ccert"])


def _unlisted(effective: Effective, keyword: str) -> bool:
    """Whether the EHLO reply leaves a keyword out."""
    return keyword in [word.lower() for word in effective.words("smtpd_discard_ehlo_keywords")]


def _certificate(effective: Effective, facts: Facts) -> None:
    """What the path of the certificate alone gives away."""
    used = [effective[name] for name in _CERTIFICATES if effective.text(name)]
    if not used:
        facts.set("certificate", "missing", effective["smtpd_tls_cert_file"], effective["smtpd_tls_chain_files"])
        return
    paths = " ".join(value.value for value in used)
    if "snakeoil" in paths:
        facts.set("certificate", "self-signed", *used)
    elif "/letsencrypt/" in paths or "/acme" in paths:
        facts.set("certificate", "trusted", *used)


def _versions(effective: Effective, facts: Facts) -> None:
    """TLS versions, as far as Postfix limits them; what OpenSSL refuses by itself cannot be seen."""
    strict = tls_level(effective) in ("encrypt", "implicit")
    name = "smtpd_tls_mandatory_protocols" if strict else "smtpd_tls_protocols"
    low, high = protocol_range([word for part in effective.words(name) for word in part.split(":") if word])
    if low in ("TLSv1.2", "TLSv1.3"):
        facts.set("server_tls_min", low.removeprefix("TLSv"), effective[name])
    if high in ("TLSv1", "TLSv1.1", "TLSv1.2"):
        facts.set("server_tls_max", {"TLSv1": "1.0"}.get(high, high.removeprefix("TLSv")), effective[name])
        if low in ("TLSv1", "TLSv1.1"):
            facts.set("server_tls_min", {"TLSv1": "1.0"}.get(low, "1.1"), effective[name])


def _auth(effective: Effective, facts: Facts) -> None:
    enabled, only = effective["smtpd_sasl_auth_enable"], effective["smtpd_tls_auth_only"]
    if not effective.yes("smtpd_sasl_auth_enable"):
        facts.set("auth_offer", "never", enabled)
        return
    if tls_level(effective) in ("encrypt", "implicit"):
        asked = [effective[name] for name in _TLS if effective.is_set(name)]
        facts.set("auth_offer", "over-tls", enabled, *asked)
    else:
        facts.set("auth_offer", "over-tls" if effective.yes("smtpd_tls_auth_only") else "always", enabled, only)
    if _unlisted(effective, "auth"):
        # Measured on 3.7.11: smtpd then refuses the command itself (503 5.5.1 authentication not enabled).
        facts.set("auth_offer", "never", enabled, effective["smtpd_discard_ehlo_keywords"])
    elif effective.text("smtpd_sasl_exceptions_networks"):
        # It depends on the client's address, which no file tells; the command itself is accepted all the same.
        facts.forget("auth_offer")
    kind = effective.text("smtpd_sasl_type")
    default_path = not effective.is_set("smtpd_sasl_path")
    if kind not in ("cyrus", "dovecot") or (kind == "dovecot" and default_path):
        facts.set("backend", "unreachable", effective["smtpd_sasl_type"], effective["smtpd_sasl_path"])


def _mechanisms(effective: Effective, facts: Facts) -> None:
    clear, tls = effective["smtpd_sasl_security_options"], effective["smtpd_sasl_tls_security_options"]
    dovecot = effective.text("smtpd_sasl_type") == "dovecot"
    no_dictionary: list[bool] = []
    for fact, setting in (("plaintext_clear", clear), ("plaintext_tls", tls)):
        options = setting.value.lower().replace(",", " ").split()
        # In Cyrus SASL's eyes a dictionary attack works on these as well.
        forbidding = {"noplaintext"} if dovecot else {"noplaintext", "nodictionary"}
        facts.set(fact, "forbidden" if forbidding & set(options) else "allowed", setting)
        no_dictionary.append("nodictionary" in options)
    if all(no_dictionary):
        facts.set("offers_cram", "no", clear, tls)
    asked = effective["smtpd_sasl_mechanism_filter"]
    let_through = [word.lower() for word in asked.value.replace(",", " ").split()]
    if not asked.unset and asked.line:
        for mechanism, fact in (("plain", "offers_plain"), ("login", "offers_login"), ("cram-md5", "offers_cram")):
            if not passes(mechanism, let_through):
                # Whether the backend has CRAM-MD5 at all is not said.
                facts.set(fact, "no" if fact == "offers_cram" else "unlisted", asked)


def passes(word: str, listed: list[str]) -> bool:
    """Whether a list of words, `!word` and tables lets a word through: the first that matches decides."""
    for entry in listed:
        if entry.lstrip("!") == word:
            return not entry.startswith("!")
        if ":" in entry:
            return True
    return False


def _relaying(effective: Effective, facts: Facts) -> None:
    for fact, value, names in policy(effective):
        facts.set(fact, value, *(effective[name] for name in names))
    stops = next(stopping(effective), None)
    if stops:
        facts.set("serves", "no", effective[stops])
