"""KB8xx: advice that cannot work as it is written, or that gives a password away without a word about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import re2

from kb.articles import Article
from kb.catalog.findings import Finding
from kb.catalog.load import Document, Key
from kb.catalog.model import Catalog, Entry
from kb.check.content import Content
from kb.text import Text

# swaks(1): options begin with one hyphen or two.
_LOGIN = re2.compile(r"\bswaks\b.*\s--?(?:a|au|ap|auth|auth-user|auth-password)(?:\s|$)")
_TLS = re2.compile(r"\s--?tls(?:c|-on-connect)?(?:\s|$)")
_VERIFIED = "-tls-verify"
# postconf(5): the levels of the SMTP client that take any certificate, next to a password to give away.
_PASSWORD_MAPS = re2.compile(r"\bsmtp_sasl_password_maps ?= ?\S")
_ANY_CERTIFICATE = re2.compile(r"\bsmtp_tls_security_level ?= ?(?:may|encrypt)\b")
# DATABASE_README: these are read from a file that postmap makes. `-q` only asks it.
_NAMED = re2.compile(r"=.*?\b((?:hash|btree|lmdb|cdb|dbm):(/[^\s,']+))")
_ALIASES = re2.compile(r"\balias_(?:maps|database)\b")  # which newaliases(1) builds
_BUILT = re2.compile(r"^(?:postmap|postalias) (?:[a-z]+:)?(/\S+)$")
# Arguments are in the process list for all users to see, and in the shell's history; these programs ask for the password.
_TYPED = re2.compile(
    r"\bswaks\b.*\s--?(?:ap|auth-password)[ =]\S|\b(?i:sendemail)\b.*\s-xp \S|\bdoveadm auth test \S+ [^\s|&;]"
    r"|\btestsaslauthd\b.*\s-p [^\s\"']"  # has no prompt, takes a variable that `read -s` filled
    r"|(?:\bcurl\b.*\s|^|--ssl-reqd )(?:-u|--user) ?'?[^\s':]+:[^\s']"
)
# postconf(5): transport_destination_...; these services are in the master.cf that Postfix comes with.
_LIMITED = re2.compile(r"\b([a-z][a-z0-9-]*)_destination_(?:concurrency|rate)_")
_SHIPPED = {"default", "smtp", "relay", "lmtp", "local", "virtual", "error", "retry", "transport"}
# master(8) pauses a service whose process died (service_throttle_time); measured on 3.7.11: a reload does not end that.
_DIED = re2.compile(r"postfix/\S*\[[0-9]+\]: (?:fatal|panic): |bad command startup -- throttling")
_NOT_A_DAEMON = re2.compile(r"postfix/(?:sendmail|postdrop|postqueue|postsuper|postfix-script|master)\[")
# Dovecot and the daemon of Exim run on with what they read when they started, so do master(8) and qmgr(8) of Postfix; the
# other processes of Postfix end within minutes, and the next ones read main.cf anew.
_LOADED = {
    "postfix": (
        "postfix reload",
        re2.compile(
            r"^postconf -(?:e .*)?[MP] ?.*=|^\s*-o |^(?:postconf -e .*)?\b(?:inet_|[a-z]+_destination_(?:conc|rate))"
        ),
    ),
    "dovecot": ("doveadm reload", re2.compile(r"^\s*[a-z_]+ = ")),
    "exim": ("systemctl reload exim4", re2.compile(r"^\s*[A-Za-z_]+ = ")),
}
_LOADS = re2.compile(r"reload|restart|\bstart\b")
_REPLY = re2.compile(r"(?:^|[^0-9.\[])([45])[0-9]{2}(?:[ #-]|$)")


def check(content: Content) -> Iterator[Finding]:
    """Findings on what entries and articles tell to do, and on when entries tell to try again."""
    document, catalog = content.document, content.catalog
    if document is not None:
        yield from _entries(document, catalog)
    for article in content.articles:
        yield from _article(article)


def _entries(document: Document, catalog: Catalog) -> Iterator[Finding]:
    for id_, entry in catalog.errors.items():
        for key, line in _lines(entry):
            if gives_password_away(line):
                yield document.finding("KB801", ("errors", id_, *key), _UNVERIFIED)
            if types_password(line):
                yield document.finding("KB804", ("errors", id_, *key), _TYPED_OUT)
        for index, fix in enumerate(entry.fixes):
            if fix.cost is None and trusts_anybody(fix.set):
                yield document.finding("KB801", ("errors", id_, "fixes", index), _ANYBODY)
        for place, table in unbuilt_tables(entry):
            message = Text(
                f"没有生成索引：加一行 postmap {table}。",
                f"Nothing builds that table: add a line postmap {table}.",
            )
            yield document.finding("KB802", ("errors", id_, *place), message)
        for place, service in undefined_services(entry):
            yield document.finding("KB805", ("errors", id_, *place), _undefined(service))
        for place in reloads_of_the_dead(entry):
            yield document.finding("KB806", ("errors", id_, *place), _RELOADED)
        for place, command in unloaded_settings(entry):
            yield document.finding("KB807", ("errors", id_, *place), _unloaded(command))
        if entry.retry == "later" and only_permanent(entry.examples):
            yield document.finding("KB803", ("errors", id_, "retry"), _PERMANENT)


_UNVERIFIED = Text(
    "密码会发给任何冒充服务器的人：加上 --tls-verify。",
    "The password goes to whoever answers: add --tls-verify.",
)
_ANYBODY = Text(
    "这个级别什么证书都接受，密码会发给任何冒充服务器的人：写 secure，加 smtp_tls_CAfile。",
    "That level takes any certificate and the password goes to whoever answers: write secure, and smtp_tls_CAfile.",
)
_TYPED_OUT = Text(
    "密码写在命令行上，ps 和历史记录里都看得到：去掉它，程序会提问。",
    "The password is on the command line, for ps and the history to show: leave it out, the program asks for it.",
)
_RELOADED = Text(
    "进程退出后 master 停一分钟，重载不会结束：写 systemctl restart postfix。",
    "A reload does not end the pause after a process died: write systemctl restart postfix.",
)
_PERMANENT = Text(
    "示例都是 5yz，不会自动重试：写 after-fix 或 never。",
    "All examples are 5yz and are not retried by themselves: write after-fix or never.",
)


def _undefined(service: str) -> Text:
    return Text(
        f"master.cf 里没有 {service} 这个服务：加一行 postconf -M {service}/unix=…。",
        f"Nothing makes the service {service}: add a line postconf -M {service}/unix=…",
    )


def _unloaded(command: str) -> Text:
    return Text(
        f"改了设置，没有让它重新读取：最后加一行 {command}。",
        f"The setting is changed and not read again: add a last line {command}.",
    )


def _lines(entry: Entry) -> Iterator[tuple[Key, str]]:
    """Every command and setting of an entry, with its place."""
    for number, line in enumerate(entry.verify.run):
        yield ("verify", "run", number), line
    for index, fix in enumerate(entry.fixes):
        for number, line in enumerate(fix.set):
            yield ("fixes", index, "set", number), line


def _article(article: Article) -> Iterator[Finding]:
    block: list[str] = []
    for offset, line in enumerate(article.markdown.split("\n")):
        if gives_password_away(line):
            yield Finding(f"articles/{article.path.name}", article.body_line + offset, 1, "KB801", _UNVERIFIED)
        if types_password(line):
            yield Finding(f"articles/{article.path.name}", article.body_line + offset, 1, "KB804", _TYPED_OUT)
        block = [] if line.startswith("```") else [*block, line]
        if trusts_anybody(block) and not trusts_anybody(block[:-1]):
            yield Finding(f"articles/{article.path.name}", article.body_line + offset, 1, "KB801", _ANYBODY)


def gives_password_away(line: str) -> bool:
    """Whether a line logs in with swaks over TLS without a look at the certificate, as swaks does unless it is told."""
    return "swaks" in line and _VERIFIED not in line and bool(_LOGIN.search(line) and _TLS.search(line))


def trusts_anybody(settings: Iterable[str]) -> bool:
    """Whether settings of Postfix as a client hold a password and a TLS level that looks at no certificate."""
    text = "\n".join(settings)
    return bool(_PASSWORD_MAPS.search(text) and _ANY_CERTIFICATE.search(text))


def types_password(line: str) -> bool:
    """Whether a command has the password among its arguments although the program would ask for it."""
    return bool(_TYPED.search(line))


def undefined_services(entry: Entry) -> Iterator[tuple[Key, str]]:
    """Limits of a transport that master.cf has not as shipped and that no line of the entry makes: place and name."""
    lines = list(_lines(entry))
    for place, line in lines:
        for name in dict.fromkeys(found.group(1) for found in _LIMITED.finditer(line)):
            made = any(form in other for _, other in lines for form in (f"{name}/unix", f"{name} unix"))
            if name not in _SHIPPED and not made:
                yield place, name


def reloads_of_the_dead(entry: Entry) -> Iterator[Key]:
    """Places of `postfix reload` in an entry whose examples tell of a daemon of Postfix that died as it started."""
    if any(_DIED.search(text) and not _NOT_A_DAEMON.search(text) for text in entry.examples):
        yield from (place for place, line in _lines(entry) if line == "postfix reload")


def unloaded_settings(entry: Entry) -> Iterator[tuple[Key, str]]:
    """Fixes that change a setting of a server and do not have it read again: the setting's place, the command that would."""
    for index, fix in enumerate(entry.fixes):
        command, setting = _LOADED.get(fix.for_, ("", None))
        if setting is None or any(_LOADS.search(line) for line in fix.set):
            continue
        for at, line in enumerate(fix.set):
            if setting.search(line):
                yield ("fixes", index, "set", at), command
                break


def unbuilt_tables(entry: Entry) -> Iterator[tuple[Key, str]]:
    """Tables that an entry has Postfix read and has nobody build: the place of the setting, the table with its type."""
    lines = list(_lines(entry))
    built = {found.group(1) for _, line in lines if (found := _BUILT.search(line))}
    aliases = any(line == "newaliases" for _, line in lines)
    for place, line in lines:
        if place[0] != "fixes" or (aliases and _ALIASES.search(line)):
            continue
        for found in _NAMED.finditer(line):
            if found.group(2) not in built:
                yield place, found.group(1)


def only_permanent(examples: Iterable[str]) -> bool:
    """Whether two examples or more begin with a reply code and all of them are 5yz, which no mail server tries again."""
    classes = [found.group(1) for text in examples if (found := _REPLY.search(text))]
    return len(classes) > 1 and set(classes) == {"5"}
