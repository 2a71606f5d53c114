"""The answer of `kb probe` for a terminal: the answer first, then what was met, then all that was measured."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kb.catalog import vocabulary
from kb.probe.words import WORDS
from kb.render.as_text import entry_text
from kb.render.diagnosis_text import diagnosis_text

_SHOWN = 300
_DECISIVE = {"login": ("auth",), "recipient": ("mail", "rcpt")}


def probe_text(body: dict[str, Any], lang: str) -> str:
    """The JSON of `probe` as plain text, ending with a line break."""
    words = WORDS[lang]
    lines = [*_answer(body, words, lang), *_clients(body, words), *_explanations(body, words, lang)]
    lines += [*_remarks(body, words), "", words["measured"], *_measured(body, words, lang)]
    return "\n".join(lines) + "\n"


def _answer(body: dict[str, Any], words: dict[str, str], lang: str) -> Iterator[str]:
    target = body["target"]
    host = f"[{target['host']}]" if ":" in target["host"] else target["host"]
    yield f"{host}:{target['port']}"
    yield ""
    if body["decided_by"] == "diagnosis":
        yield diagnosis_text(body["diagnosis"], lang).rstrip()
        return
    yield _verdict(body, words, lang)
    if body["diagnosis"] is not None:
        yield ""
        yield diagnosis_text(body["diagnosis"], lang).rstrip()


def _verdict(body: dict[str, Any], words: dict[str, str], lang: str) -> str:
    measured, decided = body["measured"], body["decided_by"]
    if decided == "connection":
        problem = measured["problem"] or {"kind": "refused-by-reply", "stage": _last_stage(body)}
        stage = vocabulary.STAGES[problem["stage"]].get(lang)
        return words.get(f"problem {problem['stage']} {problem['kind']}") or words.get(
            f"problem {problem['kind']}", words["connection"]
        ).format(stage=stage)
    if decided == "login":
        login = measured["login"]
        link = "tls" if measured["tls"] else "clear"
        key = f"login {login['outcome']}" + (f" {link}" if login["outcome"] == "withheld" else "")
        return words[key].format(mechanism=login["mechanism"], reply=login["reply"])
    if decided == "recipient":
        asked = measured["recipient"]["after_login"] or measured["recipient"]["before_login"]
        return words["recipient taken" if asked["accepted"] else "recipient refused"].format(reply=asked["reply"])
    able = [client for client in body["clients"] if client["outcome"] == "works"]
    working = [client["name"] for client in able if client["safe"]] or [client["name"] for client in able]
    only = " only" if able and not any(client["safe"] for client in able) else ""
    return words[f"clients {body['outcome']}{only}"].format(names=words["or"].join(working))


def _last_stage(body: dict[str, Any]) -> str:
    dialogue = [said for said in body["measured"]["dialogue"] if said["stage"] != "quit"]
    return str(dialogue[-1]["stage"]) if dialogue else "connect"


def _clients(body: dict[str, Any], words: dict[str, str]) -> Iterator[str]:
    if not body["clients"]:
        return
    yield from ("", words["clients"])
    for client in body["clients"]:
        told = words[client["outcome"]] if client["outcome"] != "fails" else f"{words['fails']}{client['title']}"
        yield f"  - {client['name']}{words['colon']}{told}" + (f"  [{client['entry']}]" if client["entry"] else "")


def _explanations(body: dict[str, Any], words: dict[str, str], lang: str) -> Iterator[str]:
    """What decided in full, the rest by its title."""
    found = body["explanations"]
    wanted = _DECISIVE.get(body["decided_by"])
    decisive = [e for e in found if body["decided_by"] == "connection" or (wanted and e["stage"] in wanted)][-1:]
    for explained in decisive:
        if explained["answer"]["matches"]:
            yield from ("", *([f"» {_short(explained['said'])}", ""] if explained["said"] else []))
            yield entry_text(explained["answer"]["matches"][0], lang)
    others = [e for e in found if e not in decisive or not e["answer"]["matches"]]
    if others:
        yield from ("", words["met"])
        for explained in others:
            matches = explained["answer"]["matches"]
            told = f" → {matches[0]['title']}  [{matches[0]['id']}]" if matches else ""
            yield f"  - {_short(explained['said'])}{told}"


def _remarks(body: dict[str, Any], words: dict[str, str]) -> Iterator[str]:
    told = body["diagnosis"]["remarks"] if body["diagnosis"] and body["decided_by"] == "diagnosis" else []
    new = [remark for remark in body["remarks"] if remark not in told]
    if new:
        yield from ("", words["remarks"], *(f"  - {remark}" for remark in new))


def _measured(body: dict[str, Any], words: dict[str, str], lang: str) -> Iterator[str]:
    measured = body["measured"]
    rows: list[tuple[str, str]] = []
    for address in measured["addresses"]:
        told = words["answers"] if address["answered"] else address["problem"]["text"]
        rows.append((words["address"], f"{address['address']}{words['colon']}{told}"))
    if measured["begins"]:
        rows.append((words["begins"], words[f"begins {measured['begins']}"]))
    rows += [(words["banner"], measured["banner"])] if measured["banner"] else []
    rows += _ehlo(measured, "clear", words)
    rows += [("STARTTLS", measured["starttls"])] if measured["starttls"] else []
    rows += _tls(measured, body["target"]["name"], words)
    rows += _ehlo(measured, "tls", words)
    rows += _login_and_recipient(measured, words)
    if measured["problem"]:
        problem = measured["problem"]
        stage = vocabulary.STAGES[problem["stage"]].get(lang)
        rows.append(
            (
                words["ended"],
                f"{stage}{words['colon']}{problem['text'] or words.get('kind ' + problem['kind'], problem['kind'])}",
            )
        )
    return (f"  {_padded(name)}{_short(value)}" for name, value in rows)


def _ehlo(measured: dict[str, Any], link: str, words: dict[str, str]) -> list[tuple[str, str]]:
    listed = measured["ehlo"][link]
    if listed is None:
        return []
    rows = [(words[f"ehlo {link}"], words["comma"].join(listed["keywords"]) or "-")]
    rows.append((words[f"auth {link}"], words["comma"].join(listed["mechanisms"]) or words["none"]))
    if listed["size"] and (link == "tls" or measured["ehlo"]["tls"] is None):
        rows.append(("SIZE", words["size"].format(octets=listed["size"], mb=listed["size"] / 1_000_000)))
    return rows


def _tls(measured: dict[str, Any], name: str, words: dict[str, str]) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    if measured["tls"]:
        rows.append(("TLS", f"TLS {measured['tls']['version']}, {measured['tls']['cipher']}"))
    if measured["tls_versions"]:
        told = (f"{v['version']} {words['yes'] if v['accepted'] else words['no']}" for v in measured["tls_versions"])
        rows.append((words["versions"], words["comma"].join(told)))
    found = measured["certificate"]
    if found is None:
        return rows
    names = words["comma"].join(found["names"]) or words["none"]
    rows.append((words["certificate"], f"{found['subject']}{words['semicolon']}{words['names']}{names}"))
    rows.append((words["issuer"], found["issuer"] + (words["self-issued"] if found["self_issued"] else "")))
    rows.append((words["validity"], f"{found['not_before'][:10]} – {found['not_after'][:10]}"))
    trusted = words[f"trusted {found['trusted_by']}"]
    complaint = found["complaint"]
    reason = f"{words['colon']}{complaint['text']} (OpenSSL {complaint['number']})" if complaint else ""
    rows.append((words["verifies"], trusted + reason))
    rows.append((words["for host"].format(name=name), words["yes"] if found["for_host"] else words["no"]))
    return rows


def _login_and_recipient(measured: dict[str, Any], words: dict[str, str]) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    asked = measured["recipient"]
    if asked["before_login"]:
        rows.append((words["recipient before"], asked["before_login"]["reply"]))
    login = measured["login"]
    if login:
        rows.append((words["login"], " ".join(filter(None, (login["mechanism"], login["reply"] or words["not sent"])))))
    if asked["after_login"]:
        rows.append((words["recipient after"], asked["after_login"]["reply"]))
    return rows


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _padded(name: str) -> str:
    """A label filled up to a column: a Chinese character takes two cells."""
    width = sum(2 if ord(character) > 0x2E7F else 1 for character in name)
    return name + " " * max(24 - width, 2)
