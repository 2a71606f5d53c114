"""The container image docker-mailserver: variables in env and compose files, and its files postfix-main.cf and postfix-master.cf.

Its own settings are in `dms_image.py`. What the two files override is Postfix's own syntax and is read as such.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import re2

from kb.config import dms_findings, dms_image
from kb.config.env import variables
from kb.config.options import set_pair, setting
from kb.config.postfix import checks
from kb.config.postfix.changes import settings as postfix_settings
from kb.config.postfix.client import client_side
from kb.config.postfix.edit import apply as postfix_apply
from kb.config.postfix.model import Config
from kb.config.postfix.read import read as read_config
from kb.config.postfix.server import server_sides
from kb.config.setting import Edit, Finding, Party, Reading, Setting
from kb.text import Text

PRODUCT = "postfix-docker-mailserver"
PRODUCTS = frozenset({PRODUCT})
SHARES = True

# Not in a comment, and no address of a page about it.
_IMAGE = re2.compile(r"""(?m)^[^#\n]*[\s"'/](?:docker-mailserver|mailserver|tvial)/docker-mailserver(?:[:@"'\s\\]|$)""")
_MAIN, _MASTER, _PASSWORDS, _RELAYS = (
    *("postfix-main.cf", "postfix-master.cf", "postfix-sasl-password.cf", "postfix-relaymap.cf"),
)
# Variables that no other program has; any of them tells an env file of this image.
_DISTINCT = ("PERMIT_DOCKER", "SPOOF_PROTECTION", "DEFAULT_RELAY_HOST", "ENABLE_SASLAUTHD", "ENABLE_OPENDKIM", "DMS_VMAIL_UID",
             "POSTFIX_MESSAGE_SIZE_LIMIT", "POSTSCREEN_ACTION", "ENABLE_POLICYD_SPF", "SSL_TYPE")  # fmt: skip
_USED = (
    *(
        "PERMIT_DOCKER",
        "SPOOF_PROTECTION",
        "SSL_TYPE",
        "SSL_CERT_PATH",
        "SSL_KEY_PATH",
        "SMTP_ONLY",
        "ENABLE_SASLAUTHD",
    ),
    *("DEFAULT_RELAY_HOST", "RELAY_HOST", "RELAY_PORT", "RELAY_USER", "RELAY_PASSWORD", "POSTFIX_MESSAGE_SIZE_LIMIT"),
    *("OVERRIDE_HOSTNAME", "ENABLE_FAIL2BAN", "ENABLE_DNSBL"),
)
_NAMES = tuple(dict.fromkeys((*_USED, *_DISTINCT)))
_PAIR = re2.compile(
    r"""(?m)(?P<lead>(?:^[ \t]*(?:-[ \t]+)?|-e[ \t]|--env[ =])["']?)(?P<key>"""
    + "|".join(_NAMES)
    + r""")(?P<sep>["']?[ \t]*[=:][ \t]*)(?P<value>"[^"\n]*"|'[^'\n]*'|[^\n"']*?)(?P<tail>["']?(?:[ \t]+#[^\n]*)?[ \t]*\\?)$"""
)
_SERVICE = re2.compile(r"^( {1,4})([A-Za-z0-9._-]+):\s*(?:#.*)?$")
_HOSTNAME = re2.compile(r"""(?m)(?:^\s*hostname:|--hostname[ =]|-h )[ \t]*["']?([\w.-]+)""")
_PUBLISHED = re2.compile(r"""(?:-p[ =]|-[ \t]+)["']?(?:[\d.]+:)?(\d{1,5}):(25|465|587)\b""")
_OWN_MAIN, _OWN_MASTER, _OWN_TABLE = "main.cf", "master.cf", "sasl_passwd"


@dataclass(frozen=True)
class Container:
    """One container. file: where its variables stand, to write another one there. text: of its own part of that file.

    shared: whether other services stand beside it in a compose file. whole: whether all its variables can be seen, no env file
    that it names is missing.
    """

    file: str
    text: str
    settings: Mapping[str, Setting] = field(default_factory=dict)
    shared: bool = False
    whole: bool = True

    @property
    def values(self) -> dict[str, str]:
        """The variables with their values; a secret is only known to be there. One that cannot be seen has a certificate."""
        supposed = {} if self.whole else {"SSL_TYPE": "custom"}
        return {**supposed, **{key: item.value for key, item in self.settings.items()}}

    @property
    def host(self) -> str:
        """The name that the container has, "" where it is not told."""
        found = _HOSTNAME.search(self.text)
        return self.values.get("OVERRIDE_HOSTNAME") or (found.group(1) if found else "")


def sniff(name: str, text: str) -> bool:
    """Whether a file names the image, holds variables that only it has, or is one that it reads by name."""
    if _base(name) in (_MAIN, _MASTER, _PASSWORDS, _RELAYS) or _names_image(text):
        return True
    return any(pair.group("key") in _DISTINCT for pair in _PAIR.finditer(text))


def _base(name: str) -> str:
    return name.replace("\\", "/").rsplit("/", 1)[-1].lower()


def _names_image(text: str) -> bool:
    return any(_IMAGE.finditer(text))


def read(files: Mapping[str, str]) -> Reading:
    """Each container: a server at its three ports, and a client where it relays. Never raises."""
    own = {name: text for name, text in files.items() if _base(name) in (_MAIN, _MASTER, _PASSWORDS, _RELAYS)}
    found = list(_containers({name: text for name, text in files.items() if name not in own}))
    parties: list[Party] = []
    findings: list[Finding] = []
    for container in found:
        findings += dms_findings.on_variables(container.settings, container.file, whole=container.whole)
        if not dms_findings.stops(container.settings):
            # Which of several containers the files belong to is not told: none but a lone one has them.
            parties += _parties(container, own if len(found) == 1 else {}, findings)
    return Reading(tuple(parties), tuple(dict.fromkeys(findings)))


def _containers(files: Mapping[str, str]) -> Iterator[Container]:
    shared: dict[str, Setting] = {}
    env_files: list[str] = []
    blocks: list[tuple[str, int, str, bool]] = []
    for name, text in files.items():
        if _names_image(text):
            blocks += [(name, line, block, several) for line, block, several in _blocks(text) if _names_image(block)]
        else:
            shared |= _settings(name, 0, text)
            env_files.append(name)
    for name, line, block, several in blocks:
        written = _settings(name, line, block)
        where = name if written else next(iter(env_files), "mailserver.env")
        whole = bool(env_files) or "env_file" not in block
        yield Container(where, block, {**shared, **written}, several, whole)
    if not blocks:
        yield Container(next(iter(env_files), "mailserver.env"), "", shared, whole=bool(env_files))


def _blocks(text: str) -> Iterator[tuple[int, str, bool]]:
    """The services of a compose file: lines before it, its own lines, whether there are others; else the text as a whole."""
    lines = text.split("\n")
    starts: list[int] = []
    indent = 0
    inside = False
    for number, line in enumerate(lines):
        if line[:1] not in ("", " ", "#", "\t"):
            inside = line.startswith("services:")
            continue
        head = _SERVICE.match(line) if inside else None
        if head and (not indent or len(head.group(1)) == indent):
            indent = len(head.group(1))
            starts.append(number)
    if not starts:
        yield 0, text, False
        return
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield start, "\n".join(lines[start:end]), len(starts) > 1


def _settings(name: str, before: int, text: str) -> dict[str, Setting]:
    found = (v for v in variables(name, text, _NAMES) if v.key in _NAMES)
    return {v.key: setting(name, v.line + before, v.key, v.value, secret=v.key == "RELAY_PASSWORD") for v in found}


def _parties(container: Container, own: Mapping[str, str], findings: list[Finding]) -> Iterator[Party]:
    config = _config(container, own)
    names = set(own)
    checked = checks.findings(config)
    findings += [f for f in (*config.findings, *checked) if f.file in names]
    findings += dms_findings.on_relay(checked, container.settings)
    findings += dms_findings.on_overrides(config, own, _MASTER)
    inside = {party.details["port"]: party for party in server_sides(config)}
    outside = [(pair.group(1), pair.group(2)) for pair in _PUBLISHED.finditer(container.text)]
    for port, inner in [(port, port) for port in inside] + [pair for pair in outside if pair[0] not in inside]:
        yield _server(container, own, inside[inner], port)
    client = client_side(config)
    if client is not None and not dms_findings.is_no_host(container.settings):
        yield _client(container, own, client)


def _config(container: Container, own: Mapping[str, str]) -> Config:
    """The Postfix of a container, under the names that its files have in it."""
    by_base = {_base(name): (name, text) for name, text in own.items()}
    passwords = by_base.get(_PASSWORDS, ("", ""))[1]
    made = dms_image.main_cf(container.values, container.host, password_file=bool(passwords))
    relays = [line.split() for line in by_base.get(_RELAYS, ("", ""))[1].splitlines() if not line.startswith("#")]
    hops = [words[1] for words in relays if len(words) == 2]
    if hops and "relayhost" not in made:
        made["relayhost"] = hops[0]
    files = {_OWN_MASTER: dms_image.master_cf(container.values)}
    overrides = dict(by_base[base] for base in (_MAIN, _MASTER) if base in by_base)
    replaced = read_config(overrides).main if overrides else {}
    files[_OWN_MAIN] = "".join(f"{key} = {value}\n" for key, value in made.items() if key not in replaced)
    row = f"{dms_image.password_key(container.values)} USER:***\n" if container.values.get("RELAY_USER") else ""
    if passwords or row:
        files[_OWN_TABLE] = f"{passwords}\n{row}"
    return read_config({**files, **overrides})


def _server(container: Container, own: Mapping[str, str], party: Party, port: str) -> Party:
    facts = {**party.facts, **dict(_server_facts(container, party))}
    if facts.get("auth_offer") not in (None, "never"):
        facts |= {
            "offers_plain": "yes",
            "offers_login": "yes",
            "offers_cram": "no",
        }  # Dovecot: auth_mechanisms = plain login
    title = Text(f"容器 docker-mailserver（端口 {port}）", f"Container docker-mailserver (port {port})")
    details = {**party.details, **_details(container, own), "port": port}
    return _ours(container, party, title, facts, details)


def _server_facts(container: Container, party: Party) -> Iterator[tuple[str, str]]:
    """What the variables tell beside the settings that they become."""
    values = container.values
    networks = {item.key for fact in party.origins.values() for item in fact if item.file and item.file != _OWN_MAIN}
    permitted = values.get("PERMIT_DOCKER") or "none"
    if "mynetworks" not in networks and "mynetworks" in party.details:
        if not party.details["mynetworks"]:
            yield "trusts_client", "no"
        elif permitted == "connected-networks" and container.shared:
            yield "trusts_client", "yes"
    if values.get("SSL_TYPE") == "self-signed" and party.facts.get("certificate") != "missing":
        yield "certificate", "private-ca"


def _client(container: Container, own: Mapping[str, str], party: Party) -> Party:
    hop = party.details["nexthop"]
    title = Text(f"容器 docker-mailserver 经 {hop} 中继", f"Container docker-mailserver relaying through {hop}")
    # Whoever pastes a relay asks about it, though the container serves as well.
    details = {**party.details, **_details(container, own), "weak": "no", "passwords": ""}
    return _ours(container, party, title, dict(party.facts), details)


def _details(container: Container, own: Mapping[str, str]) -> dict[str, str]:
    names = {_base(name): name for name in own}
    values = container.values
    return {
        "main": f"{container.file} {container.host}",
        "file": container.file,
        "main_cf": names.get(_MAIN, _MAIN),
        "master_cf": names.get(_MASTER, _MASTER),
        "shared": "yes" if container.shared else "no",
        "tls": values.get("SSL_TYPE", ""),
        "own_relay": values.get("RELAY_HOST", ""),
    }


def _ours(
    container: Container, party: Party, title: Text, facts: Mapping[str, str], details: Mapping[str, str]
) -> Party:
    origins = {fact: tuple(_origin(container, item) for item in party.origins.get(fact, ())) for fact in facts}
    return replace(party, product=PRODUCT, name=title, facts=facts, origins=origins, details=details)


_MADE_OF = {
    **dict.fromkeys(("smtpd_tls_security_level", "smtpd_tls_wrappermode", "smtpd_tls_chain_files"), "SSL_TYPE"),
    "mynetworks": "PERMIT_DOCKER",
    "message_size_limit": "POSTFIX_MESSAGE_SIZE_LIMIT",
    **dict.fromkeys(("smtp_sasl_auth_enable", "smtp_sasl_password_maps", "smtp_tls_security_level"), "RELAY_USER"),
}


def _origin(container: Container, item: Setting) -> Setting:
    """The variable that a setting comes from, or the image itself; one of the override files stays as it is."""
    if item.file and item.file not in (_OWN_MAIN, _OWN_MASTER, _OWN_TABLE):
        return item
    names = ("RELAY_HOST", "DEFAULT_RELAY_HOST") if item.key == "relayhost" else (_MADE_OF.get(item.key, ""),)
    found = next((container.settings[name] for name in names if name in container.settings), None)
    return found or Setting(container.file, 0, item.key, item.value, "docker-mailserver")


def edits(party: Party, change: Mapping[str, str]) -> tuple[Edit, ...] | None:
    """The variables that change the facts, else lines of the override files; None where it cannot be done."""
    file = party.details["file"]
    if party.side == "server":
        if party.details["tls"] == "" and any(item in change.items() for item in _NEEDS_CERTIFICATE):
            # With a certificate the port for implicit TLS begins with it.
            implicit = party.details["service"].startswith("submissions")
            return None if implicit else (Edit(file, "SSL_TYPE", "letsencrypt"),)
        if change.get("certificate") == "trusted":
            return (Edit(file, "SSL_TYPE", "letsencrypt"),)
        if change.get("trusts_client") == "yes" and party.details["shared"] == "yes":
            return (Edit(file, "PERMIT_DOCKER", "connected-networks"),)
        if "auth_offer" in change and party.facts.get("auth_offer") == "never":
            return None  # port 25 is for other servers; with SMTP_ONLY=1 there is nobody who could check a password
    wanted = postfix_settings(party, change)
    if wanted is None:
        return None
    return tuple(edit for name, value in wanted for edit in _edits(party, name, value))


_NEEDS_CERTIFICATE = (("starttls", "offered"), ("listens", "implicit"), ("requires_tls", "yes"))


def _edits(party: Party, name: str, value: str | None) -> Iterator[Edit]:
    file = party.details["file"]
    if name == "message_size_limit":
        yield Edit(file, "POSTFIX_MESSAGE_SIZE_LIMIT", value)
    elif name == "relayhost" and value:
        if party.details["own_relay"]:
            host, _, port = value.removeprefix("[").partition("]:")
            yield from (Edit(file, "RELAY_HOST", host), Edit(file, "RELAY_PORT", port))
        else:
            yield Edit(file, "DEFAULT_RELAY_HOST", value)
    elif name == "smtp_sasl_auth_enable" and value == "yes":
        yield from (Edit(file, "RELAY_USER", "USER"), Edit(file, "RELAY_PASSWORD", "PASSWORD"))
    elif name == "smtp_sasl_auth_enable":
        yield from (Edit(file, "RELAY_USER", None), Edit(file, "RELAY_PASSWORD", None))
    elif name in party.details.get("overridden", "").split():
        yield Edit(party.details["master_cf"], f"{party.details['service']}/{name}", value)
    elif name != "smtp_sasl_password_maps":
        yield Edit(party.details["main_cf"], name, value)


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text with variables, or lines of an override file, replaced, added or removed."""
    first = next(iter(_PAIR.finditer(text)), None)
    mapping = first is not None and ":" in first.group("sep")
    for edit in edits:
        if "/" in edit.key:
            text = _with_override(text, edit)
        elif not edit.key.isupper():
            text = postfix_apply(text, [edit])
        else:
            value = edit.value if edit.value is None or not mapping else f'"{edit.value}"'
            text = set_pair(text, _PAIR, edit.key, value)
    return text


def _with_override(text: str, edit: Edit) -> str:
    """`service/type/name=value`: what stands in postfix-master.cf goes to postconf -P line by line, without blanks."""
    kept = [line for line in text.split("\n") if line.partition("=")[0].strip() != edit.key]
    while kept and not kept[-1]:
        kept.pop()
    added = [] if edit.value is None else [f"{edit.key}={edit.value}"]
    return "\n".join([*kept, *added, ""])
