"""An SMTP error knowledge base: from a pasted error to its cause and its cure, in Chinese and English."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kb.knowledge_base import KnowledgeBase

__all__ = ["KnowledgeBase", "__version__"]

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """Import the library when it is first asked for; the command line must start without it."""
    if name == "KnowledgeBase":
        from kb.knowledge_base import KnowledgeBase

        return KnowledgeBase
    raise AttributeError(f"module 'kb' has no attribute {name!r}")
