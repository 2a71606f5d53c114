"""The answer to a pasted text, as its template wants it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from kb.config.diagnose import read_files
from kb.config.files import split_files
from kb.explain import Answer, explain, nearest
from kb.judge import Match
from kb.match.store import Store
from kb.page.address import page_of
from kb.page.marking import marked_html
from kb.redact import redact, redact_secrets
from kb.render.as_json import code_meaning, code_title, lookup_json

ISSUE_URL_LIMIT = 4000
WHERE_TEXT_IS = ["mail-not-arriving"]  # the article that says where the text of an error is found
CARRIED = 16_000  # characters of a text that the answer in the other language can be asked for with


def answer_context(
    store: Store, text: str, lang: str, repository: str, articles_of: Callable[[list[str], str], list[Any]]
) -> dict[str, Any]:
    """What `answer.html` and `answer_body.html` are rendered with.

    repository: where issues go, "" for nowhere. articles_of: from slugs and a language to what has `slug` and `title`.
    """
    answer = explain(store, text)
    body = lookup_json(store, answer, lang)
    carried = redact_secrets(text) if len(text) <= CARRIED else ""
    return {
        "lang": lang,
        "text": text,
        "answer": body,
        "program": answer.matches[0].program if answer.matches else None,
        "others": _others(answer.matches, body),
        "carried": carried,
        "settings": not answer.matches and bool(read_files(split_files("settings", carried)).parties),
        "articles": [found for match in body["matches"][:1] for found in articles_of(match["articles"], lang)],
        "seen": _seen(answer),
        "where": [] if answer.matches else articles_of(WHERE_TEXT_IS, lang),
        "nearest": _nearest(store, answer, lang),
        "codes": _codes(answer, lang),
        "issue": _issue(answer, text, store.version, repository),
        "marked": marked_html(text, [found for match in answer.matches[:1] for found in match.evidence]),
    }


def issue_url(repository: str, text: str, diagnostic: str, version: str) -> str:
    """The address of a new issue about a text that has no answer, secrets and addresses blanked; "" without a repository.

    At most ISSUE_URL_LIMIT characters long: the text is cut to fit, after it was redacted.
    """
    if not repository:
        return ""
    shown = redact(text).strip()
    title = f"No answer: {' '.join(redact(diagnostic).split())[:80]}"
    while True:
        body = f"What was pasted (secrets and addresses blanked):\n\n~~~~text\n{shown}\n~~~~\n\ncatalogue {version}\n"
        url = f"{repository}/issues/new?{urlencode({'title': title, 'body': body})}"
        if len(url) <= ISSUE_URL_LIMIT or not shown:
            return url
        shown = shown[: min(len(shown) - 1, len(shown) * ISSUE_URL_LIMIT // len(url))]


def _others(matches: tuple[Match, ...], body: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """What else went wrong: `follow`, the matches that others bring about, and `apart`, those that have a cause of their own.

    What a bounce tells of each of several recipients is listed there, and not here.
    """
    told: set[str] = set()
    if len(body["recipients"]) > 1:
        told = {match["id"] for each in body["recipients"] for match in each["matches"][:1]}
    stages = {match.entry.stage for match in matches if match.entry}
    found: dict[str, list[dict[str, Any]]] = {"follow": [], "apart": []}
    for match, shown in list(zip(matches, body["matches"], strict=True))[1:]:
        if shown["id"] in told:
            continue
        follows = match.entry is not None and bool(match.entry.follows & (stages - {match.entry.stage}))
        found["follow" if follows else "apart"].append(shown)
    return found


def _codes(answer: Answer, lang: str) -> list[dict[str, str]]:
    """The codes in the text that no match explains, with what they mean."""
    matched = {match.code for match in answer.matches}
    return [
        {"title": code_title(code, lang), "url": page_of("code", code, lang), "meaning": code_meaning(code, lang)}
        for code in answer.codes
        if code not in matched
    ]


def _nearest(store: Store, answer: Answer, lang: str) -> list[dict[str, str]]:
    """The entries to look at without an answer, with their addresses."""
    return [
        {"title": entry.title_zh if lang == "zh" else entry.title_en, "url": page_of("entry", entry.id, lang)}
        for entry in nearest(store, answer)
    ]


def _seen(answer: Answer) -> dict[str, str | None]:
    """What the text shows of itself without an answer: its format, the program, the stage."""
    found = answer.observation
    return {
        "format": None if answer.format == "plain" else answer.format,
        "emitter": found.emitter if found else None,
        "stage": found.stage if found else None,
    }


def _issue(answer: Answer, text: str, version: str, repository: str) -> str:
    """Where to tell about a text that has no answer."""
    if answer.matches or answer.observation is None or not answer.observation.diagnostic:
        return ""
    return issue_url(repository, text, answer.observation.diagnostic, version)
