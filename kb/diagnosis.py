"""Configurations and the error they gave, brought together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kb.config import catchers
from kb.config.diagnose import diagnose, provider_of
from kb.config.measured import Measured, in_its_words, not_postfix
from kb.config.rules import Rule, load_rules
from kb.explain import Answer, explain
from kb.match.store import Store
from kb.redact import SECRET, redact_secrets
from kb.render.as_json import lookup_json
from kb.render.diagnosis_json import diagnosis_json
from kb.text import Text

_OTHER_ERROR = Text(
    "按这些设置得不到你贴的那个报错：多半是程序没有用上这份配置（没有重启、被别处覆盖），或连的是另一台服务器。",
    "These settings do not lead to the error that you gave: most likely the program does not use them (not restarted, set"
    " elsewhere too), or it talks to another server.",
)


def diagnose_json(
    store: Store,
    files: Mapping[str, str],
    error: str | None,
    lang: str,
    answers: Mapping[str, str] | None = None,
    measured: Measured | None = None,
) -> dict[str, Any]:
    """The diagnosis of pasted files in one language.

    answers: facts (kb/config/facts.py) that no file tells. measured: the server, where it was asked itself (kb/probe). In the
    result `answer` explains the error on its own, null without.
    """
    rules = load_rules(store.rules())
    rules = in_its_words(rules, measured) if measured else rules
    answer = explain(store, error) if error and error.strip() else None
    narrowed = _rules_of(store, rules, answer) if answer else frozenset()
    server, perhaps = (measured.party, measured.perhaps) if measured else (None, {})
    diagnosis = diagnose([rule.condition for rule in rules.values()], files, narrowed, answers, server, perhaps)
    if provider_of(diagnosis):
        rules = {id_: not_postfix(rule) for id_, rule in rules.items()}
    elif diagnosis.server and catchers.is_catcher(diagnosis.server):
        rules = {id_: catchers.in_its_words(rule, diagnosis.server) for id_, rule in rules.items()}
    shown = {name: redact_secrets(text) for name, text in files.items()}
    body = diagnosis_json(store, rules, diagnosis, shown, lang)
    told = {case["combination"] for case in body["cases"]}
    if narrowed and body["cases"] and narrowed.isdisjoint(told):
        body["remarks"].insert(0, _OTHER_ERROR.get(lang))
    body["findings"] = [_without_secret(finding, files, shown) for finding in body["findings"]]
    return {**body, "answer": lookup_json(store, answer, lang) if answer else None}


def _without_secret(finding: dict[str, Any], files: Mapping[str, str], shown: Mapping[str, str]) -> dict[str, Any]:
    """A finding on a file; what it names is blanked if it is secret there, as a line of a private key is."""
    key, name = finding["key"], finding["file"]
    if not key or name not in files or key not in files[name] or key in shown[name]:
        return finding
    return {**finding, "key": SECRET, "text": finding["text"].replace(key, SECRET)}


def _rules_of(store: Store, rules: Mapping[str, Rule], answer: Answer) -> frozenset[str]:
    """The combinations that an error can come from: those that lead to its entry, else to one with its reason."""
    entries = {match.entry.id for match in answer.matches if match.entry}
    exact = {rule.id for rule in rules.values() if rule.leads_to in entries}
    if exact or answer.reason is None:
        return frozenset(exact)
    of_reason = {id_ for id_, rule in rules.items() if _reason(store, rule) == answer.reason}
    return frozenset(of_reason)


def _reason(store: Store, rule: Rule) -> str | None:
    entry = store.entry_by_id(rule.leads_to)
    return entry.reason if entry else None
