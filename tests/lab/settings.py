"""Client configurations, each written in its product's own form."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import product

from lab.model import MAIL_HOST, PASSWORD, USER, WRONG_PASSWORD, Client

HOSTS = (MAIL_HOST, "localhost", "127.0.0.1")


def _facts(port: int, tls: str, verify: bool, auth: str, password: str, host: str) -> dict[str, str]:
    return {
        "host": host, "port": str(port), "tls": tls, "verify": "yes" if verify else "no",
        "auth": auth, "password": "-" if auth == "none" else password,
    }  # fmt: skip


def _secret(password: str) -> str:
    return PASSWORD if password == "right" else WRONG_PASSWORD


def _axes(
    tls: tuple[str, ...], auth: tuple[str, ...], verify: tuple[bool, ...] = (True, False)
) -> Iterator[tuple[str, bool, str, str, str]]:
    """(tls, verify, auth, password, host); what has no meaning in a combination is not varied."""
    for a, v, b, host in product(tls, verify, auth, HOSTS):
        if a == "none" and not v and True in verify:
            continue
        yield from ((a, v, b, word, host) for word in (("right", "wrong") if b != "none" else ("right",)))


def mailpit(port: int, prefix: str = "MP_SMTP_RELAY_") -> Iterator[Client]:
    """Mailpit's relay (or forward) settings as environment variables."""
    for number, (tls, verify, auth, password, host) in enumerate(
        _axes(("none", "starttls", "implicit"), ("none", "plain", "login", "cram-md5"))
    ):
        lines = [f"HOST={host}", f"PORT={port}"]
        lines += {
            "starttls": ["STARTTLS=true"],
            "implicit": ["TLS=true"],
            "none": ["STARTTLS=false"] if number % 2 else [],
        }[tls]
        lines += [] if verify and number % 3 else [f"ALLOW_INSECURE={'false' if verify else 'true'}"]
        if auth != "none":
            key = "SECRET" if auth == "cram-md5" else "PASSWORD"
            lines += [f"AUTH={auth}", f"USERNAME={USER}", f"{key}={_secret(password)}"]
        if number % 4 == 0:
            lines.append("FWD_SMTP_ERRORS=true")
        text = "".join(f"{prefix}{line}\n" for line in lines)
        text += "MP_SMTP_RELAY_ALL=true\n" if "RELAY" in prefix else f"{prefix}TO=@RECIPIENT@\n"
        name = "mailpit" if "RELAY" in prefix else "mailpit-forward"
        yield Client(name, {".env": text}, _facts(port, tls, verify, auth, password, host))


def mailpit_mistakes(port: int) -> Iterator[Client]:
    """Settings that Mailpit refuses or reads in a way its user does not expect."""
    base = f"MP_SMTP_RELAY_ALL=true\nMP_SMTP_RELAY_HOST={MAIL_HOST}\nMP_SMTP_RELAY_PORT={port}\n"
    mistakes = {
        "tls-and-starttls": "MP_SMTP_RELAY_TLS=true\nMP_SMTP_RELAY_STARTTLS=true\n",
        "starttls-on": "MP_SMTP_RELAY_STARTTLS=on\n",
        "xoauth2": "MP_SMTP_RELAY_AUTH=xoauth2\n",
        "user-without-auth": f"MP_SMTP_RELAY_STARTTLS=true\nMP_SMTP_RELAY_USERNAME={USER}\nMP_SMTP_RELAY_PASSWORD={PASSWORD}\n",
        "cram-with-password": f"MP_SMTP_RELAY_AUTH=cram-md5\nMP_SMTP_RELAY_USERNAME={USER}\nMP_SMTP_RELAY_PASSWORD={PASSWORD}\n",
        "plain-without-password": f"MP_SMTP_RELAY_AUTH=plain\nMP_SMTP_RELAY_USERNAME={USER}\n",
        "upper-case-host": f"MP_SMTP_RELAY_HOST=LOCALHOST\nMP_SMTP_RELAY_AUTH=PLAIN\nMP_SMTP_RELAY_USERNAME={USER}\nMP_SMTP_RELAY_PASSWORD={PASSWORD}\n",
        "no-port": "MP_SMTP_RELAY_PORT=\n",
        "insecure-only": f"MP_SMTP_RELAY_ALLOW_INSECURE=true\nMP_SMTP_RELAY_AUTH=plain\nMP_SMTP_RELAY_USERNAME={USER}\nMP_SMTP_RELAY_PASSWORD={PASSWORD}\n",
    }
    for name, lines in mistakes.items():
        facts = _facts(port, "none", True, "none", "-", MAIL_HOST) | {"mistake": name}
        yield Client("mailpit", {".env": base + lines}, facts)


def go_sendmail(port: int) -> Iterator[Client]:
    """Go's `smtp.SendMail`, called as the small programs that use it do."""
    for tls, verify, auth, password, host in _axes(("opportunistic",), ("none", "plain", "cram-md5"), (True,)):
        options = {"addr": f"{host}:{port}", "auth": auth}
        if auth != "none":
            options |= {"username": USER, "password": _secret(password)}
        yield Client(
            "go-sendmail",
            {"sendmail.json": json.dumps(options, indent=2)},
            _facts(port, tls, verify, auth, password, host),
        )


def django(port: int) -> Iterator[Client]:
    """Django's settings: it verifies certificates and cannot be told not to."""
    for tls, verify, auth, password, host in _axes(("none", "starttls", "implicit"), ("none", "any"), (True,)):
        lines = [f"EMAIL_HOST = {host!r}", f"EMAIL_PORT = {port}"]
        lines += {"none": [], "starttls": ["EMAIL_USE_TLS = True"], "implicit": ["EMAIL_USE_SSL = True"]}[tls]
        lines += (
            [f"EMAIL_HOST_USER = {USER!r}", f"EMAIL_HOST_PASSWORD = {_secret(password)!r}"] if auth != "none" else []
        )
        yield Client(
            "django", {"settings.py": "\n".join(lines) + "\n"}, _facts(port, tls, verify, auth, password, host)
        )


def flask_mail(port: int) -> Iterator[Client]:
    """Flask-Mail's settings: it does not verify certificates and cannot be told to."""
    for tls, verify, auth, password, host in _axes(("none", "starttls", "implicit"), ("none", "any"), (False,)):
        lines = [f"MAIL_SERVER = {host!r}", f"MAIL_PORT = {port}"]
        lines += {"none": [], "starttls": ["MAIL_USE_TLS = True"], "implicit": ["MAIL_USE_SSL = True"]}[tls]
        lines += [f"MAIL_USERNAME = {USER!r}", f"MAIL_PASSWORD = {_secret(password)!r}"] if auth != "none" else []
        yield Client(
            "flask-mail", {"config.py": "\n".join(lines) + "\n"}, _facts(port, tls, verify, auth, password, host)
        )


def nodemailer(port: int) -> Iterator[Client]:
    """The options of `nodemailer.createTransport`, as JSON."""
    modes: Mapping[str, Mapping[str, object]] = {
        "opportunistic": {}, "starttls": {"requireTLS": True}, "none": {"ignoreTLS": True}, "implicit": {"secure": True},
    }  # fmt: skip
    for number, (tls, verify, auth, password, host) in enumerate(
        _axes(tuple(modes), ("none", "any", "plain", "login", "cram-md5"))
    ):
        options: dict[str, object] = {"host": host, "port": port, "secure": False, **modes[tls]}
        if auth != "none":
            options["auth"] = {"user": USER, "pass": _secret(password)}
        if auth not in ("none", "any"):
            options["authMethod"] = auth.upper()
        if not verify:
            options["tls"] = {"rejectUnauthorized": False}
        if tls != "none" and number % 7 == 0:
            options["tls"] = {**dict(options.get("tls", {})), "maxVersion": "TLSv1.2"}  # type: ignore[call-overload]
        yield Client(
            "nodemailer",
            {"transport.json": json.dumps(options, indent=2)},
            _facts(port, tls, verify, auth, password, host),
        )


def msmtp(port: int) -> Iterator[Client]:
    """An account of msmtprc."""
    modes = {"none": ["tls off"], "starttls": ["tls on", "tls_starttls on"], "implicit": ["tls on", "tls_starttls off"]}
    for tls, verify, auth, password, host in _axes(
        ("none", "starttls", "implicit"), ("none", "any", "plain", "login", "cram-md5")
    ):
        lines = ["account default", f"host {host}", f"port {port}", "from app@example.net", *modes[tls]]
        lines += (
            ["tls_trust_file /etc/ssl/certs/ca-certificates.crt" if verify else "tls_certcheck off"]
            if tls != "none"
            else []
        )
        lines += (
            ["auth off"]
            if auth == "none"
            else [f"auth {'on' if auth == 'any' else auth}", f"user {USER}", f"password {_secret(password)}"]
        )
        yield Client("msmtp", {"msmtprc": "\n".join(lines) + "\n"}, _facts(port, tls, verify, auth, password, host))


def postfix(port: int) -> Iterator[Client]:
    """Postfix as the client: relayhost, TLS level, password map."""
    modes: Mapping[str, tuple[bool, Mapping[str, str]]] = {
        "none": (False, {"smtp_tls_security_level": "none"}),
        "unset": (False, {}),
        "may": (False, {"smtp_tls_security_level": "may"}),
        "encrypt": (False, {"smtp_tls_security_level": "encrypt"}),
        "verify": (True, {"smtp_tls_security_level": "verify"}),
        "secure": (True, {"smtp_tls_security_level": "secure"}),
        "secure-address": (True, {"smtp_tls_security_level": "secure", "smtp_tls_secure_cert_match": "nexthop"}),
        "secure-name": (True, {"smtp_tls_security_level": "secure", "smtp_tls_secure_cert_match": "mail.example.com"}),
        "implicit": (False, {"smtp_tls_security_level": "encrypt", "smtp_tls_wrappermode": "yes"}),
        "implicit-secure": (True, {"smtp_tls_security_level": "secure", "smtp_tls_wrappermode": "yes"}),
    }
    auths = ("none", "default-options", "any", "plain", "cram-md5", "wrong-key")
    for mode, auth, password, host in product(modes, auths, ("right", "wrong"), (MAIL_HOST, "127.0.0.1")):
        if password == "wrong" and auth in ("none", "wrong-key"):
            continue
        yield _postfix(port, mode, modes[mode], auth, password, host)


def _postfix(port: int, mode: str, tls: tuple[bool, Mapping[str, str]], auth: str, password: str, host: str) -> Client:
    settings = {
        "compatibility_level": "3.6",
        "myhostname": "app.example.net",
        "relayhost": f"[{host}]:{port}",
        **tls[1],
    }
    if tls[0]:
        settings["smtp_tls_CAfile"] = "/etc/ssl/certs/ca-certificates.crt"
    files = {}
    if auth != "none":
        settings |= {"smtp_sasl_auth_enable": "yes", "smtp_sasl_password_maps": "hash:/etc/postfix/sasl_passwd"}
        settings |= {} if auth == "default-options" else {"smtp_sasl_security_options": "noanonymous"}
        settings |= {"smtp_sasl_mechanism_filter": auth} if auth in ("plain", "cram-md5") else {}
        key = f"[{host}]" if auth == "wrong-key" else f"[{host}]:{port}"
        files["sasl_passwd"] = f"{key} {USER}:{_secret(password)}\n"
    files["main.cf"] = "".join(f"{key} = {value}\n" for key, value in settings.items())
    return Client("postfix", files, _facts(port, mode, tls[0], auth, password, host))


PRODUCTS = {
    "mailpit": mailpit,
    "mailpit-mistakes": mailpit_mistakes,
    "mailpit-forward": lambda port: mailpit(port, "MP_SMTP_FORWARD_"),
    "go-sendmail": go_sendmail,
    "django": django,
    "flask-mail": flask_mail,
    "nodemailer": nodemailer,
    "msmtp": msmtp,
    "postfix": postfix,
}


def all_clients(port: int) -> dict[str, list[Client]]:
    """Every client configuration of the matrix pointed at `port`, by family, in a fixed order."""
    return {name: list(make(port)) for name, make in PRODUCTS.items()}
