"""A main.cf without its master.cf, and a client at a port that the stock master.cf does not open: it may be open or not.

Debian's and upstream's master.cf listen at 25; `submission` (587) and `submissions` or `smtps` (465) are comments there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kb.config.moves import Move
from kb.config.setting import Finding, Party
from kb.text import Text

_SERVICES = {"587": "submission", "465": "submissions"}
# What smtpd_tls_wrappermode makes of a port (kb/config/postfix/server.py).
_IMPLICIT = {"listens": "implicit", "starttls": "not-offered", "requires_tls": "yes"}


def is_unpasted(server: Party | None) -> bool:
    """Whether it is not known if a service is at this party's port at all."""
    return server is not None and server.details.get("unpasted") == "yes"


def at_port(server: Party, port: str) -> Party:
    """The server at another port, as main.cf alone makes it; implicit TLS at 465 (RFC 8314)."""
    more = dict(_IMPLICIT) if port == "465" else {"listens": "plain"}
    if port == "465" and server.facts.get("auth_offer") == "always":
        more["auth_offer"] = "over-tls"
    name = Text(f"Postfix {port} 端口（没有贴 master.cf）", f"Postfix at port {port} (master.cf not pasted)")
    details = {**server.details, "port": port, "unpasted": "yes", "perhaps": "reachable=no,yes"}
    return replace(server, name=name, facts={**server.facts, **more}, details=details)


def told(server: Party) -> Finding:
    """What to look at, for a server of which `is_unpasted` holds."""
    port = server.details["port"]
    stock = Text(
        f"Postfix 自带的 master.cf 只开 25 端口，{_SERVICES.get(port)}（{port}）那一段是注释",
        f"The master.cf that comes with Postfix opens port 25 only, and {_SERVICES.get(port)} ({port}) is a comment in it",
    )
    if port not in _SERVICES:
        stock = Text(
            f"Postfix 自带的 master.cf 只开 25 端口，没有 {port}",
            f"The master.cf that comes with Postfix opens port 25 only, not {port}",
        )
    text = Text(
        f"没有贴 master.cf，不知道 {port} 端口开了没有。{stock.zh}；运行 postconf -M 看有没有这个端口的 smtpd，"
        "把输出一起贴来：其中的 -o 会盖过 main.cf。",
        f"Without master.cf nobody can tell whether port {port} is open. {stock.en}; run postconf -M to see whether an smtpd"
        " is at this port, and paste what it prints too: its -o override main.cf.",
    )
    return Finding(server.details["main"], 0, "", text)


def opened(server: Party, facts: Mapping[str, str]) -> list[Move]:
    """Opening the port, where it may be closed."""
    if not is_unpasted(server) or facts.get("reachable") != "no":
        return []
    port = server.details["port"]
    name = _SERVICES.get(port, port)
    commands = [f"postconf -M {name}/inet='{name} inet n - y - - smtpd'"]
    if server.facts.get("listens") == "implicit":
        commands.append(f"postconf -P {name}/inet/smtpd_tls_wrappermode=yes")
    run = "、".join(f"`{command}`" for command in commands)
    run_en = " and ".join(f"`{command}`" for command in commands)
    text = Text(
        f"在服务器上打开 {port} 端口：运行 {run}（或取消 master.cf 里那一段的注释），再 `postfix reload`。",
        f"Open port {port} on the server: run {run_en} (or uncomment the entry in master.cf), then `postfix reload`.",
    )
    return [Move("server-open-port", "server", {"reachable": "yes"}, text)]
