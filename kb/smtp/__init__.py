"""The SMTP protocol as pure data and functions: codes, stages, commands, SASL mechanisms, ports.

The law of this folder:

- Standard library and `kb.text` only; no I/O, no clock, no environment.
- No import of `typing`, `dataclasses`, `re` or `enum`: `kb explain` pays for every import at start-up. Records are
  subclasses of `collections.namedtuple` with annotations, as in `kb/text.py`.
- Every row names the RFC it stands on, and everything a reader sees is in both languages.
- No reason is given where the code alone does not fix one: a reply code never does, an enhanced status code sometimes.
"""
