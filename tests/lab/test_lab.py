"""The representative pairs, run for real. Needs root on Linux, Postfix, msmtp and the dev extra; `make lab` runs the whole matrix."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

import pytest

from kb.knowledge_base import KnowledgeBase
from lab import host
from lab.compare import compare, logged, predict
from lab.fixes import Failing, failing, report, treat
from lab.matrix import features, pairs, representative
from lab.model import MAIL_HOST, Client, Pair
from lab.run import Lab, changed, open_lab
from lab.servers import all_servers
from lab.settings import all_clients

Record = dict[str, Any]


def why_not() -> str | None:
    """None when the lab can run here, else what is missing."""
    missing = [
        name
        for name in ("postfix", "msmtp", "saslpasswd2")
        if shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin") is None
    ]
    if missing:
        return f"not installed: {', '.join(missing)}; on Debian, as root: sh tests/install_system_packages.sh"
    return host.possible()


# In CI nothing may be left out: there the tests run, and fail where they cannot.
needs_lab = pytest.mark.skipif(bool(why_not()) and not os.environ.get("CI"), reason=f"the lab: {why_not()}")


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    if reason := why_not():
        pytest.fail(reason)
    with open_lab() as running:
        yield running


@pytest.fixture(scope="module")
def records(lab: Lab) -> list[Record]:
    return list(lab.run_all(representative()))


@pytest.mark.thorough
def test_the_matrix_is_what_it_says() -> None:
    whole = pairs()
    assert len(whole) >= 1500
    assert len({pair.id for pair in whole}) == len(whole)
    assert len({pair.client.product for pair in whole}) >= 5
    assert whole == pairs()


@pytest.mark.thorough
def test_the_representative_part_meets_every_server_product_and_kind() -> None:
    part = representative()
    assert len(part) >= 200
    met = set().union(*map(features, part))
    for kind in ("server", "password", "mistake"):
        assert {f for f in set().union(*map(features, pairs())) if f[0] == kind} <= met


@pytest.mark.lab
@needs_lab
def test_every_pair_has_a_record(records: list[Record]) -> None:
    assert Counter(record["id"] for record in records) == Counter(pair.id for pair in representative())
    assert not [record["text"] for record in records if record["text"].startswith("(")], "the lab gave up on a client"


@pytest.mark.lab
@needs_lab
def test_what_works_is_delivered_and_nothing_else(records: list[Record]) -> None:
    assert [r["id"] for r in records if r["delivered"] != (r["outcome"] == "works")] == []


@pytest.mark.lab
@needs_lab
def test_every_end_was_foretold(base: KnowledgeBase, records: list[Record]) -> None:
    """Outcome, stage and the client's words of every record; of those that failed, what the server logged."""
    foretold = [(record, predict(base, record)) for record in records]
    assert [
        (r["id"], r["server"]["name"], r["text"], p["predicted_text"]) for r, p in foretold if not compare(r, p).hit
    ] == []
    logs = [(logged(r, p), r["server_log"], p["server_log"]) for r, p in foretold if r["outcome"] == "fails"]
    judged = [one for one in logs if one[0] is not None]
    missed = [one[1:] for one in judged if not one[0]]
    # What is left depends on which of two processes is faster: a TLS handshake may be read as a command, or not be read at all.
    assert len(judged) >= 100
    assert len(missed) <= len(judged) // 20, missed


@pytest.mark.lab
@needs_lab
def test_every_product_sends_where_both_sides_are_set_up_well(lab: Lab) -> None:
    well = next(s for s in all_servers() if s.name == "debian-trusted-587")
    good = [Pair(_good(clients), well) for family, clients in all_clients(587).items() if family != "mailpit-mistakes"]
    assert [(r["client"]["product"], r["text"]) for r in lab.run_all(good) if not r["delivered"]] == []


def _good(clients: list[Client]) -> Client:
    """The first configuration with STARTTLS, by name, with the right password."""
    wanted = {
        "tls": ("starttls", "opportunistic", "secure"),
        "auth": ("plain", "any"),
        "password": ("right",),
        "host": (MAIL_HOST,),
    }
    return next(c for c in clients if all(c.settings[key] in values for key, values in wanted.items()))


@pytest.mark.lab
@needs_lab
def test_what_fails_says_where_and_why(records: list[Record]) -> None:
    for record in records:
        assert (record["outcome"] == "fails") == bool(record["text"]) == bool(record["stage"]), record


@pytest.mark.lab
@needs_lab
def test_refused_by_the_client_itself_leaves_the_server_nothing_but_ehlo(records: list[Record]) -> None:
    refused = [
        r for r in records if r["client"]["product"] == "mailpit" and r["text"].endswith("unencrypted connection")
    ]
    assert refused
    for record in refused:
        assert record["server_log"][-1].endswith("ehlo=1 quit=1 commands=2")


@pytest.mark.lab
@needs_lab
def test_the_founding_case_and_its_cure(lab: Lab) -> None:
    """Mailpit with PLAIN and no TLS, by name, fails in itself; LOGIN gets through, and STARTTLS=false changes nothing."""
    pair = next(
        p for p in pairs() if p.server.name == "clear-none-sasl-outside-reject" and p.client.product == "mailpit"
    )
    base = f"MP_SMTP_RELAY_ALL=true\nMP_SMTP_RELAY_HOST=mail.example.com\nMP_SMTP_RELAY_PORT={pair.server.port}\n"
    user = "MP_SMTP_RELAY_USERNAME=app\nMP_SMTP_RELAY_PASSWORD=right-secret\nMP_SMTP_RELAY_ALLOW_INSECURE=true\n"
    plain = _run(lab, pair, f"{base}{user}MP_SMTP_RELAY_AUTH=plain\n")
    plan_2 = _run(lab, pair, f"{base}{user}MP_SMTP_RELAY_AUTH=plain\nMP_SMTP_RELAY_STARTTLS=false\n")
    login = _run(lab, pair, f"{base}{user}MP_SMTP_RELAY_AUTH=login\n")
    assert plain["text"] == plan_2["text"] == "error response to AUTH command: unencrypted connection"
    assert (login["outcome"], login["delivered"]) == ("works", True)


def _run(lab: Lab, pair: Pair, text: str) -> Record:
    like = {
        "client": {"settings": {}},
        "server": vars(pair.server),
        "recipient": "remote",
        "message_bytes": 400,
        "trusts_server": False,
    }
    return lab.run_pair({".env": text}, "mailpit", pair.server.files, like)


@pytest.mark.lab
@needs_lab
def test_fixes_on_either_side_can_be_applied(lab: Lab) -> None:
    """A changed server file, a changed client file, and a change that no file shows turn a failure into a delivery."""
    server = next(s for s in all_servers() if s.name == "encrypt-self-signed-sasl-outside-reject")
    [before] = lab.run_list([Pair(_good(all_clients(587)["msmtp"]), server)])
    assert "The certificate issuer is unknown" in before["text"]
    files, of_server = before["client"]["files"], before["server"]["files"]
    unchecked = {"msmtprc": files["msmtprc"] + "tls_certcheck off\n"}
    assert lab.run_pair(unchecked, "msmtp", of_server, before)["delivered"]
    trusting = changed(before, files, "msmtp", of_server, trusts_server=True)
    clear = changed(before, {"msmtprc": files["msmtprc"] + "tls off\nauth off\n"}, "msmtp", of_server)
    open_to_us = {
        name: text.replace("encrypt", "may").replace("192.0.2.0/24", "127.0.0.0/8") for name, text in of_server.items()
    }
    trusted, refused, let_in = lab.run_list([trusting, clear, replace(clear, server=replace(server, files=open_to_us))])
    assert [trusted["delivered"], refused["delivered"], let_in["delivered"]] == [True, False, True]
    assert "530 5.7.0 Must issue a STARTTLS command first" in refused["text"]


@pytest.mark.lab
@needs_lab
def test_cures_make_the_mail_flow(lab: Lab, records: list[Record]) -> None:
    """Of failing pairs that show every move and every product, the first cure is applied for real and delivers."""
    found = _every_move([failing(record) for record in records if record["outcome"] == "fails"])
    assert len(found) >= 30
    treated = treat(lab, found)
    assert [one.failing.id for one in treated if not one.runs or not one.runs[0]["delivered"]] == [], report(treated)


def _every_move(found: list[Failing], most: int = 40) -> list[Failing]:
    """Failing pairs whose first cures have among them every move that a first cure has, and each product with every move it can."""
    met: set[tuple[str, str]] = set()
    chosen: list[Failing] = []
    rest = [(one, _moves(one)) for one in found]
    while rest and len(chosen) < most:
        best = max(range(len(rest)), key=lambda index: len(rest[index][1] - met))
        one, shown = rest.pop(best)
        if not shown - met:
            break
        met |= shown
        chosen.append(one)
    return sorted(chosen, key=lambda one: one.server)


def _moves(one: Failing) -> set[tuple[str, str]]:
    moves = one.offers[0].moves.split("+") if one.offers else ["none"]
    return {("", move) for move in moves} | {(one.product, move) for move in moves}


@pytest.mark.thorough
def test_a_cure_fills_in_what_only_the_user_knows() -> None:
    server = next(s for s in all_servers() if s.name == "clear-unset-nosasl-outside-reject")
    [client] = [c for c in all_clients(587)["nodemailer"] if c.settings == _NO_AUTH]
    record = asdict(Pair(client, server)) | {"id": "x", "outcome": "fails"}
    [first, *_] = failing(record).offers
    assert first.moves == "server-starttls+client-authenticate+server-auth-over-tls"
    assert '"user": "app", "pass": "right-secret"' in first.pair.client.files["transport.json"]
    assert "smtpd_tls_cert_file = /etc/postfix/tls/mail.crt" in first.pair.server.files["main.cf"]
    assert first.pair.server.certificate == "trusted"


_NO_AUTH = {"host": MAIL_HOST, "port": "587", "tls": "starttls", "verify": "yes", "auth": "none", "password": "-"}


def test_comparison_tells_hit_from_miss() -> None:
    record = {
        "outcome": "fails",
        "stage": "connect",
        "text": "TLS dial error: read tcp 127.0.0.1:40000->127.0.0.1:465: read: connection reset by peer",
    }
    told = {"outcome": "fails", "stage": "connect", "predicted_text": [record["text"].replace("40000", "50000")]}
    assert compare(record, told).hit
    assert not compare(record, told | {"predicted_text": ["EOF"]}).hit
    assert compare(
        record, told | {"predicted_text": ["TLS dial error: read tcp …: read: connection reset by peer"]}
    ).hit
    assert not compare(record, told | {"predicted_text": ["TLS …"]}).hit
    assert not compare(record, told | {"stage": "banner"}).hit
    assert not compare({"outcome": "works", "stage": None, "text": ""}, told).hit
