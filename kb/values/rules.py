"""How each value is found: expressions for RE2, each tried only when one of its words is in the text.

A rule names the value of each of its groups; the first rule that finds a name decides it, so the surest come first. A name
that ends in `*` is a host or an address, whichever the text turns out to be.
"""

from __future__ import annotations

_IP4 = r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}"
_IP6 = r"[0-9A-Fa-f:]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*"
_IP = rf"{_IP4}|{_IP6}"
_BRACKET = rf"\[(?:IPv6:)?({_IP})\]"
_HOST = r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_\-]*[A-Za-z0-9_])?\.)+[A-Za-z](?:[A-Za-z0-9\-]*[A-Za-z0-9])"
_NAME = (
    r"[A-Za-z0-9](?:[A-Za-z0-9._\-]*[A-Za-z0-9])?"  # a host as Postfix prints it: `unknown`, `localhost`, a full name
)
_ADDRESS = r"[A-Za-z0-9.!#$%&*+/=?^_{|}~\-]+@[A-Za-z0-9](?:[A-Za-z0-9.\-]*[A-Za-z0-9])?"
_PORT = r"([0-9]{1,5})\b"
_SIZE = r"([0-9][0-9.,]* ?(?:bytes|octets|[kmg]i?b|[kmg])?)\b"
_TIME = r"[0-9]+ ?(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|s|m|h)"
_BEFORE = r"(?:^|[\s\[(\"'<=;,:])"
_ZONES = (
    r"spamhaus\.(?:org|net)|spamcop\.net|barracudacentral\.org|sorbs\.net|uceprotect\.net|surbl\.org|uribl\.com"
    r"|abuseat\.org|mailspike\.net|invaluement\.com|spameatingmonkey\.net|manitu\.net|surriel\.com|backscatterer\.org"
    r"|senderscore\.com|0spam\.org|gbudb\.net|junkemailfilter\.com|s5h\.net|lashback\.com|blocklist\.de|anti-spam\.org\.cn"
    r"|rbl\.jp|njabl\.org|nordspam\.com|spamrats\.com|interserver\.net|mimecast\.org"
)
_MECHANISMS = (
    r"(PLAIN|LOGIN|CRAM-MD5|DIGEST-MD5|SCRAM-SHA-[0-9]+(?:-PLUS)?|XOAUTH2|OAUTHBEARER|NTLM|GSSAPI|EXTERNAL|ANONYMOUS)\b"
)

# (names of the groups, words of which one must be there in lower case, expression).
RULES: tuple[tuple[tuple[str, ...], tuple[str, ...], str], ...] = (
    # --- who talked to whom
    (
        ("client-host", "client-ip"),
        (" from ",),
        rf"(?:[A-Z]{{4,}}|[Cc]onnection|[Cc]onnect|MESSAGE|DATA) from ({_NAME})\[({_IP})\]",
    ),
    (("client-ip",), ("client host",), rf"(?i)\bclient host (?:{_NAME})?{_BRACKET}"),
    (("client-ip",), ("hostname, [",), rf"(?i)cannot find your (?:reverse )?hostname, {_BRACKET}"),
    (("client-host", "client-ip"), ("rejected",), rf"\bH=\(?({_NAME})\)? (?:\([^)\n]*\) )?\[({_IP})\]"),
    (("client-ip",), ("rejected",), rf"\bH=(?:\([^)\n]*\) )?\[({_IP})\]"),
    (
        ("client-host", "client-ip"),
        ("sasl", "lost connection", "timeout after", "too many", "rate limit"),
        rf"\b(?:warning: |from )({_NAME})\[({_IP})\]",
    ),
    (("server-host", "server-ip", "port"), ("relay=",), rf"\brelay=({_NAME})\[({_IP})\]:{_PORT}"),
    (("server-host", "server-ip", "port"), ("connect to",), rf"\bconnect to ({_NAME})\[({_IP})\]:{_PORT}"),
    (
        ("server-host", "server-ip"),
        ("host ", "connection with", "connect to", "server ", "conversation with", "failed for"),
        rf"\b(?:host|with|to|server|failed for) ({_NAME}) ?\[({_IP})\]",
    ),
    (("server-host", "server-ip"), ("h=",), rf"\bH=({_NAME}) \[({_IP})\]"),
    (("server*", "port"), ("dial ",), rf"\bdial (?:tcp|udp)[46]?[: ]+\[?({_IP}|{_NAME})\]?:{_PORT}"),
    (("server-ip", "port"), ("->",), rf"->\[?({_IP4}|{_IP6}[0-9A-Fa-f])\]?:{_PORT}"),
    (
        ("server*", "port"),
        ("econnrefused", "etimedout", "ehostunreach", "enetunreach", "econnreset"),
        rf"\bE[A-Z]{{7,}} \[?({_IP4}|{_IP6}[0-9A-Fa-f]|{_NAME})\]?:{_PORT}",
    ),
    (("server-host",), ("enotfound", "eai_again"), rf"\b(?:ENOTFOUND|EAI_AGAIN) ({_NAME})"),
    (
        ("server-host",),
        ("lookup ", "resolve ", "unknown host", "unknownhost", "name service error", "host not found"),
        rf"(?i)(?:lookup|resolve(?: host)?:?|unknown ?host(?:exception)?:?|for name=) ?[\"']?({_HOST})",
    ),
    (
        ("server*", "port"),
        ("host, port:", "connect to", "connection to", "connecting to"),
        rf"(?i)(?:host, port: |connect(?:ion|ing)? to (?:server |host )?)[\"']?({_HOST}|{_IP4}"
        rf"|localhost)[\"']?(?:,? (?:on )?(?:port )?|, ?|:){_PORT}",
    ),
    (("server*", "port"), ("://",), rf"\b(?:ssl|tls|tcp|smtps?)://(?:[^\s/@]*@)?({_IP4}|{_NAME}):{_PORT}"),
    (("port",), ("port",), rf"(?i)\bport[ :=]+{_PORT}"),
    # --- block lists
    (("block-list",), ("blocked using",), rf"(?i)\bblocked using ({_HOST})"),
    (("block-list",), (".",), rf"(?i){_BEFORE}((?:[a-z0-9_\-]+\.)+(?:{_ZONES}))\b"),
    (("block-list",), ("spamhaus",), r"(?i)\b(spamhaus[ '-]{1,2}s? ?(?:ZEN|SBL|XBL|PBL|CSS|DBL|DROP|HBL))\b"),
    (
        ("block-list",),
        ("spamcop", "sorbs", "surbl", "uribl", "barracuda reputation", "uceprotect", "invaluement", "cloudmark csi"),
        r"(?i)\b(spamcop|sorbs|surbl|uribl|barracuda reputation|uceprotect|invaluement|cloudmark csi)\b",
    ),
    (
        ("blocked-ip",),
        ("client host",),
        rf"(?i)\bclient host (?:{_NAME})?\[(?:IPv6:)?({_IP})\][^\n]{{0,40}}\b(?:block|reject|denied)",
    ),
    (
        ("blocked-ip",),
        (
            "block",
            "listed",
            "banned",
            "reputation",
            "spam",
            "rbl",
            "denied",
            "deferred",
            "rate limit",
            "weren't sent",
            "rejected",
            "黑名单",
            "unsolicited",
        ),
        rf"(?i)\b(?:banned sending ip|messages from|mail from ip|sending ip(?: address)?|ip address"
        rf"|your ip|from ip|connections? (?:will not be accepted )?from|sender ip|ip"
        rf"|client)[: =]{{1,2}}[\[(\"']?({_IP4})\b",
    ),
    (("blocked-ip",), ("http",), rf"https?://[^\s\"'<>]*(?:ip[=/]|query/bl\?ip=|searchterm=|lookup/|bl\?)({_IP4})\b"),
    (("blocked-ip",), ("spamhaus", "blocklist", "blacklist", "block list"), rf"\[({_IP4})\]"),
    # --- time and size
    (
        ("wait",),
        ("retry", "again", "wait", "come back", "greylist", "graylist", "resend"),
        rf"(?i)(?:try(?: it)? again|retry|retrying|wait|come back|resend|gr[ea]ylist(?:ed"
        rf"|ing)?)[^.;\n]{{0,40}}?\b({_TIME})\b",
    ),
    (
        ("wait",),
        ("retry", "again", "come back", "greylist", "graylist"),
        r"(?i)(?:again|retry|come back|gr[ea]ylist(?:ed|ing)?)[^.;\n]{0,20}?(?: in| for"
        r"| after):? ([0-9]+:[0-9]{2}(?::[0-9]{2})?)",
    ),
    (("wait",), ("retry-after", "retry after"), r"(?i)retry[- ]after[:= ]+([0-9]+)\b"),
    (("wait",), ("后", "後"), r"([0-9]+ ?(?:秒|分钟|分鐘|小时|小時))钟?(?:之|以)?[后後]"),
    (("message-size", "size-limit"), ("exceeds size limit",), r"(?i)message size ([0-9]+) exceeds size limit ([0-9]+)"),
    (
        ("message-size", "size-limit"),
        ("exceeded google", "message ("),
        rf"(?i)message \({_SIZE}\) exceeded [^\n]{{0,40}}limits? of {_SIZE}",
    ),
    (
        ("size-limit",),
        ("size", "large", "too big", "bytes"),
        rf"(?i)(?:size limit|(?:max(?:imum)?|allowed|permitted) (?:message |allowed |permitted )*size"
        rf"|size (?:exceeds|exceeded)[a-z ]{{0,40}}(?:limit|maximum|permitted)|too (?:large"
        rf"|big)[a-z ;,:]{{0,40}}(?:limit|maximum|max))(?: of| is|:)?[ (:=]*{_SIZE}",
    ),
    (
        ("size-limit",),
        ("limit", "size"),
        r"(?i)\b(?:limit|maximum)(?: of| is|:)? ?\(?([0-9][0-9.,]* ?(?:bytes|octets|[kmg]i?b))\b",
    ),
    (("message-size",), ("size",), rf"(?i)\bmessage(?: of)? (?:size|length)[:= ]+(?:of )?\(?{_SIZE}"),
    (("message-size",), ("size=",), r"(?i)\bsize=([0-9]+)\b"),
    # --- addresses and names
    (("recipient",), ("to=",), rf"\bto=<?({_ADDRESS})>?"),
    (("recipient",), ("rcpt to",), rf"(?i)\brcpt to: ?<?({_ADDRESS})>?"),
    (("recipient",), ("rfc822;",), rf"(?i)final-recipient: ?rfc822; ?<?({_ADDRESS})"),
    (("sender",), ("sender address rejected",), rf"<({_ADDRESS})>: Sender address rejected"),
    (
        ("recipient",),
        (">",),
        rf"(?i)<({_ADDRESS})>(?:\.\.\.|:)? ?(?:recipient|user|relay|no such|unknown|mailbox"
        rf"|address unknown|does not|account|over quota|greylist)",
    ),
    (
        ("recipient",),
        ("recipient", "user", "mailbox", "relay"),
        rf"(?i)\b(?:recipient(?: address)?|unknown user|mailbox|to relay|relay to"
        rf"|relaying denied for)[: ]+[<\"'(\[]?({_ADDRESS})",
    ),
    (("sender",), ("from=",), rf"\bfrom=<?({_ADDRESS})>?"),
    (("sender",), ("mail from",), rf"(?i)\bmail from: ?<?({_ADDRESS})>?"),
    (("sender",), ("f=<",), rf"\bF=<({_ADDRESS})>"),
    (("sender",), ("sender",), rf"(?i)\bsender(?: address)?[: ]+[<\"'(\[]?({_ADDRESS})"),
    (("address",), ("@",), rf"({_ADDRESS})"),
    (
        ("domain",),
        ("domain", "email from"),
        rf"(?i)\b(?:sending domain|email from|domain(?: name)?)[ :=]+[\[\"'<(]?({_HOST})",
    ),
    (("domain",), ("header.from=",), rf"\bheader\.from=({_HOST})"),
    (("domain",), ("dmarc", "spf"), rf"(?i)\bdue to ({_HOST}) dmarc|\bdomain of ({_HOST})"),
    (("helo",), ("helo=",), rf"\bhelo=<({_NAME})>"),
    (("helo",), ("helo",), rf"(?i)<({_NAME})>: helo command rejected"),
    # --- authentication, settings, files
    (
        ("mechanism",),
        ("auth", "sasl", "mechanism", "method"),
        rf"(?:(?i)\bauth|sasl|mechanisms?:?|method=?)[ =:\"'(]+{_MECHANISMS}",
    ),
    (("setting",), ("mp_", "email_", "gf_smtp"), r"\b((?:MP_|EMAIL_|GF_SMTP_)[A-Z][A-Z0-9_]{2,})\b"),
    (
        ("setting",),
        ("smtp", "_"),
        r"\b((?:smtpd?|lmtp|virtual|mailbox|message|relay|tls|postscreen|proxy"
        r"|cyrus)_[a-z0-9]+(?:_[a-z0-9]+)*|myhostname|mynetworks|mydestination|relayhost)\b",
    ),
    (
        ("setting",),
        ("parameter", "option", "directive"),
        r"(?i)\b(?:parameter|option|directive):? [\"']?([A-Za-z]+[_.\-][A-Za-z0-9_.\-]*[A-Za-z0-9])",
    ),
    (
        ("file",),
        ("/etc/", "/var/", "/usr/", "/opt/", "/srv/", "/run/", "/home/", "/root/"),
        r"(?:^|[\s\"'=:(<\[])(/(?:etc|var|usr|opt|srv|run|home|root)/[A-Za-z0-9_./@+\-]*[A-Za-z0-9_/])",
    ),
    # --- certificates
    (
        ("certificate-name", "expected-name"),
        ("certificate is valid for",),
        rf"certificate is valid for ({_NAME}(?:, {_NAME})*), not ({_NAME})",
    ),
    (
        ("expected-name",),
        ("not valid for", "hostname mismatch"),
        rf"(?i)(?:certificate is )?not valid for [\"']({_NAME})",
    ),
    (
        ("expected-name", "certificate-name"),
        ("altnames", "alt names"),
        rf"Host: ({_NAME}?)\.? is not (?:in the cert's altnames|cert's CN): (?:DNS:)?({_NAME})",
    ),
    (
        ("certificate-name", "expected-name"),
        ("peer certificate cn",),
        rf"certificate CN=[`'\"]({_NAME})[`'\"] did not match expected CN=[`'\"]({_NAME})",
    ),
    (
        ("expected-name",),
        ("dns name matching", "target host name", "target hostname"),
        rf"(?:DNS name matching|target host ?name) [`'\"]?({_NAME})",
    ),
    (
        ("certificate-issuer",),
        ("issuer",),
        r"(?i)\b(?:untrusted )?issuer[:= ]+[\"']?((?:/[A-Za-z]+=[^/\n]+)+?"
        r"|(?:[A-Z]{1,2} ?= ?[^,\n]+, ?)*[A-Z]{1,2} ?= ?[^,\n\"']+)(?:$|[\"'\n)])",
    ),
    (
        ("expiry",),
        ("is after",),
        r"current time [0-9T:Z+\-]+ is after ([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]+(?:Z|[+\-][0-9:]+))",
    ),
    (
        ("expiry",),
        ("notafter", "expired on", "expires on", "not after"),
        r"(?i)(?:notafter|expired on|expires on|not after)[ :=]+"
        r"([A-Z]{3} +[0-9]{1,2} [0-9:]{8} [0-9]{4}(?: GMT)?"
        r"|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:]+Z?)?)",
    ),
    (("link",), ("http",), r"(https?://[^\s\"'<>()\[\]{}\\，。；）】》]*[^\s\"'<>()\[\]{}\\，。；）】》.,;:!?])"),
)
