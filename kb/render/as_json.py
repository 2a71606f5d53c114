"""The JSON contract (`/api/v1`, `kb … --json`), in one file. Objects only, no union types, nulls present."""

from __future__ import annotations

import json
from functools import lru_cache

from kb.explain import Answer, Match, nearest
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


def lookup_json(store: Store, answer: Answer, lang: str) -> dict[str, Any]:
    """The answer of `lookup`."""
    observation = answer.observation
    shown = redact_secrets(observation.diagnostic) if observation else ""
    # Of a single text without a secret no part can have one; of several observations only one was looked at.
    harmless = observation is not None and shown == observation.diagnostic and _is_of(answer, shown)
    return {
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
        **_verdict(store, answer, lang, harmless=harmless),
        "recipients": [
            {
                "recipient": reported.recipient,
                "action": reported.action,
                "enhanced_status": reported.enhanced_status,
                "reply_code": reported.reply_code,
                "diagnostic": redact_secrets(reported.diagnostic)[:_SHOWN],
                **_verdict(store, own, lang),
            }
            for reported, own in answer.recipients
        ],
    }


def _is_of(answer: Answer, text: str) -> bool:
    """Whether all evidence is part of a text."""
    return all(found.text in text for match in answer.matches for found in match.evidence)


def _verdict(store: Store, answer: Answer, lang: str, *, harmless: bool = False) -> dict[str, Any]:
    """answered, basis, reason, matches and suggestions."""
    return {
        "answered": answer.reason is not None,
        "basis": answer.basis,
        "reason": answer.reason,
        "matches": [match_json(store, match, lang, harmless=harmless) for match in answer.matches],
        "suggestions": _suggestions(store, answer, lang),
    }


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
    body["score"] = match.score
    body["basis"] = match.basis
    body["evidence"] = [
        {"text": found.text if harmless else redact_secrets(found.text), "start": found.start, "end": found.end}
        for found in match.evidence
    ]
    body["values"] = [
        {"name": v.name, "label": NAMES[v.name].get(lang), "text": v.text, "start": v.start, "end": v.end}
        for v in match.values
    ]
    return body


def entry_json(store: Store, entry: EntryKey, lang: str, match: Match | None = None) -> dict[str, Any]:
    """An entry in one language, with its address; the values of a match stand in its commands."""
    values = command_values(match) if match else {}
    body: dict[str, Any] = json.loads(store.body(entry.number, lang, values))
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
