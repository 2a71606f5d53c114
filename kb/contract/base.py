"""What all models of the contract share."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from kb.catalog import vocabulary
from kb.text import LANGUAGES

BASES = ("pattern", "provider-code", "enhanced-status", "reply-code", "none")
KINDS = ("entry", "article", "code")
OUTCOMES = ("works", "fails", "depends")


class Model(BaseModel):
    """Something the API answers."""

    model_config = ConfigDict(extra="forbid")


def told(zh: str, en: str, **rest: Any) -> Any:
    """A field that is described in both languages; `rest` goes to pydantic."""
    return Field(description=en, json_schema_extra={"x-zh": zh}, **rest)


def one_of(*words: str) -> Any:
    """The schema of a word of a closed vocabulary."""
    return Field(json_schema_extra={"enum": list(words)})


Language = Annotated[str, one_of(*LANGUAGES)]
Reason = Annotated[str, one_of(*vocabulary.REASONS)]
Stage = Annotated[str, one_of(*vocabulary.STAGES)]
Side = Annotated[str, one_of(*vocabulary.SIDES)]
Retry = Annotated[str, one_of(*vocabulary.RETRY)]
Basis = Annotated[str, one_of(*BASES)]
Kind = Annotated[str, one_of(*KINDS)]
Outcome = Annotated[str, one_of(*OUTCOMES)]


class Envelope(Model):
    """What every answer begins with."""

    schema_version: int = told(
        "契约的版本；不兼容的改动才会变。", "Version of the contract; changes only with what breaks it."
    )
    lang: Language = told("回答的语言。", "Language of the answer.")


class CatalogEnvelope(Envelope):
    """What an answer out of the catalogue begins with."""

    catalog_version: str = told("内容的版本，即内容的散列。", "Version of the content: a hash of it.")
