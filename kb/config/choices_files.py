"""Clients whose settings are written by their adapters: a file as people have it, changed as a cure would change it.

What a product can be given is told in kb/config/choices.py and checked by reading the files back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kb.config.products import adapter

HOST = "mail.example.com"
_HOSTS = {"name": HOST, "localhost": "localhost", "address": "192.0.2.25"}
_CHANGED = ("tls", "verify", "auth")
# product -> (file, its text with places for host and port).
_FILES = {
    "alertmanager": (
        "alertmanager.yml",
        """global:
  smtp_smarthost: '%HOST%:%PORT%'
  smtp_from: 'app@example.com'
  smtp_require_tls: true
  smtp_auth_username: 'app@example.com'
  smtp_auth_password_file: '/etc/alertmanager/smtp-password'
""",
    ),
    "gitea": (
        "app.ini",
        """[mailer]
ENABLED = true
FROM = app@example.com
PROTOCOL = smtp+starttls
SMTP_ADDR = %HOST%
SMTP_PORT = %PORT%
USER = app@example.com
PASSWD = `SMTP_PASSWORD`
""",
    ),
    "gitlab": (
        "gitlab.rb",
        """gitlab_rails['smtp_enable'] = true
gitlab_rails['smtp_address'] = "%HOST%"
gitlab_rails['smtp_port'] = %PORT%
gitlab_rails['smtp_user_name'] = "app@example.com"
gitlab_rails['smtp_password'] = ENV['SMTP_PASSWORD']
gitlab_rails['smtp_authentication'] = "login"
gitlab_rails['smtp_enable_starttls_auto'] = true
""",
    ),
    "grafana": (
        "grafana.ini",
        """[smtp]
enabled = true
host = %HOST%:%PORT%
user = app@example.com
password = $__file{/etc/grafana/smtp-password}
from_address = app@example.com
startTLS_policy = MandatoryStartTLS
""",
    ),
    "laravel": (
        ".env",
        """MAIL_MAILER=smtp
MAIL_SCHEME=smtp
MAIL_HOST=%HOST%
MAIL_PORT=%PORT%
MAIL_USERNAME=app@example.com
MAIL_PASSWORD=${SMTP_PASSWORD}
""",
    ),
    "mastodon": (
        ".env.production",
        """SMTP_SERVER=%HOST%
SMTP_PORT=%PORT%
SMTP_LOGIN=app@example.com
SMTP_PASSWORD=${SMTP_PASSWORD}
SMTP_FROM_ADDRESS=app@example.com
""",
    ),
    "nextcloud": (
        "config.php",
        """<?php
$CONFIG = array (
  'mail_smtpmode' => 'smtp',
  'mail_smtphost' => '%HOST%',
  'mail_smtpport' => %PORT%,
  'mail_smtpsecure' => '',
  'mail_smtpauth' => true,
  'mail_smtpname' => 'app@example.com',
  'mail_smtppassword' => 'PASSWORD',
);
""",
    ),
    "phpmailer": (
        "mail.php",
        """<?php
$mail = new PHPMailer(true);
$mail->isSMTP();
$mail->Host = '%HOST%';
$mail->Port = %PORT%;
$mail->SMTPSecure = 'tls';
$mail->SMTPAuth = true;
$mail->Username = 'app@example.com';
$mail->Password = getenv('SMTP_PASSWORD');
""",
    ),
    "spring": (
        "application.properties",
        """spring.mail.host=%HOST%
spring.mail.port=%PORT%
spring.mail.username=app@example.com
spring.mail.password=${SMTP_PASSWORD}
spring.mail.properties.mail.smtp.auth=true
spring.mail.properties.mail.smtp.starttls.enable=true
spring.mail.properties.mail.smtp.starttls.required=true
""",
    ),
    "symfony": (
        ".env",
        """MAILER_DSN=smtp://app%40example.com:PASSWORD@%HOST%:%PORT%
""",
    ),
}


def host_of(chosen: Mapping[str, str]) -> str:
    """The server's host as it is spelled in the client."""
    return _HOSTS[chosen["host"]]


def writer(product: str) -> Callable[[Mapping[str, str]], Mapping[str, str]]:
    """From choices to the product's file that says them."""

    def write(chosen: Mapping[str, str]) -> Mapping[str, str]:
        name, text = _FILES[product]
        text = text.replace("%HOST%", host_of(chosen)).replace("%PORT%", chosen["port"])
        for fact in _CHANGED:
            party = adapter(product).read({name: text}).parties[0]
            if party.facts.get(fact) != chosen[fact]:
                text = adapter(product).apply(text, adapter(product).edits(party, {fact: chosen[fact]}) or ())
        return {name: text}

    return write
