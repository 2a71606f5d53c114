"""Watching a mail log: each new kind of failure explained once, then counted.

Law of this folder: `tally` and `show` are pure; only `follow` touches files and the clock. Memory is bounded whatever a log
says: kinds, lines and the place for a line's beginning have limits.
"""

from __future__ import annotations

from kb.watch.tally import Kind, Tally

__all__ = ["Kind", "Tally"]
