"""The JSON contract (`/api/v1`, `kb … --json`), in one file. Objects only, no union types, nulls present."""

from __future__ import annotations

import json
from functools import lru_cache

from kb.explain import Answer, nearest
from kb.judge import Match
from kb.match.places import for_commands
from kb.match.store import EntryKey, ProviderCode, Store
from kb.redact import redact_secrets
from kb.values.names import NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SCHEMA_VERSION = 1
_SHOWN = 4096
_TITLES_KEPT = 2000


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def lookup_json(store: Store, answer: Answer, lang: str) -> dict[str, Any]:
    """The answer of `lookup`."""
    head, harmless = _head(store, answer, lang)
    matches = [match_json(store, match, lang, harmless=harmless) for match in answer.matches]
    return {**head, "matches": matches, **_tail(store, answer, lang)}


def lookup_bytes(store: Store, answer: Answer, lang: str) -> bytes:
    """`lookup_json` as the API sends it: compact, with a line break; entries as the catalogue has them, encoded."""
    head, harmless = _head(store, answer, lang)
    matches = b",".join(_match_bytes(store, match, lang, harmless) for match in answer.matches)
    tail = _encode(_tail(store, answer, lang))
    return b'%b,"matches":[%b],%b\n' % (_encode(head)[:-1].encode(), matches, tail[1:].encode())


def _head(store: Store, answer: Answer, lang: str) -> tuple[dict[str, Any], bool]:
    """What stands before the matches, and whether no part of the text can have a secret."""
    observation = answer.observation
    shown = redact_secrets(observation.diagnostic) if observation else ""
    # Of a single text without a secret no part can have one; of several observations only one was looked at.
    harmless = observation is not None and shown == observation.diagnostic and _is_of(answer, shown)
    head = {
        "schema_version": SCHEMA_VERSION,
        "catalog_version": store.version,
        "lang": lang,
        "input": {
            "format": answer.format,
            "stage": observation.stage if observation else None,
            "reply_code": observation.reply_code if observation else None,
            "enhanced_status": observation.enhanced_status if observation else None,
            "diagnostic": shown[:_SHOWN],
        },
        **_verdict(answer),
    }
    return head, harmless


def _tail(store: Store, answer: Answer, lang: str) -> dict[str, Any]:
    """What stands behind the matches."""
    return {
        "suggestions": _suggestions(store, answer, lang),
        "recipients": [
            {
                "recipient": reported.recipient,
                "action": reported.action,
                "enhanced_status": reported.enhanced_status,
                "reply_code": reported.reply_code,
                "diagnostic": redact_secrets(reported.diagnostic)[:_SHOWN],
                **_verdict(own),
                "matches": [match_json(store, match, lang) for match in own.matches],
                "suggestions": _suggestions(store, own, lang),
            }
            for reported, own in answer.recipients
        ],
    }


def _is_of(answer: Answer, text: str) -> bool:
    """Whether all evidence is part of a text."""
    return all(found.text in text for match in answer.matches for found in match.evidence)


def _verdict(answer: Answer) -> dict[str, Any]:
    reason = answer.reason
    return {"answered": reason is not None, "basis": answer.basis, "reason": reason}


def _suggestions(store: Store, answer: Answer, lang: str) -> list[dict[str, str]]:
    """The meaning of the codes in the text, then, without an answer, the nearest entries."""
    matched = {match.code for match in answer.matches}
    codes = [{"id": code, "title": code_title(code, lang)} for code in answer.codes if code not in matched]
    return [*codes, *(suggestion(entry, lang) for entry in nearest(store, answer))]


def match_json(store: Store, match: Match, lang: str, *, harmless: bool = False) -> dict[str, Any]:
    """One match: the entry, or the code as its provider or the registry defines it, with score, evidence and values.

    harmless: the text that the evidence is part of is known to hold no secret.
    """
    if match.entry:
        body = entry_json(store, match.entry, lang, match)
    elif match.provider:
        body = provider_json(store, match.provider, lang)
    else:
        body = code_json(match.code or "", lang)
    body["reason"] = match.reason
    return {**body, **_own(match, lang, harmless)}


def _match_bytes(store: Store, match: Match, lang: str, harmless: bool) -> bytes:
    """`match_json` encoded; of an entry only what the paste decides is encoded here."""
    if match.entry is None or match.fixes:
        return _encode(match_json(store, match, lang, harmless=harmless)).encode()
    id_ = match.entry.id
    body = store.body(match.entry.number, lang, command_values(match)).removeprefix(f'{{"id":"{id_}",'.encode())
    own = _encode(_own(match, lang, harmless))
    return b'{"id":"%b","url":"/%b/errors/%b",%b,%b' % (
        id_.encode(),
        lang.encode(),
        id_.encode(),
        body[:-1],
        own[1:].encode(),
    )


def _own(match: Match, lang: str, harmless: bool) -> dict[str, Any]:
    """What the pasted text decides of a match."""
    return {
        "score": match.score,
        "basis": match.basis,
        "evidence": [
            {"text": found.text if harmless else redact_secrets(found.text), "start": found.start, "end": found.end}
            for found in match.evidence
        ],
        "values": [
            {"name": v.name, "label": NAMES[v.name].get(lang), "text": v.text, "start": v.start, "end": v.end}
            for v in match.values
        ],
    }


def entry_json(store: Store, entry: EntryKey, lang: str, match: Match | None = None) -> dict[str, Any]:
    """An entry in one language, with its address; the values of a match stand in its commands, its fixes are in its order."""
    values = command_values(match) if match else {}
    body: dict[str, Any] = json.loads(store.body(entry.number, lang, values))
    if match and match.fixes:
        body["fixes"] = [body["fixes"][number] for number in match.fixes]
    return {"id": entry.id, "url": f"/{lang}/errors/{entry.id}", **body}


def command_values(match: Match) -> dict[str, str]:
    """What may stand in the commands of a match."""
    return for_commands({value.name: value.text for value in match.values})


def provider_json(store: Store, found: ProviderCode, lang: str) -> dict[str, Any]:
    """A code as one provider defines it, in the shape of an entry."""
    body: dict[str, Any] = json.loads(store.provider_body(found.number, lang))
    body["retry"] = body["retry"] or _retry(found.code)
    title = found.title_zh if lang == "zh" else found.title_en
    return {"id": found.code, "url": f"/{lang}/codes/{found.code}", **body, "title": f"{found.code} {title}"}


def code_json(code: str, lang: str) -> dict[str, Any]:
    """An enhanced status code in the shape of an entry: its registered meaning, or the one its class gives."""
    from kb.smtp.registry import describe_status

    status = describe_status(code)
    return {
        "id": code,
        "url": f"/{lang}/codes/{code}",
        "title": f"{code} {status.title.get(lang)}",
        "reason": status.reason,
        "side": "server",
        "stage": None,
        "emitters": ["any"],
        "explanation": status.meaning.get(lang),
        "causes": [],
        "fixes": [],
        "verify": None,
        "retry": _retry(code),
        "articles": [],
        "sources": [status.rfc],
        "translated": True,
    }


def _retry(code: str) -> str:
    return "later" if code.startswith("4") else "after-fix"


def provider_meanings(store: Store, code: str, lang: str) -> list[dict[str, Any]]:
    """What each provider that defines a code means by it."""
    from kb.catalog.vocabulary import EMITTERS

    found = []
    for row in store.provider_codes([code]):
        body = provider_json(store, row, lang)
        entry = store.entry(row.entry) if row.entry is not None else None
        found.append(
            {
                "provider": row.provider,
                "name": EMITTERS[row.provider].get(lang),
                "title": row.title_zh if lang == "zh" else row.title_en,
                "meaning": body["explanation"],
                "reason": entry.reason if entry else body["reason"],
                "retry": body["retry"],
                "entry": entry.id if entry else None,
                "sources": body["sources"],
            }
        )
    return found


@lru_cache(_TITLES_KEPT)
def code_title(code: str, lang: str) -> str:
    """A reply code or an enhanced status code with its meaning in one line. Raises ValueError when it is neither."""
    from kb.smtp.registry import describe_reply, describe_status

    text = describe_status(code).title if "." in code else describe_reply(code).title
    return f"{code} {text.get(lang)}"


def code_meaning(code: str, lang: str) -> str:
    """What a reply code or an enhanced status code means, in a sentence or two. Raises ValueError when it is neither."""
    from kb.smtp.registry import describe_reply, describe_status

    described = describe_status(code) if "." in code else describe_reply(code)
    return described.meaning.get(lang)


def suggestion(entry: EntryKey, lang: str) -> dict[str, str]:
    """An entry as a suggestion."""
    return {"id": entry.id, "title": entry.title_zh if lang == "zh" else entry.title_en}
