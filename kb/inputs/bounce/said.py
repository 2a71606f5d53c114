"""A place in a part of a message, and the observation of what is said there."""

from __future__ import annotations

from kb.inputs.bounce.message import Part
from kb.inputs.codes import find_codes
from kb.inputs.observation import Observation
from kb.record import Record

NAME = "dsn"


class Said(Record):
    """`part.text[begin:end]`."""

    part: Part
    begin: int
    end: int

    @property
    def text(self) -> str:
        """The words there, as they stand."""
        return self.part.text[self.begin : self.end]

    def observation(self, paste: str) -> Observation:
        """The words on one line, as long as they were, so that each place in them is a place in the paste."""
        raw = self.text
        words = raw.strip()
        line = words.replace("\n<<< ", "     ").replace("\n", " ").replace("\t", " ")
        reply, status = find_codes(line)
        start = self.part.begin + self.begin + raw.index(words) if self.part.exact else self._look_for(words, paste)
        return Observation(diagnostic=line, start=start, format=NAME, reply_code=reply, enhanced_status=status)

    def _look_for(self, words: str, paste: str) -> int:
        """Where words of an encoded part, or the first line of them, stand in the paste all the same; 0 when nowhere."""
        for wanted in (words, words.partition("\n")[0]):
            at = paste.find(wanted, self.part.begin, self.part.end)
            if at >= 0:
                # Decoded words can be longer than what stands there.
                return max(0, min(at, len(paste) - len(words)))
        return 0
