"""Text of no known format: the whole of it is the diagnostic. The last resort."""

from __future__ import annotations

from kb.inputs.codes import find_codes, gloss_end, is_success
from kb.inputs.observation import Observation

NAME = "plain"


def parse(text: str, start: int = 0, name: str = NAME) -> tuple[Observation, ...]:
    """One observation of the whole text; none when it is blank or a bare reply of success."""
    body = text.strip()
    body = body[gloss_end(body) :]
    if not body or (is_success(body) and "\n" not in body):
        return ()
    reply, enhanced = find_codes(body)
    return (
        Observation(
            diagnostic=body,
            start=start + text.index(body),
            format=name,
            reply_code=reply,
            enhanced_status=enhanced,
        ),
    )
