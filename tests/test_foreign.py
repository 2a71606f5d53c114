"""Words that many programs share: alone they may be mail's, beside another service they are not; and what X.7 says alone."""

from __future__ import annotations

import pytest
from tables import each

from kb import KnowledgeBase
from kb.inputs import read

BARE = {
    "Connection refused": "connect-failed",
    "connect to 127.0.0.1: Connection refused": "connect-failed",
    "smtp.example.com:587: Connection refused": "connect-failed",
    "dial tcp 192.0.2.9:25: connect: connection refused": "connect-failed",
    "Authentication failed": "auth-failed",
    "Invalid credentials": "auth-failed",
    "Connection timed out": "connect-failed",
    "Too many connections": "rate-limited",
    "certificate verify failed: unable to get local issuer certificate": "cert-untrusted",
    "please try again later": "server-error",
    "mail server at docker host: Connection refused": "connect-failed",
    "redis is fine, but smtp says: Authentication failed": "auth-failed",
    "imap-login: Disconnected (tried to use disallowed plaintext auth): user=<>, rip=192.0.2.10": "auth-unencrypted",
}
MUTE = {
    "550 5.7.1 Quux": "policy",
    "554 5.7.0 Header frobbed": "policy",
    "5.7.9 Quux": "policy",
    "450 4.7.1 Quux": None,
    "550 Quux": None,
    "we upgraded to 5.7.1 yesterday": None,
    "550 5.7.1 Relaying denied": "relay-denied",
    "550 5.7.1 <bob@example.com>: Recipient address rejected: Access denied": "recipient-rejected",
}

ELSEWHERE = [
    "ERROR 1040 (HY000): Too many connections",
    "Login failed for user 'sa'. (Microsoft SQL Server, Error: 18456)",
    "2026/11/27 10:00:00 [error] 123#123: *1 connect() failed (111: Connection refused) while connecting to upstream",
    "Error response from daemon: toomanyrequests: You have reached your pull rate limit.",
    "tar: write error: No space left on device",
    "sudo: pam_unix(sudo:auth): authentication failure; logname=bob uid=1000",
    "MQTT: Connection Refused, not authorised",
    '{"error":"rate limit exceeded","code":429}',
    "500 Internal Server Error",
    "530 Login incorrect.",
    ";; connection timed out; no servers could be reached",
    "Error: ENOSPC: no space left on device, write",
    "登录失败，用户名或密码错误，请重新输入",
    "FATAL:  sorry, too many clients already",
    'pq: password authentication failed for user "app"',
    "OOM command not allowed when used memory > 'maxmemory'.",
    "ERR max number of clients reached",
    "Host '192.0.2.1' is blocked because of many connection errors; unblock with 'mysqladmin flush-hosts'",
    "ORA-01017: invalid username/password; logon denied",
    "fatal: Authentication failed for 'https://git.example.com/o/r.git/'",
    "remote: error: File big.bin is 120.00 MB; this exceeds the file size limit of 100.00 MB",
    "ssh: connect to host example.com port 22: Connection refused",
    "550 /pub/file.txt: No such file or directory",
    "552 Transfer aborted. Disk quota exceeded",
    "421 Timeout - closing control connection.",
    "* NO [AUTHENTICATIONFAILED] Authentication failed.",
    "-ERR [AUTH] Authentication failed.",
    "401 Unauthorized: Access is denied due to invalid credentials.",
    "413 Request Entity Too Large",
    "API rate limit exceeded for user ID 12345.",
    "Rate limit reached for gpt-4 in organization org-x on tokens per min",
    "You exceeded your current quota, please check your plan and billing details.",
    "systemd[1]: Failed to start Foo Service. Start request repeated too quickly.",
    "ping: unknown host example.com",
    "pppd: PAP authentication failed",
    "radiusd: Login incorrect: [bob/<via Auth-Type = EAP>]",
    "Logon failure: unknown user name or bad password.",
    "The account you tried to sign in to has been locked. Contact your administrator.",
    "Payment declined: policy violation",
    "NET::ERR_CERT_COMMON_NAME_INVALID",
    "DNS_PROBE_FINISHED_NXDOMAIN",
    "Internal Server Error",
    "Your IP is not listed in any blacklist.",
    "remote server did not respond",
    "Connection to database lost",
    "Connection to 192.0.2.1 closed by remote host.",
    "Your parcel could not be delivered within the allowed time",
    "app rejected for security reasons by the store",
    "HTTP/1.1 421 Misdirected Request",
    "SPF 50 sunscreen rejected",
    "IP address 192.0.2.5 is blocked by firewall",
    "El dominio no existe en la base de datos",
    "在 example.com 中找不到结果",
    "адрес не найден на карте",
    "This address is not blacklisted.",
    "The domain is not listed on any blocklist.",
    "How do I increase the mailbox quota?",
    "该 IP 不在任何黑名单里",
    "该用户不存在或已被删除（微博）",
    "网络连接超时，请检查网络设置",
    "数据库连接失败：Access denied for user 'root'@'localhost'",
    "登录超时，请重新登录",
    "请求过于频繁，请稍后再试",
    "磁盘空间不足，无法保存文件",
    "文件过大，上传失败",
    "支付失败，账户被冻结",
    "接口调用频率超限",
    "psycopg2.OperationalError: server closed the connection unexpectedly",
    "server closed the connection unexpectedly\n\tThis probably means the server terminated abnormally",
    "the package is on blocklist",
    "My plugin is on blacklist of the marketplace",
    "пользователь заблокирован администратором игры",
    "дом в чёрный список",
    "retries exhausted: upload failed",
    "gave up: maximum number of retries exceeded",
    "file type is not allowed, please upload a jpg",
    "The target principal name is incorrect.  Cannot generate SSPI context. (Microsoft SQL Server)",
    "Login to server db01 failed",
    'failed to apply option: unknown exporter "jaeger"',
    "feign.RetryableException: Read timed out executing GET http://inventory/api/items",
    "Npgsql.NpgsqlException: The server does not support SSL connections",
    "数据库服务器不支持 SSL",
    "无法连接到远程服务器，请检查网络后重新打开网页",
    "Could not find the host key for db01 in known_hosts",
    "The print server is not responding",
    "Certificate of the web server has expired",
    "The proxy server rejected the username or password",
    "DB_HOST is not set",
    "java.lang.NoClassDefFoundError: org/apache/commons/lang3/StringUtils",  # Numbers that look like reply codes.
    "HTTP 500: user does not exist",
    "403 Your IP address has been blocked by the site owner",
    "404 page not found",
    "429 too fast, slow down",
    "550 Permission denied.",
    "550 Failed to change directory.",
    "553 Could not create file.",
    "530 User anonymous access denied",
    "530 User bob cannot log in.",
    "425 Can't open data connection",
    "452 Error writing file: disk full",
    "421 Too many users logged in, closing control connection",
    "550 SSL/TLS required on the control channel",
    "522 Data connections must be encrypted.",
    "line 450: syntax error near unexpected token",
    "job 512 failed: quota of the project is used up",
    "错误 500：用户不存在",
    "返回 403，您的 IP 已被封禁",
    "接口返回 500 用户被禁用",
    "エラー 503 アクセスが拒否されました",
    "Ошибка 500: пользователь не найден",
    "Ошибка 403: ваш IP заблокирован на сайте",
    "Fehler 500: Benutzer nicht gefunden",
    "Fehler 404: Seite existiert nicht",
    "Erreur 403 : votre adresse IP est bloquée",
    "Erreur 500 : utilisateur inconnu",
    "Error 500: el usuario no existe en la base de datos",
    "Erro 500: usuário não encontrado",
    "Errore 500: utente non trovato",
    "ORA-00450 user unknown",
    "device eth0: 552 packets dropped, rate limit exceeded",
    "cell 450: value too large",
    "Room 421 is closed for maintenance",
    "Flight 550 to China is not accepted",
    "order 554 rejected: payment card blocked",
    "GET /login 403 user blocked",
    "worker 501 killed: memory quota exceeded",
    "sshd[550]: Invalid user admin from 192.0.2.4",
    "kernel: [  450.12] usb: device not accepting address 5",
    "502 Bad Gateway: upstream server refused",
    "PostgreSQL error 503: role does not exist",
    "WARN 500 requests per second rate limit reached for api key",
    "451 Unavailable For Legal Reasons: blocked in your country",
    "error 451 website not available in your region",
    "551 rows rejected by filter",
    "552 records: user quota exceeded in table users",
    "Exception 550 at line 3: account is disabled",
    "SIP/2.0 480 Temporarily Unavailable: user not registered",
    "RTSP/1.0 454 Session Not Found",
    "LDAP error 532: password expired, account locked",
    "AcceptSecurityContext error, data 533, account disabled",
    "Steam error 550: your account has been banned from this server",
    "在 550 楼的用户已被禁言",
    "游戏账号 512345 被封禁",
    "共 554 条广告被拦截",
    "第 421 次请求过于频繁",
    "磁盘 500G 空间已满",
    "Kundennummer 550 gesperrt",
    "рейс 550 отклонен",
    "550 Access is denied.",
    "550 File unavailable.",
    "550 The process cannot access the file because it is being used by another process.",
    "553 Requested action not taken: file name not allowed",
    "451 Requested action aborted: local error in processing file listing",
    "426 Connection closed; transfer aborted.",
    "500 Illegal PORT command.",
    "501 Server cannot accept argument.",
    "532 Need account for storing files.",
    "552 Exceeded storage allocation for directory /pub",
    "550 No files found in directory",
    "550 items in stock, customer not found",
    "player 550 banned for cheating",
    "Bus 421 is full",
    "450 users blocked this week",
    "555 people unsubscribed from the newsletter",
    "Code 512: membership expired",
    "E0512 disk quota of user exceeded on /home",
    "quota: user bob over quota on /dev/sda1",
    "ufw: [UFW BLOCK] IN=eth0 SRC=192.0.2.3 DPT=550",
    "fail2ban.actions: NOTICE [sshd] Ban 192.0.2.7",
    "mysqld: Host '192.0.2.4' is not allowed to connect",
    "Cloudflare error 1020: access denied, your country is blocked",
    "nginx: 451 limiting requests, excess",
    "HTTP/2 503 too many requests from your network",
    "订单 554 已被拒收",
    "错误代码 512：账户已冻结",
    "充值失败 550 用户被锁定",
    "Ihr Konto 550 ist gesperrt, bitte Bank anrufen",
    "Su tarjeta 550 fue rechazada",
    "A conta 552 está bloqueada",
    "счёт 450 заблокирован банком",
    "заказ 554 отклонен",
    "エラー 550 カードは拒否されました",
    "Game server 550 is full, try another region",
    "login: user 501 locked out",
]


@each("text", ELSEWHERE)
def test_what_other_programs_say_gets_no_answer(base: KnowledgeBase, text: str) -> None:
    assert base.classify(text)["answered"] is False


@each("text reason", BARE.items())
def test_shared_words_alone_or_beside_a_word_of_mail_are_answered(base: KnowledgeBase, text: str, reason: str) -> None:
    assert base.classify(text)["reason"] == reason


@each("other", ["redis", "kafka broker", "ssh", "postgresql", "imaplib.IMAP4"])
@each("words", ["Connection refused", "Authentication failed", "Connection timed out"])
def test_shared_words_beside_another_service_are_not(base: KnowledgeBase, other: str, words: str) -> None:
    assert base.classify(f"{other}: {words}")["answered"] is False
    assert base.explain(f"{other}: {words}").matches == ()


@pytest.mark.parametrize(("text", "reason"), MUTE.items())
def test_a_refusal_without_known_words_is_policy_when_its_status_says_so(
    base: KnowledgeBase, text: str, reason: str | None
) -> None:
    assert base.classify(text)["reason"] == reason


def test_the_words_of_the_server_count_and_not_those_cisco_puts_first(base: KnowledgeBase) -> None:
    text = "5.1.0 - Unknown address error 550-'5.2.2 Mailbox full' (delivery attempts: 0)"
    (observation,) = read(text).observations
    assert text[observation.start :] == observation.diagnostic
    assert observation.diagnostic.startswith("550-'5.2.2")
    assert base.classify(text)["reason"] == "mailbox-full"
    assert base.classify("5.1.2 - Bad destination host 'DNS Hard Error looking up x.example (MX): NXDomain'")["reason"]
