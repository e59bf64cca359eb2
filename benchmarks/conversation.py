"""What a benchmark's conversation is like: written into its first message, read by the model server.

The server keeps no scripts, so every side of a comparison can be given the same conversation.
"""

import re
from dataclasses import dataclass
from typing import Literal, Self

FILE_BYTES = 4096

Tool = Literal["plan", "write", "none"]
_MARKER = re.compile(
    rb"bench run=(\S+) steps=(\d+) tool=(plan|write|none) tokens=(\d+) rate=([\d.]+) thinks=([\d.]+) end"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """`steps` calls of `tool`, then a text of `tokens` pieces.

    `rate` is how many pieces come a second; 0 sends everything at once. Before each turn the model
    thinks for `thinks_s`. The name of the run tells conversations apart."""

    run: str
    steps: int = 0
    tool: Tool = "none"
    tokens: int = 1
    rate: float = 0
    thinks_s: float = 0

    @property
    def message(self) -> str:
        """The message to send to the agent."""
        return (
            f"bench run={self.run} steps={self.steps} tool={self.tool} "
            f"tokens={self.tokens} rate={self.rate} thinks={self.thinks_s} end"
        )

    @classmethod
    def found_in(cls, body: bytes) -> tuple[Self, int]:
        """The newest conversation of a request's body, and how often the model has spoken in it.

        Raises ValueError when there is none."""
        start = body.rfind(b"bench run=")
        found = _MARKER.match(body, max(start, 0))
        if found is None:
            raise ValueError("no message of the request describes a benchmark")
        run, steps, tool, tokens, rate, thinks_s = found.groups()
        spoken = body.count(b'"role":"assistant"', start) + body.count(
            b'"role": "assistant"', start
        )
        known: Tool = "plan" if tool == b"plan" else "write" if tool == b"write" else "none"
        conversation = cls(
            run=run.decode(),
            steps=int(steps),
            tool=known,
            tokens=int(tokens),
            rate=float(rate),
            thinks_s=float(thinks_s),
        )
        return conversation, spoken


def warm_up(run: str) -> Conversation:
    """One that waits for its project's sandbox, so that the next one finds it."""
    return Conversation(run=run, steps=1, tool="plan")
