"""What is worth saying about the security of a measured server, gravest first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from kb.probe.der import is_for_by_common_name
from kb.probe.model import AFTER, BEFORE, CLEAR, Measurement, Talk, Tls
from kb.probe.sasl import REVEALING
from kb.text import Text

_SOON = timedelta(days=14)
_OLD = ("1.0", "1.1")


def remarks(measurement: Measurement, now: datetime) -> list[Text]:
    """The remarks. now: the current time, with its zone."""
    talk = measurement.talk
    if talk is None or not talk.begun:
        return list(_of_addresses(measurement))
    found = [*_of_the_link(talk), *_of_versions(measurement), *_of_people(talk)]
    if talk.tls:
        found += _of_the_certificate(talk.tls, measurement.options.name, now)
    return [*found, *_of_the_port(measurement, talk)]


def _of_the_link(talk: Talk) -> Iterator[Text]:
    if talk.injected:
        yield Text(
            "服务器在 STARTTLS 的回复后面又夹带了明文内容：服务器有缺陷，或途中有人插话。这些内容已丢弃。",
            "After its reply to STARTTLS the server sent more in clear: a flaw of the server, or somebody on the way. It was"
            " thrown away.",
        )
    clear = talk.ehlo(CLEAR)
    if clear and any(mechanism in REVEALING for mechanism in clear.mechanisms):
        yield Text(
            "服务器在未加密时也提供 PLAIN 或 LOGIN：不用 TLS 的客户端会把密码明文发出。",
            "The server offers PLAIN or LOGIN without TLS as well: a client that does not use TLS sends its password in clear.",
        )
    login = talk.login
    if login and login.outcome == "accepted" and talk.tls is None and login.mechanism in REVEALING:
        yield Text(
            "刚才的密码是明文发出的，途中的人都能读到；请考虑更换。",
            "The password just crossed the network in clear; consider changing it.",
        )


def _of_versions(measurement: Measurement) -> Iterator[Text]:
    accepted = [version for version, taken in measurement.versions if taken]
    tls = measurement.talk.tls if measurement.talk else None
    if tls and tls.version in _OLD:
        yield Text(
            f"服务器最高只会 TLS {tls.version}，如今的客户端多半拒绝（RFC 8996）。",
            f"The server knows no more than TLS {tls.version}, which most clients refuse today (RFC 8996).",
        )
    elif any(version in _OLD for version in accepted):
        told = "、".join(v for v in accepted if v in _OLD), ", ".join(v for v in accepted if v in _OLD)
        yield Text(
            f"服务器还接受 TLS {told[0]}，已不该再用（RFC 8996）。",
            f"The server still accepts TLS {told[1]}, which must not be used any more (RFC 8996).",
        )


def _of_people(talk: Talk) -> Iterator[Text]:
    asked = talk.envelope(BEFORE)
    if asked and asked[-1].stage == "rcpt" and asked[-1].reply.positive:
        yield Text(
            "没有登录，服务器也收下了这个收件人。如果这个域不归它收信，而你的地址又不在它信任的网络里，它就是开放中继。",
            "The server took this recipient without a login. If it does not receive for that domain and your address is not in"
            " a network that it trusts, it is an open relay.",
        )
    again = talk.envelope(AFTER)
    if again and not again[-1].reply.positive:
        yield Text(
            "登录之后，服务器仍不收这个发件人或收件人。",
            "Even after the login the server does not take this sender or recipient.",
        )


def _of_the_certificate(tls: Tls, name: str, now: datetime) -> Iterator[Text]:
    read = tls.certificate
    if tls.verdict.trusted_by == "file":
        yield Text(
            "系统的根证书不认这张证书，--ca-file 给的认：客户端也必须信任那个文件。",
            "The system's roots do not vouch for the certificate, those of --ca-file do: clients have to trust that file too.",
        )
    elif tls.verdict.trusted_by is None:
        yield Text(
            "证书没有通过校验：校验证书的客户端会拒绝，不校验的客户端挡不住中间人。",
            "The certificate does not verify: clients that check refuse it, and those that do not will not notice a man in the"
            " middle.",
        )
    if read is None:
        return
    if is_for_by_common_name(read, name):
        yield Text(
            "主机名只写在证书的 CN 里，没有 SAN：Go 程序会拒绝。",
            "The host stands in the certificate's CN only, not in a SAN: Go programs refuse it.",
        )
    if now < read.not_after < now + _SOON:
        yield Text(
            f"证书在 {read.not_after:%Y-%m-%d} 到期，不到两周。",
            f"The certificate expires on {read.not_after:%Y-%m-%d}, in less than two weeks.",
        )
    elif read.not_after <= now and tls.verdict.number != 10:
        yield Text(
            f"证书还在 {read.not_after:%Y-%m-%d} 过了期。",
            f"The certificate expired on {read.not_after:%Y-%m-%d} as well.",
        )


def _of_the_port(measurement: Measurement, talk: Talk) -> Iterator[Text]:
    port = measurement.options.port
    if (port == 465) != (talk.begins == "implicit") and port in (25, 465, 587):
        yield Text(
            f"端口 {port} 通常{'一连接就 TLS' if port == 465 else '先说明文'}，这台服务器相反。",
            f"Port {port} usually begins {'with TLS' if port == 465 else 'in clear'}; on this server it is the other way round.",
        )


def _of_addresses(measurement: Measurement) -> Iterator[Text]:
    tried = measurement.attempts
    if tried and all(":" in a.address and a.problem and a.problem.kind == "unreachable" for a in tried):
        yield Text(
            "这台主机只有 IPv6 地址，而这里没有到它的 IPv6 路由。",
            "This host has IPv6 addresses only, and there is no IPv6 route to it from here.",
        )
