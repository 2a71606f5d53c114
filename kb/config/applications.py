"""The applications of forms_java.py, forms_python.py, forms_yaml.py and forms_other.py as one adapter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kb.config import forms, forms_java, forms_other, forms_python, forms_yaml
from kb.config.setting import Edit, Party, Reading

FORMS = (*forms_java.FORMS, *forms_python.FORMS, *forms_yaml.FORMS, *forms_other.FORMS)
PRODUCTS = frozenset(form.product for form in FORMS)
SHARES = True


def sniff(name: str, text: str) -> bool:
    """Whether a file holds the settings of one of them."""
    return any(form.part(text) is not None for form in FORMS)


def read(files: Mapping[str, str]) -> Reading:
    """The sending side of each application in each file."""
    return forms.read(FORMS, files)


def edits(party: Party, change: Mapping[str, str]) -> tuple[Edit, ...] | None:
    """The settings that change the facts; None where there is none for it."""
    form = next(form for form in FORMS if form.product == party.product)
    return forms.edits(form, party, change)


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text with settings replaced, added or removed."""
    return forms.apply(FORMS, text, edits)
