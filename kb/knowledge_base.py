"""The library: open a catalogue once, ask it often."""

from __future__ import annotations

from kb.data import open_store
from kb.explain import Answer, classify, explain
from kb.match.store import Store
from kb.render.as_json import lookup_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class KnowledgeBase:
    """A catalogue that answers. Safe to share between threads."""

    def __init__(self, store: Store) -> None:
        self.store = store

    @classmethod
    def open(cls, root: str | None = None, *, preload: bool = False) -> KnowledgeBase:
        """Open the catalogue of `root` (default: the checkout's or the installed one).

        `preload` takes all patterns into memory, for more than a few lookups. Raises FileNotFoundError, CatalogError.
        """
        store = open_store(root)
        if preload:
            store.preload()
        return cls(store)

    def explain(self, text: str) -> Answer:
        """What a pasted text means, language-neutral."""
        return explain(self.store, text)

    def lookup(self, text: str, lang: str = "en") -> dict[str, Any]:
        """The JSON contract's answer to a pasted text, in `lang` ("zh" or "en")."""
        return lookup_json(self.store, explain(self.store, text), lang)

    def diagnose(
        self,
        files: Mapping[str, str],
        error: str | None = None,
        lang: str = "en",
        answers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """The JSON contract's diagnosis of pasted configurations (name -> content) and, if there, of the error they gave.

        answers: facts that no file tells, such as {"recipient": "remote"}; kb/config/facts.py lists them.
        """
        from kb.diagnosis import diagnose_json

        return diagnose_json(self.store, files, error, lang, answers)

    def classify(self, text: str) -> dict[str, Any]:
        """`answered`, `basis`, `reason` and `entry` only; much faster than `lookup`."""
        basis, reason, entry = classify(self.store, text)
        return {"answered": reason is not None, "basis": basis, "reason": reason, "entry": entry}
