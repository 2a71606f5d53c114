"""Whole mail logs: every failure in them, grouped by what it means.

Law of this folder: a pure core, `scan` (bytes of whole lines -> Tally) and `Tally.add` (associative, commutative), and at
its edge `sources` and `journal` (files -> blocks of whole lines), `plan` and `run` (ranges, processes, a cluster). Users'
addresses never get into a tally, only their domains; sample lines are redacted before they are kept.
"""
