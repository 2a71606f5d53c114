"""Settings chosen on the page: the files made of them are read back as what was chosen, and every state has an outcome."""

from __future__ import annotations

import itertools

import pytest
from flask.testing import FlaskClient

from kb.config.choices import CHOICES, PRODUCTS, SERVER_TLS, allowed, settled, written
from kb.config.diagnose import read_files
from kb.config.hops import pair


@pytest.mark.parametrize("client", PRODUCTS)
def test_a_client_is_read_back_as_it_was_chosen(client: str) -> None:
    own = PRODUCTS[client]
    hosts = itertools.cycle(("name", "localhost", "address"))
    for tls in own.tls:
        said = itertools.product(own.verify, own.auth)
        for (verify, auth), host, port in zip(said, hosts, itertools.cycle(allowed("port", client, tls)), strict=False):
            chosen = settled({"client": client, "tls": tls, "verify": verify, "auth": auth, "host": host, "port": port})
            party, _ = pair(read_files(written(chosen)[0]).parties)
            assert party is not None
            assert {name: party.facts[name] for name in ("tls", "verify", "auth", "host")} == {
                name: chosen[name] for name in ("tls", "verify", "auth", "host")
            }
            assert party.details["port"] == port


def test_what_cannot_be_said_together_is_not_offered() -> None:
    assert settled({"client": "grafana", "tls": "implicit", "port": "587"})["port"] == "465"
    assert settled({"client": "laravel", "port": "465"})["port"] == "587"


def test_a_server_is_read_back_as_it_was_chosen() -> None:
    for listens, starttls, auth, relay in itertools.product(
        ("plain", "implicit"),
        ("offered", "required", "not-offered"),
        ("over-tls", "always", "never"),
        ("reject", "auth-only"),
    ):
        chosen = settled({"listens": listens, "starttls": starttls, "auth_offer": auth, "relay": relay})
        _, party = pair(read_files(written(chosen)[0]).parties)
        assert party is not None
        assert (party.facts["listens"], party.facts["relay"]) == (listens, relay)
        if listens == "plain":
            assert party.facts["starttls"] == ("not-offered" if starttls == "not-offered" else "offered")
            assert party.facts["requires_tls"] == ("yes" if starttls == "required" else "no")
            assert party.facts["auth_offer"] == ("over-tls" if (auth, starttls) == ("always", "required") else auth)


def test_what_nobody_offers_is_not_taken() -> None:
    chosen = settled({"client": "django", "auth": "cram-md5", "tls": "<script>", "port": "80", "x": "y"})
    assert chosen == settled({"client": "django"})
    assert {choice.name for choice in CHOICES} == set(chosen)
    assert all(chosen[name] in allowed(name, "django") for name in chosen)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_tells_the_founding_error(client: FlaskClient, lang: str) -> None:
    page = client.get(f"/{lang}/explore?client=mailpit&tls=none&auth=plain").text
    assert "error response to AUTH command: unencrypted connection" in page
    assert "MP_SMTP_RELAY_STARTTLS=true" in page
    assert page.count('aria-current="true"') == 1
    assert page.count("<td") == len(PRODUCTS["mailpit"].tls) * len(SERVER_TLS)
