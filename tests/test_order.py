"""Which fix of an answer comes first: the one for the software that the paste shows."""

from __future__ import annotations

import json
import re

from flask.testing import FlaskClient
from tables import each

from kb.explain import explain
from kb.inputs import Observation, read
from kb.knowledge_base import KnowledgeBase
from kb.match.order import read as targets_of
from kb.match.order import shown, sides_of
from kb.match.software import Software, software_in
from kb.page.words import NAMES
from kb.render.as_json import lookup_bytes, lookup_json
from kb.render.as_text import answer_text

DATE = "Nov 24 06:13:11 mail"


def delivery(relay: str, said: str) -> str:
    """A line in which Postfix, as a client, passes on what a server said."""
    return (
        f"{DATE} postfix/smtp[26335]: 4ABCDEF012: to=<alice@example.com>, relay={relay}[192.0.2.25]:587, delay=1.2,"
        f" dsn=5.7.0, status=bounced (host {relay}[192.0.2.25] said: {said})"
    )


def rejected(said: str) -> str:
    """A line in which Postfix, as a server, refuses a client."""
    return f"{DATE} postfix/smtpd[26335]: NOQUEUE: reject: RCPT from unknown[192.0.2.10]: {said}; from=<bob@example.net> to=<alice@example.com> proto=ESMTP helo=<pc>"


def nextcloud(said: str) -> str:
    """An entry of nextcloud.log."""
    trace = [
        {"file": "/var/www/html/lib/private/Mail/Mailer.php", "class": "OC\\Mail\\Mailer", "function": "send"},
        {"class": "Symfony\\Component\\Mailer\\Transport\\Smtp\\SmtpTransport", "function": "start"},
    ]
    return json.dumps({"level": 3, "app": "settings", "message": said, "exception": {"Message": said, "Trace": trace}})


def python(*frames: str, said: str) -> str:
    """A traceback."""
    lines = [f'  File "/venv/lib/python3.12/site-packages/{frame}", line 100, in send' for frame in frames]
    return "\n".join(["Traceback (most recent call last):", *lines, said])


NOT_OFFERED = "smtplib.SMTPNotSupportedError: SMTP AUTH extension not supported by server."
WRONG_VERSION = "stream_socket_client(): SSL operation failed with code 1. OpenSSL Error messages:\nerror:0A00010B:SSL routines::wrong version number"
RELAY_DENIED = "554 5.7.1 <alice@example.com>: Relay access denied"
FROM_163 = "553 Mail from must equal authorized user"
PHP_LOGIN = "SMTP Error: Could not authenticate."
GMAIL_BUSY = "421-4.7.0 Try again later, closing connection. (EHLO)"
# The paste, the entry that it gets, and whom its first fix is for.
PASTES: dict[str, tuple[str, str, str]] = {
    "Nextcloud, TLS": (nextcloud(WRONG_VERSION), "starttls-php-wrong-version", "nextcloud"),
    "Nextcloud, log in": (
        nextcloud(
            'Failed to authenticate on SMTP server with username "a" using the following authenticators: "LOGIN".'
        ),
        "auth-symfony-failed",
        "nextcloud",
    ),
    "Nextcloud, connect": (
        nextcloud('Connection could not be established with host "smtp.example.com:587"'),
        "connect-symfony-not-established",
        "nextcloud",
    ),
    "Laravel, TLS": (
        f"Symfony\\Component\\Mailer\\Exception\\TransportException: {WRONG_VERSION}\n#0 /app/vendor/symfony/mailer/Transport.php(60)",
        "starttls-php-wrong-version",
        "symfony-mailer",
    ),
    "PHPMailer, TLS": (f"PHPMailer\\PHPMailer\\Exception: {WRONG_VERSION}", "starttls-php-wrong-version", "phpmailer"),
    "WordPress, log in": (
        f"[24-Nov-2026 06:13:11 UTC] wp_mail: {PHP_LOGIN} in /var/www/html/wp-includes/PHPMailer/SMTP.php",
        "auth-phpmailer-could-not-authenticate",
        "wordpress",
    ),
    "PHPMailer, log in": (f"PHPMailer: {PHP_LOGIN}", "auth-phpmailer-could-not-authenticate", "phpmailer"),
    "Django, AUTH": (
        python("django/core/mail/backends/smtp.py", "smtplib.py", said=NOT_OFFERED),
        "auth-smtplib-not-offered",
        "django",
    ),
    "smtplib, AUTH": (python("app.py", "smtplib.py", said=NOT_OFFERED), "auth-smtplib-not-offered", "python-smtplib"),
    "Django, settings": (f"EMAIL_HOST = 'smtp.example.com'\n\n{NOT_OFFERED}", "auth-smtplib-not-offered", "django"),
    "Postfix as a client, STARTTLS": (
        delivery("smtp.example.com", "530 5.7.0 Must issue a STARTTLS command first (in reply to MAIL FROM command)"),
        "starttls-required-first",
        "postfix",
    ),
    "Mailpit, STARTTLS": (
        'level=error msg="[relay] error: error response to MAIL command: 530 5.7.0 Must issue a STARTTLS command first"',
        "starttls-required-first",
        "mailpit",
    ),
    "Mailpit, relay": (
        f'time="2026/11/24 06:13:11" level=warning msg="[relay] error response to RCPT command for alice@example.com: {RELAY_DENIED}"',
        "rcpt-relay-access-denied",
        "mailpit",
    ),
    "Postfix as a server, relay": (rejected(RELAY_DENIED), "rcpt-relay-access-denied", "client"),
    "Postfix as a client, Gmail": (
        delivery(
            "smtp.gmail.com", "451-4.3.0 Multiple destination domains per transaction is unsupported. Please try again."
        ),
        "rcpt-gmail-several-domains",
        "postfix",
    ),
    "Postfix, blocked as dynamic": (
        delivery("mx.example.com", "554 5.7.1 We do not accept mail from dynamic hosts (in reply to RCPT TO command)"),
        "connect-dynamic-ip-refused",
        "postfix",
    ),
    "Exim, blocked as dynamic": (
        "2026-11-24 06:13:11 1abcde-000001-AB ** alice@example.com R=dnslookup T=remote_smtp H=mx.example.com [192.0.2.25]:"
        " SMTP error from remote mail server after RCPT TO:<alice@example.com>: 554 We do not accept mail from dynamic hosts",
        "connect-dynamic-ip-refused",
        "exim",
    ),
    "Exim, HELO": (
        "2026-11-24 06:13:11 1abcde-000001-AB ** alice@example.com R=dnslookup T=remote_smtp H=mx.example.com [192.0.2.25]:"
        " SMTP error from remote mail server after EHLO pc: 501 Syntactically invalid EHLO argument(s)",
        "ehlo-helo-invalid",
        "exim",
    ),
    "Yahoo and Postfix": (
        delivery("smtp.mail.yahoo.com", "550 Request failed; Mailbox unavailable (in reply to MAIL FROM command)"),
        "mail-yahoo-sender-not-account",
        "postfix",
    ),
    "Yahoo and msmtp": (
        "msmtp: envelope from address bob@example.com not accepted by the server\nmsmtp: server message: 550 Request failed;"
        " Mailbox unavailable\nmsmtp: could not send mail (account default from /etc/msmtprc, host smtp.mail.yahoo.com)",
        "mail-yahoo-sender-not-account",
        "msmtp",
    ),
    "Grafana and NetEase": (
        f'logger=alerting.notifier.email level=error msg="Grafana: {FROM_163}"',
        "mail-netease-from-mismatch",
        "grafana",
    ),
    "GitLab and QQ": (
        "gitlab-rails: Net::SMTPFatalError: 501 mail from address must be same as authorization user",
        "mail-qq-from-mismatch",
        "gitlab",
    ),
    "Alertmanager and QQ": (
        'ts=2026-11-24 component=dispatcher level=error msg="alertmanager: 501 mail from address must be same as authorization user"',
        "mail-qq-from-mismatch",
        "alertmanager",
    ),
    "Nodemailer and Gmail": (
        f"Error: {GMAIL_BUSY}\n    at SMTPConnection._formatError (/app/node_modules/nodemailer/lib/smtp-connection/index.js:790:19)",
        "ehlo-gmail-try-again-later",
        "nodemailer",
    ),
    "Uptime Kuma, TLS": (
        "uptime-kuma | Error: 140:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../deps/openssl/ssl_record.c:354:\n"
        "    at TLSWrap.onhandshakedone { library: 'SSL routines', code: 'ESOCKET', command: 'CONN' }",
        "starttls-nodejs-wrong-version",
        "uptime-kuma",
    ),
    "Jakarta Mail and QQ": (
        "jakarta.mail.MessagingException: 530 Login fail. A secure connection is requiered(such as ssl)\n\tat org.eclipse.angus.mail",
        "auth-qq-secure-connection",
        "jakarta-mail",
    ),
    "Exim, size": (
        "2026-11-24 06:13:11 H=pc.example.net [192.0.2.10] F=<bob@example.net> rejected MAIL: 552 Message size exceeds maximum permitted",
        "mail-message-too-big",
        "sender",
    ),
    "sSMTP, then msmtp": ("sendmail: Cannot open mail:25", "connect-ssmtp-cannot-open", "ssmtp"),
    "Roundcube, TLS": (
        "roundcube: SMTP Error: STARTTLS failed: 2.0.0 Ready to start TLS (Code: 220)",
        "starttls-pear-failed",
        "roundcube",
    ),
    "PEAR, TLS": (
        "authentication failure [SMTP: STARTTLS failed (code: 220, response: 2.0.0 Ready to start TLS)] in Net/SMTP.php",
        "starttls-pear-failed",
        "client",
    ),
    "SES and Postfix": (
        delivery("email-smtp.eu-west-1.amazonaws.com", "454 Throttling failure: Maximum sending rate exceeded."),
        "data-ses-throttling",
        "postfix",
    ),
    "Yandex and Postfix": (
        delivery("smtp.yandex.ru", "553 5.7.1 Sender address rejected: not owned by auth user."),
        "mail-yandex-sender-not-owned",
        "postfix",
    ),
    "Zabbix": ('zabbix_server: no welcome message 220* from SMTP server "xyz"', "banner-zabbix-no-welcome", "zabbix"),
    "Django and SendGrid": (
        python(
            "django/core/mail/backends/smtp.py",
            said="smtplib.SMTPSenderRefused(550, 'Unauthenticated senders not allowed')",
        ),
        "mail-sendgrid-unauthenticated",
        "django",
    ),
    "Sendmail, loop": (
        f"{DATE} sendmail[2611]: 3AB: to=<user@example.com>, mailer=local, dsn=5.4.6, stat=554 5.4.6 aliasing/forwarding loop"
        " broken (11 aliases deep; 10 max)",
        "rcpt-alias-loop",
        "sendmail",
    ),
    "hMailServer, loop": (
        "hMailServer: 550 Mail server configuration error. Too many recursive forwards.",
        "rcpt-alias-loop",
        "hmailserver",
    ),
    "Mailpit, HELO": (
        'level=error msg="[relay] error: error response to RCPT command for a@example.com: 504 5.5.2 <3f2a61c0b1d2>:'
        ' Helo command rejected: need fully-qualified hostname"',
        "ehlo-helo-name-not-fqdn",
        "mailpit",
    ),
    "nothing named, relay": (RELAY_DENIED, "rcpt-relay-access-denied", "client"),
    "nothing named, TLS": (WRONG_VERSION, "starttls-php-wrong-version", "phpmailer"),
}


@each("paste entry first", PASTES.values(), list(PASTES))
def test_the_first_fix_is_for_the_software_in_the_paste(
    base: KnowledgeBase, paste: str, entry: str, first: str
) -> None:
    match = base.lookup(paste, "en")["matches"][0]
    assert (match["id"], match["fixes"][0]["for"]) == (entry, first)


def test_nothing_named_leaves_the_order_of_the_catalogue(base: KnowledgeBase) -> None:
    plain = explain(base.store, RELAY_DENIED).matches[0]
    assert (plain.fixes, plain.program) == ((), None)


@each(
    "paste client server",
    [
        ("from=<nextcloud@example.com> to=<grafana@gitlab.example.com>", set(), set()),
        ("helo=<nextcloud>", {"nextcloud"}, set()),
        ("SMTP error from mail.odoo.example", set(), set()),
        ("odoo-1  | SMTPException", {"odoo"}, set()),
        ("smtp.sendmail('a@example.com')", set(), set()),
        ("transporter.sendMail and sendEmail()", set(), set()),
        ("X-Mailer: PHPMailer 6.9.1 (https://example.com)", {"phpmailer"}, set()),
        ("Net::SMTPAuthenticationError: 535", {"ruby-net-smtp"}, set()),
        ("use Net::SMTP; Net/SMTP.pm line 3", {"perl-net-smtp"}, set()),
        ("postfix", {"postfix"}, {"postfix"}),
        ("mailpit [relay] to postfix:25", {"mailpit"}, {"postfix"}),
        ("mailpit [relay]: smtpd_tls_auth_only = yes", {"mailpit"}, {"postfix"}),
        ("relayhost = [smtp.gmail.com]:587 said 535 smtp.gmail.com", {"postfix"}, {"gmail"}),
        (delivery("smtp.gmail.com", "535-5.7.8 gsmtp"), {"postfix"}, {"gmail"}),
        (rejected(RELAY_DENIED), set(), {"postfix"}),
        (nextcloud("x"), {"nextcloud", "symfony-mailer"}, set()),
        (json.dumps(json.loads(nextcloud("x"))), {"nextcloud", "symfony-mailer"}, set()),
    ],
    lambda row: row[0][:40],
)
def test_the_software_in_a_paste(paste: str, client: set[str], server: set[str]) -> None:
    found = software_in(paste, read(paste).observations[0] if read(paste).observations else Observation(paste))
    assert (found.client, found.server) == (client, server)


def test_whatever_is_named_no_fix_is_lost_and_none_that_costs_security_moves_up(base: KnowledgeBase) -> None:
    for entry in base.store.entries():
        targets = targets_of(entry.targets)
        number = list(range(len(targets)))
        for who in {target.who for target in targets}:
            for named in (Software(frozenset({who}), frozenset()), Software(frozenset(), frozenset({who}))):
                order = shown(entry, named).order
                assert sorted(order) == number
                for place, moved in enumerate(order):
                    passed = [other for other in order[place + 1 :] if other < moved and targets[other].who == who]
                    assert not (targets[moved].stays and passed), (entry.id, who)


@each(
    "who said side emitters sides",
    [
        ("client", "", "server", ["any"], ("client",)),
        ("dns", "", "server", ["any"], ()),
        ("django", "", "server", ["any"], ("client",)),
        ("gmail", "", "client", ["any"], ("server",)),
        ("postfix", "postconf -e 'smtpd_tls_security_level = may'", "client", [], ("server",)),
        ("postfix", "postconf -e 'smtp_tls_security_level = may'", "server", ["postfix"], ("client",)),
        ("postfix", "postfix reload", "server", ["postfix"], ("server",)),
        ("postfix", "postfix reload", "server", ["gmail"], ("client",)),
        ("postfix", "postfix reload", "client", ["mailpit"], ("server",)),
        ("exim", "", "server", ["any"], ("client", "server")),
        ("exim", "hosts_avoid_tls = mx.example.com", "server", ["exim"], ("client",)),
        ("exim", "helo_allow_chars = _", "server", ["any"], ("server",)),
        ("exchange", 'Set-SendConnector "To internet" -SmartHosts smtp.example.com', "server", ["any"], ("client",)),
        ("exchange", "Set-ReceiveConnector DEFAULT -RequireTLS $false", "server", ["any"], ("server",)),
    ],
    lambda row: " ".join(row[0:2]),
)
def test_the_side_that_a_fix_changes(
    who: str, said: str, side: str, emitters: list[str], sides: tuple[str, ...]
) -> None:
    assert sides_of(who, said.lower(), side, emitters) == sides


def test_page_terminal_and_api_have_one_order(base: KnowledgeBase, client: FlaskClient) -> None:
    paste, _, _ = PASTES["Django, AUTH"]
    answer = explain(base.store, paste)
    for lang in ("zh", "en"):
        body = lookup_json(base.store, answer, lang)
        assert json.loads(lookup_bytes(base.store, answer, lang)) == body
        wanted = [NAMES["label"]("for", fix["for"], lang) for fix in body["matches"][0]["fixes"]]
        text = answer_text(base.store, answer, lang)
        assert [
            line.partition("[")[2].partition("]")[0]
            for line in text.splitlines()
            if line[:3].strip().isdigit() and "[" in line
        ] == wanted
        page = client.post(f"/{lang}/lookup", data={"text": paste}).text
        assert re.findall(r'class="target(?: role)?">([^<]*)<', page) == wanted
