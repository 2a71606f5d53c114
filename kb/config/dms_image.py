"""What the container image docker-mailserver makes of its variables: the settings of its Postfix that matter to a client.

Read off docker-mailserver at v15.1.0 and August 2026 (target/postfix/main.cf and master.cf; target/scripts: helpers/ssl.sh and
relay.sh, startup/setup.d/postfix.sh, networking.sh, saslauthd.sh, startup/variables-stack.sh), which agree in this.
"""

from __future__ import annotations

from collections.abc import Mapping

CERTIFICATES = ("letsencrypt", "custom", "manual", "self-signed", "snakeoil")
PERMITTED = ("none", "container", "host", "network", "connected-networks")
SERVICES = {"25": "smtpd/pass", "587": "submission/inet", "465": "submissions/inet"}

_NETWORKS = "127.0.0.0/8 [::1]/128 [fe80::]/64"
_ALWAYS = {
    "compatibility_level": "3.6",
    "mydestination": "$myhostname, localhost.$mydomain, localhost",
    "inet_interfaces": "all",
    "smtpd_tls_chain_files": "/etc/ssl/private/ssl-cert-snakeoil.key /etc/ssl/certs/ssl-cert-snakeoil.pem",
    "smtpd_tls_security_level": "may",
    "smtp_tls_security_level": "may",
    "smtpd_tls_protocols": "!SSLv2,!SSLv3,!TLSv1,!TLSv1.1",
    "smtp_tls_protocols": "!SSLv2,!SSLv3,!TLSv1,!TLSv1.1",
    "smtpd_tls_mandatory_protocols": "!SSLv2,!SSLv3,!TLSv1,!TLSv1.1",
    "smtp_tls_CApath": "/etc/ssl/certs",
    "smtpd_helo_required": "yes",
    "smtpd_delay_reject": "yes",
    "smtpd_helo_restrictions": "permit_mynetworks, reject_invalid_helo_hostname, permit",
    "smtpd_relay_restrictions": "permit_mynetworks permit_sasl_authenticated defer_unauth_destination",
    "smtpd_recipient_restrictions": "permit_sasl_authenticated, permit_mynetworks, reject_unauth_destination,"
    " reject_invalid_helo_hostname, reject_non_fqdn_helo_hostname, reject_unknown_recipient_domain",
    "smtpd_client_restrictions": "permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination",
    "smtpd_sender_restrictions": "$dms_smtpd_sender_restrictions",
    "dms_smtpd_sender_restrictions": "permit_sasl_authenticated, permit_mynetworks, reject_unknown_sender_domain",
    "mua_sender_restrictions": "$dms_smtpd_sender_restrictions",
    "smtpd_discard_ehlo_keywords": "silent-discard, dsn",
    "smtpd_sasl_auth_enable": "no",
    "smtpd_sasl_path": "/dev/shm/sasl-auth.sock",  # noqa: S108 - Dovecot's socket in the container
    "smtpd_sasl_type": "dovecot",
    "smtpd_sasl_security_options": "noanonymous",
    "virtual_mailbox_domains": "/etc/postfix/vhost",
}
_SUBMISSION = {
    "smtpd_sasl_auth_enable": "yes",
    "smtpd_sasl_type": "dovecot",
    "smtpd_reject_unlisted_recipient": "no",
    "smtpd_client_restrictions": "permit_sasl_authenticated,reject",
    "smtpd_relay_restrictions": "permit_sasl_authenticated,reject",
    "smtpd_sender_restrictions": "$mua_sender_restrictions",
    "smtpd_discard_ehlo_keywords": "",
}


def value(variables: Mapping[str, str], name: str) -> str:
    """A variable's value, "" where it is not set."""
    return variables.get(name, "")


def is_on(variables: Mapping[str, str], name: str) -> bool:
    """Whether a switch is on: 1 alone is (`[[ ${NAME} -eq 1 ]]`)."""
    return value(variables, name) == "1"


def without_tls(variables: Mapping[str, str]) -> bool:
    """Whether it runs without TLS on every port."""
    return not value(variables, "SSL_TYPE")


def logs_in_at_relay(variables: Mapping[str, str], *, password_file: bool) -> bool:
    """Whether Postfix is told to authenticate at the relay (helpers/relay.sh `_relayhost_sasl`)."""
    return password_file or bool(value(variables, "RELAY_USER") and value(variables, "RELAY_PASSWORD"))


def relayhost(variables: Mapping[str, str]) -> str:
    """The next hop of the mail of its own domains: RELAY_HOST goes before DEFAULT_RELAY_HOST; "" without any."""
    own = value(variables, "RELAY_HOST")
    if own:
        return f"[{own}]:{value(variables, 'RELAY_PORT') or '25'}"
    return value(variables, "DEFAULT_RELAY_HOST")


def password_key(variables: Mapping[str, str]) -> str:
    """The key of the row that RELAY_USER and RELAY_PASSWORD become in the password map."""
    return value(variables, "DEFAULT_RELAY_HOST") or relayhost(variables)


def main_cf(variables: Mapping[str, str], host: str, *, password_file: bool) -> dict[str, str]:
    """main.cf before `postfix-main.cf` is appended. host: its name. password_file: whether it has a postfix-sasl-password.cf."""
    made = {**_ALWAYS, "mynetworks": _mynetworks(variables)}
    made |= {"myhostname": host} if host else {}
    made["message_size_limit"] = value(variables, "POSTFIX_MESSAGE_SIZE_LIMIT") or "10240000"
    if without_tls(variables):
        made |= {"smtpd_tls_security_level": "none", "smtp_tls_security_level": "none"}
    elif (chain := _chain(variables, host)) is not None:
        made["smtpd_tls_chain_files"] = chain
    if is_on(variables, "ENABLE_SASLAUTHD"):
        del made["smtpd_sasl_type"], made["smtpd_sasl_path"]
    if is_on(variables, "SPOOF_PROTECTION"):
        made["mua_sender_restrictions"] = (
            "reject_authenticated_sender_login_mismatch, " + made["mua_sender_restrictions"]
        )
    return made | _relaying(variables, password_file=password_file)


def _mynetworks(variables: Mapping[str, str]) -> str:
    """The networks that can be told; which ones Docker gives the container is not known."""
    permitted = value(variables, "PERMIT_DOCKER") or "none"
    if permitted == "none" or permitted not in PERMITTED:
        return ""
    return f"{_NETWORKS} 172.16.0.0/12" if permitted == "network" else _NETWORKS


def _chain(variables: Mapping[str, str], host: str) -> str | None:
    """Key and certificate by their paths, which tell who issued it as far as a path does."""
    kind = value(variables, "SSL_TYPE")
    if kind == "letsencrypt":
        live = f"/etc/letsencrypt/live/{host or 'mail.example.com'}"
        return f"{live}/privkey.pem {live}/fullchain.pem"
    if kind == "manual":
        return f"{value(variables, 'SSL_KEY_PATH')} {value(variables, 'SSL_CERT_PATH')}".strip()
    return None if kind == "snakeoil" else "/etc/dms/tls/cert"


def _relaying(variables: Mapping[str, str], *, password_file: bool) -> dict[str, str]:
    hop = relayhost(variables)
    made = {"relayhost": hop} if hop else {}
    if (hop or password_file) and logs_in_at_relay(variables, password_file=password_file):
        made |= {
            "smtp_sasl_password_maps": "texthash:/etc/postfix/sasl_passwd",
            "smtp_sasl_auth_enable": "yes",
            "smtp_sasl_security_options": "noanonymous",
            "smtp_tls_security_level": "encrypt",
        }
        made |= {"smtp_sender_dependent_authentication": "yes"} if password_file else {}
    return made


def master_cf(variables: Mapping[str, str]) -> str:
    """The services that clients meet."""
    own = dict(_SUBMISSION)
    if is_on(variables, "ENABLE_SASLAUTHD"):
        del own["smtpd_sasl_type"]
    elif is_on(variables, "SMTP_ONLY"):
        own["smtpd_sasl_auth_enable"] = "no"
    clear = without_tls(variables)
    submission = {"smtpd_tls_security_level": "none" if clear else "encrypt", **own}
    submissions = {"smtpd_tls_wrappermode": "no" if clear else "yes", **own}
    lines = ["smtp inet n - n - 1 postscreen", "smtpd pass - - n - - smtpd"]
    for name, overrides in (("submission", submission), ("submissions", submissions)):
        lines += [f"{name} inet n - n - - smtpd", *(f"  -o {key}={value}" for key, value in overrides.items())]
    lines += ["smtp unix - - n - - smtp", "relay unix - - n - - smtp"]
    return "\n".join(lines) + "\n"
