"""What a pasted text names: the block list, the address, the seconds to wait, the limit, the peer, the certificate.

Law of this folder: pure functions over the pasted text, linear in it, on the fast path of `kb explain` (no import that costs
time); a value is a piece of the pasted text and its place, shown and never stored; what `kb.redact` takes for a secret is none.
The closed list of names is `names.NAMES`; how each is found is `rules.RULES`.
"""

from __future__ import annotations

from kb.values.find import Value, find_values

__all__ = ["Value", "find_values"]
