"""A program that sends to MailHog or smtp4dev: how it fares, and in whose words."""

from __future__ import annotations

from tables import each

from kb.knowledge_base import KnowledgeBase

MAILHOG = "services:\n  app:\n    image: example\n  mailhog:\n    image: mailhog/mailhog:latest\n"
SMTP4DEV = 'services:\n  mail:\n    image: rnwood/smtp4dev:v3\n    ports:\n      - "5000:80"\n      - "2525:25"\n'
LARAVEL = "MAIL_MAILER=smtp\nMAIL_HOST=mailhog\nMAIL_PORT=1025\n"
DJANGO = 'EMAIL_HOST = "mailhog"\nEMAIL_PORT = 1025\n'
LOGIN = 'EMAIL_HOST_USER = "u"\nEMAIL_HOST_PASSWORD = "p"\n'


def with_setting(*settings: str) -> str:
    return SMTP4DEV + "    environment:\n" + "".join(f"      - ServerOptions__{setting}\n" for setting in settings)


def to_smtp4dev(text: str) -> str:
    return text.replace("mailhog", "smtp4dev").replace("1025", "25")


# Files -> product, outcome, combination.
TABLE: list[tuple[dict[str, str], tuple[str, str, str | None]]] = [
    ({".env": LARAVEL}, ("mailhog", "works", None)),
    ({".env": LARAVEL, "compose.yaml": MAILHOG}, ("mailhog", "works", None)),
    ({"settings.py": DJANGO + LOGIN, "compose.yaml": MAILHOG}, ("mailhog", "works", None)),
    ({"settings.py": DJANGO + "EMAIL_USE_TLS = True\n"}, ("mailhog", "fails", "starttls-not-offered")),
    (
        {"settings.py": DJANGO + "EMAIL_USE_SSL = True\n", "compose.yaml": MAILHOG},
        ("mailhog", "fails", "starttls-implicit-tls-on-plain-port"),
    ),
    (
        {".env": LARAVEL.replace("1025", "8025"), "compose.yaml": MAILHOG},
        ("mailhog", "fails", "connect-nothing-listens"),
    ),
    ({".env": to_smtp4dev(LARAVEL)}, ("smtp4dev", "works", None)),
    ({".env": to_smtp4dev(LARAVEL), "compose.yaml": SMTP4DEV}, ("smtp4dev", "works", None)),
    (
        {".env": LARAVEL.replace("mailhog", "localhost").replace("1025", "2525"), "compose.yaml": SMTP4DEV},
        ("smtp4dev", "works", None),
    ),
    (
        {"settings.py": to_smtp4dev(DJANGO) + "EMAIL_USE_TLS = True\n", "compose.yaml": SMTP4DEV},
        ("smtp4dev", "fails", "starttls-not-offered"),
    ),
    (
        {"settings.py": to_smtp4dev(DJANGO) + LOGIN, "compose.yaml": with_setting("AuthenticationRequired=true")},
        ("smtp4dev", "works", None),
    ),
    (
        {".env": to_smtp4dev(LARAVEL), "compose.yaml": with_setting("AuthenticationRequired=true")},
        ("smtp4dev", "fails", "mail-account-required"),
    ),
]


@each("files expected", TABLE)
def test_a_program_sends_to_a_test_server(
    files: dict[str, str], expected: tuple[str, str, str | None], base: KnowledgeBase
) -> None:
    body = base.diagnose(files, lang="en")
    assert (body["facts"]["server"]["product"], body["outcome"], body["combination"]) == expected
    said = str([body["predicted_text"], body["fixes"], body["remarks"]])
    assert "Error: command not implemented" not in said
    assert "Mailpit" not in said
    assert "smtpd_" not in said


def test_smtp4dev_has_a_certificate_of_its_own_for_starttls(base: KnowledgeBase) -> None:
    files = {
        "settings.py": to_smtp4dev(DJANGO) + "EMAIL_USE_TLS = True\n",
        "compose.yaml": with_setting("TlsMode=StartTls"),
    }
    body = base.diagnose(files, lang="en")
    facts = {fact["fact"]: fact["value"] for fact in body["facts"]["server"]["facts"]}
    assert (facts["starttls"], facts["certificate"]) == ("offered", "self-signed")
    assert body["outcome"] == "fails"


def test_what_is_left_open_is_asked(base: KnowledgeBase) -> None:
    files = {".env": to_smtp4dev(LARAVEL), "compose.yaml": with_setting("SecureConnectionRequired=true")}
    body = base.diagnose(files, lang="en")
    assert body["outcome"] != "works"
    assert any("451 Secure connection required" in finding["text"] for finding in body["findings"])
