"""What mail servers, filters and signers log of themselves: their words mean something else than in a reply."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tables import each

if TYPE_CHECKING:
    from kb.knowledge_base import KnowledgeBase

# A line, and the entry that answers it: one of the program's own, never what a reply in these words would mean.
ANSWERED = {
    "postfix/postfix-script[9]: fatal: unknown command: 'restart'. Usage: postfix start (or stop, reload)": (
        "config-postfix-command-unknown"
    ),
    "postfix/virtual[4]: warning: recipient bob@example.com: not found in virtual_uid_maps": "rcpt-virtual-owner-missing",
    "postfix/postscreen[5]: fatal: btree:/var/lib/postfix/postscreen_cache: unable to get exclusive lock: "
    "Resource temporarily unavailable": "config-postfix-cache-locked",
    "postfix/smtpd[9]: fatal: milter service syntax error: missing '}' in \"{ inet:127.0.0.1:8891\"": (
        "config-postfix-milter-syntax"
    ),
    "dovecot: master: Error: service(lmtp): command startup failed, throttling for 8.000 secs": (
        "connect-dovecot-service-failed"
    ),
    "dovecot: auth: Error: ldap(127.0.0.1): Can't connect to server: ldap://127.0.0.1:389": "auth-dovecot-passdb-broken",
    "Jul 20 16:51:29 lmtp(bob@example.com)<7><abc>: Error: sieve: Execution of script /x.sieve failed": (
        "rcpt-dovecot-sieve-failed"
    ),
    "amavis[12]: (01234-05) (!!)AV: ALL VIRUS SCANNERS FAILED": "data-scanner-unavailable",
    "/etc/mail/smtpd.conf:12: syntax error": "config-opensmtpd-syntax",
    "dovecot: auth-worker(9): Error: auth-worker<1>: sql(bob@example.com): Password query failed: no such table: users": (
        "auth-dovecot-passdb-broken"
    ),
    "opendkim[321]: can't load key from /etc/opendkim/keys/example.com/default.private: Permission denied": (
        "config-opendkim-key-not-loaded"
    ),
    "opendkim[321]: 4F1C2240A1B: s=default d=example.org a=rsa-sha256 SSL error:04091068:rsa routines::bad signature": (
        "data-dkim-check-logged"
    ),
    "opendmarc[322]: 4F1C2240A1B: example.org fail": "data-dmarc-check-logged",
    "2026-03-02 10:11:12,345 fail2ban.actions        [812]: NOTICE  [postfix-sasl] Ban 203.0.113.5": "connect-fail2ban-ban",
    "smtpd[43]: 5f3e9a1b2c3d4e5f smtp authentication user=alice result=permfail": "auth-credentials-refused",
    '"SMTPD"\t12\t56\t"2026-03-02 10:11:12.345"\t"203.0.113.5"\t"SENT: 451 Please try again later."': "rcpt-greylisted",
    "dovecot: lmtp(77): Error: lmtp-client: conn unix:/run/x [1]: connect(/run/x) failed: Connection refused": (
        "connect-refused"
    ),
    '2026-04-01T08:00:00Z INFO DANE authentication failed (dane.authentication-failure) hostname = "mx.example.org"': (
        "starttls-dane-mismatch"
    ),
    '"SMTPD"\t8\t9\t"2026-04-01 08:00:00.000"\t"203.0.113.9"\t"SENT: 550 Delivery is not allowed to this address."': (
        "rcpt-relay-denied"
    ),
    '{"eventType":"Complaint","complaint":{"complaintFeedbackType":"abuse"},"mail":{"messageId":"1"}}': "data-abuse-report",
    "535 Error: ÇëÊ¹ÓÃÊÚÈ¨ÂëµÇÂ¼": "auth-qq-authorization-code",
    "550 ÓÃ»§²»´æÔÚ": "rcpt-user-unknown",
    "535 5.7.8 Error: authentication failed: use an application specific password": "auth-app-password-hinted",
    # Rspamd's log without syslog, Exim's debugging output with the process in front, what a delivery program printed.
    "2026-03-02 10:11:12 #719(normal) <sc39ye>; lua; lua_redis.lua:256: cannot save redis lock script: timeout": (
        "data-rspamd-redis-unreachable"
    ),
    "  308   H=mx.example.org [192.0.2.1]: SMTP error from remote mail server after RCPT TO:<bob@example.org>: 550 User unknown": (
        "rcpt-user-unknown"
    ),
    "smtpd[1]: 1e722991167e2b80 mda delivery evpid=1 user=x delay=0s result=TempFail stat=Error (temporary failure: "
    '"mail.lmtp: LMTP server error: 552 5.2.2 <bob@example.org> Quota exceeded (mailbox for user is full)")': "rcpt-mailbox-full",
    "postfix/smtpd[1]: warning: connect to TCP map 127.0.0.1:10002: Connection refused": "rcpt-lookup-server-unreachable",
    'postfix/smtpd[1]: warning: mynetworks: non-null host address bits in "127.0.0.1/8", perhaps you should use "127.0.0.0/8" '
    "instead": "config-mynetworks-invalid",
    'postmap: warning: cidr map /etc/postfix/c.cidr, line 1: non-null host address bits in "192.0.2.1/24", perhaps you should '
    'use "192.0.2.0/24" instead: skipping this rule': "config-pattern-table-rule-skipped",
    "postfix/lmtp[1]: 4F1: to=<bob@example.org>, relay=none, delay=5, delays=5/0/0/0, dsn=4.4.1, status=deferred (connect to "
    "mx.example.org[/var/run/dovecot/lmtp]: No such file or directory)": "connect-lmtp-socket-missing",
    "imap(bob@example.org)<1><x>: Fatal: block_alloc(268435456): Out of memory": "connect-dovecot-out-of-memory",
    "dovecot: imap(bob@example.org): Panic: file mail-index-sync-keywords.c: line 227 (keywords_update_records): assertion "
    "failed: (data_offset >= 4)": "connect-dovecot-panic",
}
# What none of them is: daemons at work, and what they say in words that replies have too.
SILENT = (
    "postfix/qmgr[1]: warning: file 4F1C2240A1B: missing PTR record after short sender",
    "postfix/proxymap[1]: warning: database lmdb:/var/lib/x: using size limit 100 during open",
    "postfix/master[1]: warning: bounce[2]: unknown command: 7",
    "dovecot: lmtp: Error: Connection lost to LDAP server, reconnecting",
    "dovecot: imap-login: Login: user=<bob>, method=PLAIN, rip=192.0.2.10, lip=192.0.2.1, TLS",
    "rspamd[81]: <abc>; task; rspamd_task_write_log: id: <x@example.net>, (default: F (no action): [0.50/15.00] "
    "[GREYLIST(0.00){pass;},R_SPF_FAIL(1.00){-all;}]), len: 1234",
    "policyd-spf[401]: prepend Received-SPF: Pass (mailfrom) identity=mailfrom; client-ip=192.0.2.7; helo=mx.example.net",
    "amavis[12]: (01234-08) Passed SPAMMY {RelayedTaggedInbound}, [203.0.113.5]:40122 <a@example.org> -> <b@example.com>, "
    "Hits: 6.5, size: 550",
    "opendmarc[322]: 4F1C2240A1B: example.org pass",
    "2026-03-02 10:11:12,345 fail2ban.actions        [812]: NOTICE  [postfix-sasl] Unban 203.0.113.5",
    "2026-03-02 10:11:12,345 fail2ban.actions        [812]: NOTICE  [sshd] Ban 203.0.113.5",
    '2026-04-01T08:00:00Z INFO DSN permanent failure notification (delivery.dsn-perm-fail) to = "bob@example.org", code = 250',
    '{"event":"delivered","message-id":"<1@example.com>","subject":"550 5.1.1 User unknown"}',
    "2026-03-02T10:11:12.345Z,192.0.2.10,MBX01,198.51.100.7,EDGE01,,,STOREDRIVER,DELIVER,12,<x@example.com>,g,bob@example.com,,550,"
    "1,,,Undeliverable: 550 5.1.1 User unknown,alice@example.com,alice@example.com,,Incoming",
    "Größenänderungen überschritten: äöüß",
    "2026-03-02 10:11:12 #9(rspamd_proxy) <cb049c>; milter; rspamd_milter_process_command: got connection from 192.0.2.7:550",
    "2026-03-02 10:11:12 #11(normal) <c82966>; task; rspamd_task_write_log: id: <x@example.net>, (default: F (no action): "
    "[0.50/15.00] [GREYLIST(0.00){pass;}]), len: 1234",
    "[NOTICE] [-] [core] Shutting down",
)


@each("line entry", ANSWERED.items(), lambda row: row[0])
def test_a_daemon_speaks_of_itself(line: str, entry: str, base: KnowledgeBase) -> None:
    assert base.classify(line)["entry"] == entry


@each("line", SILENT)
def test_a_daemon_at_work_gets_no_answer(line: str, base: KnowledgeBase) -> None:
    assert not base.classify(line)["answered"]
