"""Settings of both sides chosen one by one, and the outcome that changes with them, as the template wants it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from kb.catalog import vocabulary
from kb.config.choices import CHOICES, PRODUCTS, SERVER_TLS, SERVER_TLS_NAMES, allowed, settled, written
from kb.config.diagnose import Diagnosis, diagnose
from kb.config.facts import FACTS
from kb.config.rules import Rule, load_rules
from kb.match.store import Store
from kb.page.diagnosis import STAGES
from kb.render.diagnosis_json import diagnosis_json
from kb.render.outcomes import outcomes


def explore_context(store: Store, asked: Mapping[str, str], lang: str) -> dict[str, Any]:
    """What `explore.html` and `explore_body.html` are rendered with: the outcome of what was chosen, the table of TLS modes."""
    rules = load_rules(store.rules())
    chosen = settled(asked)
    files, _ = written(chosen)
    # The files are ours, made of the closed words of CHOICES; there is no secret in them to blank out.
    body = diagnosis_json(store, rules, _diagnosis(rules, chosen), files, lang)
    return {
        "lang": lang,
        "choices": CHOICES,
        "allowed": {choice.name: allowed(choice.name, chosen["client"], chosen["tls"]) for choice in CHOICES},
        "chosen": chosen,
        "files": files,
        "diagnosis": body,
        "outcomes": outcomes(body["cases"]),
        "stages": STAGES,
        "table": _table(store, rules, chosen, lang),
        "server_tls": [name.get(lang) for name in SERVER_TLS_NAMES.values()],
    }


def _diagnosis(rules: Mapping[str, Rule], chosen: Mapping[str, str]) -> Diagnosis:
    files, answers = written(chosen)
    return diagnose([rule.condition for rule in rules.values()], files, answers=answers)


def _table(store: Store, rules: Mapping[str, Rule], chosen: Mapping[str, str], lang: str) -> list[dict[str, Any]]:
    """A row for each TLS mode of the client, a cell for each of the server: how the pair ends."""
    modes = PRODUCTS[chosen["client"]].tls
    rows = []
    for mode in modes:
        cells = [_cell(store, rules, {**chosen, "tls": mode, **server}, lang) for server in SERVER_TLS.values()]
        for cell, server in zip(cells, SERVER_TLS.values(), strict=True):
            cell["here"] = chosen["tls"] == mode and all(chosen[name] == value for name, value in server.items())
        rows.append({"name": FACTS["tls"].values[mode].get(lang), "cells": cells})
    return rows


def _cell(store: Store, rules: Mapping[str, Rule], chosen: Mapping[str, str], lang: str) -> dict[str, Any]:
    changed = {name: chosen[name] for name in ("tls", "listens", "starttls")}
    rule = rules.get(_first_end(store.rules(), tuple(chosen.items())))
    if rule is None:
        return {"outcome": "works", "text": "", "chosen": changed}
    entry = store.entry_by_id(rule.leads_to)
    reason = vocabulary.REASONS[entry.reason] if entry else rule.title
    return {"outcome": "fails", "text": reason.get(lang), "chosen": changed}


@lru_cache(maxsize=4096)
def _first_end(encoded: str, chosen: tuple[tuple[str, str], ...]) -> str:
    """The rule that the first case of a pair ends with, "" where the mail goes through."""
    found = _diagnosis(load_rules(encoded), dict(chosen))
    case = found.cases[0].combination if found.cases else None
    return case.id if case else ""
