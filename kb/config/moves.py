"""What can be changed on either side, and what it costs in security."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kb.text import Text


@dataclass(frozen=True)
class Move:
    """A change of one side. change: facts and their new values. risk: 0 safest; cost: the risk in words.

    sets: what the side's product is told to set, where that is no fact, such as a port; else it is told `change`.
    forget: facts that nobody knows any more after the move.
    """

    id: str
    side: str
    change: Mapping[str, str]
    text: Text
    risk: int = 0
    cost: Text | None = None
    sets: Mapping[str, str] = field(default_factory=dict)
    forget: frozenset[str] = frozenset()

    @property
    def wanted(self) -> Mapping[str, str]:
        """What a product's `edits` is asked for."""
        return self.sets or self.change


PASSWORD_IN_CLEAR = Text(
    "用户名和密码会明文经过网络，途中的任何人都能读到。",
    "User name and password then cross the network in clear for anyone on the way to read.",
)
MAP_CHANGED = Text(
    "改完密码表后用 postmap 重新生成。",
    "Run postmap on the password map after the change.",
)
PASSWORD_TO_ANYONE = Text(
    "只加密、不校验证书（Postfix 的 encrypt 就是这样）：途中冒充服务器的人能拿到密码；只在拿不到可校验的证书时才用。",
    "Encryption alone, as with Postfix's level encrypt, does not check the certificate, so whoever poses as the server on the"
    " way gets the password; only for where there is no certificate that can be checked.",
)
_PASSWORD_MAY_GO_IN_CLEAR = Text(
    "不用 TLS 的客户端会把密码明文发出，只可用于本机或可信的内网。",
    "Clients without TLS send their password in clear; only for the same host or a trusted network.",
)

MOVES: tuple[Move, ...] = (
    Move(
        "client-credentials",
        "client",
        {"startup": "starts"},
        Text(
            "补上客户端的认证方式所需的用户名和密码（CRAM-MD5 用 secret）。",
            "Give the client the user name and password (for CRAM-MD5, the secret) that its method needs.",
        ),
    ),
    Move(
        "client-tls-level",
        "client",
        {"startup": "starts", "tls": "implicit"},
        Text(
            "把客户端的 TLS 级别提高到隐式 TLS 所需的 encrypt。",
            "Raise the client's TLS level to encrypt, which implicit TLS needs.",
        ),
    ),
    Move(
        "client-method-plain",
        "client",
        {"startup": "starts", "auth": "plain"},
        Text("把客户端的认证方式改为它支持的 PLAIN。", "Set the client's method to one that it knows: PLAIN."),
    ),
    Move(
        "client-method-login",
        "client",
        {"startup": "starts", "auth": "login"},
        Text("把客户端的认证方式改为它支持的 LOGIN。", "Set the client's method to one that it knows: LOGIN."),
    ),
    Move(
        "client-starttls",
        "client",
        {"tls": "starttls"},
        Text("让客户端使用 STARTTLS。", "Let the client use STARTTLS."),
    ),
    Move(
        "client-implicit-tls",
        "client",
        {"tls": "implicit"},
        Text("让客户端使用隐式 TLS（一连接就加密）。", "Let the client use implicit TLS."),
    ),
    Move(
        "client-no-tls",
        "client",
        {"tls": "none"},
        Text("让客户端不用 TLS。", "Let the client do without TLS."),
        risk=4,
        cost=Text("邮件明文传输。", "The mail crosses the network in clear."),
    ),
    Move(
        "client-system-roots",
        "client",
        {"trust": "system"},
        Text("让客户端信任系统自带的根证书。", "Let the client trust the system's roots."),
    ),
    Move(
        "client-trust-certificate",
        "client",
        {"trust": "file"},
        Text(
            "把服务器的证书或签发它的 CA 交给客户端信任。",
            "Give the client the server's certificate, or the CA that issued it, to trust.",
        ),
    ),
    Move(
        "client-certificate-name",
        "client",
        {"certificate_name": "matches", "host": "name"},
        Text("在客户端里改用证书中写着的主机名。", "Use in the client the host name that stands in the certificate."),
    ),
    Move(
        "client-compare-address",
        "client",
        {"name_check": "host"},
        Text(
            "让客户端只按那个 IP 地址核对证书；证书的 SAN 里要有它。",
            "Let the client look for the IP address alone in the certificate, whose SAN has to list it.",
        ),
    ),
    Move(
        "client-no-verification",
        "client",
        {"verify": "none"},
        Text("让客户端不校验证书。", "Let the client not check the certificate."),
        risk=3,
        cost=Text("挡不住中间人，只用于测试环境。", "A man in the middle goes unnoticed; for test environments only."),
    ),
    Move(
        "client-authenticate",
        "client",
        {"auth": "any"},
        Text("给客户端配上用户名和密码。", "Give the client a user name and a password."),
    ),
    Move(
        "client-any-mechanism",
        "client",
        {"auth": "any"},
        Text(
            "让客户端在服务器提供的机制里自己挑选。",
            "Let the client choose among the mechanisms that the server offers.",
        ),
    ),
    Move(
        "client-mechanism-plain",
        "client",
        {"auth": "plain"},
        Text("让客户端用 PLAIN 认证。", "Let the client authenticate with PLAIN."),
    ),
    Move(
        "client-mechanism-login",
        "client",
        {"auth": "login"},
        Text("让客户端用 LOGIN 认证。", "Let the client authenticate with LOGIN."),
    ),
    Move(
        "client-mechanism-cram-md5",
        "client",
        {"auth": "cram-md5"},
        Text("让客户端用 CRAM-MD5 认证。", "Let the client authenticate with CRAM-MD5."),
        risk=1,
        cost=Text("服务器必须保存明文可还原的密码。", "The server has to keep the password in a recoverable form."),
    ),
    Move(
        "client-allow-plaintext",
        "client",
        {"filter": "plaintext-without-tls"},
        Text("允许客户端在 TLS 之上使用 PLAIN、LOGIN。", "Let the client use PLAIN and LOGIN over TLS."),
    ),
    Move(
        "client-allow-any-mechanism",
        "client",
        {"filter": "nothing"},
        Text("允许客户端使用 PLAIN、LOGIN。", "Let the client use PLAIN and LOGIN."),
        risk=1,
    ),
    Move(
        "client-no-authentication",
        "client",
        {"auth": "none"},
        Text(
            "去掉客户端的用户名和密码，改由服务器按地址放行。",
            "Take user name and password out of the client and let the server trust its address.",
        ),
        risk=2,
    ),
    Move(
        "client-password",
        "client",
        {"password": "right"},
        Text("改正客户端的用户名和密码。", "Correct user name and password in the client."),
    ),
    Move(
        "client-full-ehlo-name",
        "client",
        {"ehlo": "full"},
        Text("让客户端在 EHLO 里报完整域名。", "Let the client give a full domain name in EHLO."),
    ),
    Move(
        "client-localhost",
        "client",
        {"host": "localhost", "certificate_name": "differs"},
        Text(
            "服务器与客户端在同一台机器（同一网络命名空间）时，把主机写作 localhost。",
            "Where server and client share a machine and its network namespace, spell the host localhost.",
        ),
        risk=2,
    ),
    Move(
        "server-starttls",
        "server",
        {"starttls": "offered", "certificate": "trusted", "certificate_name": "matches"},
        Text("在服务器上配置证书并打开 STARTTLS。", "Set up a certificate on the server and switch on STARTTLS."),
    ),
    Move(
        "server-public-certificate",
        "server",
        {"certificate": "trusted", "certificate_name": "matches"},
        Text(
            "给服务器换上公共 CA 签发、含客户端所用主机名的证书。",
            "Give the server a certificate from a public CA for the host name that the client uses.",
        ),
    ),
    Move(
        "server-tls-optional",
        "server",
        {"requires_tls": "no"},
        Text("服务器不再强制 TLS。", "Do not require TLS on the server."),
        risk=3,
        cost=Text("客户端可以不加密就投递。", "Clients may deliver in clear."),
    ),
    Move(
        "server-auth-over-tls",
        "server",
        {"auth_offer": "over-tls"},
        Text("在服务器上打开认证，只在 TLS 之后提供。", "Switch on authentication on the server, over TLS only."),
    ),
    Move(
        "server-auth-in-clear",
        "server",
        {"auth_offer": "always"},
        Text("服务器在未加密时也提供认证。", "Let the server offer authentication without TLS as well."),
        risk=3,
        cost=_PASSWORD_MAY_GO_IN_CLEAR,
    ),
    Move(
        "server-plaintext-over-tls",
        "server",
        {"plaintext_tls": "allowed"},
        Text("服务器在 TLS 之后接受 PLAIN、LOGIN。", "Let the server accept PLAIN and LOGIN over TLS."),
    ),
    Move(
        "server-plaintext-in-clear",
        "server",
        {"plaintext_clear": "allowed"},
        Text("服务器在未加密时也接受 PLAIN、LOGIN。", "Let the server accept PLAIN and LOGIN without TLS as well."),
        risk=3,
        cost=_PASSWORD_MAY_GO_IN_CLEAR,
    ),
    Move(
        "server-backend",
        "server",
        {"backend": "works"},
        Text("修好服务器的 SASL 后端。", "Mend the server's SASL backend."),
    ),
    Move(
        "server-trust-address",
        "server",
        {"trusts_client": "yes"},
        Text("把客户端的地址加进服务器的 mynetworks。", "Add the client's address to mynetworks on the server."),
        risk=2,
        cost=Text(
            "该地址上的任何程序都能经它转发；只写单个地址或专用网段。",
            "Everything at that address may relay; give single addresses or a network of its own only.",
        ),
    ),
    Move(
        "server-any-ehlo-name",
        "server",
        {"helo_check": "none"},
        Text("服务器不再检查 EHLO 名字。", "Do not check the EHLO name on the server."),
        risk=1,
    ),
    Move(
        "server-relay-authenticated",
        "server",
        {"relay": "reject"},
        Text(
            "服务器为已认证者和可信网络转发。", "Let the server relay for authenticated clients and trusted networks."
        ),
    ),
    Move(
        "server-starts",
        "server",
        {"serves": "yes"},
        Text(
            "改正服务器上使 smtpd 起不来的那处设置。",
            "Correct the setting of the server that keeps smtpd from starting.",
        ),
    ),
    Move(
        "server-admit",
        "server",
        {"gate": "open"},
        Text("去掉服务器上拒绝所有人的限制。", "Remove the restriction of the server that refuses everyone."),
        risk=1,
        cost=Text(
            "谁都能连上来投递本域邮件；是否转发仍由 smtpd_relay_restrictions 决定。",
            "Anyone may then deliver to local recipients; smtpd_relay_restrictions still decide about relaying.",
        ),
    ),
    Move(
        "server-sender-owner",
        "server",
        {"sender_owner": "anybody"},
        Text(
            "在服务器的 smtpd_sender_login_maps 里登记发件人地址属于这个登录名。",
            "Give the sender's address to this login in smtpd_sender_login_maps on the server.",
        ),
    ),
    Move(
        "server-no-client-certificate",
        "server",
        {"client_certificate": "not-required"},
        Text("服务器不再要求客户端证书。", "Do not demand a client certificate on the server."),
        risk=1,
    ),
    Move(
        "recipient",
        "server",
        {"recipient_exists": "yes"},
        Text(
            "改正收件人地址，或在服务器上建立这个收件人。",
            "Correct the recipient's address, or create the recipient on the server.",
        ),
    ),
    Move(
        "server-size",
        "server",
        {"size": "fits"},
        Text(
            "提高服务器的 message_size_limit，或减小邮件。",
            "Raise message_size_limit on the server, or send a smaller mail.",
        ),
    ),
    Move(
        "server-mechanism-plain",
        "server",
        {"offers_plain": "yes"},
        Text("在服务器的 SASL 后端打开 PLAIN。", "Switch on PLAIN in the server's SASL backend."),
    ),
    Move(
        "server-mechanism-login",
        "server",
        {"offers_login": "yes"},
        Text("在服务器的 SASL 后端打开 LOGIN。", "Switch on LOGIN in the server's SASL backend."),
    ),
    Move(
        "tls-versions",
        "server",
        {"server_tls_min": "1.2", "server_tls_max": "1.3"},
        Text("服务器改用 TLS 1.2 与 1.3。", "Use TLS 1.2 and 1.3 on the server."),
    ),
    Move(
        "client-tls-versions",
        "client",
        {"client_tls_min": "1.2", "client_tls_max": "1.3"},
        Text("客户端改用 TLS 1.2 与 1.3。", "Use TLS 1.2 and 1.3 in the client."),
    ),
)


def to_port(port: str, name: Text, change: Mapping[str, str], forget: frozenset[str]) -> Move:
    """Pointing the client to another port of the same server. name: the service there; change, forget: what differs there."""
    text = Text(
        f"让客户端改连同一台服务器的 {port} 端口（{name.zh}）。",
        f"Let the client use port {port} of the same server ({name.en}).",
    )
    is_25 = port == "25"
    return Move(
        f"client-port-{port}", "client", change, text, int(is_25), _PORT_25 if is_25 else None, {"port": port}, forget
    )


_PORT_25 = Text(
    "25 端口是给邮件服务器之间用的，不少网络会封锁它。",
    "Port 25 is for mail between servers, and many networks block it.",
)
