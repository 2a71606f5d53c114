"""How SMTP implementations behave where they differ, and in which words they report a refusal.

Every row is measured against a real server or read off the implementation's source; `source` says which.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Library:
    """One SMTP implementation.

    unoffered_starttls: what it does when it must use STARTTLS and the server does not list it: "sends" the command all the
    same or "fails" by itself. falls_back: with opportunistic STARTTLS, whether it goes on in clear when TLS fails.
    name_first: a certificate's name is checked before its issuer. unoffered_auth: with credentials and a server that lists no
    AUTH: "sends" it blindly, "fails", or "skips" it silently. unfit: with a mechanism that the server does not list: "sends",
    "fails", or "chooses" another. held_back: mechanisms that it refuses to use without TLS when they are set,
    chooses_none_without_tls: whether it refuses all of them when it may choose; held_back_local: also towards localhost.
    order: which mechanism it picks first when none is set. reports: per stage how it prints the server's `{reply}`; where it has
    no form of its own the reply stands alone. quotes: prints replies as Go does since 1.25.11 and 1.26.4, as well as plain.
    declares_size: gives the mail's size with MAIL FROM (RFC 1870).
    """

    source: str
    unoffered_starttls: str = "fails"
    falls_back: bool = False
    name_first: bool = False
    unoffered_auth: str = "fails"
    unfit: str = "fails"
    held_back: frozenset[str] = frozenset()
    chooses_none_without_tls: bool = False
    held_back_local: bool = False
    order: tuple[str, ...] = ("cram-md5", "plain", "login")
    reports: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    quotes: bool = False
    declares_size: bool = False


_GO_RELAY = {
    "banner": ("error connecting to {host}:{port}: {reply}",),
    "ehlo": ("error saying HELO/EHLO to {host}:{port}: {reply}",),
    "starttls": ("error creating StartTLS config: {reply}",),
    "auth": ("error response to AUTH command: {reply}",),
    "mail": ("error sending MAIL command: {reply}", "error response to MAIL command: {reply}"),
    "rcpt": ("error response to RCPT command for {recipient}: {reply}",),
    "data": ("error response to DATA command: {reply}",),
}

_SMTPLIB = {
    "banner": ("smtplib.SMTPConnectError: ({code}, b'{said}')",),
    "starttls": ("smtplib.SMTPResponseException: ({code}, b'{said}')",),
    "auth": ("smtplib.SMTPAuthenticationError: ({code}, b'{said}')",),
    "mail": ("smtplib.SMTPSenderRefused: ({code}, b'{said}', '{sender}')",),
    "rcpt": ("smtplib.SMTPRecipientsRefused: {open}'{recipient}': ({code}, b'{said}'){close}",),
    "data": ("smtplib.SMTPDataError: ({code}, b'{said}')",),
}
_NODEMAILER = {
    "starttls": ("Error: Error upgrading connection with STARTTLS: {reply}",),
    "auth": (
        "Error: Invalid login: {reply}",
        'Error: Invalid login sequence while waiting for "235": {reply}',
        "Error: Invalid login sequence while waiting for server challenge string: {reply}",
        'Error: Invalid login sequence while waiting for "334 VXNlcm5hbWU6": {reply}',
    ),
    "mail": ("Error: Mail command failed: {reply}",),
    "rcpt": ("Error: Can't send mail - all recipients were rejected: {reply}",),
    "data": ("Error: Message failed: {reply}",),
}
_MSMTP_SAID = "\nmsmtp: server message: {reply}"
_MSMTP = {
    "starttls": (f"msmtp: command STARTTLS failed{_MSMTP_SAID}",),
    "auth": (f"msmtp: authentication failed (method {{mechanism}}){_MSMTP_SAID}",),
    "mail": (f"msmtp: envelope from address {{sender}} not accepted by the server{_MSMTP_SAID}",),
    "rcpt": (f"msmtp: recipient address {{recipient}} not accepted by the server{_MSMTP_SAID}",),
    "data": (f"msmtp: the server did not accept the mail{_MSMTP_SAID}",),
}
_POSTFIX = {
    "starttls": ("TLS is required, but host {host}[{any}] refused to start TLS: {reply}",),
    "auth": ("SASL authentication failed; server {host}[{any}] said: {reply}",),
    "mail": ("host {host}[{any}] said: {reply} (in reply to MAIL FROM command)",),
    "rcpt": ("host {host}[{any}] said: {reply} (in reply to RCPT TO command)",),
    "data": ("host {host}[{any}] said: {reply} (in reply to end of DATA command)",),
}

_GOMAIL = {
    "mail": ("gomail: could not send email 1: {reply}",),
    "rcpt": ("gomail: could not send email 1: {reply}",),
    "data": ("gomail: could not send email 1: {reply}",),
}
_ALERTMANAGER = {
    "banner": ("create SMTP client: {reply}",),
    "ehlo": ("send EHLO command: {reply}",),
    "starttls": ("send STARTTLS command: {reply}",),
    "auth": ("*smtp.plainAuth auth: {reply}", "*email.loginAuth auth: {reply}", "*smtp.cramMD5Auth auth: {reply}"),
    "mail": ("send MAIL command: {reply}",),
    "rcpt": ("send RCPT command: {reply}",),
    "data": ("send DATA command: {reply}", "delivery failure: {reply}"),
}
_GITEA = {
    "banner": ("could not initiate SMTP session: {reply}",),
    "ehlo": ("failed to issue HELO command: {reply}",),
    "starttls": ("failed to start TLS connection: {reply}",),
    "auth": ("failed to authenticate SMTP: {reply}",),
    "mail": ("failed to issue MAIL command: {reply}",),
    "rcpt": ("failed to issue RCPT command: {reply}",),
    "data": ("failed to issue DATA command: {reply}", "SMTP close failed: {reply}"),
}
_PHPMAILER = {
    "starttls": ("SMTP ERROR: STARTTLS command failed: {reply}",),
    "auth": (
        "SMTP ERROR: Password command failed: {reply}",
        "SMTP ERROR: User & Password command failed: {reply}",
        "SMTP ERROR: AUTH command failed: {reply}",
    ),
    "mail": ("SMTP ERROR: MAIL FROM command failed: {reply}",),
    "rcpt": ("SMTP ERROR: RCPT TO command failed: {reply}",),
    "data": ("SMTP ERROR: DATA END command failed: {reply}",),
}
_SYMFONY_SAID = 'but got code "{code}", with message "{reply}".'
_SYMFONY = {
    "banner": (f'Expected response code "220" {_SYMFONY_SAID}',),
    "starttls": (f'Expected response code "220" {_SYMFONY_SAID}',),
    "mail": (f'Expected response code "250" {_SYMFONY_SAID}',),
    "rcpt": (f'Expected response code "250/251/252" {_SYMFONY_SAID}',),
    "data": (f'Expected response code "354" {_SYMFONY_SAID}', f'Expected response code "250" {_SYMFONY_SAID}'),
}
_SSMTP = {
    "auth": (
        "Server didn't like our AUTH LOGIN ({reply})",
        "Server rejected AUTH CRAM-MD5 ({reply})",
        "Authorization failed ({reply})",
    ),
    "rcpt": ("RCPT TO:<{recipient}> ({reply})",),
}
_NULLMAILER = dict.fromkeys(("banner", "ehlo", "starttls", "auth", "mail", "rcpt", "data"), ("smtp: Failed: {reply}",))
_EXIM_SAID = "SMTP error from remote mail server after"
_EXIM = {
    "banner": (f"{_EXIM_SAID} initial connection: {{reply}}",),
    "auth": ("{any} authenticator failed H={host} [{any}] {reply}",),
    "mail": (f"{_EXIM_SAID} MAIL FROM:<{{sender}}>: {{reply}}", f"{_EXIM_SAID} pipelined end of data: {{reply}}"),
    "rcpt": (f"{_EXIM_SAID} RCPT TO:<{{recipient}}>: {{reply}}",),
    "data": (f"{_EXIM_SAID} end of data: {{reply}}", f"{_EXIM_SAID} pipelined end of data: {{reply}}"),
}
_OPENSMTPD_SAYS = "mta error reason="
_OPENSMTPD = {
    "banner": (f"{_OPENSMTPD_SAYS}BANNER rejected: {{reply}}",),
    "ehlo": (f"{_OPENSMTPD_SAYS}EHLO rejected: {{reply}}",),
    "starttls": (f"{_OPENSMTPD_SAYS}STARTTLS rejected: {{reply}}",),
    "auth": (f"{_OPENSMTPD_SAYS}AUTH rejected: {{reply}}",),
}
# Zabbix's own dialogue, without security and login; else libcurl's, which gives the reply code alone.
_ZABBIX = {
    "mail": ('wrong answer on MAIL FROM "{reply}"',),
    "rcpt": ('wrong answer on RCPT TO "{reply}"', "Failed sending data to the peer: RCPT failed: {code}"),
}

LIBRARIES: Mapping[str, Library] = {
    "go-client": Library(
        source="Go net/smtp smtp.go, auth.go; Mailpit internal/smtpd/relay.go",
        unoffered_starttls="sends",
        name_first=True,
        unoffered_auth="sends",
        unfit="sends",
        held_back=frozenset({"plain"}),
        reports=_GO_RELAY,
        quotes=True,
    ),
    "go-sendmail": Library(
        source="Go net/smtp smtp.go SendMail, auth.go",
        name_first=True,
        unfit="sends",
        held_back=frozenset({"plain"}),
        quotes=True,
    ),
    "smtplib": Library(
        source="Python Lib/smtplib.py",
        reports=_SMTPLIB,
        declares_size=True,
        order=("cram-md5", "plain", "login"),
    ),
    "nodemailer": Library(
        source="Nodemailer lib/smtp-connection/index.js",
        reports=_NODEMAILER,
        unoffered_starttls="sends",
        unoffered_auth="skips",
        unfit="sends",
        order=("plain", "login", "cram-md5"),
    ),
    "msmtp": Library(
        source="msmtp src/smtp.c",
        reports=_MSMTP,
        chooses_none_without_tls=True,
        held_back_local=True,
        order=("plain", "cram-md5", "login"),
    ),
    "postfix": Library(
        source="Postfix src/smtp/smtp_proto.c, smtp_sasl_glue.c, smtp_sasl_auth_cache.c",
        reports=_POSTFIX,
        declares_size=True,
        falls_back=True,
        unoffered_auth="skips",
        order=("cram-md5", "plain", "login"),
    ),
    "go-gomail": Library(
        source="go-mail/mail smtp.go, auth.go; Grafana pkg/services/notifications/smtp.go",
        name_first=True,
        unoffered_auth="skips",
        held_back=frozenset({"plain"}),
        order=("cram-md5", "plain", "login"),
        reports=_GOMAIL,
        quotes=True,
    ),
    "alertmanager": Library(
        source="Alertmanager notify/email/email.go",
        name_first=True,
        unoffered_auth="skips",
        held_back=frozenset({"plain"}),
        order=("plain", "login"),
        reports=_ALERTMANAGER,
        quotes=True,
    ),
    "gitea": Library(
        source="Gitea services/mailer/sender/smtp.go",
        name_first=True,
        order=("cram-md5", "plain", "login"),
        reports=_GITEA,
        quotes=True,
    ),
    "phpmailer": Library(
        source="PHPMailer src/PHPMailer.php, src/SMTP.php",
        unoffered_starttls="sends",
        unfit="chooses",
        order=("cram-md5", "login", "plain"),
        reports=_PHPMAILER,
    ),
    "symfony": Library(
        source="Symfony Mailer Transport/Smtp/EsmtpTransport.php, SmtpTransport.php",
        unoffered_auth="skips",
        order=("cram-md5", "login", "plain"),
        reports=_SYMFONY,
    ),
    "ruby": Library(
        source="net-smtp lib/net/smtp.rb, lib/net/smtp/authenticator.rb",
        unoffered_auth="sends",
        unfit="sends",
        order=("plain", "login", "cram-md5"),
    ),
    "jakarta-mail": Library(
        source="Angus Mail SMTPTransport.java protocolConnect, authenticate",
        unoffered_auth="skips",
        order=("login", "plain"),
    ),
    "vertx": Library(
        source="Vert.x Mail Client SMTPInitialDialogue.java, SMTPAuthentication.java, AuthOperationFactory.java",
        unoffered_auth="skips",
        order=("cram-md5", "plain", "login"),
    ),
    "ssmtp": Library(
        source="sSMTP 2.64 ssmtp.c",
        unoffered_starttls="sends",
        unoffered_auth="sends",
        unfit="sends",
        order=("login",),
        reports=_SSMTP,
    ),
    "nullmailer": Library(
        source="nullmailer protocols/smtp.cc, protocol.cc",
        unoffered_starttls="sends",
        unfit="sends",
        order=("plain", "login"),
        reports=_NULLMAILER,
    ),
    "exim": Library(
        source="Exim src/transports/smtp.c (hosts_try_auth)",
        falls_back=True,
        unoffered_auth="skips",
        unfit="skips",
        order=("cram-md5", "plain", "login"),
        reports=_EXIM,
        declares_size=True,
    ),
    "exim-requires-auth": Library(
        source="Exim src/transports/smtp.c (hosts_require_auth)",
        falls_back=True,
        order=("cram-md5", "plain", "login"),
        reports=_EXIM,
        declares_size=True,
    ),
    "sendmail": Library(
        source="Sendmail sendmail/deliver.c, usersmtp.c",
        falls_back=True,
        unoffered_auth="skips",
        order=("cram-md5", "plain", "login"),
        declares_size=True,
    ),
    "opensmtpd": Library(
        source="OpenSMTPD usr.sbin/smtpd/mta_session.c",
        falls_back=True,
        chooses_none_without_tls=True,
        held_back_local=True,
        order=("plain", "login"),
        reports=_OPENSMTPD,
    ),
    "zabbix": Library(
        source="Zabbix src/libs/zbxmedia/email.c; curl lib/smtp.c, lib/curl_sasl.c",
        unoffered_auth="skips",
        order=("cram-md5", "plain", "login"),
        reports=_ZABBIX,
    ),
    "other": Library(source="no particular implementation", unoffered_auth="fails"),
}


def library(name: str) -> Library:
    """The behaviour of an implementation; of one without measurements the common one."""
    return LIBRARIES.get(name, LIBRARIES["other"])
