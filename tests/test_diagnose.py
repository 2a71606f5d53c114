"""Diagnosing configurations: the founding case, the interfaces, secrets, and text of any kind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import CASES
from effort import examples
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from inside import inside
from tables import each

from kb.config.combine import cases, evaluate
from kb.config.cures import changed_facts, cures
from kb.config.diagnose import diagnose as diagnose_files
from kb.config.diagnose import read_files
from kb.config.files import split_files, split_items
from kb.config.moves import MOVES
from kb.config.products import ADAPTERS
from kb.config.rules import load_rules
from kb.config.world import UnsettledError, World
from kb.knowledge_base import KnowledgeBase

SECRET = "s3cr3t-Zx81qy"
MAILPIT = f"""\
MP_SMTP_RELAY_HOST=postfix.example.com
MP_SMTP_RELAY_PORT=25
MP_SMTP_RELAY_STARTTLS=false
MP_SMTP_RELAY_ALLOW_INSECURE=true
MP_SMTP_RELAY_AUTH=plain
MP_SMTP_RELAY_USERNAME=user
MP_SMTP_RELAY_PASSWORD={SECRET}
"""
CLIENT_FILES = {path.name: path.read_text("utf-8") for path in sorted((CASES / "config" / "clients").iterdir())}


@pytest.fixture(scope="session")
def rules(base: KnowledgeBase) -> dict:
    return load_rules(base.store.rules())


def test_the_founding_case_is_told_with_its_exact_text(base: KnowledgeBase) -> None:
    body = base.diagnose({".env": MAILPIT}, lang="en")
    assert (body["outcome"], body["stage"], body["reason"]) == ("fails", "auth", "auth-unencrypted")
    assert body["entry"] == "auth-unencrypted-connection"
    assert body["predicted_text"] == ["error response to AUTH command: unencrypted connection"]
    assert body["fixes"][0]["set"] == ["MP_SMTP_RELAY_STARTTLS=true"]
    assert [fix["risk"] for fix in body["fixes"]] == sorted(fix["risk"] for fix in body["fixes"])
    assert any(finding["key"] == "MP_SMTP_RELAY_ALLOW_INSECURE" for finding in body["findings"])


def test_starttls_false_is_never_offered_as_a_cure(base: KnowledgeBase) -> None:
    body = base.diagnose({".env": MAILPIT}, lang="en")
    assert not any("MP_SMTP_RELAY_STARTTLS=false" in fix["set"] for fix in body["fixes"])


def test_an_error_narrows_what_is_open(base: KnowledgeBase) -> None:
    files = {".env": "MP_SMTP_RELAY_HOST=mail.example.com\nMP_SMTP_RELAY_STARTTLS=true\n"}
    assert base.diagnose(files)["outcome"] == "depends"
    told = base.diagnose(files, "x509: certificate signed by unknown authority")
    assert told["combination"] == "starttls-certificate-untrusted"
    assert told["answer"]["reason"] == "cert-untrusted"


def test_an_error_that_the_settings_cannot_give_is_said_to_be_one(base: KnowledgeBase) -> None:
    body = base.diagnose({".env": MAILPIT}, "554 5.7.1 <bob@example.net>: Relay access denied", "en")
    assert body["combination"] == "auth-held-back-without-tls"
    assert body["remarks"][0].startswith("These settings do not lead to the error")
    assert not base.diagnose({".env": MAILPIT}, "unencrypted connection", "en")["remarks"]


def test_what_a_port_is_for_is_told_as_an_assumption(base: KnowledgeBase) -> None:
    told = {fact["fact"]: fact["value"] for fact in base.diagnose({".env": MAILPIT})["assumptions"]}
    assert told["listens"] == "plain"


@given(st.data())
@examples(60)
def test_every_case_told_is_true(rules: dict, data: st.DataObject) -> None:
    """Whatever the open facts turn out to be, each case that fits them tells the outcome that they have."""
    from kb.config.facts import FACTS

    conditions = [rule.condition for rule in rules.values()]
    world = {n: data.draw(st.sampled_from(list(fact.values)), n) for n, fact in FACTS.items() if not fact.assumed}
    known = {n: v for n, v in world.items() if data.draw(st.booleans(), f"{n} is known")}
    fitting = [
        case
        for case in cases(conditions, known)
        if case.open is None and all(world[name] == value for name, value in case.given.items())
    ]
    assert {case.outcome for case in fitting} <= {evaluate(conditions, world).outcome}


def test_answers_settle_questions(base: KnowledgeBase) -> None:
    files = {".env": "MP_SMTP_RELAY_HOST=mail.example.com\nMP_SMTP_RELAY_STARTTLS=true\n"}
    told = base.diagnose(files, answers={"starttls": "not-offered", "no-such-fact": "x", "recipient": "nonsense"})
    assert told["predicted_text"][1] == 'error creating StartTLS config: 502 "5.5.1 Error: command not implemented"'


@each("name", list(CLIENT_FILES))
def test_client_files_are_recognised_and_told_as_expected(base: KnowledgeBase, name: str) -> None:
    """Files of cases: the first line says which product, TLS, authentication and host are read out of it."""
    text = CLIENT_FILES[name]
    expected = dict(pair.split("=") for pair in text.splitlines()[0].split("expect:")[1].split("*/")[0].split())
    parties = [party for party in read_files({name: text}).parties if party.side == "client"]
    assert [party.product for party in parties] == [expected.pop("product")]
    assert {key: parties[0].details.get(key) or parties[0].facts.get(key) for key in expected} == expected


@each("name", list(CLIENT_FILES))
def test_no_secret_of_a_file_is_told(base: KnowledgeBase, name: str) -> None:
    body = base.diagnose({name: CLIENT_FILES[name]})
    assert SECRET in CLIENT_FILES[name]
    assert SECRET not in json.dumps(body)


@each("name", list(CLIENT_FILES))
def test_every_cure_is_one_when_it_is_applied(rules: dict, name: str) -> None:
    """The edits of a cure, made on the file and read again, give the facts that the cure promises."""
    from kb.config.patch import patched

    conditions = [rule.condition for rule in rules.values()]
    server = {"starttls": "offered", "certificate": "trusted", "certificate_name": "matches", "requires_tls": "no",
              "auth_offer": "always", "trusts_client": "no", "recipient": "remote", "listens": "plain"}  # fmt: skip
    files = {name: CLIENT_FILES[name]}
    diagnosis = diagnose_files(conditions, files, answers=server)
    for cure in diagnosis.cures:
        if any(move.side == "server" or move.id not in cure.edits for move in cure.moves):
            continue
        again = diagnose_files(conditions, patched(files, diagnosis, cure), answers=server)
        assert again.outcome == "works", (cure, patched(files, diagnosis, cure))


@given(
    st.dictionaries(
        st.sampled_from([".env", "main.cf", "msmtprc", "transport.js", "settings.py"]), st.text(), max_size=3
    )
)
@examples(150)
def test_any_text_gets_a_diagnosis(base: KnowledgeBase, files: dict[str, str]) -> None:
    body = base.diagnose(files)
    assert body["outcome"] in ("works", "fails", "depends")


_WORDS = ["MP_SMTP_RELAY_HOST", "MP_SMTP_RELAY_AUTH", "=", ":", "\n", "plain", "true", "{", "}", '"', "'", "host", "secure",
          "EMAIL_HOST", "account", "tls", " ", "on", "- name: MP_SMTP_RELAY_PORT", "value: ", "${HOME}", "\\", "#", "auth"]  # fmt: skip


_MORE = ["[smtp]", "[mailer]", "host = ", "SMTP_ADDR=", "PROTOCOL=smtps", "GF_SMTP_HOST=", "GITEA__mailer__HOST=", "smtp_smarthost: ",
         "email_configs:", "smtp_require_tls: no", "tls_config:", "insecure_skip_verify:", "gitlab_rails['smtp_address'] = ", "'x'",
         "smtp_settings = {", "address: ", "'mail_smtphost' => ", "'verify_peer' => false", "$mail->Host = ", "$mail->Port = 465;",
         "define('WPMS_SMTP_HOST', ", ")", ";", "import smtplib", "s = smtplib.SMTP(", "s.starttls(", "s.login(", "smtp.SendMail(",
         "smtp.PlainAuth(", ",", "net.JoinHostPort(", "NewDialer(", '{"addr": "a:1"}', "spring.mail.host=", "mail.smtp.port: ",
         'props.put("mail.smtp.host", ', "spring:", "  mail:", "    host: a", ":465",
         "dc_smarthost='a::25'", "REMOTE_SMTP_SMARTHOST_PROTOCOL = smtps", "begin routers", "begin transports", "a:", "  driver = manualroute",
         "  route_list = * a::25", "  transport = a", "  driver = smtp", "begin authenticators", "  client_send = : u : p",
         "define(`SMART_HOST', `a')dnl", 'AuthInfo:a "U:u" "P:p"', 'action "o" relay host smtp+tls://l@a:25 auth <s>', "media_types:",
         "    - type: EMAIL", "      smtp_server: a", "[::1]", "\\"]  # fmt: skip


@given(st.lists(st.sampled_from([*_WORDS, *_MORE]), max_size=30).map("".join))
@examples(300)
def test_scrambled_settings_of_any_product_never_raise(text: str) -> None:
    for adapter in ADAPTERS:
        adapter.sniff("file", text)
        for party in adapter.read({"file": text}).parties:
            for move in MOVES:
                if move.side == party.side:
                    adapter.apply(text, adapter.edits(party, move.change) or ())


@given(st.lists(st.sampled_from(_WORDS), max_size=40).map("".join))
@examples(300)
def test_scrambled_settings_never_raise_and_edits_apply(text: str) -> None:
    for adapter in ADAPTERS:
        adapter.sniff("file", text)
        for party in adapter.read({"file": text}).parties:
            for move in MOVES:
                if move.side == party.side:
                    adapter.apply(text, adapter.edits(party, move.change) or ())


def test_our_environment_is_never_read(base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_TEST_SECRET", "leaked-value-4711")
    body = base.diagnose({".env": "MP_SMTP_RELAY_HOST=${KB_TEST_SECRET}\nMP_SMTP_RELAY_USERNAME=$KB_TEST_SECRET\n"})
    assert "leaked-value-4711" not in json.dumps(body)


@given(st.data())
@examples(200)
def test_a_fully_known_pair_meets_one_rule_a_stage(rules: dict, data: st.DataObject) -> None:
    from kb.config.facts import FACTS

    facts = {n: data.draw(st.sampled_from(list(fact.values) or ["1.0", "1.2", "1.3"])) for n, fact in FACTS.items()}
    conditions = [rule.condition for rule in rules.values()]
    case = evaluate(conditions, facts)
    assert case.assumed == {}
    met = [rule for rule in conditions if case.combination and rule.stage == case.combination.stage]
    assert [rule for rule in met if rule.applies(World(facts))] == ([case.combination] if case.combination else [])


@pytest.mark.parametrize(
    ("settings", "first", "after"),
    [
        ("STARTTLS=false AUTH=plain USERNAME=bob PASSWORD=abcdefghijklmnop", "auth-unencrypted-connection", []),
        ("STARTTLS=false", "starttls-required-first", ["mail-authentication-required"]),
    ],
)
def test_what_comes_after_is_met_once_the_first_is_mended(
    base: KnowledgeBase, settings: str, first: str, after: list[str]
) -> None:
    """Not what follows from the first: who is not let in to log in is refused as a stranger too."""
    lines = [f"MP_SMTP_RELAY_{setting}" for setting in ("HOST=smtp.gmail.com", "PORT=587", *settings.split())]
    body = base.diagnose({".env": "\n".join(lines) + "\n"})
    assert body["entry"] == first
    assert [hidden["entry"] for hidden in body["hidden"]] == after


def test_cures_work_in_the_evaluation(rules: dict) -> None:
    conditions = [rule.condition for rule in rules.values()]
    facts = {"library": "go-client", "tls": "none", "auth": "plain", "host": "name", "verify": "full", "listens": "plain",
             "starttls": "offered", "certificate": "trusted", "certificate_name": "matches", "requires_tls": "yes",
             "auth_offer": "over-tls", "trusts_client": "no", "recipient": "remote"}  # fmt: skip
    found = cures(conditions, facts)
    assert found[0].moves[0].id == "client-starttls"
    for cure in found:
        assert all(case.works for case in cases(conditions, changed_facts(facts, cure.moves))) or cure.needs


def test_the_other_port_of_the_server_is_a_cure(rules: dict) -> None:
    """Implicit TLS towards 587: the same client at 465, its port changed in its file and nothing else."""
    from kb.config.patch import patched

    main = "myhostname = mail.example.com\nsmtpd_tls_cert_file = /etc/letsencrypt/live/m/fullchain.pem\nsmtpd_tls_security_level = may\n"
    master = "submission inet n - y - - smtpd\nsubmissions inet n - y - - smtpd -o smtpd_tls_wrappermode=yes\n"
    client = "account default\nhost mail.example.com\nport 587\ntls on\ntls_starttls off\nauth off\n"
    files = {"main.cf": main, "master.cf": master, "msmtprc": client}
    conditions = [rule.condition for rule in rules.values()]
    told = {"certificate_name": "matches", "trusts_client": "yes", "recipient": "remote"}
    diagnosis = diagnose_files(conditions, files, answers=told)
    assert diagnosis.cases[0].combination.id == "starttls-implicit-tls-on-plain-port"
    [cure] = [cure for cure in diagnosis.cures if [move.id for move in cure.moves] == ["client-port-465"]]
    after = patched(files, diagnosis, cure)
    assert after == {**files, "msmtprc": client.replace("587", "465")}
    assert diagnose_files(conditions, after, answers=told).outcome == "works"


def test_reading_an_unknown_fact_asks_for_it() -> None:
    with pytest.raises(UnsettledError) as asked:
        World({})["starts_tls"]
    assert asked.value.name == "tls"


def test_several_files_in_one_paste() -> None:
    text = "a = b\n==> main.cf <==\nx = y\n==> master.cf <==\nsmtp inet\n"
    assert split_files("paste", text) == {"paste": "a = b\n", "main.cf": "x = y\n", "master.cf": "smtp inet\n"}


def test_an_item_of_the_api_that_holds_both_sides_is_taken_apart(client: FlaskClient) -> None:
    """Into the same answer as the files one by one; not where a part would take the place of another file."""
    server = "smtpd_tls_auth_only = yes\nsmtpd_sasl_auth_enable = yes\nsmtpd_tls_security_level = may\n"
    both = f"{MAILPIT}\n{server}"
    answers = [
        client.post("/api/v1/diagnose", json={"files": files, "lang": "en"}).get_json()
        for files in ({"x.env": both}, {"x.env": f"{MAILPIT}\n", "main.cf": server})
    ]
    assert answers[0] == answers[1]
    assert answers[0]["facts"]["server"]["name"]
    assert split_items({"a": both, "main.cf": "x = y\n"}) == {"a": both, "main.cf": "x = y\n"}
    fenced = f"```\n{MAILPIT}\n```\n"
    assert set(split_items({"a": f"==> main.cf <==\n{server}", "b": f"==> main.cf <==\n{server}", "c": fenced})) == {
        "main.cf",
        "b",
        "c",
    }


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_page(client: FlaskClient, lang: str) -> None:
    assert client.get(f"/{lang}/diagnose").status_code == 200
    page = client.post(f"/{lang}/diagnose", data={"client": MAILPIT}).get_data(as_text=True)
    assert "unencrypted connection" in page
    assert "MP_SMTP_RELAY_STARTTLS=true" in page
    assert SECRET not in page


def test_api(client: FlaskClient) -> None:
    answer = client.post("/api/v1/diagnose", json={"files": {".env": MAILPIT}, "lang": "zh"})
    body = answer.get_json()
    contract = {"schema_version", "outcome", "stage", "reason", "combination", "entry", "predicted_text", "server_log",
                "hidden", "fixes", "facts", "questions", "findings", "remarks"}  # fmt: skip
    assert contract <= body.keys()
    assert body["lang"] == "zh"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("payload", "status"),
    [({}, 422), ({"files": {}}, 422), ({"files": {"a": 1}}, 422), ({"files": {"a": "x"}, "answers": []}, 422)],
)
def test_api_refuses_what_is_no_diagnosis(client: FlaskClient, payload: dict, status: int) -> None:
    answer = client.post("/api/v1/diagnose", json=payload)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"


def test_command_line(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(MAILPIT, "utf-8")
    run = inside("diagnose", ".env", "--lang", "zh", cwd=tmp_path)
    assert run.returncode == 1
    assert "AUTH 根本没有发出去" in run.stdout.decode()
    assert SECRET not in run.stdout.decode()
    assert inside("diagnose", "--json", stdin=MAILPIT.encode()).stdout.startswith(b"{")
    assert inside("diagnose", "no-such-file").returncode == 2


SECURE = "compatibility_level = 3.6\nrelayhost = {host}\nsmtp_tls_security_level = {level}\nsmtp_tls_CAfile = /etc/ssl/certs/ca-certificates.crt\n"


# level and further settings, next hop -> whether any certificate will do, and the names that are wanted by hand.
@each("level more host check names", [
    ("secure", "", "[192.0.2.1]:587", "with-subdomain", ""),
    ("secure", "", "[2001:db8::1]:587", "with-subdomain", ""),
    ("secure", "", "[mail.example.com]:587", "host", ""),
    ("verify", "", "[192.0.2.1]:587", "host", ""),
    ("secure", "smtp_tls_secure_cert_match = nexthop\n", "[192.0.2.1]:587", "host", ""),
    ("secure", "smtp_tls_secure_cert_match = nexthop, mail.example.com\n", "[192.0.2.1]:587", "host", "192.0.2.1 mail.example.com"),
    ("verify", "smtp_tls_verify_cert_match = hostname, dot-nexthop\n", "[192.0.2.1]:587", "with-subdomain", ""),
    ("may", "smtp_tls_policy_maps = inline:{ { [192.0.2.1]:587 = secure } }\n", "[192.0.2.1]:587", "with-subdomain", ""),
    ("may", "smtp_tls_policy_maps = inline:{ { [192.0.2.1]:587 = secure match=nexthop } }\n", "[192.0.2.1]:587", "host", ""),
    ("may", "smtp_tls_policy_maps = inline:{ { [192.0.2.1]:587 = secure match=a.example.com:.b.example.com } }\n", "[192.0.2.1]:587", "host",
     "a.example.com .b.example.com"),
])  # fmt: skip
def test_which_names_postfix_wants_in_a_certificate(level: str, more: str, host: str, check: str, names: str) -> None:
    [party] = [
        p for p in read_files({"main.cf": SECURE.format(host=host, level=level) + more}).parties if p.side == "client"
    ]
    assert (party.facts["name_check"], party.details["names"]) == (check, names)


def test_secure_with_an_address_says_why_and_its_cures_work(rules: dict, base: KnowledgeBase) -> None:
    files = {"main.cf": SECURE.format(host="[192.0.2.1]:587", level="secure")}
    told = {
        "certificate": "trusted",
        "certificate_name": "matches",
        "trusts_client": "yes",
        "starttls": "offered",
        "requires_tls": "no",
        "recipient": "remote",
    }
    body = base.diagnose(files, lang="en", answers=told)
    assert (body["outcome"], body["combination"]) == ("fails", "starttls-certificate-name-impossible")
    assert body["predicted_text"] == ["Server certificate not verified"]
    assert "num=62:hostname mismatch" in body["explanation"]
    assert [fix["set"] for fix in body["fixes"][:2]] == [
        ["relayhost=[mail.example.com]:587"],
        ["smtp_tls_secure_cert_match=nexthop"],
    ]
    from kb.config.patch import patched

    conditions = [rule.condition for rule in rules.values()]
    diagnosis = diagnose_files(conditions, files, answers=told)
    for cure in diagnosis.cures:
        assert diagnose_files(conditions, patched(files, diagnosis, cure), answers=told).outcome == "works", cure
