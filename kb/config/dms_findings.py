"""What is noteworthy about the variables of docker-mailserver and about the files that override its settings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kb.config import dms_image
from kb.config.options import finding, not_allowed
from kb.config.postfix.model import Config
from kb.config.setting import Finding, Setting
from kb.text import Text

_PRODUCT = "docker-mailserver"


def stops(settings: Mapping[str, Setting]) -> bool:
    """Whether it does not start with these variables."""
    kind = _value(settings, "SSL_TYPE")
    return (kind != "" and kind not in dms_image.CERTIFICATES) or _lacks_paths(settings)


def _lacks_paths(settings: Mapping[str, Setting]) -> bool:
    paths = _value(settings, "SSL_CERT_PATH"), _value(settings, "SSL_KEY_PATH")
    return _value(settings, "SSL_TYPE") == "manual" and not all(paths)


def _value(settings: Mapping[str, Setting], key: str) -> str:
    return settings[key].value if key in settings else ""


def on_variables(settings: Mapping[str, Setting], file: str, *, whole: bool) -> Iterator[Finding]:
    """Findings on single variables and on those that do not go together. file: where they stand; whole: all can be seen."""
    if whole or "SSL_TYPE" in settings:
        yield from _on_tls(settings, file)
    else:
        zh = "没有看到 mailserver.env：这里当作 SSL_TYPE 已设好证书；没有设的话，各端口都不用 TLS。把它一起贴上来。"
        en = (
            "mailserver.env was not pasted: SSL_TYPE is taken to be set, with a certificate; if it is not, no port has TLS. Paste"
            " that file as well."
        )
        yield Finding(file, 0, "SSL_TYPE", Text(zh, en))
    permitted = settings.get("PERMIT_DOCKER")
    if permitted is not None and permitted.value:
        yield from _on_networks(permitted)
    spoofing = settings.get("SPOOF_PROTECTION")
    if spoofing is not None and spoofing.value == "1":
        zh = (
            "登录者只能用自己的地址或自己的别名发信；发件人用别的地址得到"
            " 553 5.7.1 … Sender address rejected: not owned by user …。"
        )
        en = (
            "Whoever logs in may send from their own address or alias only; any other sender gets 553 5.7.1 … Sender address"
            " rejected: not owned by user …."
        )
        yield finding(spoofing, zh, en)
    yield from _on_hops(settings)
    yield from _on_credentials(settings)


def _on_tls(settings: Mapping[str, Setting], file: str) -> Iterator[Finding]:
    kind = settings.get("SSL_TYPE")
    if kind is None or not kind.value:
        zh = (
            "没有设 SSL_TYPE：docker-mailserver 在所有端口上都不用 TLS，587 不提供 STARTTLS，465 也不是隐式 TLS，密码明文传输。"
            "设 SSL_TYPE=letsencrypt（或 manual、custom、self-signed）并挂载证书。"
        )
        en = (
            "SSL_TYPE is not set: docker-mailserver then runs without TLS on every port, 587 offers no STARTTLS, 465 is no"
            " implicit TLS, and passwords cross the network in clear. Set SSL_TYPE=letsencrypt (or manual, custom, self-signed)"
            " and mount the certificate."
        )
        yield Finding(kind.file if kind else file, kind.line if kind else 0, "SSL_TYPE", Text(zh, en))
    elif kind.value not in dms_image.CERTIFICATES:
        taken = Text("不启动", "does not start")
        yield not_allowed(_PRODUCT, kind, (*dms_image.CERTIFICATES[:-1], ""), taken)
    elif _lacks_paths(settings):
        zh = "SSL_TYPE=manual 还要 SSL_CERT_PATH 和 SSL_KEY_PATH（容器里的路径）；缺了就不启动。"
        en = "SSL_TYPE=manual needs SSL_CERT_PATH and SSL_KEY_PATH, paths in the container; without them it does not start."
        yield finding(kind, zh, en)


def _on_networks(permitted: Setting) -> Iterator[Finding]:
    if permitted.value not in dms_image.PERMITTED:
        taken = Text("会警告，并当作 none", "warns and takes it for none")
        yield not_allowed(_PRODUCT, permitted, dms_image.PERMITTED, taken)
    elif permitted.value in ("host", "network", "connected-networks"):
        zh = (
            "这些网络里的客户端不登录就能经 25 端口转发。Docker 的网关也在其中：宿主机开了 IPv6 而 Docker 没有时，"
            "外来连接都像来自网关，会成为开放中继。"
        )
        en = (
            "Clients in these networks relay through port 25 without a login. Docker's gateway is among them: where the host has"
            " IPv6 and Docker has not, connections from outside seem to come from it, which makes an open relay."
        )
        yield finding(permitted, zh, en)


def _on_hops(settings: Mapping[str, Setting]) -> Iterator[Finding]:
    default, own, port = (settings.get(name) for name in ("DEFAULT_RELAY_HOST", "RELAY_HOST", "RELAY_PORT"))
    if default and default.value and own and own.value:
        zh = (
            "RELAY_HOST 和 DEFAULT_RELAY_HOST 都设了：本站各域的信走 RELAY_HOST，而 RELAY_USER 和 RELAY_PASSWORD 只记在"
            " DEFAULT_RELAY_HOST 名下，于是在 RELAY_HOST 那里不登录。只留一个。"
        )
        en = (
            "Both RELAY_HOST and DEFAULT_RELAY_HOST are set: mail of your domains goes through RELAY_HOST, while RELAY_USER and"
            " RELAY_PASSWORD are kept for DEFAULT_RELAY_HOST only, so there is no login at RELAY_HOST. Keep one of the two."
        )
        yield finding(own, zh, en)
    if own and is_no_host(settings):
        zh = (
            "RELAY_HOST 只写主机名：docker-mailserver 自己加方括号和端口，端口写在 RELAY_PORT 里。照现在这样，Postfix"
            " 会去找名字就叫这个的主机，找不到就发不出去。"
        )
        en = (
            "RELAY_HOST takes a bare host: docker-mailserver adds brackets and port itself; the port goes into RELAY_PORT. As it"
            " is, Postfix looks for a host of that very name, finds none, and sends nothing."
        )
        yield finding(own, zh, en)
    if port and port.value not in ("", "25") and not (own and own.value):
        zh = "RELAY_PORT 只与 RELAY_HOST 一起有用；用 DEFAULT_RELAY_HOST 时端口写在它的值里：[主机]:端口。"
        en = "RELAY_PORT only goes with RELAY_HOST; with DEFAULT_RELAY_HOST the port is part of its value: [host]:port."
        yield finding(port, zh, en)


def is_no_host(settings: Mapping[str, Setting]) -> bool:
    """Whether RELAY_HOST holds more than a host."""
    own = _value(settings, "RELAY_HOST")
    return any(character in own for character in "[]:/ ")


def _on_credentials(settings: Mapping[str, Setting]) -> Iterator[Finding]:
    both = [settings.get(name) for name in ("RELAY_USER", "RELAY_PASSWORD")]
    given = [item for item in both if item and item.value]
    if len(given) == 1:
        zh = "RELAY_USER 和 RELAY_PASSWORD 要一起设，只有一个时不登录中继。"
        en = "RELAY_USER and RELAY_PASSWORD go together; with one alone it does not log in at the relay."
        yield finding(given[0], zh, en)


def on_relay(found: Iterable[Finding], settings: Mapping[str, Setting]) -> Iterator[Finding]:
    """What Postfix's own checks say about the next hop, at the variable that it comes from."""
    hop = next((settings[n] for n in ("RELAY_HOST", "DEFAULT_RELAY_HOST") if _value(settings, n)), None)
    for one in found:
        if hop is not None and one.key == "relayhost" and one.file == "main.cf":
            yield Finding(hop.file, hop.line, hop.key, one.text)


def on_overrides(config: Config, own: Mapping[str, str], master: str) -> Iterator[Finding]:
    """Lines of the override files that do nothing."""
    of_services = {o.name: s for s in config.services if s.type == "inet" for o in s.overrides if o.file not in own}
    for assignment in config.main.values():
        service = of_services.get(assignment.name)
        if assignment.file in own and service is not None:
            key = f"{service.label}/{assignment.name}"
            zh = (
                f"master.cf 里 {service.label} 自己设了 {assignment.name}，这一行对它不起作用；"
                f"要改它，在 {master} 里写 {key}=…。"
            )
            en = (
                f"{service.label} has {assignment.name} of its own in master.cf, so this line does nothing there; to change it,"
                f" write {key}=… into {master}."
            )
            yield Finding(assignment.file, assignment.line, assignment.name, Text(zh, en))
    for name, text in own.items():
        if name.lower().endswith(master):
            yield from _on_lines(name, text)


def _on_lines(name: str, text: str) -> Iterator[Finding]:
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        parameter = words[0].partition("=")[0]
        if len(words) > 1 and (parameter == words[0] or words[0].endswith("=")) and "/" in parameter:
            zh = "等号两边不能有空白：写成 服务/类型/参数=值。"
            en = "No blanks around the equals sign: write service/type/parameter=value."
        elif parameter.count("/") != 2 or "=" not in line:
            zh = "postfix-master.cf 不是整份 master.cf：每行一项，写成 submission/inet/参数=值。"
            en = "postfix-master.cf is no whole master.cf: one item a line, written submission/inet/parameter=value."
        else:
            continue
        yield Finding(name, number, words[0][:60], Text(zh, en))
