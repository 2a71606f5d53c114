"""Texts classified one after another, of which many are lines of one log.

Of lines of Postfix that say the same, but for what varies from one message to the next (`fold`), one is judged and its verdict
remembered. All else is read and judged as it stands.
"""

from __future__ import annotations

from kb.explain import Verdict, classify, is_vague, verdict
from kb.inputs import postfix_log
from kb.inputs.urlencoded import decoded
from kb.judge import NONE, judge
from kb.match.store import Store
from kb.report.judge import Judge, Key, is_short, observed
from kb.report.memory import keep

_NOTHING: Verdict = (NONE, None, None)


class Classifier:
    """Classifies texts by one catalogue, each as `kb.explain.classify` does."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._judge = Judge(store)
        self._verdicts: dict[Key, Verdict | None] = {}

    def __call__(self, text: str) -> Verdict:
        """Basis, reason and entry id of the first match."""
        one_line = "\n" not in text and "\r" not in text and not decoded(text)
        taken = postfix_log.take(text) if one_line else None
        if taken is None:
            return classify(self._store, text)
        return (self._remembered(taken) if taken[0] else _NOTHING) or classify(self._store, text)

    def _remembered(self, taken: postfix_log.Taken) -> Verdict | None:
        """The verdict on a line of Postfix that tells of a failure; None where another reading of the line may say more."""
        key = self._judge.key(taken)
        try:
            return self._verdicts[key]
        except KeyError:
            match = judge(self._store, (observed(taken, key),))
        found = None if is_vague(match) else verdict(match)
        if is_short(key):
            keep(self._verdicts, key, found)
        return found
