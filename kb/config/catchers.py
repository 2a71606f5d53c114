"""Test servers that keep what they are sent for looking at: Mailpit, MailHog and smtp4dev.

A program reaches one by the name of its service, or by its usual name and port when nothing of it was pasted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from kb.config import mailhog, mailpit_server, smtp4dev
from kb.config.moves import Move
from kb.config.rules import Rule
from kb.config.setting import Party
from kb.text import Text

_LOCAL = ("localhost", "127.0.0.1", "::1", "host.docker.internal")


class Catcher(Protocol):
    """What the module of each has.

    PRODUCT: its name, and that of the host it usually is. PORT: the usual one. TITLE: what people call it. DEFAULTS: what holds
    of it when nothing was pasted. REPLIES, WHY, TITLES: by the ids of combinations, what it answers and why it does.
    """

    PRODUCT: str
    PORT: str
    TITLE: str
    DEFAULTS: Mapping[str, str]
    REPLIES: Mapping[str, str]
    WHY: Mapping[str, Text]
    TITLES: Mapping[str, Text]
    LOGS: str


_ALL: tuple[Catcher, ...] = (mailpit_server, mailhog, smtp4dev)
_BY_PRODUCT: Mapping[str, Catcher] = {one.PRODUCT: one for one in _ALL}


def is_catcher(party: Party | None) -> bool:
    """Whether a party is a server that keeps mail for looking at, not one that mail is relayed through."""
    return party is not None and party.side == "server" and party.product in _BY_PRODUCT


def usual_facts(server: Party | None) -> Mapping[str, str]:
    """What holds of a test server of which nothing was pasted: its defaults."""
    return (
        _BY_PRODUCT[server.product].DEFAULTS if server is not None and is_catcher(server) and not server.facts else {}
    )


def hop(parties: Sequence[Party], servers: Sequence[Party]) -> tuple[Party, Party] | None:
    """The program that sends to a test server, and that server; with none pasted, one at its usual host and port.

    parties: all others that were pasted; servers: the test servers among them.
    """
    others = [p for p in parties if p.side == "client" and not p.product.startswith(mailpit_server.PRODUCT)]
    for client in others:
        if "main" in client.details and any(p.details.get("main") != client.details["main"] for p in parties):
            # A mail server of its own, beside whatever sends to it.
            continue
        host, port = client.details.get("host", "").lower().strip("[]"), client.details.get("port", "")
        named = next((server for server in servers if host in server.details["names"].split()), None)
        if named is not None:
            return client, named if port in _ports(named, host) else _unreachable(named)
        for server in servers:
            at_port = port in _ports(server, host) and (host in _LOCAL or "." not in host)
            if at_port and "main" not in client.details:
                return client, server
        usual = _BY_PRODUCT.get(host)
        if usual and port == usual.PORT and not servers and not any(p.side == "server" for p in parties):
            return client, _unpasted(usual)
    return None


def _ports(server: Party, host: str) -> set[str]:
    """The ports at which a client reaches a test server, which depends on what it calls it."""
    return {server.details["port"], *(server.details["outside"].split() if host in _LOCAL else ())}


def _unreachable(server: Party) -> Party:
    return replace(server, facts={**server.facts, "reachable": "no"})


def _unpasted(usual: Catcher) -> Party:
    details = {"port": usual.PORT, "file": f"{usual.PRODUCT}.env", "names": usual.PRODUCT, "outside": ""}
    name = Text(f"{usual.TITLE}（默认设置）", f"{usual.TITLE} (with its defaults)")
    return Party("server", usual.PRODUCT, name, {}, {}, details)


_LOCAL_ONLY = Text(
    "邮件明文传输，只用于同一台机器或同一个容器网络。",
    "The mail crosses in clear: for the same machine or container network only.",
)


def in_its_terms(move: Move, server: Party) -> Move:
    """A move towards a test server, where doing without TLS and without a login is what it is made for."""
    title = _BY_PRODUCT[server.product].TITLE
    if move.id == "client-no-tls":
        zh, en = (
            "是开发环境里截住邮件用的：让客户端不用 TLS 连它。",
            "catches mail in development: let the client talk to it without TLS.",
        )
        return replace(move, text=Text(f"{title} {zh}", f"{title} {en}"), cost=_LOCAL_ONLY, risk=0)
    if move.id == "client-no-authentication":
        zh, en = (
            "默认不需要登录：去掉客户端的用户名和密码。",
            "needs no login by default: take user name and password out of the client.",
        )
        return replace(move, text=Text(f"{title} {zh}", f"{title} {en}"), risk=0)
    # A test server is for clients as they are; its own settings come after theirs.
    return replace(move, risk=max(move.risk, 1)) if move.side == "server" else move


def when_offered(server: Party) -> Move:
    """For products that cannot be told to do without TLS: a test server offers none by default."""
    title = _BY_PRODUCT[server.product].TITLE
    text = Text(
        f"{title} 是开发环境里截住邮件用的，默认不提供 TLS：让客户端只在服务器提供 STARTTLS 时才用。",
        f"{title} catches mail in development and offers no TLS by default: let the client use STARTTLS only where offered.",
    )
    return Move("client-tls-when-offered", "client", {"tls": "opportunistic"}, text, 0, _LOCAL_ONLY)


def in_its_words(rule: Rule, server: Party) -> Rule:
    """The combination with what the test server answers and logs in it, none of Postfix's words."""
    one = _BY_PRODUCT[server.product]
    reply = one.REPLIES.get(rule.id)
    logs = (one.LOGS.format(reply=reply),) if one.LOGS and reply and rule.id != "starttls-not-offered" else ()
    return replace(
        rule,
        reply=reply,
        server_log=logs,
        server_logs={},
        explanation=one.WHY.get(rule.id, rule.explanation),
        title=one.TITLES.get(rule.id, rule.title),
    )
