"""One change in every form of its product: what a form says is what the fix said."""

from __future__ import annotations

import shlex
from functools import cache
from itertools import pairwise

import pytest
from content import catalog

from kb.config import gitea, grafana, mailpit
from kb.config.env import variables
from kb.config.postfix import read_config
from kb.page.strings_page import FORM_NAMES
from kb.render.settings import Form, forms_of


@cache
def changes() -> list[tuple[str, str, tuple[str, ...]]]:
    """Where it stands, for which product, and the lines of every fix that sets something."""
    return [
        (f"{id_}-{number}", fix.for_, fix.set)
        for id_, entry in catalog().errors.items()
        for number, fix in enumerate(entry.fixes)
        if fix.set
    ]


def _text(form: Form) -> str:
    return "\n".join(text for _, text in form.parts)


def test_every_change_has_forms_that_have_a_name() -> None:
    several = 0
    for _, product, lines in changes():
        forms = forms_of(product, lines)
        assert len({form.name for form in forms}) == len(forms) >= 1
        assert {form.name for form in forms} <= set(FORM_NAMES)
        assert all(text.strip() for form in forms for _, text in form.parts)
        assert len(forms) <= 5  # the style sheet has no more places
        several += len(forms) > 1
    assert several > 400


def test_variables_say_the_same_in_every_form() -> None:
    seen = 0
    for where, product, lines in changes():
        forms = {form.name: form for form in forms_of(product, lines)}
        if "compose" not in forms or "env" not in forms:
            continue
        told = dict(line.split("=", 1) for line in _text(forms["env"]).splitlines())
        keys = tuple(told)
        for name in ("compose", "kubernetes"):
            if name in forms:
                read = {found.key: found.value for found in variables(name, _text(forms[name]), keys)}
                expected = {k: v.replace("$", "$$") for k, v in told.items()} if name == "compose" else told
                assert read == expected, (where, name)
        words = shlex.split(_text(forms["docker"]).replace("\\\n", " "))
        given = dict(word.split("=", 1) for flag, word in pairwise(words) if flag == "-e")
        assert given == told, where
        seen += 1
    assert seen > 100


def test_mailpit_reads_its_file_and_its_variables_alike() -> None:
    seen = 0
    for where, product, lines in changes():
        forms = {form.name: form for form in forms_of(product, lines)}
        if product != "mailpit" or "mailpit-file" not in forms:
            continue
        by_variable = mailpit.read({".env": "MP_SMTP_RELAY_HOST=h\n" + _text(forms["env"])}).parties
        by_file = mailpit.read({"relay.yaml": "host: h\nstarttls: false\n" + _text(forms["mailpit-file"])}).parties
        if "FORWARD" in _text(forms["env"]):
            continue
        kept = ("tls", "verify", "auth", "host", "startup")
        assert [by_variable[0].facts[name] for name in kept] == [by_file[0].facts[name] for name in kept], where
        seen += 1
    assert seen > 30


def test_postfix_is_told_the_same_by_file_and_by_command() -> None:
    seen = 0
    for where, product, lines in changes():
        forms = {form.name: form for form in forms_of(product, lines)}
        if product != "postfix" or "main.cf" not in forms:
            continue
        written = next(text for file, text in forms["main.cf"].parts if file)
        in_file = {line.partition("=")[0].strip(): line.partition("=")[2].strip() for line in written.splitlines()}
        commands = [
            shlex.split(line) for line in _text(forms["postconf"]).splitlines() if line.startswith("postconf -e")
        ]
        by_command = {w.partition("=")[0].strip(): w.partition("=")[2].strip() for c in commands for w in c[2:]}
        assert in_file == by_command, where
        read = {name for name in in_file if name in read_config({"main.cf": written}).main}
        assert read == set(in_file), where
        seen += 1
    assert seen > 150


def test_ini_files_and_variables_of_grafana_and_gitea_say_the_same() -> None:
    for product, reader in (("grafana", grafana), ("gitea", gitea)):
        for where, own, lines in changes():
            forms = {form.name: form for form in forms_of(own, lines)}
            if own != product or "ini" not in forms:
                continue
            file, text = forms["ini"].parts[0]
            one, two = reader.read({file: text}).parties, reader.read({".env": _text(forms["env"])}).parties
            assert [party.facts for party in one] == [party.facts for party in two], where


@pytest.mark.parametrize(
    ("product", "lines", "form", "expected"),
    [
        ("postfix", ["smtp_tls_security_level = may"], "postconf", "postconf -e 'smtp_tls_security_level = may'"),
        ("postfix", ["postconf -e 'a_b = 1'", "postfix reload"], "main.cf", "a_b = 1\npostfix reload"),
        ("postfix", ["postconf -P 'submission/inet/smtpd_x=no'"], "master.cf", "  -o smtpd_x=no"),
        ("nextcloud", ["'mail_smtpport' => 587,"], "occ", "php occ config:system:set mail_smtpport --value=587 --type=integer"),
        ("msmtp", ["tls on", "tls_starttls off"], "once", "msmtp --tls=on --tls-starttls=off -- bob@example.net"),
        ("jakarta-mail", ["mail.smtp.port=465"], "spring", "spring.mail.port=465"),
        ("mailpit", ["MP_SMTP_RELAY_MATCHING=@a$"], "compose", "services:\n  mailpit:\n    environment:\n      MP_SMTP_RELAY_MATCHING: '@a$$'"),
    ],
)  # fmt: skip
def test_single_forms(product: str, lines: list[str], form: str, expected: str) -> None:
    assert _text(next(found for found in forms_of(product, lines) if found.name == form)) == expected


@pytest.mark.parametrize(
    ("product", "lines"),
    [
        ("mailpit", ["MP_SMTP_RELAY_AUTH=none", "postconf -e 'mynetworks = 127.0.0.0/8'"]),
        ("postfix", ["postmap /etc/postfix/x", "smtp_sasl_password_maps = hash:/etc/postfix/x"]),
        ("postfix", ["[smtp.example.com]:587 user@example.com:PASSWORD", "postmap /etc/postfix/x"]),
        ("exim", ["port = 587"]),
        ("nodemailer", ["from: 'a@example.com'"]),
        ("msmtp", ["account default : x"]),
    ],
)
def test_what_cannot_be_put_otherwise_stays_as_it_is(product: str, lines: list[str]) -> None:
    (form,) = forms_of(product, lines)
    assert (form.name, _text(form)) == ("as-is", "\n".join(lines))
