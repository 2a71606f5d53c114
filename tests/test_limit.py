"""The limit on requests: buckets, the headers, who counts as one client, and that memory stays bounded."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from effort import examples
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from tables import each

from kb.cli.commands import cli
from kb.web import create_app
from kb.web.limit import WINDOW, Buckets, client_of
from kb.web.policy import Policy

ERRORS = "/api/v1/codes/550"


def limited(client: FlaskClient, rate: int, proxies: int = 0) -> FlaskClient:
    policy = Policy(rate_limit=rate, trusted_proxies=proxies)
    return create_app(client.application.extensions["kb"], policy=policy).test_client()


def test_no_limit_unless_asked(client: FlaskClient) -> None:
    assert all(client.get(ERRORS).status_code == 200 for _ in range(50))
    assert "RateLimit" not in client.get(ERRORS).headers


def test_whoever_asks_too_often_waits(client: FlaskClient) -> None:
    small = limited(client, 3)
    seen = [small.get(ERRORS, headers={"Accept-Language": "zh"}) for _ in range(4)]
    assert [response.status_code for response in seen] == [200, 200, 200, 429]
    assert [response.headers["RateLimit"].split(";")[1] for response in seen] == ["r=2", "r=1", "r=0", "r=0"]
    assert {response.headers["RateLimit-Policy"] for response in seen} == {f'"default";q=3;w={WINDOW}'}
    last = seen[-1]
    assert 1 <= int(last.headers["Retry-After"]) <= WINDOW // 3
    assert last.content_type == "application/problem+json"
    assert last.get_json()["status"] == 429
    assert last.headers["Retry-After"] in last.get_json()["detail"]
    assert last.headers["Access-Control-Allow-Origin"] == "*"
    assert "Retry-After" not in seen[0].headers
    page = small.get("/zh/", headers={"Accept": "text/html"})
    assert (page.status_code, page.mimetype) == (429, "text/html")
    assert small.get("/").text.startswith("429 ")
    assert small.get("/healthz").status_code == small.get("/static/style.css", buffered=True).status_code == 200
    assert small.options(ERRORS).status_code == 200
    assert small.get(ERRORS, environ_base={"REMOTE_ADDR": "192.0.2.9"}).status_code == 200


def test_a_batch_counts_for_more(client: FlaskClient) -> None:
    small = limited(client, 60)
    items = [{"id": str(n), "text": "x"} for n in range(1000)]
    assert small.post("/api/v1/lookup/batch", json={"items": items}).headers["RateLimit"].startswith('"default";r=9;')
    assert small.post("/api/v1/lookup/batch", json={"items": items}).status_code == 429
    tiny = limited(client, 2)
    assert tiny.post("/api/v1/lookup/batch", json={"items": items[:20]}).status_code == 200


@pytest.mark.parametrize(
    ("proxies", "forwarded", "same"),
    [
        (0, ("198.51.100.1", "198.51.100.2"), True),
        (1, ("198.51.100.1", "198.51.100.2"), False),
        (1, ("198.51.100.1, 192.0.2.7", "198.51.100.2, 192.0.2.7"), True),
    ],
)
def test_the_client_is_who_the_trusted_proxy_says(
    client: FlaskClient, proxies: int, forwarded: tuple[str, str], same: bool
) -> None:
    small = limited(client, 1, proxies)
    first, second = (small.get(ERRORS, headers={"X-Forwarded-For": value}) for value in forwarded)
    assert (first.status_code, second.status_code) == (200, 429 if same else 200)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("fe80::1%eth0", "fe80::1", True),
        ("", "nonsense", True),
        (None, "", True),
    ],
)
def test_one_client(one: str | None, other: str | None, same: bool) -> None:
    assert (client_of(one) == client_of(other)) is same


def test_memory_is_bounded_and_the_quiet_are_forgotten() -> None:
    buckets = Buckets(5, most=100)
    for number in range(1000):
        buckets.take("busy", 0, 0.0)
        buckets.take(str(number), 1, 0.0)
    assert len(buckets) == 100
    assert buckets.take("999", 1, 0.0).remaining == 3


@examples(60)
@given(st.integers(1, 100), st.lists(st.tuples(st.integers(1, 120), st.floats(0, 30)), max_size=60))
def test_never_more_than_the_bucket_and_what_flowed_back(size: int, asked: list[tuple[int, float]]) -> None:
    buckets, now, granted = Buckets(size), 0.0, 0
    for cost, pause in asked:
        now += pause
        standing = buckets.take("one", cost, now)
        granted += min(cost, size) if standing.allowed else 0
        assert granted <= size + now * size / WINDOW + 1e-6
        assert 0 <= standing.remaining <= size
        assert (standing.wait >= 1) is not standing.allowed
        if not standing.allowed:
            assert Buckets.take(buckets, "one", cost, now + standing.wait + 1e-6).allowed
            granted += min(cost, size)
            now += standing.wait + 1e-6


@each(
    "environment",
    [
        {"KB_BASE_URL": "smtp.example.org"},
        {"KB_BASE_URL": "https://smtp.example.org/kb"},
        {"KB_BASE_URL": "javascript:alert(1)"},
        {"KB_BASE_URL": 'https://x"><script>'},
        {"KB_RATE_LIMIT": "-1"},
        {"KB_RATE_LIMIT": "many"},
        {"KB_RATE_LIMIT": "1" * 400},
        {"KB_TRUSTED_PROXIES": "1.5"},
        {"KB_SECURITY_CONTACT": "security@example.org"},
        {"KB_SECURITY_CONTACT": "mailto:a@example.org\nExpires: never"},
    ],
)
def test_a_wrong_setting_is_refused_by_name(environment: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(environment))):
        Policy.read(environment)


def test_settings_are_read() -> None:
    environment = {"KB_BASE_URL": "https://smtp.example.org/", "KB_RATE_LIMIT": "60", "KB_TRUSTED_PROXIES": "1"}
    assert Policy.read(environment) == Policy("https://smtp.example.org", 60, 1, "")
    assert Policy.read({}) == Policy()


@pytest.mark.parametrize(
    ("option", "value"),
    [("--rate-limit", "many"), ("--trusted-proxies", "-1"), ("--security-contact", "a@example.org")],
)
def test_a_wrong_option_is_told_before_anything_is_loaded(option: str, value: str) -> None:
    run = CliRunner().invoke(cli, ["serve", option, value])
    assert run.exit_code == 2
    assert f"KB_{option[2:].replace('-', '_').upper()}" in run.output
