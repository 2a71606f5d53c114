"""Full-text search over entries, articles and codes in both languages.

Law: the only package that imports Whoosh and OpenCC. An index is a cache of the content beside it: built on the host
that reads it, replaced whole, opened only after it verified, never taken from elsewhere.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from pathlib import Path

from . import index, publish
from .asked import of_page
from .filters import Filters
from .index import BuildError
from .ranking import QUOTE
from .schema import KINDS, Document
from .searcher import Hit, Result, Searcher
from .snippet import Snippet

__all__ = [
    "KINDS",
    "QUOTE",
    "BuildError",
    "Document",
    "Filters",
    "Hit",
    "Result",
    "Searcher",
    "Snippet",
    "of_page",
    "open_or_build",
]

_log = logging.getLogger(__name__)


def open_or_build(directory: str | os.PathLike[str], documents: Iterable[Document], content_hash: str) -> Searcher:
    """A searcher on the index of `documents` in `directory`, which is made if missing.

    `content_hash` names the content: if an index of it is there, `documents` is not even iterated. If a new one cannot
    be built, the former one is served (`Searcher.stale`); without one, the BuildError or OSError is passed on.
    PermissionError if the directory belongs to another user or all may write into it.
    """
    root = Path(directory)
    publish.prepare(root)
    generation = index.find(root, content_hash)
    if generation:
        return Searcher(index.open_reader(generation))
    try:
        generation = index.publish_index(root, documents, content_hash)
    except (OSError, BuildError) as error:
        generation = index.find(root)
        if generation is None:
            raise
        _log.warning("search index not rebuilt, the former one is served: %s", error)
        return Searcher(index.open_reader(generation), stale=True)
    return Searcher(index.open_reader(generation))
