"""The knowledge base for agents, by the Model Context Protocol (`kb mcp`): look up, diagnose, search, read an entry.

Every tool only reads. What it returns is text for the model and, beside it, the JSON of the API's contract. What is sent is
neither stored nor logged; input is bounded; secrets are blanked before anything comes back.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from difflib import get_close_matches
from functools import cache, wraps
from pathlib import Path
from typing import Annotated, Any, Literal

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceNotFoundError, ToolError
from mcp.types import CallToolResult, TextContent, ToolAnnotations
from pydantic import Field, ValidationError

from kb import __version__
from kb.articles import Article
from kb.config.files import split_items
from kb.content import open_searcher, read_articles, search_json
from kb.contract.content import Entry, SearchAnswer
from kb.contract.diagnosis import Diagnosis
from kb.contract.lookup import Answer
from kb.contract.requests import MAX_FILES
from kb.data import data_root
from kb.knowledge_base import KnowledgeBase
from kb.render.as_json import SCHEMA_VERSION, entry_json, lookup_json
from kb.render.as_markdown import article_markdown, entry_markdown
from kb.render.as_text import answer_text, entry_text
from kb.render.diagnosis_text import diagnosis_text
from kb.render.search_text import search_text
from kb.search import Searcher
from kb.text import LANGUAGES

MAX_TEXT = 256 * 1024
MAX_QUERY = 500
MAX_ID = 100
_BASE = "smtp-kb:/"  # before the path of a resource
Lang = Annotated[Literal["zh", "en"], Field(description="Language of the answer.")]
_log = logging.getLogger(__name__)
_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
_INSTRUCTIONS = (
    "Explains SMTP errors: what an error, a log line, a bounce or a configuration means, who said it, why, what to change and"
    " how to verify. Start with `lookup` and the text as it is; whole log lines are best. `answered: false` means that it is not"
    " sure: then use the meaning of the codes and the suggestions, and say so. With configuration files use `diagnose`."
    " Leave passwords out; what is sent is not stored."
)


class Server(MCPServer[Any]):
    """Says which argument is wrong without repeating what was in it: that may be a secret."""

    async def call_tool(self, name: str, arguments: dict[str, Any], context: Any = None) -> Any:
        """Call a tool. Raises ToolError."""
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            if not isinstance(error.__cause__, ValidationError):
                raise
            wrong = [(error["loc"], error["msg"]) for error in error.__cause__.errors(include_input=False)]
            places = "; ".join(f"{'.'.join(map(str, place[:1])) or '-'}: {told}" for place, told in wrong[:5])
        raise ToolError(f"Wrong arguments: {places}")


def make_server() -> Server:
    """The server with its tools and resources. Opens the catalogue when it is first asked."""
    server = Server(
        "smtp-kb",
        title="SMTP error knowledge base",
        version=__version__,
        instructions=_INSTRUCTIONS,
        log_level="WARNING",
    )
    for tool, title in _TOOLS:
        server.tool(title=title, annotations=_READS)(tool)
    server.resource("smtp-kb://{lang}/errors/{id}", title="An entry", mime_type="text/markdown")(entry_resource)
    server.resource("smtp-kb://{lang}/articles/{slug}", title="An article", mime_type="text/markdown")(article_resource)
    return server


def lookup(
    text: Annotated[str, Field(description="The error, log, bounce or SMTP session, as it is.")], lang: Lang = "en"
) -> Annotated[CallToolResult, Answer]:
    """Explain an SMTP error: what it means, who said it, why, what to change, how to verify.

    Takes a single error, log lines (Postfix, Exim, Sendmail, Mailpit and others), an SMTP session, an exception with its
    traceback, or a whole bounce message.
    """
    _bound("text", len(text), MAX_TEXT)
    base = _base()
    answer = base.explain(text)
    return _result(answer_text(base.store, answer, lang), lookup_json(base.store, answer, lang))


def diagnose(
    files: Annotated[
        dict[str, str], Field(description="Name of the file to its content: main.cf, .env, compose.yaml …")
    ],
    error: Annotated[str, Field(description="The error that these settings gave, if there is one.")] = "",
    answers: Annotated[
        dict[str, str] | None, Field(description="Facts that no file tells: `asks` of an earlier answer.")
    ] = None,
    lang: Lang = "en",
) -> Annotated[CallToolResult, Diagnosis]:
    """Tell from the settings of a mail client and a mail server whether the mail goes through, where it ends, and what to change.

    Reads settings of Postfix, Mailpit, Grafana, Gitea, GitLab, Nextcloud, msmtp and others; compose files and code too. One
    side alone is fine.
    """
    _bound("files", len(files), MAX_FILES)
    _bound("files and error", sum(map(len, files.values())) + sum(map(len, files)) + len(error), MAX_TEXT)
    _bound("answers", len(answers or {}), 50)
    body = _base().diagnose(split_items(files), error, lang, answers or {})
    return _result(diagnosis_text(body, lang), body)


def search(
    query: Annotated[str, Field(description="Words, a setting or a code, in Chinese or English.")],
    limit: Annotated[int, Field(ge=1, le=50, description="How many results.")] = 10,
    lang: Lang = "en",
) -> Annotated[CallToolResult, SearchAnswer]:
    """Search entries, articles and codes by words; for the text of an error use `lookup`."""
    _bound("query", len(query), MAX_QUERY)
    body = search_json(_searcher(), query, lang, limit, store=_base().store)
    return _result(search_text(body), body)


def get_entry(
    id: Annotated[str, Field(description="Id of an entry, as lookup and search give it.")],  # noqa: A002 - the contract's name
    lang: Lang = "en",
) -> Annotated[CallToolResult, Entry]:
    """Read one entry in full: meaning, causes, fixes with settings to copy, how to verify, sources."""
    _bound("id", len(id), MAX_ID)
    store = _base().store
    entry = store.entry_by_id(id)
    if entry is None:
        near = ", ".join(get_close_matches(id, [other.id for other in store.entries()], n=3))
        raise ToolError(f"There is no such entry.{f' Near: {near}.' if near else ''}")
    body = entry_json(store, entry, lang)
    head = {"schema_version": SCHEMA_VERSION, "catalog_version": store.version, "lang": lang}
    return _result(entry_text(body, lang) + "\n", {**head, **body})


def entry_resource(lang: str, id: str) -> str:  # noqa: A002 - named by the address
    """An entry as Markdown. lang: zh or en."""
    entry = _base().store.entry_by_id(id.removesuffix(".md")) if lang in LANGUAGES else None
    if entry is None:
        raise ResourceNotFoundError("There is no such entry.")
    return entry_markdown(entry_json(_base().store, entry, lang), lang, _BASE)


def article_resource(lang: str, slug: str) -> str:
    """An article as Markdown. lang: zh or en."""
    article = _articles().get((slug.removesuffix(".md"), lang))
    if article is None:
        raise ResourceNotFoundError("There is no such article.")
    body = {name: getattr(article, name) for name in ("slug", "title", "summary", "errors", "updated", "markdown")}
    return article_markdown(body, lang, _BASE)


def _guarded(tool: Callable[..., CallToolResult]) -> Callable[..., CallToolResult]:
    """A tool whose bugs are logged by type and place only: their texts could hold what was sent."""

    @wraps(tool)
    def guarded(*arguments: Any, **named: Any) -> CallToolResult:
        try:
            return tool(*arguments, **named)
        except ToolError:
            raise
        except Exception as error:
            trace = error.__traceback__
            while trace and trace.tb_next:
                trace = trace.tb_next
            place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
            _log.error("%s at %s", type(error).__name__, place)
        raise ToolError("This is a mistake of smtp-kb, not yours.")

    return guarded


_TOOLS = (
    (_guarded(lookup), "Explain an SMTP error"),
    (_guarded(diagnose), "Diagnose mail settings"),
    (_guarded(search), "Search the knowledge base"),
    (_guarded(get_entry), "Read an entry"),
)


@cache
def _base() -> KnowledgeBase:
    return KnowledgeBase.open(preload=True)


@cache
def _searcher() -> Searcher:
    return open_searcher()


@cache
def _articles() -> dict[tuple[str, str], Article]:
    return {(article.slug, article.lang): article for article in read_articles(Path(data_root()))}


def _bound(name: str, size: int, most: int) -> None:
    """Raises ToolError when something is larger than we take."""
    if size > most:
        raise ToolError(f"{name}: {size} is more than {most}. Send the part around the error.")


def _result(text: str, body: dict[str, Any]) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=body)
