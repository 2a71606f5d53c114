"""A cure applied to a record's configurations: `kb`'s own edits on the texts, the lab's values where only the user knows one.

What is put in place of a placeholder, or done beside the files because no file says it, is all here (README.md, "Cures").
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kb.config.cures import Cure
from kb.config.diagnose import Diagnosis
from kb.config.patch import patched
from kb.config.setting import TABLE, Edit
from lab.compare import files_of
from lab.host import CA_STORE
from lab.model import MAIL_HOST, OTHER_HOST, PASSWORD, USER, WRONG_PASSWORD, Client, Pair, Server
from lab.servers import MY_CERT, SASL_BACKENDS

# Placeholders in the values of edits, and what the lab has for them.
VALUES = (
    (re.compile(r"/etc/letsencrypt/live/[\w.-]+/fullchain\.pem"), MY_CERT["smtpd_tls_cert_file"]),
    (re.compile(r"/etc/letsencrypt/live/[\w.-]+/privkey\.pem"), MY_CERT["smtpd_tls_key_file"]),
    (re.compile(r"/etc/postfix/relay-ca\.pem|/etc/ssl/certs/mail-ca\.pem"), CA_STORE),
    (re.compile(r"\b192\.0\.2\.10\b"), "127.0.0.0/8 [::1]/128"),
    (re.compile(r"\bUSER\b"), USER),
    (re.compile(r"\b(?:PASSWORD|SECRET)\b"), PASSWORD),
)
FULL_NAME = "client.example.com"
MECHANISMS = {"offers_plain": "PLAIN", "offers_login": "LOGIN", "offers_cram": "CRAM-MD5"}


def cured(record: Mapping[str, Any], diagnosis: Diagnosis, cure: Cure) -> Pair:
    """The pair of a record after a cure. Pairs that are the same then are equal, whatever they came from."""
    change = {name: value for move in cure.moves for name, value in move.change.items()}
    server = record["server"]
    certificate = "trusted" if "trusted" in (m.change.get("certificate") for m in cure.moves if not m.sets) else None
    certificate = certificate or server["certificate"]
    host = OTHER_HOST if certificate == "mismatch" and change.get("host") == "name" else MAIL_HOST
    edits = {id_: tuple(_filled(edit, host) for edit in made) for id_, made in cure.edits.items()}
    texts = _with_tables(patched(files_of(record), diagnosis, replace(cure, edits=edits)), edits)
    prefix = "client/" if record["client"]["product"] == "postfix" else ""
    of_client = {name: text for name, text in texts.items() if _is_of_client(name, prefix, record)}
    if "password" in change:
        of_client = {name: text.replace(WRONG_PASSWORD, PASSWORD) for name, text in of_client.items()}
    of_server = _with_sasl({name: text for name, text in texts.items() if name not in of_client}, change)
    port = next((int(move.sets["port"]) for move in cure.moves if move.sets), server["port"])
    named = any("ehlo" in move.change and move.id not in cure.edits for move in cure.moves)
    return Pair(
        Client(record["client"]["product"], {name.removeprefix(prefix): text for name, text in of_client.items()}),
        Server("", of_server, port, certificate),
        "local" if "recipient_exists" in change else record["recipient"],
        record["message_bytes"],
        record["trusts_server"] or "trust" in change,
        FULL_NAME if named else record["host_name"],
    )


def _filled(edit: Edit, host: str) -> Edit:
    """The edit with the lab's values in place of placeholders."""
    if edit.value is None:
        return edit
    value = edit.value.replace(MAIL_HOST, host) if "/" not in edit.value else edit.value
    for pattern, mine in VALUES:
        value = pattern.sub(mine, value)
    key = edit.key.replace(MAIL_HOST, host) if edit.section == TABLE else edit.key
    return replace(edit, key=key, value=value)


def _with_tables(texts: Mapping[str, str], edits: Mapping[str, tuple[Edit, ...]]) -> dict[str, str]:
    """With the lookup tables that an edit wants and that were not pasted."""
    wanted = [edit for made in edits.values() for edit in made if edit.section == TABLE and edit.file not in texts]
    return dict(texts) | {edit.file: f"{edit.key} {edit.value}\n" for edit in wanted}


def _is_of_client(name: str, prefix: str, record: Mapping[str, Any]) -> bool:
    return name.startswith(prefix) if prefix else name in record["client"]["files"]


def _with_sasl(files: Mapping[str, str], change: Mapping[str, str]) -> dict[str, str]:
    """The server's files with a SASL backend that works, and with the mechanisms that the change wants."""
    found = dict(files)
    if "backend" in change:
        found["sasl/smtpd.conf"] = SASL_BACKENDS["sasldb"]
        found["main.cf"] = re.sub(r"(?m)^smtpd_sasl_(?:type|path) = .*\n", "", found["main.cf"])
    for fact, mechanism in MECHANISMS.items():
        text = found.get("sasl/smtpd.conf", "")
        if fact in change and mechanism not in text.partition("mech_list:")[2].partition("\n")[0].split():
            found["sasl/smtpd.conf"] = text.replace("mech_list:", f"mech_list: {mechanism}")
    return found
