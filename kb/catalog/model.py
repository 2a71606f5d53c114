"""The model of `errors.yaml`; the JSON schema is generated from it. Frozen data, no behaviour beyond reading text blocks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from kb.catalog.vocabulary import EMITTERS, FIX_TARGETS, REASONS, RETRY, SIDES, STAGES
from kb.text import LANGUAGES, join_lines


def _word_of(words: Mapping[str, object]) -> tuple[AfterValidator, FieldInfo]:
    """What makes a string a word of a closed vocabulary."""

    def check(value: str) -> str:
        if value not in words:
            raise PydanticCustomError("vocabulary", "not in the vocabulary", {"words": list(words)})
        return value

    return AfterValidator(check), Field(json_schema_extra={"enum": [*sorted(words)]})


Reason = Annotated[str, *_word_of(REASONS)]
Stage = Annotated[str, *_word_of(STAGES)]
Side = Annotated[str, *_word_of(SIDES)]
Emitter = Annotated[str, *_word_of(EMITTERS)]
FixTarget = Annotated[str, *_word_of(FIX_TARGETS)]
Retry = Annotated[str, *_word_of(RETRY)]
Line = Annotated[str, Field(min_length=1, pattern=r"\S")]
Zh = Annotated[Line, BeforeValidator(lambda value: join_lines(value, "zh") if isinstance(value, str) else value)]
En = Annotated[Line, BeforeValidator(lambda value: join_lines(value, "en") if isinstance(value, str) else value)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _one_is_enough(schema: dict[str, Any]) -> None:
    del schema["required"]
    schema["anyOf"] = [{"required": ["zh"]}, {"required": ["en"]}]


class Bilingual(_Model):
    """A text in both languages, or in one that then stands for both. In a `|` block each line is a sentence; a blank line ends
    a paragraph.
    """

    model_config = ConfigDict(json_schema_extra=_one_is_enough)
    zh: Zh
    en: En
    _only: str | None = PrivateAttr(None)

    @model_validator(mode="wrap")
    @classmethod
    def _fill(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        there = [lang for lang in LANGUAGES if lang in value] if isinstance(value, dict) else []
        if len(there) != 1:
            return handler(value)
        (only,) = there
        other = "en" if only == "zh" else "zh"
        made = handler({**value, other: value[only]})
        object.__setattr__(made, other, getattr(made, only))
        made._only = only
        return made

    def is_in(self, lang: str) -> bool:
        """Whether the text was written in `lang`."""
        return self._only in (None, lang)


class Fix(_Model):
    """One way to mend it: for whom, under which condition, what to do, what to copy, and what it costs in security."""

    for_: Annotated[FixTarget, Field(alias="for")]
    when: Bilingual | None = None
    text: Bilingual
    set: tuple[Line, ...] = ()
    cost: Bilingual | None = None


class Verify(_Model):
    """How to see that it is cured."""

    text: Bilingual
    run: tuple[Line, ...] = ()


class Entry(_Model):
    """One cause-and-fix. The order of the fields is the order of the keys in `errors.yaml`."""

    title: Bilingual
    reason: Reason
    side: Side
    stage: Stage
    emitters: Annotated[tuple[Emitter, ...], Field(min_length=1)]
    match: tuple[Line, ...] = ()
    generic: Literal["yes"] | None = None
    follows: tuple[Stage, ...] = ()
    codes: tuple[Annotated[str, Field(pattern=r"^[45]\.[0-9]{1,3}\.[0-9]{1,3}$")], ...] = ()
    explanation: Bilingual
    causes: Annotated[tuple[Bilingual, ...], Field(min_length=1)]
    fixes: Annotated[tuple[Fix, ...], Field(min_length=1)]
    verify: Verify
    retry: Retry
    examples: Annotated[tuple[Line, ...], Field(min_length=1)]
    not_examples: tuple[Line, ...] = ()
    articles: tuple[Line, ...] = ()
    aliases: tuple[Line, ...] = ()
    sources: Annotated[tuple[Line, ...], Field(min_length=1)]

    def is_in(self, lang: str) -> bool:
        """Whether every text of the entry was written in `lang`."""
        texts = [self.title, self.explanation, *self.causes, self.verify.text]
        texts += [text for fix in self.fixes for text in (fix.when, fix.text, fix.cost) if text is not None]
        return all(text.is_in(lang) for text in texts)


class Rule(_Model):
    """A combination of facts about client and server with which the mail does not go through.

    when: fact -> the values with which it applies; all must hold (kb/config/facts.py and world.py list them). leads_to: the
    entry that explains the error. reply: what the server says, as it goes over the wire. texts: what a client says where it
    is not just its usual report of the reply, per SMTP implementation. server_log: signatures in the server's log; server_logs:
    others where the implementation of the client leaves other traces.
    """

    title: Bilingual
    stage: Stage
    when: Annotated[dict[str, tuple[Line, ...]], Field(min_length=1)]
    leads_to: Line
    reply: Line | None = None
    texts: dict[str, Annotated[tuple[Line, ...], Field(min_length=1)]] = Field(default_factory=dict)
    server_log: tuple[Line, ...] = ()
    server_logs: dict[str, Annotated[tuple[Line, ...], Field(min_length=1)]] = Field(default_factory=dict)
    explanation: Bilingual
    sources: Annotated[tuple[Line, ...], Field(min_length=1)]


class Catalog(_Model):
    """The whole of `errors.yaml`."""

    errors: dict[str, Entry]
    combinations: dict[str, Rule] = Field(default_factory=dict)
