"""`kb probe` against a real Postfix: what it says of each kind of server, and that it sees what the configuration says."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from kb.config.diagnose import read_files
from kb.config.hops import pair
from kb.config.world import DERIVED, World
from kb.knowledge_base import KnowledgeBase
from lab.compare import answers_of, compare
from lab.matrix import pairs, representative
from lab.model import HOST_NAME, MAIL_HOST, PASSWORD, RECIPIENTS, SENDER, USER, WRONG_PASSWORD, Client, Pair, Server
from lab.run import Lab, open_lab
from lab.servers import all_servers, special_servers
from lab.test_lab import needs_lab, why_not

SERVERS = {server.name: server for server in all_servers()}
# Facts that both the configuration and the dialogue tell.
COMPARED = (
    "listens",
    "starttls",
    "requires_tls",
    "certificate",
    "certificate_name",
    "client_certificate",
    "server_tls_max",
)
LISTED = {"PLAIN": "plain", "LOGIN": "login", "CRAM-MD5": "cram-md5"}
# Clients that give the name of their machine in EHLO.
MACHINE_NAMED = ("mailpit", "mailpit-forward", "django")
OFFERS = {"plain": "offers_plain", "login": "offers_login", "cram-md5": "offers_cram"}


@pytest.fixture(scope="module")
def lab(base: KnowledgeBase) -> Iterator[Lab]:
    """A lab whose catalogue is compiled already (`base`)."""
    if reason := why_not():
        pytest.fail(reason)
    with open_lab(4, with_clients=False) as running:
        yield running


def probing(server: Server, *arguments: str, password: str = "", files: Mapping[str, str] | None = None) -> Pair:
    """A run of `kb probe`; @PORT@ in the arguments stands for the server's port."""
    environment = {"KB_CACHE": os.environ["KB_CACHE"], **({"KB_PROBE_PASSWORD": password} if password else {})}
    wanted = {
        "arguments": [argument.replace("@PORT@", str(server.port)) for argument in (*arguments, "--timeout", "5")],
        "environment": environment,
        "files": dict(files or {}),
    }
    return Pair(Client("probe", {"probe.json": json.dumps(wanted)}), server)


# server, arguments, password -> exit status, what decides, and values of the answer by their path
TABLE: list[tuple[str, tuple[str, ...], str, int, str, dict[str, Any]]] = [
    ("debian-trusted-587", (), "", 0, "clients", {
        "measured.begins": "plain", "measured.certificate.trusted_by": "system", "measured.tls.version": "1.3",
        "measured.ehlo.clear.mechanisms": [], "measured.ehlo.tls.mechanisms": ["PLAIN", "LOGIN", "CRAM-MD5"],
        "measured.ehlo.tls.size": 10240000}),
    ("debian-trusted-465", (), "", 0, "clients", {"measured.begins": "implicit", "measured.certificate.trusted_by": "system"}),
    ("debian-self-signed-587", (), "", 0, "clients", {
        "measured.certificate.trusted_by": None, "measured.certificate.complaint.number": 18, "measured.certificate.for_host": True}),
    ("debian-mismatch-587", (), "", 0, "clients", {
        "measured.certificate.complaint.number": 62, "measured.certificate.for_host": False,
        "measured.certificate.names": ["other.example.org"]}),
    ("debian-mismatch-587", ("other.example.org:587",), "", 0, "clients", {"measured.certificate.trusted_by": "system"}),
    ("implicit-expired-sasl-outside", (), "", 0, "clients", {"measured.certificate.complaint.number": 10}),
    ("implicit-private-ca-sasl-outside", (), "", 0, "clients", {"measured.certificate.complaint.number": 19}),
    ("clear-unset-sasl-outside", (), "", 0, "clients", {
        "measured.tls": None, "measured.ehlo.clear.mechanisms": ["PLAIN", "LOGIN", "CRAM-MD5"]}),
    ("clear-unset-nosasl-outside", (), "", 3, "clients", {"measured.ehlo.clear.mechanisms": []}),
    # The wrong way to begin, forced and found out.
    ("debian-trusted-587", ("--tls", "implicit"), "", 1, "connection", {"measured.problem.kind": "plain"}),
    ("debian-trusted-465", ("--tls", "starttls"), "", 1, "connection", {"measured.problem.stage": "banner"}),
    ("closed-port", (), "", 1, "connection", {"measured.problem.kind": "refused", "measured.addresses.0.answered": False}),
    ("closed-port", (f"nowhere.{MAIL_HOST}:25",), "", 1, "connection", {"measured.problem.kind": "dns"}),
    # Nothing but EOF: the process of the server exits.
    ("clear-backend-dovecot-down", (), "", 1, "connection", {"measured.problem.kind": "closed"}),
    ("may-none-sasl-inside", (), "", 0, "clients", {"measured.tls": None}),
    # Logins.
    ("debian-trusted-587", ("--user", USER), PASSWORD, 0, "login", {"measured.login.mechanism": "PLAIN"}),
    ("debian-trusted-587", ("--user", USER, "--mechanism", "login"), PASSWORD, 0, "login", {"measured.login.mechanism": "LOGIN"}),
    ("debian-trusted-587", ("--user", USER, "--mechanism", "CRAM-MD5"), PASSWORD, 0, "login", {}),
    ("debian-trusted-587", ("--user", USER), WRONG_PASSWORD, 1, "login", {
        "measured.login.outcome": "refused", "explanations.0.answer.reason": "auth-failed"}),
    ("debian-self-signed-587", ("--user", USER, "--mechanism", "PLAIN"), PASSWORD, 1, "login", {"measured.login.outcome": "withheld"}),
    ("debian-self-signed-587", ("--user", USER, "--mechanism", "PLAIN", "--password-to-unverified"), PASSWORD, 0, "login", {}),
    ("clear-backend-sasldb-plain-login", ("--user", USER), PASSWORD, 1, "login", {"measured.login.outcome": "withheld"}),
    ("clear-backend-sasldb-plain-login", ("--user", USER, "--password-in-clear"), PASSWORD, 0, "login", {}),
    # CRAM-MD5 does not reveal the password.
    ("clear-unset-sasl-outside", ("--user", USER), PASSWORD, 0, "login", {"measured.login.mechanism": "CRAM-MD5"}),
    ("debian-trusted-25", ("--user", USER), PASSWORD, 1, "login", {"measured.login.outcome": "unoffered"}),
    ("clear-backend-saslauthd-down", ("--user", USER, "--password-in-clear"), PASSWORD, 1, "login", {
        "explanations.0.answer.reason": "auth-backend"}),
    # Recipients.
    ("debian-trusted-25", ("--to", "someone@example.org"), "", 1, "recipient", {
        "measured.recipient.before_login.accepted": False, "explanations.0.answer.reason": "relay-denied"}),
    ("debian-trusted-25", ("--from", "app@example.net", "--to", "user@example.com"), "", 0, "recipient", {
        "measured.recipient.before_login.accepted": True}),
    ("debian-trusted-25", ("--to", "nobody-here@example.com"), "", 1, "recipient", {
        "explanations.0.answer.reason": "user-unknown"}),
    ("debian-trusted-587", ("--user", USER, "--to", "someone@example.org"), PASSWORD, 0, "recipient", {
        "measured.recipient.before_login.accepted": False, "measured.recipient.after_login.accepted": True}),
]  # fmt: skip


@pytest.mark.lab
@needs_lab
def test_each_kind_of_server_is_seen_as_what_it_is(lab: Lab) -> None:
    pairs = []
    for name, arguments, password, *_ in TABLE:
        named = any(not a.startswith("-") and ":" in a for a in arguments)
        where = () if named else (f"{MAIL_HOST}:@PORT@",)
        pairs.append(probing(SERVERS[name], *where, *arguments, "--json", password=password))
    wrong = []
    for record, (name, arguments, _, status, decided, values) in zip(lab.run_list(pairs), TABLE, strict=True):
        printed = json.loads(record["text"])
        body = json.loads(printed["out"] or "{}")
        got = {path: _at(body, path) for path in values}
        if (printed["status"], body.get("decided_by"), got) != (status, decided, values):
            wrong.append((name, arguments, printed["status"], body.get("decided_by"), got, printed["err"][-500:]))
        if PASSWORD in printed["out"] + printed["err"] or WRONG_PASSWORD in printed["out"] + printed["err"]:
            wrong.append((name, arguments, "the password was printed"))
        if record["delivered"]:
            wrong.append((name, arguments, "a mail was sent"))
    assert wrong == []


def _at(body: Any, path: str) -> Any:
    for key in path.split("."):
        body = body[int(key)] if isinstance(body, list) else (body or {}).get(key)
    return body


def sample() -> list[Server]:
    """Every second special server, and of the others each tenth."""
    special = list(special_servers())
    names = {server.name for server in special}
    return [*special[::2], *[server for server in SERVERS.values() if server.name not in names][::10]]


def differences(server: Server, measured: Mapping[str, Any]) -> list[str]:
    """Where the probed facts are not those of main.cf and master.cf, as far as both can tell. Counts into `compared`."""
    record = {
        "client": {"product": "probe", "settings": {"host": MAIL_HOST, "password": "-"}},
        "server": {"name": server.name, "certificate": server.certificate, "settings": server.settings,
                   "files": server.files, "port": server.port},
        "recipient": "remote", "message_bytes": 400,
    }  # fmt: skip
    parties = read_files(server.files).parties
    _, party = pair([p for p in parties if p.side == "server" and p.details.get("port") == str(server.port)])
    if party is None:
        return [] if measured["facts"] == {"reachable": "no"} else ["nothing should listen"]
    told = {**answers_of(record), **party.facts}
    seen = measured["facts"]
    wrong = [
        f"{name}: {told[name]}, seen {seen[name]}"
        for name in COMPARED
        if name in told and name in seen and told[name] != seen[name]
    ]
    for link, encrypted in (("clear", "no"), ("tls", "yes")):
        listed = measured["ehlo"][link]
        if listed is not None and {*listed} & {*LISTED} != {*_expected(told, encrypted)}:
            wrong.append(f"mechanisms {link}: {_expected(told, encrypted)}, seen {listed}")
    return wrong


def _expected(told: Mapping[str, str], encrypted: str) -> list[str]:
    """The mechanisms that the EHLO reply must list, by the rules that predict whether clients get through."""
    tls = "none" if encrypted == "no" else "implicit" if told["listens"] == "implicit" else "starttls"
    world = World({**told, "tls": tls})
    if DERIVED["auth_offered"](world) == "no":
        return []
    return [name for name, own in LISTED.items() if _lists(world, own, encrypted)]


def _lists(world: World, mechanism: str, encrypted: str) -> bool:
    if world[OFFERS[mechanism]] == "no":
        return False
    return mechanism == "cram-md5" or world["plaintext_tls" if encrypted == "yes" else "plaintext_clear"] == "allowed"


@pytest.mark.lab
@needs_lab
def test_what_is_seen_is_what_the_configuration_says(lab: Lab) -> None:
    assert unequal(lab, sample()) == {}


@pytest.mark.thorough
@needs_lab
def test_that_holds_for_every_server_of_the_lab(lab: Lab) -> None:
    assert unequal(lab, list(SERVERS.values())) == {}


def unequal(lab: Lab, servers: Sequence[Server]) -> dict[str, list[str]]:
    records = lab.run_list([probing(server, f"{MAIL_HOST}:@PORT@", "--json") for server in servers])
    wrong = {}
    for server, record in zip(servers, records, strict=True):
        body = json.loads(json.loads(record["text"])["out"])
        found = differences(server, _seen(body))
        if found:
            wrong[server.name] = found
    return wrong


def _seen(body: Mapping[str, Any]) -> dict[str, Any]:
    ehlo = body["measured"]["ehlo"]
    return {
        "facts": {fact["fact"]: fact["value"] for fact in body["facts"]},
        "ehlo": {link: ehlo[link]["mechanisms"] if ehlo[link] else None for link in ("clear", "tls")},
    }


@pytest.fixture(scope="module")
def whole_lab(base: KnowledgeBase) -> Iterator[Lab]:
    """A lab with its clients in Go and Node.js as well."""
    if reason := why_not():
        pytest.fail(reason)
    with open_lab(4) as running:
        yield running


@pytest.mark.thorough
@needs_lab
def test_what_client_settings_would_meet_is_what_the_client_meets(whole_lab: Lab) -> None:
    """`kb probe --client` against the real client: the same outcome, stage and text, without main.cf."""
    real = [p for p in representative() if p.client.settings["password"] != "wrong" and p.message_bytes < 2000]
    helo = [p for p in pairs() if "helo" in p.server.name and p.client.settings["password"] != "wrong"]
    real = [
        p for p in [*real[::3], *helo[::4]] if p.client.product != "go-sendmail"
    ]  # a call in a program, no settings
    probes = [_with_settings(p) for p in real]
    wrong = []
    for pair_, met, probed in zip(real, whole_lab.run_list(real), whole_lab.run_list(probes), strict=True):
        body = json.loads(json.loads(probed["text"])["out"] or "{}")
        told = body.get("diagnosis") or {"outcome": body.get("outcome"), "stage": None, "predicted_text": []}
        if told["outcome"] != "depends" and not _agrees(met, told):
            seen = [pair_.client.product, pair_.server.name, met["outcome"], met["stage"], met["text"][:120]]
            wrong.append(" | ".join(map(str, [*seen, told["outcome"], told["stage"], *told["predicted_text"][:1]])))
    assert not wrong, "\n".join(wrong)


def _agrees(met: Mapping[str, Any], told: Mapping[str, Any]) -> bool:
    """The same outcome, stage and text. Without its configuration a server whose EHLO reply leaves PLAIN out may lack it or
    forbid it, which is one refusal in two wordings."""
    if told["stage"] is None and told["outcome"] == "fails":
        return bool(
            met["outcome"] == "fails"
        )  # the server hung up on the probe, which so has nothing to foretell words from
    found = compare(met, told)
    either = ("no mechanism available", "encryption needed to use mechanism")
    alike = any(words in met["text"] for words in either) and told["combination"] == "auth-mechanism-missing"
    return found.outcome and found.stage and (found.text or alike)


def _with_settings(pair_: Pair) -> Pair:
    """The probe with a client's settings, which asks for the recipient of that pair as well."""
    files = {name.replace("/", "-"): text for name, text in pair_.client.files.items()}
    arguments = [argument for name in files for argument in ("--client", f"@FILES@/{name}")]
    recipient = RECIPIENTS[pair_.recipient]
    # In a container one is told the name that it gives: its own.
    named = ("--ehlo", HOST_NAME) if pair_.client.product in MACHINE_NAMED else ()
    return probing(pair_.server, *arguments, *named, "--from", SENDER, "--to", recipient, "--json", files=files)
