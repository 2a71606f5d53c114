"""The JSON contract of `diagnose`. Objects only, no union types, nulls present."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kb.catalog.vocabulary import FIX_TARGETS
from kb.config.combine import Case
from kb.config.cures import Cure
from kb.config.diagnose import Diagnosis, label
from kb.config.facts import FACTS
from kb.config.moves import MAP_CHANGED, PASSWORD_IN_CLEAR, PASSWORD_TO_ANYONE, Move
from kb.config.patch import diffs, patched
from kb.config.remarks import remarks
from kb.config.rules import Rule
from kb.config.setting import M4, MAP, TABLE, WHOLE_LINE, Edit, Party, Setting
from kb.config.wording import fill, predicted_texts
from kb.config.world import World
from kb.match.store import Store
from kb.render.as_json import SCHEMA_VERSION
from kb.render.unsecret import without_secrets

_DEFAULTS = {
    **{"recipient": "bob@example.net", "sender": "alice@example.com", "client": "unknown[192.0.2.10]"},
    # What Postfix says of a refusal by Cyrus SASL; its adapter gives the words for Dovecot.
    **{"refusal": "authentication failure", "no_mechanism": "no mechanism available"},
}


def diagnosis_json(
    store: Store, rules: Mapping[str, Rule], diagnosis: Diagnosis, files: Mapping[str, str], lang: str
) -> dict[str, Any]:
    """The answer of `diagnose` in one language. files: the pasted ones, without their secrets, for the differences."""
    told = [_case_json(store, rules, diagnosis, case, lang) for case in diagnosis.cases]
    single = told[0] if len(told) == 1 else None
    failing = next((case for case in diagnosis.cases if case.combination), None)
    return {
        "schema_version": SCHEMA_VERSION,
        "catalog_version": store.version,
        "lang": lang,
        "outcome": diagnosis.outcome,
        "stage": single["stage"] if single else None,
        "reason": single["reason"] if single else None,
        "combination": single["combination"] if single else None,
        "entry": single["entry"] if single else None,
        "title": single["title"] if single else None,
        "explanation": single["explanation"] if single else None,
        "predicted_text": single["predicted_text"] if single else [],
        "server_log": single["server_log"] if single else [],
        "hidden": single["hidden"] if single else [],
        "cases": told,
        "fixes": [_cure_json(diagnosis, files, cure, lang) for cure in diagnosis.cures],
        "facts": {"client": _facts_json(diagnosis, "client", lang), "server": _facts_json(diagnosis, "server", lang)},
        "assumptions": _assumptions(diagnosis, failing or next(iter(diagnosis.cases), None), lang),
        "asks": [_ask_json(name, lang) for name in diagnosis.questions],
        "questions": [text.get(lang) for name in diagnosis.questions if (text := FACTS[name].question)],
        "findings": [
            {"file": f.file, "line": f.line, "key": f.key, "text": f.text.get(lang)} for f in diagnosis.findings
        ],
        "remarks": [text.get(lang) for text in remarks(diagnosis)],
    }


def _case_json(store: Store, rules: Mapping[str, Rule], diagnosis: Diagnosis, case: Case, lang: str) -> dict[str, Any]:
    given = [fact_json(name, value, lang) for name, value in case.given.items()]
    if case.combination is None:
        nothing: dict[str, Any] = dict.fromkeys(("stage", "reason", "combination", "entry", "title", "explanation"))
        outcome = "depends" if case.open else "works"
        return {"given": given, "outcome": outcome, **nothing, "predicted_text": [], "server_log": [], "hidden": []}
    rule = rules[case.combination.id]
    values = _values(diagnosis, case)
    entry = store.entry_by_id(rule.leads_to)
    return {
        "given": given,
        "outcome": "fails",
        "stage": case.stage,
        "reason": entry.reason if entry else None,
        "combination": rule.id,
        "entry": rule.leads_to,
        "title": rule.title.get(lang),
        "explanation": rule.explanation.get(lang),
        "predicted_text": predicted_texts(rule.stage, rule.reply, rule.texts, values["library"], values),
        "server_log": [fill(line, values) for line in rule.server_logs.get(values["library"], rule.server_log)],
        "hidden": [
            {
                "combination": h.id,
                "entry": rules[h.id].leads_to,
                "stage": h.stage,
                "title": rules[h.id].title.get(lang),
            }
            for h in case.hidden
        ],
    }


def _values(diagnosis: Diagnosis, case: Case) -> dict[str, str]:
    """What the placeholders of texts stand for."""
    details = {**(diagnosis.server.details if diagnosis.server else {})}
    details |= diagnosis.client.details if diagnosis.client else {}
    world = World({**diagnosis.facts, **case.given})
    found = {**_DEFAULTS, **details, "library": world["library"]}
    if diagnosis.server:
        found["server"] = diagnosis.server.details.get("hostname") or "…"
    for name in ("starts_tls", "auth_attempt"):
        try:
            found[name] = world[name]
        except LookupError:
            continue
    found["set_mechanism"] = diagnosis.facts.get("auth", "").upper()
    found["credential"] = "secret" if found["set_mechanism"] == "CRAM-MD5" else "password"
    found["mechanism"] = found.get("auth_attempt", "").upper()
    found["method"] = details.get("method") or diagnosis.facts.get("auth", "").upper()
    return found


def _cure_json(diagnosis: Diagnosis, files: Mapping[str, str], cure: Cure, lang: str) -> dict[str, Any]:
    texts = [text for move in cure.moves for text in (move.text, move.cost) if text]
    texts += [PASSWORD_IN_CLEAR] if cure.exposes else []
    texts += [PASSWORD_TO_ANYONE] if cure.unchecked else []
    # Of two moves that set the same, the later one counts.
    made = {(e.file, e.section, e.key): e for move in cure.moves for e in cure.edits.get(move.id, ())}
    edits = list(made.values())
    texts += [MAP_CHANGED] if any(edit.section == TABLE for edit in edits) else []
    changed = without_secrets(
        diffs(files, patched(files, diagnosis, cure)), files, (diagnosis.client, diagnosis.server)
    )
    return {
        "for": _product(diagnosis, cure.moves[0]),
        "text": ("" if lang == "zh" else " ").join(text.get(lang) for text in texts),
        "set": [_set(edit) for edit in edits if edit.value is not None],
        "outcome_after": "depends" if cure.needs else "works",
        "needs": [fact_json(name, value, lang) for name, value in cure.needs.items()],
        "risk": cure.risk,
        "moves": [move.id for move in cure.moves],
        "edits": [{"file": edit.file, "section": edit.section, "key": edit.key, "value": edit.value} for edit in edits],
        "diffs": [{"file": name, "diff": diff} for name, diff in changed.items()],
    }


def _set(edit: Edit) -> str:
    """An edit as the file has it: a row of a map, a whole line, a definition of m4, else key and value."""
    if edit.section == WHOLE_LINE:
        return str(edit.value)
    if edit.section == M4:
        return f"define(`{edit.key}', `{edit.value}')dnl"
    return f"{edit.key} {edit.value}" if edit.section in (TABLE, MAP) else f"{edit.key}={edit.value}"


def _product(diagnosis: Diagnosis, move: Move) -> str:
    party = diagnosis.client if move.side == "client" else diagnosis.server
    if party is None:
        return move.side
    return party.product if party.product in FIX_TARGETS else party.product.partition("-")[0]


def _facts_json(diagnosis: Diagnosis, side: str, lang: str) -> dict[str, Any]:
    party = diagnosis.client if side == "client" else diagnosis.server
    if party is None:
        return {"product": None, "name": None, "facts": []}
    return {
        "product": party.product,
        "name": party.name.get(lang),
        "facts": [
            {**fact_json(name, value, lang), "settings": [_setting_json(s) for s in _origin(party, name)]}
            for name, value in party.facts.items()
        ],
    }


def _origin(party: Party, fact: str) -> tuple[Setting, ...]:
    return tuple(party.origins.get(fact, ()))


def _setting_json(setting: Setting) -> dict[str, Any]:
    return {
        "file": setting.file,
        "line": setting.line,
        "key": setting.key,
        "value": setting.value,
        "origin": setting.origin,
    }


def fact_json(name: str, value: str, lang: str) -> dict[str, str]:
    """A fact with its words in one language."""
    return {
        "fact": name,
        "value": value,
        "label": FACTS[name].label.get(lang),
        "value_label": label(name, value).get(lang),
    }


def _ask_json(name: str, lang: str) -> dict[str, Any]:
    """A question with the answers it takes, for `answers` of the next request."""
    fact = FACTS[name]
    return {
        "fact": name,
        "question": (fact.question or fact.label).get(lang),
        "values": [{"value": value, "label": text.get(lang)} for value, text in fact.values.items()],
    }


def _assumptions(diagnosis: Diagnosis, case: Case | None, lang: str) -> list[dict[str, str]]:
    """What nobody told and was taken at its usual value."""
    taken = {**diagnosis.usual, **case.assumed} if case else {}
    return [fact_json(name, value, lang) for name, value in taken.items()]
