"""Whether a text speaks of something other than mail: a database, a shell, a web server, another protocol.

Programs share words: "Connection refused", "authentication failed", "please try again later" are said everywhere. Where
another service is named and mail is not, they say nothing about mail; the same words alone may well have come from it.
"""

from __future__ import annotations

import re2

# Ports of other services.
PORTS = (
    *(
        "110",
        "143",
        "389",
        "443",
        "445",
        "636",
        "993",
        "995",
        "1433",
        "1521",
        "2375",
        "3306",
        "3389",
        "5432",
        "5672",
        "6379",
    ),
    *("6443", "8080", "8443", "9092", "9200", "11211", "27017"),
)
# Words that only mail has, or nearly so. `mail` is also in mailbox, e-mail and the names of many hosts and programs.
_MAIL = re2.compile(
    r"(?i)mail|smtp|0x800ccc|\b(?:rcpt|starttls|ehlo|helo|mx|dsn|smarthost|postfix|exim4?|dovecot|sasl|qmail|courier|recipients?|greeting"
    r"|dictionary type|response code|dns[bw]l|rbl|spam|(?:imap|pop3|submission)-login)\b|undeliver|not delivered"
    r"|邮|收件|发件|退信|メール|почт|\(#[45]\.|(?:port[ =:]+|:)(?:25|465|587|2525)(?:[^0-9:]|$)"
)
_OTHERS = re2.compile(
    r"(?i)\b(?:postgres(?:ql)?|psql|mysql(?:d|dump)?|mariadb|sqlstate|sqlexception|jdbc|redis|noauth|wrongpass|mongo[a-z]*|kafka"
    r"|rabbitmq|amqps?|elasticsearch|memcached|ldaps?|ldap_bind|kinit|kerberos|sshd?|ssh2|kex_exchange_identification"
    r"|git|ftps?|sftp|vsftpd|proftpd|rsync|smbclient|nt_status_[a-z_]+|nginx|apache2?|httpd|ah[0-9]{5}|https?connectionpool"
    r"|docker|kubelet|kubectl|kubernetes|npm|wget|imap[4s]?|imaplib|pop3s?|authenticationfailed|fail2ban|cups|kernel"
    r"|oom-kill|mqtts?|urllib3|axios|aiohttp|enospc|sqlclient|upstream|toomanyrequests)\b"
    # Programs that begin their line with their name, and the services that PAM names.
    r"|^(?:tar|cp|mv|dd|rm|mkdir|touch|ba?sh|su|sudo|login|ftp|apt(?:-get)?|dpkg|yum|dnf|pip3?|snmpd?)(?:\[[0-9]+\])?: "
    r"|pam_unix\((?:sudo|su|login|cron|gdm|systemd|polkit)|^;; |\(hy000\)|\bora-[0-9]{5}\b|sql server, error"
    r"|login failed for user|error response from daemon|^unable to connect to the server: |oserror: \[errno 28\]"
    r"|\b(?:500 internal server error|502 bad gateway|503 service unavailable|504 gateway time-?out|429 too many requests)\b"
    r"|\"(?:code|status)\": ?\"?(?:40[134]|429|50[0-4])\b|\b530 login incorrect"
    r"|\bhttp(?:/[12](?:\.[01])?)? [45][0-9][0-9]\b|out of memory: kill|\brpc error\b|\(publickey"
    r"|/v2/|/var/lib/docker|^\* bye\b|^-err\b|\bport[ =:]+(?:21|22|23|80)\b"
    rf"|(?:\bport[ =:]+|[a-z0-9\])]:)(?:{'|'.join(PORTS)})\b"
)
_MAYBE_MAIL = re2.compile(r"(?i)deliver|bounce|queue|[^\s@]@[^\s@]")


def is_foreign(text: str) -> bool:
    """Whether a text names another service or protocol, and nothing of mail."""
    raw = text.encode()
    return _OTHERS.search(raw) is not None and _MAIL.search(raw) is None


def may_be_mail(text: str) -> bool:
    """Whether a text has a word that belongs to mail, or is more usual there than elsewhere."""
    raw = text.encode()
    return _MAIL.search(raw) is not None or _MAYBE_MAIL.search(raw) is not None
