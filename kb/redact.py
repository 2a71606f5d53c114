"""Secrets and addresses out of text, before it is echoed, logged or linked. Linear time: RE2 only.

Best effort, and said so to users; what a diagnosis needs (paths of password maps, codes, what the server said) stays.
"""

from __future__ import annotations

from kb import percent
from kb.regex import Gate, compiled, occurs
from kb.text import without_surrogates

SECRET = "[redacted]"  # noqa: S105 - what stands in place of one
ADDRESS = "[address]"
_SECRET = SECRET.encode()

_CHINESE = ("密码", "密碼", "口令", "授权码", "授權碼")
_NAMES = ("pass", "secret", "token", "key", "credential", *_CHINESE)
_KEY = (
    r"[\w.\-]*(?:pass(?:word|wd|phrase)?|secret|token|api[_-]?key|private[_-]?key|credentials?|sasl_passwd"
    rf"|{'|'.join(_CHINESE)})"
)
_IS = r"\s*(?:=>|:=|=|:|：|＝)"
# A key in quotes or brackets: `"password":`, `\"password\":`, `['smtp_password'] =`.
_QUOTED = rf"{_KEY}\\*[\"']?\]?{_IS}\s*"
# (words of which one must be there, expression with the groups before, secret, after).
_SECRETS = (
    # AUTH with an initial response (RFC 4954 section 4).
    (
        ("auth",),
        r"(?i)(\bAUTH\s+(?:PLAIN|LOGIN|CRAM-MD5|XOAUTH2|OAUTHBEARER|NTLM|SCRAM-[A-Z0-9-]+)\s+)([A-Za-z0-9+/=]{4,})()",
    ),
    # The line after a 334 challenge.
    (
        ("334",),
        r"(?m)(^[^\n]*\b334[^\n]*\r?\n[^\nA-Za-z0-9+/]*(?:(?:C|send|DEBUG SMTP|CLIENT -> SERVER)[: ]+)?[^\nA-Za-z0-9+/]*)"
        r"([A-Za-z0-9+/]{4,}={0,2})([^\nA-Za-z0-9+/]*(?:[rn\\]*[\"'])?\s*$)",
    ),
    (("://",), r"([a-zA-Z][a-zA-Z0-9+.\-]*://[^\s:/@]*:)([^\s/@]+)(@)"),
    # An address as the user, its `@` not encoded.
    (("://",), r"([a-zA-Z][a-zA-Z0-9+.\-]*://[^\s:/@]*@[^\s:/@]*:)([^\s/@?]+)(@)"),
    (
        ("authorization", "cookie"),
        r"(?i)(\b(?:proxy-authorization|authorization|set-cookie|cookie)\s*:\s*)([^\r\n]+)()",
    ),
    (_NAMES, rf"(?i)((?:^|[^\w./:])--?{_KEY}[= ]\s*)([^\s'\"]+)()"),
    (("-a", "--auth-p"), r"((?:^|\s)(?:-ap|-aup|--auth-password)\s+)([^\s]+)()"),
    (("-u", "--user"), r"((?:^|\s)(?:-u|--user)\s+[^\s:]+:)([^\s]+)()"),
    (_NAMES, rf"(?i)({_QUOTED}\\+[\"'])([^\"'\r\n\\]+)()"),
    (_NAMES, rf"(?i)({_QUOTED}\")((?:[^\"\\\r\n]|\\.)+)()"),
    (_NAMES, rf"(?i)({_QUOTED}')((?:[^'\\\r\n]|\\.)+)()"),
    (("static:", "inline:"), r"(?i)(smtp_sasl_password_maps\s*=\s*(?:static|inline):)([^\r\n]+)()"),
    (_NAMES, rf"(?im)(^[ \t\-]*(?:export\s+|set\s+)?[\"']?{_KEY}{_IS}[ \t]*)([^\s\"'][^\r\n]*)()"),
    (_NAMES, rf"(?i)([\s,;({{\"'`?&=]{_KEY}{_IS}[ \t]*)([^\s\"',;]+)()"),
    (_NAMES, rf"(?i)({_QUOTED}\"\"\")([^\"\r\n]+)()"),
    # Calls in Go, Python and PHP that take a password by its place.
    (("plainauth",), r"(?i)(\bPlainAuth\([^,()\r\n]*,[^,()\r\n]*,\s*[\"'`])([^\"'`\r\n]+)()"),
    (("crammd5auth", ".login("), r"(?i)((?:\bCRAMMD5Auth|\.login)\([^,()\r\n]*,\s*[\"'`])([^\"'`\r\n]+)()"),
    (("dialer(",), r"(?i)(\bNew(?:Plain)?Dialer\((?:[^,()\r\n]*,){3}\s*[\"`])([^\"`\r\n]+)()"),
    # A key and its value as two arguments: `define('SMTP_PASS', …)`, `props.put("mail.smtp.password", …)`.
    (_NAMES, rf"(?i)([\"']{_KEY}[\"']\s*,\s*[\"'])([^\"'\r\n]+)()"),
    # Kubernetes: the name of a variable on one line, its value on the next.
    (_NAMES, rf"(?im)(^[ \t\-]*name:\s*[\"']?{_KEY}[\"']?[ \t]*\r?\n[ \t]*value:[ \t]*)([^\s][^\r\n]*)()"),
    # Chinese writes no blank before the word: `我的授权码是 …`.
    (_CHINESE, rf"((?:{'|'.join(_CHINESE)})\s*(?:是|为|為)?[\s:：=＝“「]*)([!-&(-+\--~]+)()"),
    # .netrc and msmtprc: `password …` with only a blank between, and something in it that no word has.
    (("password",), r"(?m)((?:^[ \t]*|\blogin[ \t]+\S+[ \t]+)password[ \t]+)([a-z]*[^a-z\s:=.,'\"][^\s]*)([ \t]*\r?$)"),
    # Users of the image boky/postfix: `user@domain:password`, several with commas.
    (("smtpd_sasl_users",), r"(?i)(SMTPD_SASL_USERS[\"']?\s*[=:][ \t]*[\"']?)([^\s\"'][^\r\n\"']*)()"),
    # A line of a Postfix password map: `[host]:port user:password`.
    ((":",), r"(?m)(^\s*(?:\[[\w.\-]+\](?::\d+)?|@?[\w.\-]+\.\w+(?::\d+)?)[ \t]+[^\s:]+:)([^\s:]+)(\s*$)"),
    # One whose password has blanks, as Google shows those for apps.
    (
        ("@",),
        r"(?m)(^[ \t]*(?:\[[\w.\-]+\](?::\d+)?|@?[\w.\-]+\.\w+(?::\d+)?)[ \t]+[^\s:@]+@[^\s:@]+:)([^\s:][^\r\n]* [^\r\n]*)()",
    ),
    (("private key",), r"(?s)(-----BEGIN [A-Z ]*PRIVATE KEY-----)(.*?)(-----END [A-Z ]*PRIVATE KEY-----)"),
    # One whose end was not pasted.
    (("private key",), r"(-----BEGIN [A-Z ]*PRIVATE KEY-----)((?:[A-Za-z0-9+/=\s]|\\[rn])+)()"),
)
_TIMES_ENCODED = 2  # an address may itself be a value in another one
_GATE = Gate(words for words, _ in _SECRETS)
# What stands where a secret could: a map or its path, a variable, or, in an EHLO reply, the next mechanism.
_HARMLESS = (
    r"^(?:hash|lmdb|btree|texthash|cdb|pcre|regexp|proxy|mysql|pgsql|ldap|sqlite|socketmap):"
    r"|^/(?:etc|var|run|usr|opt|srv|home|root|tmp|proc)/|^\$\{?[A-Za-z_]\w*\}?$"
    r"|^(?:PLAIN|LOGIN|CRAM|DIGEST|SCRAM|NTLM|GSSAPI|EXTERNAL|ANONYMOUS|XOAUTH2?|OAUTHBEARER)$"
)
_ADDRESS = r"[A-Za-z0-9.!#$%&*+/=?^_{|}~\-]+@[A-Za-z0-9](?:[A-Za-z0-9.\-]*[A-Za-z0-9])?"


def redact_secrets(text: str) -> str:
    """`text` with passwords, tokens, keys and AUTH arguments replaced by SECRET.

    Out of an address (`password%3D…`) it is shown decoded, where that reveals one.
    """
    return _redacted(without_surrogates(text), _TIMES_ENCODED)


def _redacted(text: str, encoded: int) -> str:
    """Text without secrets, where it may be encoded so many times."""
    text = _blanked(text)
    plain = _decoded(text) if encoded else text
    if plain == text:
        return text
    shown = _redacted(plain, encoded - 1)
    return text if shown == plain else shown


def _blanked(text: str) -> str:
    """Text as it stands without its secrets."""
    raw = text.encode()
    for number in _GATE.open(text.lower()):
        raw = _without(_SECRETS[number][1], raw)
    return raw.decode()


def _decoded(text: str) -> str:
    """Text without its percent-encoding; where it has no blank, `+` is one."""
    plus = "+" in text and not any(map(str.isspace, text))
    return percent.decoded(text, _utf8, plus) if plus or "%" in text else text


def _utf8(raw: bytes) -> str:
    return raw.decode(errors="replace")


def redact(text: str) -> str:
    """`text` without secrets and without e-mail addresses, for links and issue forms."""
    return str(compiled(_ADDRESS).sub(ADDRESS, redact_secrets(text)))


def portable_rules() -> dict[str, object]:
    """The rules of `redact_secrets` for another engine of regular expressions: flags apart from their source."""
    rules = []
    for words, expression in _SECRETS:
        flags, source = "", expression
        if expression.startswith("(?") and expression[2] in "ims":
            flags, _, source = expression[2:].partition(")")
        rules.append({"words": list(words), "source": source, "flags": flags})
    return {"secret": SECRET, "harmless": _HARMLESS, "rules": rules, "times_encoded": _TIMES_ENCODED}


def _without(expression: str, raw: bytes) -> bytes:
    """A text, given as UTF-8, with SECRET for what is one to an expression."""
    kept, done = [], 0
    for match in compiled(expression).finditer(raw):
        begin, end = match.span(2)
        secret = raw[begin:end]
        if not (secret.startswith(_SECRET) or secret == _SECRET.strip(b"[]") or occurs(_HARMLESS, secret)):
            kept += [raw[done:begin], _SECRET]
            done = end
    return b"".join((*kept, raw[done:])) if kept else raw
