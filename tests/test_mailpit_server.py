"""A program that sends to Mailpit: how it fares, and in whose words."""

from __future__ import annotations

from tables import each

from kb.knowledge_base import KnowledgeBase

COMPOSE = "services:\n  app:\n    image: example\n  mailpit:\n    image: axllent/mailpit\n"
LARAVEL = "MAIL_MAILER=smtp\nMAIL_HOST=mailpit\nMAIL_PORT=1025\n"
DJANGO = 'EMAIL_HOST = "mailpit"\nEMAIL_PORT = 1025\n'
RELAY = "    environment:\n      MP_SMTP_RELAY_HOST: smtp.example.com\n"

# Files -> outcome, combination.
TABLE: list[tuple[dict[str, str], tuple[str, str | None]]] = [
    ({"compose.yaml": COMPOSE, ".env": LARAVEL}, ("works", None)),
    ({".env": LARAVEL}, ("works", None)),
    ({".env": "MAILER_DSN=smtp://mailpit:1025\n"}, ("works", None)),
    ({".env": "MAILER_DSN=smtps://mailpit:1025\n"}, ("fails", "starttls-implicit-tls-on-plain-port")),
    ({".env": LARAVEL.replace("1025", "587"), "compose.yaml": COMPOSE}, ("fails", "connect-nothing-listens")),
    ({"settings.py": DJANGO + "EMAIL_USE_TLS = True\n"}, ("fails", "starttls-not-offered")),
    (
        {"settings.py": DJANGO + 'EMAIL_HOST_USER = "u"\nEMAIL_HOST_PASSWORD = "p"\n', "compose.yaml": COMPOSE},
        ("fails", "auth-not-offered"),
    ),
    (
        {".env": LARAVEL, "mailpit.env": "MP_SMTP_AUTH=u:p\nMP_SMTP_AUTH_ALLOW_INSECURE=true\n"},
        ("fails", "mail-account-required"),
    ),
]


@each("files expected", TABLE)
def test_a_program_sends_to_mailpit(
    files: dict[str, str], expected: tuple[str, str | None], base: KnowledgeBase
) -> None:
    body = base.diagnose(files, lang="en")
    assert (body["outcome"], body["combination"]) == expected
    assert body["facts"]["server"]["product"] == "mailpit"
    assert "Error: command not implemented" not in str(body["predicted_text"])


def test_the_relay_is_answered_where_the_program_reaches_mailpit(base: KnowledgeBase) -> None:
    body = base.diagnose({"compose.yaml": COMPOSE + RELAY, ".env": LARAVEL}, lang="en")
    assert body["facts"]["client"]["product"] == "mailpit-relay"
    assert any("reaches Mailpit" in finding["text"] for finding in body["findings"])
