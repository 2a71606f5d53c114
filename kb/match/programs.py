"""By what each program is known in a paste, and on which sides of a session it stands.

Everything here is for a text in lower case. A rule is a program, words of which one must be there, and an expression (RE2),
"" where such a word says it all. Names that are also common words (exchange, outlook, java, monit, postal, resend) are known by
what only the program writes.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

CLIENT, SERVER = "client", "server"
EITHER = (CLIENT, SERVER)

# What people run to send mail: the name by which they know their setup. Below them are libraries and the MTAs.
APPLICATIONS = frozenset(
    {
        "alertmanager",
        "apple-mail",
        "curl",
        "django",
        "evolution",
        "frappe",
        "git",
        "gitea",
        "gitlab",
        "grafana",
        "monit",
    }
    | {
        "mailpit",
        "mutt",
        "nextcloud",
        "odoo",
        "outlook",
        "roundcube",
        "sql-server",
        "swaks",
        "thunderbird",
        "uptime-kuma",
    }
    | {"wordpress", "zabbix"}
)
SENDERS = frozenset(
    {"aiosmtplib", "cdosys", "commons-email", "dma", "dotnet", "email-sender", "gen-smtp", "go-net-smtp", "indy"}
    | {
        "jakarta-mail",
        "mailkit",
        "mailutils",
        "msmtp",
        "nodemailer",
        "nullmailer",
        "oracle",
        "pear",
        "perl-net-smtp",
        "phpmailer",
    }
    | {"python-smtplib", "ruby-net-smtp", "rust-lettre", "sendemail", "ssmtp", "symfony-mailer"}
    | APPLICATIONS
)
# With these people try a server: that one is there says nothing of the program that is to be cured.
TOOLS = frozenset({"curl", "swaks"})
# What a sending program runs in: nobody chooses between them, so none stands in another's way.
RUNTIMES = frozenset({"java", "nodejs", "php"})
PROVIDERS = frozenset(
    {"aliyun-mail", "amazon-ses", "apple-icloud", "barracuda", "brevo", "cisco-ironport", "coremail", "gmail", "gmx"}
    | {"mail-ru", "mailgun", "mailtrap", "messagelabs", "microsoft-365", "mimecast", "netease-mail", "postmark"}
    | {"proofpoint", "qq-mail", "resend", "sendgrid", "sina-mail", "tencent-exmail", "yahoo", "yandex", "zoho"}
)
# MTAs take mail and send it. On which side a text shows one: the sure signs of either.
ROLES_OF_MTA: Mapping[str, tuple[tuple[str, str], ...]] = {
    "courier": (),
    "exchange": ((SERVER, r"receive ?connector"), (CLIENT, r"send ?connector")),
    "exim": (
        (SERVER, r" rejected |authenticator failed|smtp protocol synchronization|^220 .* exim "),
        (CLIENT, r" (?:==|\*\*) |from remote mail server|r=[^ ]+ t=[^ ]+|x-failed-recipients:"),
    ),
    "haraka": (),
    "hmailserver": (),
    "lotus-domino": (),
    "mailpit": (
        (SERVER, r"\[smtpd\]|mp_smtp_(?:auth|tls|require|strict|allowed|max|disable)"),
        (CLIENT, r"\[(?:relay|forward)\]|mp_smtp_(?:relay|forward)_|error (?:response to|sending|saying) "),
    ),
    "opensmtpd": ((CLIENT, r" mta (?:delivery|event|connect|server-)"), (SERVER, r" smtp (?:failed-command|event)")),
    "postal": (),
    "postfix": (
        (
            SERVER,
            r"postfix[^ \[]*/(?:smtpd|postscreen|anvil|lmtpd)\[|(?:^|[^a-z])smtpd_[a-z]|mynetworks|220 [^ ]+ esmtp postfix",
        ),
        (
            CLIENT,
            r"postfix[^ \[]*/(?:smtp|lmtp|error|qmgr|bounce|pipe)\[|relayhost|(?:^|[^a-z])smtp_(?:tls|sasl)_"
            r"|this is the mail system at host|x-postfix-queue-id",
        ),
    ),
    "qmail": ((CLIENT, r"qmail-(?:remote|send)|this is the qmail-send program"), (SERVER, r"qmail-smtpd")),
    "sendmail": ((SERVER, r"ruleset=|220 [^ ]+ esmtp sendmail"), (CLIENT, r"stat=|mailer=e?smtp")),
}

# Not a part of an address, of a host or of a longer word: `mail.odoo.example`, `grafana@`, but `odoo-1 |` and `grafana.ini`.
_BEFORE = r"(?:^|[^a-z0-9.@-])"
_AFTER = (
    r"(?:[^a-z0-9.@-]|$|\.(?:[^a-z0-9]|$)|\.(?:ini|ya?ml|log|conf|cf|env|js|php|py|rb|service)(?:[^a-z0-9.]|$)"
    r"|-[a-z0-9-]*(?:[^a-z0-9.@-]|$))"
)


def _called(program: str, *names: str) -> tuple[str, tuple[str, ...], str]:
    """A program that is known by its name, written so; itself, where none is given."""
    names = names or (program,)
    return program, names, f"{_BEFORE}(?:{'|'.join(name.replace('.', '[.]') for name in names)}){_AFTER}"


RULES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    _called("aiosmtplib"),
    ("alertmanager", ("alertmanager", "smtp_smarthost"), ""),
    ("apple-mail", ("x-mailer: apple mail", "x-mailer: iphone mail", "x-mailer: ipad mail"), ""),
    ("cdosys", ("cdo.message", "cdosys", "cdo.configuration", "schemas.microsoft.com/cdo"), ""),
    ("commons-email", ("org.apache.commons.mail",), ""),
    ("courier", ("courieresmtp", "courierd", "courier mail server"), ""),
    ("curl", ("curl: (", "curl --", "curl -"), ""),
    _called("django"),
    ("django", ("email_host", "email_use_", "email_backend", "django.core.mail"), ""),
    ("dma", ("dma[",), r"(?:^|[^a-z])dma\["),
    ("dotnet", ("system.net.mail",), ""),
    ("email-sender", ("email::sender", "email/sender/"), ""),
    (
        "evolution",
        ("x-mailer: evolution", "user-agent: evolution", "evolution-"),
        r"(?:mailer|agent): evolution|evolution-(?:data|mail)",
    ),
    (
        "exchange",
        ("microsoft exchange", "exchange server", "receiveconnector", "sendconnector", "edgetransport", "msexchange"),
        "",
    ),
    _called("exim", "exim", "exim4"),
    _called("frappe", "frappe", "erpnext"),
    ("gen-smtp", ("gen_smtp", "swoosh", "bamboo."), ""),
    ("git", ("git send-email", "git-send-email", "sendemail.smtp"), ""),
    _called("gitea", "gitea", "forgejo"),
    _called("gitlab"),
    ("gitlab", ("gitlab_rails[", "gitlab.rb", "gitlab.yml"), ""),
    ("go-net-smtp", ("net/smtp",), r"(?:^|[^a-z])net/smtp(?:[^/.a-z]|[.]go|$)"),
    _called("grafana"),
    ("grafana", ("gf_smtp_",), ""),
    _called("haraka"),
    _called("hmailserver"),
    ("indy", ("eidsmtp", "tidsmtp", "eidosslcouldnot", "idsmtp.pas"), ""),
    (
        "jakarta-mail",
        ("javax.mail", "jakarta.mail", "com.sun.mail", "org.eclipse.angus", "spring.mail.", "mail.smtp."),
        r"javax\.mail|jakarta\.mail|com\.sun\.mail|org\.eclipse\.angus|(?:^|[^a-z.])spring\.mail\.|mail\.smtp\.(?:auth|starttls|ssl|host|port)",
    ),
    ("lotus-domino", ("lotus domino", "hcl domino", "ibm domino"), ""),
    ("mailkit", ("mailkit",), ""),
    _called("mailpit"),
    ("mailpit", ("mp_smtp_",), ""),
    _called("mailutils"),
    (
        "monit",
        ("monit[", "monit.conf", "monitrc", "set mailserver "),
        r"(?:^|[^a-z])(?:monit\[|monit\.conf|monitrc|set mailserver )",
    ),
    _called("msmtp", "msmtp", "msmtprc", "msmtp-mta"),
    _called("mutt", "mutt", "neomutt", "muttrc"),
    _called("nextcloud", "nextcloud", "owncloud"),
    # Of its log: the classes of PHP with their backslashes, once or escaped, the settings of config.php and its command.
    (
        "nextcloud",
        (
            "oc\\mail",
            "oc\\\\mail",
            "ocp\\mail",
            "ocp\\\\mail",
            "mail_smtphost",
            "mail_smtpmode",
            "mail_smtpsecure",
            "mail_smtpstreamoptions",
            "/settings/admin/mailtest",
            "occ config:",
            "occ mail:",
        ),
        "",
    ),
    _called("nodemailer"),
    ("nullmailer", ("nullmailer",), ""),
    _called("odoo"),
    _called("opensmtpd"),
    ("oracle", ("utl_smtp", "utl_mail", "ora-29278", "ora-29279"), ""),
    ("outlook", ("microsoft outlook", "microsoft office outlook", "0x800ccc", "0x80042109", "0x8004210"), ""),
    (
        "pear",
        ("net/smtp.php", "net_smtp", "pear/mail", "mail/smtp.php", "pear error"),
        r"net[/_]smtp(?:\.php|[^a-z./]|$)|pear/mail|mail/smtp\.php|pear error",
    ),
    ("perl-net-smtp", ("net/smtp.pm", "net::smtp"), r"net/smtp\.pm|net::smtp(?:=glob|->|::ssl)|use net::smtp"),
    _called("phpmailer"),
    ("phpmailer", ("phpmailer\\", "class.phpmailer", "phpmailer.php", "class-phpmailer", "phpmailer/"), ""),
    _called("postfix"),
    (
        "postfix",
        (
            "smtpd_tls_",
            "smtpd_sasl_",
            "smtpd_recipient_",
            "smtpd_relay_",
            "smtp_sasl_",
            "smtp_tls_",
            "mynetworks",
            "relayhost =",
        ),
        "",
    ),
    ("python-smtplib", ("smtplib.", 'smtplib"', "import smtplib", "/smtplib"), r"(?:^|[^a-z])smtplib"),
    _called("qmail", "qmail", "qmail-remote", "qmail-send", "qmail-smtpd"),
    _called("roundcube", "roundcube", "roundcubemail"),
    (
        "ruby-net-smtp",
        ("net/smtp.rb", "net::smtp", "net-smtp-", "actionmailer", "action_mailer", "lib/ruby/"),
        r"net/smtp\.rb|net::smtp[a-z]*(?:error|busy)|net-smtp-[0-9]|actionmailer|action_mailer",
    ),
    ("rust-lettre", ("lettre::", "lettre-", "crate lettre"), r"(?:^|[^a-z])lettre(?:::|-[0-9])|crate lettre"),
    ("sendemail", ("sendemail[", "sendemail -", "sendemail.pl"), r"(?:^|[^a-z.])sendemail(?:\[| -|\.pl)"),
    (
        "sendmail",
        ("sendmail[", "sm-mta[", "sendmail.mc", "sendmail.cf", "esmtp sendmail", "sendmail 8."),
        r"(?:^|[^a-z/])(?:sendmail|sm-mta)\[|sendmail\.[mc]|esmtp sendmail|sendmail 8\.",
    ),
    ("sql-server", ("sysmail_", "sp_send_dbmail", "database mail", "msdb.dbo"), ""),
    ("ssmtp", ("ssmtp",), r"(?:^|[^a-z])ssmtp"),
    _called("swaks"),
    ("swaks", ("=== connected to ",), ""),
    (
        "symfony-mailer",
        (
            "symfony\\component\\mailer",
            "symfony\\\\component\\\\mailer",
            "symfony/mailer",
            "swift_transport",
            "swift_smtp",
            "swift_mailer",
            "mailer_dsn",
            "illuminate\\mail",
            "mail_mailer",
        ),
        "",
    ),
    _called("thunderbird"),
    ("uptime-kuma", ("uptime-kuma", "uptime kuma"), ""),
    _called("wordpress"),
    ("wordpress", ("wp-content/", "wp-includes/", "wp_mail", "wp mail smtp", "wp-config"), ""),
    ("zabbix", ("zabbix",), ""),
)


def is_program(name: str) -> bool:
    """Whether it is software that one chooses and sets up to send or to take mail: no role, and nothing that such runs on."""
    return name in SENDERS or name in PROVIDERS or name in ROLES_OF_MTA
