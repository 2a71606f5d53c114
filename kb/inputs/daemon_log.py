"""Log lines of the daemons around an MTA: mailbox servers, filters, signers.

What such a line says in words of its own is the daemon speaking of itself: `throttling`, `unknown user` and `invalid command`
mean something else there than in a reply. With a reply code in it, or from Dovecot's SMTP or LMTP client, the line tells
of SMTP.
"""

from __future__ import annotations

from kb.inputs.codes import find_codes
from kb.inputs.observation import BENIGN, Observation
from kb.regex import Late

NAME = "log"  # as a line of any other program is called: only who speaks is known of it

# What the lines of each begin with, and its word in the catalogue's vocabulary.
_DAEMONS = {
    "amavis": "amavis",
    "amavisd": "amavis",
    "amavisd-new": "amavis",
    "clamav": "clamav",
    "clamav-milter": "clamav",
    "clamd": "clamav",
    "dovecot": "dovecot",
    "doveadm": "dovecot",
    "doveconf": "dovecot",
    "freshclam": "clamav",
    "opendkim": "opendkim",
    "opendmarc": "opendmarc",
    "rspamd": "rspamd",
    "rspamd_proxy": "rspamd",
    "spamc": "spamassassin",
    "spamd": "spamassassin",
}
_SIGNS = (
    "dovec",
    "dovea",
    "amavis",
    "clam",
    "opend",
    "rspamd",
    "spamc[",
    "spamd[",
    ": Error: ",
    ": Fatal: ",
    ": Warning: ",
    "(main) ",
    "(normal) ",
    "(controller) ",
    "(rspamd_proxy) ",
)
_TAG = Late(
    r"(?:^|[\s|/])(amavis(?:d|d-new)?|clamav|clamav-milter|clamd|dove(?:cot|adm|conf)|freshclam|opendkim|opendmarc|rspamd(?:_proxy)?"
    r"|spam[cd])(?:\[[0-9]+\])?: "
)
# Dovecot's log without syslog: only the service, `auth-worker(1234): Error: `, `lmtp(joe@example.com)<7><abc>: Fatal: `.
_SERVICE = Late(
    r"^(?:[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8} |[0-9-]{10}[T ][0-9:]{8}\S* )?(anvil|auth|auth-worker|config|dict|imap|imap-login"
    r"|indexer-worker|lda|lmtp|log|managesieve|managesieve-login|master|pop3|pop3-login|ssl-params|stats|submission"
    r"|submission-login)(?:\([^)]*\))?(?:<[^>]*>)*: (?:Error|Fatal|Panic|Warning): "
)
# Rspamd's log without syslog: `2026-03-02 10:11:12 #719(normal) <sc39ye>; lua; lua_redis.lua:256: `.
_RSPAMD = Late(r"#[0-9]+\((?:main|normal|controller|rspamd_proxy)\) ")
# What amavis decided about a message that it let pass, whatever it thinks of it.
_PASSED = Late(r"amavis[^ ]*: (?:\([0-9-]+\) )?Passed [A-Z]")
# What Rspamd decided about a message; the names of the tests that follow are no failures.
_DECISION = Late(r"\([a-z0-9_]+: [A-Z] \(([a-z ]+)\)")
_REFUSALS = ("reject", "soft reject", "greylist")


def parse_line(line: str, start: int) -> Observation | None:
    """What one line says; BENIGN when Rspamd or amavis let a message pass; None when it is none of these daemons'."""
    if not any(map(line.__contains__, _SIGNS)):
        return None
    tag = _TAG.search(line) or _SERVICE.search(line)
    if tag:
        name, begin = tag.group(1), tag.start(1)
    elif "#" in line and (logged := _RSPAMD.search(line)):
        name, begin = "rspamd", logged.end()
    else:
        return None
    if "Passed " in line and _PASSED.search(line):
        return BENIGN
    decision = _DECISION.search(line) if "rspamd" in name else None
    if decision and decision.group(1) not in _REFUSALS:
        return BENIGN
    diagnostic = decision.group() if decision else line[begin:]
    begin = decision.start() if decision else begin
    reply, enhanced = find_codes(diagnostic)
    return Observation(
        diagnostic=diagnostic,
        start=start + begin,
        format=NAME,
        reply_code=reply,
        enhanced_status=enhanced,
        emitter=_DAEMONS.get(name, "dovecot"),
        own=reply is None and enhanced is None and "mtp-client: " not in diagnostic,
    )
