"""What an exported lookup is asked in tests, and what the served site answers to it, as a page of an export."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from conftest import ROOT
from werkzeug.test import Client

from kb.catalog.read import read_catalog
from kb.export.rewrite import Target, rewritten
from kb.web import create_app
from kb.web.policy import Policy
from kb.web.site import Site

Ask = tuple[str, str, dict[str, str]]  # page, language, fields of its form
LOG = "\n".join(
    (
        "Nov 27 09:12:01 mail postfix/smtpd[1201]: connect from unknown[192.0.2.10]",
        "Nov 27 09:12:02 mail postfix/smtpd[1201]: NOQUEUE: reject: RCPT from unknown[192.0.2.10]: 554 5.7.1 <bob@example.net>:"
        " Relay access denied; from=<app@example.com> to=<bob@example.net> proto=ESMTP helo=<app>",
        "Nov 27 09:12:09 mail postfix/smtp[1207]: 4F1: to=<carol@example.org>, relay=none, delay=30, dsn=4.4.1,"
        " status=deferred (connect to mx.example.org[198.51.100.7]:25: Connection timed out)",
    )
)
SECRET = "hunter2hunter2"
OTHERS: tuple[Ask, ...] = tuple(
    (page, lang, fields)
    for lang in ("zh", "en")
    for page, fields in (
        ("", {"text": LOG}),
        ("", {"text": "the mail is not there, nobody knows why"}),
        ("", {"text": "550 5.7.999 no such registered status"}),
        ("", {"text": ""}),
        ("", {"text": f"535 5.7.8 authentication failed\npassword={SECRET}"}),
        (
            "",
            {
                "text": "<script>alert(1)</script> ПОЧТА 550 Relay access denied\r\n\x00\ud800".replace(
                    "\ud800", "\ufffd"
                )
            },
        ),
        (
            "diagnose",
            {
                "client": f"MP_SMTP_RELAY_HOST=mail.example.com\nMP_SMTP_RELAY_AUTH=plain\nMP_SMTP_RELAY_PASSWORD={SECRET}",
                "server": "==> main.cf <==\nsmtpd_tls_security_level = may\n",
                "error": "",
            },
        ),
        ("explore", {"client": "msmtp", "tls": "none"}),
    )
)


def asks(most: int) -> list[Ask]:
    """At most so many examples of the catalogue, spread over it and over both languages, every bounce of tests/cases, and OTHERS."""
    _, catalogue = read_catalog(ROOT)
    texts = [example for entry in catalogue.errors.values() for example in entry.examples]
    texts = texts[:: max(1, len(texts) // most)][:most]
    bounces = sorted((ROOT / "tests" / "cases" / "inputs").glob("dsn-*.txt"))
    texts += [path.read_bytes().decode("utf-8", "replace") for path in bounces[:: max(1, len(bounces) // 8)]]
    return [*(("", ("zh", "en")[number % 2], {"text": text}) for number, text in enumerate(texts)), *OTHERS]


def served(site: Site, wanted: Collection[Ask], places: Collection[str], megabytes: int) -> Iterator[str]:
    """The answers of the application, with the links of an export."""
    client: Client = create_app(site=site, policy=Policy()).test_client()
    for page, lang, fields in wanted:
        address = f"/{lang}/{page or 'lookup'}"
        answer = client.get(address, query_string=fields) if page == "explore" else client.post(address, data=fields)
        assert answer.status_code == 200
        main = re.search(r"<main\b[^>]*>(.*)</main>", answer.text, re.DOTALL)
        assert main
        place = f"{lang}/{page}/index.html".replace("//", "/")
        yield rewritten(main[1], f"/{lang}/{page}", Target(place, lang, {}, places.__contains__, True, megabytes))


def same(one: str, other: str) -> bool:
    """Whether two pieces of HTML are the same but for blanks between."""
    return one.split() == other.split()
