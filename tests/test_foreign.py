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
    "java.lang.NoClassDefFoundError: org/apache/commons/lang3/StringUtils",
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
