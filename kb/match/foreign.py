"""Whether a text speaks of something other than mail: a database, a shell, a web server, another protocol.

Programs share words: "Connection refused", "authentication failed", "please try again later" are said everywhere. Where
another service is named and mail is not, they say nothing about mail; the same words alone may well have come from it.
"""

from __future__ import annotations

import re2

# Ports of other services.
_READING_MAIL = (110, 143, 993, 995)
_STORES = (389, 636, 1433, 1521, 3306, 5432, 5672, 6379, 9092, 9200, 11211, 27017)
_HOSTS = (443, 445, 2375, 3389, 6443, 8080, 8443)
PORTS = tuple(map(str, _READING_MAIL + _STORES + _HOSTS))
# Words that only mail has, or nearly so. `mail` is also in mailbox, e-mail and the names of many hosts and programs.
_MAIL = re2.compile(
    r"(?i)mail|smtp|0x800ccc|\b(?:rcpt|starttls|ehlo|helo|mx|dsn|smarthost|postfix|exim4?|dovecot"
    r"|sasl|qmail|courier|recipients?|greeting"
    r"|rspamd(?:_[a-z]+)*|eauth|amavisd?|lmtp|milters?|postsrsd|postgrey|sieve"
    r"|dictionary type|response code|dns[bw]l|rbl|dkim|dmarc|spam|(?:imap|pop3|submission)-login)\b|undeliver|not delivered"
    r"|[邮郵]|收件|[发發寄]件|[发發寄]信(?:[^息号號]|$)|退信|问候|問候|信箱|信件|メール|почт"
    r"|\(#[45]\.|(?:port[ =:]+|:)(?:25|465|587|2525)(?:[^0-9:]|$)"
)
_OTHERS = re2.compile(
    r"(?i)\b(?:postgres(?:ql)?|psql|psycopg2?|libpq|mysql(?:d|dump)?|mariadb|sqlstate|sqlexception|jdbc|redis|noauth"
    r"|wrongpass|mongo[a-z]*|kafka"
    r"|rabbitmq|amqps?|elasticsearch|memcached|ldaps?|ldap_bind|kinit|kerberos|sshd?|ssh2|kex_exchange_identification"
    r"|git|ftps?|sftp|vsftpd|proftpd|rsync|smbclient|nt_status_[a-z_]+|nginx|apache2?|httpd|ah[0-9]{5}|https?connectionpool"
    r"|docker|kubelet|kubectl|kubernetes|npm|wget|imap[4s]?|imaplib|pop3s?|authenticationfailed|fail2ban|cups|kernel"
    r"|oom-kill|mqtts?|urllib3|axios|aiohttp|enospc|sqlclient|upstream|toomanyrequests|maxmemory"
    r"|mysqladmin|openai|gpt-[0-9]"
    r"|err_(?:connection|name|cert|internet|address|empty|too_many)_[a-z_]+|dns_probe_[a-z_]+|net::err|nfs4?"
    r"|filezilla|winscp|okhttp3?|httprequestexception|httphostconnectexception|httpclient|feign"
    r"|errimagepull|crashloopbackoff|terraform|ansible|grpc"
    r"|pq|pppd|radiusd|freeradius|openvpn|wpa_supplicant|logon failure)\b"
    # Programs that begin their line with their name, and the services that PAM names.
    r"|^(?:tar|cp|mv|dd|rm|mkdir|touch|ba?sh|su|sudo|login|ftp|apt(?:-get)?|dpkg|yum|dnf|pip3?|snmpd?|ping6?|traceroute|scp"
    r"|mount|df|ntpd|chronyd|cron|crond|systemd|cargo|go|mvn|gradle|yarn|pnpm)(?:\[[0-9]+\])?: "
    r"|pam_unix\((?:sudo|su|login|cron|gdm|systemd|polkit)|^;; |\(hy000\)|\bora-[0-9]{5}\b|sql server, error"
    r"|login failed for user|error response from daemon|^unable to connect to the server: |oserror: \[errno 28\]"
    r"|\b(?:500 internal server error|502 bad gateway|503 service unavailable|504 gateway time-?out"
    r"|429 too many requests)\b"
    r"|\"(?:code|status)\": ?\"?(?:40[134]|429|50[0-4])\b|\b530 login incorrect"
    r"|\bhttp(?:/[12](?:\.[01])?)? [45][0-9][0-9]\b|out of memory: kill|\brpc error\b|\(publickey"
    # HTTP in words, and what only file transfer, shops and shells say.
    r"|\b40[0-9] (?:unauthorized|forbidden|not found|bad request)\b|\b413 request entity|^internal server error\.?$"
    r"|\bapi (?:rate limit|quota|error)|\bbilling details|\bcontrol connection|\btransfer aborted"
    r"|\b550 [^\n]{0,80}no such file or directory|\bserver terminated abnormally"
    r"|/v2/|/var/lib/docker|^\* bye\b|^-err\b|\bport[ =:]+(?:21|22|23|80)\b"
    rf"|(?:\bport[ =:]+|[a-z0-9\])]:)(?:{'|'.join(PORTS)})\b"
)
# HTTP with codes that only it has, and remarks of other programs that begin with a number as a reply does.
_NUMBERED = re2.compile(
    r"(?i)^40[0-9] |^429 |\bapi:? (?:40[0-9]|429|50[0-4])\b|\b(?:error|erreur|fehler|erro|errore|http):? ?(?:40[0-9]|429)\b"
    r"|(?:ошибка|错误|エラー|返回) ?(?:40[0-9]|429)\b"
    r"|\b(?:error|erreur|fehler|erro|errore) 50[03] ?: (?:el |l.)?(?:user|usuario|usuário|utilisateur|utente|benutzer)"
    r"|(?:ошибка|错误|エラー|返回) ?50[03]\b"
    r"|\bblocked in your country|\blegal reasons|\bcontrol channel\b|\bdata connections?\b|\bpackets\b"
    r"|\brows rejected|\bin table\b"
    r"|\bfor api key\b|\bworker\b|acceptsecuritycontext|\bexception [0-9]{1,4} at line|^line [0-9]{1,5}:|\berror writing file"
    r"|\bsite owner|\bfile listing|\bdirectory /|/dev/[a-z]{2,4}[0-9]|充值|小区"
    r"|^530 user (?:[a-z0-9]{1,20} )?(?:cannot|access)|^[45][0-9]{2} (?:people|users|customers|items|files|records|rows)\b"
)
# What shops, sites and chats talk of. A reply of a mail server may send its reader to a website too.
_PROSE = re2.compile(
    r"(?i)\b(?:(?:this|the|your) website|file size limit of|sign(?:ed)? in|payment|checkout failed"
    r"|(?:pull|merge) request)\b"
    r"|数据库|wi-?fi|群聊|支付|网页|网站|接口|小程序|公众号|短信|微博|微信|网络设置|浏览器|视频"
)
# What says that something is not on a list.
_NOT_LISTED = re2.compile(
    r"(?i)\b(?:not|isn.t|aren.t|never|no longer)(?: \w+){0,2} (?:black|block|deny)? ?(?:listed|lists?)\b"
    r"|(?:不在|没有被|未被|没被|未列入|没有列入|没有在)[^，。,.]{0,12}黑名单"
)
_MAYBE_MAIL = re2.compile(
    r"(?i)deliver|bounce|queue|[^\s@]@[^\s@]|\bmessages?\b|retry time|spamhaus|^subject:|\bmoderator|report-type"
    r"|сообщени|письм[оа]|mensaje|mensagem|nachricht|messaggio|wiadomoś|메일|送信元"
    r"|postfach|buz[oó]n|bo[iî]te aux lettres|caixa de correio|dynamic/residential|local module\("
    r"|status=(?:bounced|deferred)|spool directory|\bmid [0-9]|\b[id]cid [0-9]|relay|suppression list|\bbusy\b"
    r"|\b(?:cbl|pbl|sbl|xbl|spf)\b|\[[0-9]{1,3}(?:\.[0-9]{1,3}){3}\]"
    r"|\*\*\* (?:no authentication type succeeded|host did not advertise)"  # swaks
)


def is_foreign(text: str, has_code: bool) -> bool:
    """Whether a text names another service or protocol, or is no reply (`has_code`) and prose of one; and nothing of mail."""
    # libcurl names SSH in what it says of certificates of any protocol.
    raw = text.replace("SSH remote key", "").encode()
    if _MAIL.search(raw):  # most of what is asked
        return False
    return bool(_OTHERS.search(raw) or _NUMBERED.search(raw) or (not has_code and _PROSE.search(raw)))


def is_mail(text: str) -> bool:
    """Whether a text has a word that only mail has, or nearly so."""
    return _MAIL.search(text.encode()) is not None


def may_be_mail(text: str) -> bool:
    """Whether a text has a word that belongs to mail, or is more usual there than elsewhere."""
    raw = text.encode()
    return _MAIL.search(raw) is not None or _MAYBE_MAIL.search(raw) is not None


def is_denied(text: str) -> bool:
    """Whether a text says that something is *not* on a list."""
    return _NOT_LISTED.search(text.encode()) is not None
