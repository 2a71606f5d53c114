"""The closed vocabulary of facts about a client and a server, in which combinations and their outcomes are told.

An adapter settles the facts that its configuration says. One that nobody settles is either assumed, and the answer says so,
or asked for, and the answer then tells the outcome of each case.
"""

from __future__ import annotations

from collections.abc import Mapping

from kb.config.fact import Fact
from kb.config.facts_client import CLIENT
from kb.config.facts_server import SERVER

__all__ = ["FACTS", "Fact"]

FACTS: Mapping[str, Fact] = {fact.name: fact for fact in (*CLIENT, *SERVER)}
