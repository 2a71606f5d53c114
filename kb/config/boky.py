"""The container image boky/postfix: its environment variables as the main.cf that its start script makes of them.

Read off bokysan/docker-postfix (image_root/scripts/run.sh, functions.sh, common.sh, image_root/postfix/master.cf, July 2026):
the script's own settings first, then every POSTFIX_name=value; an empty value takes the setting out. Whether STARTTLS is offered
depends on the distribution underneath, so it stays open unless a variable says it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import re2

from kb.config.env import unquoted
from kb.config.options import finding, is_comment, set_pair, setting
from kb.config.postfix.changes import settings as postfix_settings
from kb.config.postfix.read import read as read_config
from kb.config.postfix.server import server_sides
from kb.config.setting import Edit, Finding, Party, Reading, Setting
from kb.text import Text

PRODUCTS = frozenset({"postfix-boky"})
SHARES = True

_OWN = (
    *("ALLOWED_SENDER_DOMAINS", "ALLOW_EMPTY_SENDER_DOMAINS", "MYNETWORKS", "SMTPD_SASL_USERS", "MESSAGE_SIZE_LIMIT"),
    *("RELAYHOST", "RELAYHOST_USERNAME", "RELAYHOST_PASSWORD", "RELAYHOST_TLS_LEVEL", "SASL_RELAYHOST"),
)
_PAIR = re2.compile(
    r"""(?m)(?P<lead>(?:^[ \t]*(?:-[ \t]+)?|-e[ \t]|--env[ =])["']?)(?P<key>POSTFIX_[a-z0-9_]+|"""
    + "|".join(_OWN)
    + r""")(?P<sep>["']?[ \t]*[=:][ \t]*)(?P<value>"[^"\n]*"|'[^'\n]*'|[^\n"']*?)(?P<tail>["']?(?:[ \t]+#[^\n]*)?[ \t]*\\?)$"""
)
_IMAGES = ("boky/postfix", "bokysan/postfix")
_PUBLISHED = re2.compile(r"""(?:-p[ =]|-[ \t]+)["']?(?:[\d.]+:)?(?P<outside>\d{1,5}):(?P<inside>587|25)\b""")
_SECRETS = ("SMTPD_SASL_USERS", "RELAYHOST_PASSWORD")
_PRIVATE = "127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16"
# What the start script sets in any case.
_ALWAYS = {
    "compatibility_level": "3.6",
    "mydestination": "",
    "relay_domains": "",
    "smtpd_delay_reject": "yes",
    "smtpd_helo_required": "yes",
    "smtpd_client_restrictions": "permit_mynetworks,permit_sasl_authenticated,reject",
    "smtpd_helo_restrictions": "permit_mynetworks,reject_invalid_helo_hostname,permit",
    "smtpd_sender_restrictions": "permit_mynetworks,reject",
    "mynetworks": _PRIVATE,
    "message_size_limit": "0",
}
_MASTER = "smtp inet n - n - - smtpd\nsubmission inet n - n - - smtpd\n"
_MECHANISMS = {"offers_plain": "yes", "offers_login": "yes", "offers_cram": "yes"}
# Facts that rest on TLS settings, which the distribution has its own of, and the variables that say them all the same.
_OF_TLS = {"starttls": ("smtpd_tls_security_level",), "certificate": ("smtpd_tls_cert", "smtpd_tls_chain")}


def sniff(name: str, text: str) -> bool:
    """Whether a file names the image, or holds the variable that it does not start without."""
    return any(image in text for image in _IMAGES) or bool(
        "ALLOWED_SENDER_DOMAINS" in text and any(_PAIR.finditer(text))
    )


def read(files: Mapping[str, str]) -> Reading:
    """The server at both ports of each container, and at the ports that it is published at."""
    parties: list[Party] = []
    findings: list[Finding] = []
    for name, text in files.items():
        found = {item.key: item for item in _variables(name, text)}
        if found:
            parties += _parties(name, text, found, findings)
    return Reading(tuple(parties), tuple(findings))


def _variables(name: str, text: str) -> Iterator[Setting]:
    line, at = 1, 0
    for pair in _PAIR.finditer(text):
        line += text.count("\n", at, pair.start(2))
        at = pair.start(2)
        if not is_comment(text, at):
            key = pair.group("key")
            yield setting(name, line, key, unquoted(pair.group("value")), secret=key in _SECRETS)


def _parties(name: str, text: str, found: dict[str, Setting], findings: list[Finding]) -> Iterator[Party]:
    first = next(iter(found.values()))
    if not _value(found, "ALLOWED_SENDER_DOMAINS") and not _value(found, "ALLOW_EMPTY_SENDER_DOMAINS"):
        zh = "没有 ALLOWED_SENDER_DOMAINS，也没有 ALLOW_EMPTY_SENDER_DOMAINS：boky/postfix 不启动。"
        en = "Neither ALLOWED_SENDER_DOMAINS nor ALLOW_EMPTY_SENDER_DOMAINS is set: boky/postfix does not start."
        findings.append(finding(first, zh, en))
        return
    made = _main_cf(found)
    findings += _remarks(found, made)
    main_cf = "".join(f"{key} = {value}\n" for key, value in made.items())
    inside = {p.details["port"]: p for p in server_sides(read_config({"main.cf": main_cf, "master.cf": _MASTER}))}
    outside = [(pair.group("outside"), pair.group("inside")) for pair in _PUBLISHED.finditer(text)]
    for port, own in [(port, port) for port in ("587", "25")] + [pair for pair in outside if pair[0] not in inside]:
        if own in inside:
            yield _party(name, inside[own], port, found)


def _value(found: Mapping[str, Setting], key: str) -> str:
    return found[key].value if key in found else ""


def _main_cf(found: Mapping[str, Setting]) -> dict[str, str]:
    """The settings in effect, as far as they matter to a client; a sender of an allowed domain is supposed."""
    made = dict(_ALWAYS)
    if _value(found, "ALLOWED_SENDER_DOMAINS"):
        made |= {"smtpd_restriction_classes": "allowed_sender", "allowed_sender": "permit"}
        made |= dict.fromkeys(("smtpd_recipient_restrictions", "smtpd_relay_restrictions"), "allowed_sender, reject")
    if _value(found, "SMTPD_SASL_USERS"):
        made["smtpd_sasl_auth_enable"] = "yes"
    if _value(found, "MYNETWORKS"):
        made["mynetworks"] = _value(found, "MYNETWORKS")
    if _value(found, "MESSAGE_SIZE_LIMIT"):
        made["message_size_limit"] = _value(found, "MESSAGE_SIZE_LIMIT")
    for key, item in found.items():
        if not key.startswith("POSTFIX_"):
            continue
        name = key.removeprefix("POSTFIX_")
        if item.value:
            made[name] = item.value
        elif name not in ("mynetworks", "message_size_limit"):  # these two get their default back before
            made.pop(name, None)
    return made


def _remarks(found: Mapping[str, Setting], made: Mapping[str, str]) -> Iterator[Finding]:
    domains = found.get("ALLOWED_SENDER_DOMAINS")
    if domains is not None and domains.value:
        zh = f"只收发件人域在此列的信（{domains.value}）；别的发件人得到 554 5.7.1 … Recipient address rejected: Access denied。"
        en = (
            f"Only senders of these domains are served ({domains.value}); any other gets 554 5.7.1 … Recipient address"
            " rejected: Access denied."
        )
        yield finding(domains, zh, en)
    users = found.get("SMTPD_SASL_USERS")
    if users is not None and users.value and "permit_sasl_authenticated" not in made["smtpd_sender_restrictions"]:
        zh = (
            "镜像的 smtpd_sender_restrictions 是 permit_mynetworks,reject：不在 mynetworks 里的客户端登录了也被拒绝；设"
        )
        en = "The image's smtpd_sender_restrictions is permit_mynetworks,reject: a client outside mynetworks is refused even"
        fix = "POSTFIX_smtpd_sender_restrictions=permit_mynetworks,permit_sasl_authenticated,reject"
        yield finding(users, f"{zh} {fix}。", f"{en} after a login; set {fix}.")


def _party(name: str, party: Party, port: str, found: Mapping[str, Setting]) -> Party:
    facts = {
        key: value
        for key, value in party.facts.items()
        if key not in _OF_TLS or any(_said(found, prefix) for prefix in _OF_TLS[key])
    }
    if not _value(found, "MYNETWORKS") and not _value(found, "POSTFIX_mynetworks"):
        facts["trusts_client"] = "yes"  # every private address, and so every container of the same host
    if facts.get("auth_offer") not in (None, "never") and _value(found, "SMTPD_SASL_USERS"):
        facts |= _MECHANISMS
    if not _said(found, "mydestination") and not _said(found, "relay_domains") and not _said(found, "virtual_"):
        facts["recipient"] = "remote"
    origins = {fact: tuple(_origin(name, s, found) for s in party.origins.get(fact, ())) for fact in facts}
    title = Text(f"容器 boky/postfix（端口 {port}）", f"Container boky/postfix (port {port})")
    details = {**party.details, "port": port, "main": name, "file": name, "overridden": ""}
    details["users"] = "yes" if _value(found, "SMTPD_SASL_USERS") else "no"
    return replace(party, product="postfix-boky", name=title, facts=facts, origins=origins, details=details)


def _said(found: Mapping[str, Setting], prefix: str) -> bool:
    return any(key.startswith(f"POSTFIX_{prefix}") and item.value for key, item in found.items())


def _origin(name: str, item: Setting, found: Mapping[str, Setting]) -> Setting:
    """The variable that a setting of main.cf comes from, or the image itself."""
    old = {"mynetworks": "MYNETWORKS", "smtpd_sasl_auth_enable": "SMTPD_SASL_USERS"}.get(item.key, "")
    own = found.get(f"POSTFIX_{item.key}") or found.get(old)
    return own or Setting(name, 0, item.key, item.value, "boky/postfix")


def edits(party: Party, change: Mapping[str, str]) -> tuple[Edit, ...] | None:
    """The variables that change the facts; None where neither Postfix nor the image has one for it."""
    wanted = postfix_settings(party, change)
    if wanted is None:
        return None
    return tuple(_edit(party, name, value) for name, value in wanted)


def _edit(party: Party, name: str, value: str | None) -> Edit:
    if name == "smtpd_sasl_auth_enable" and value == "yes" and party.details["users"] == "no":
        return Edit(party.details["file"], "SMTPD_SASL_USERS", "user@example.com:PASSWORD")
    return Edit(party.details["file"], f"POSTFIX_{name}", value)


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text with variables replaced, added after the first one, or removed."""
    first = next(iter(_PAIR.finditer(text)), None)
    mapping = first is not None and ":" in first.group("sep")
    for edit in edits:
        value = edit.value if edit.value is None or not mapping else f'"{edit.value}"'
        text = set_pair(text, _PAIR, edit.key, value)
    return text
