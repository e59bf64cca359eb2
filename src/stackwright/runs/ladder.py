"""What a failing proof leads to: each time that the same failure comes back, something stronger."""

from collections.abc import Sequence
from typing import Literal

Rung = Literal["tell", "help", "fresh", "give_up"]
RUNGS: tuple[Rung, ...] = ("tell", "help", "fresh", "give_up")
MAX_PROOFS = 6
"""Failing proofs of a run, whatever failed: two faults that take turns do not go on for ever."""


class Ladder:
    """Counts failing proofs by the signature of what failed."""

    def __init__(self) -> None:
        self._signatures: list[str] = []

    def restore(self, signatures: Sequence[str]) -> None:
        """Begin where the run stands: these proofs failed, perhaps under another worker."""
        self._signatures = list(signatures)

    @property
    def is_climbed(self) -> bool:
        """Whether a proof has failed."""
        return bool(self._signatures)

    def climb(self, signature: str) -> Rung:
        """A proof failed with this signature."""
        self._signatures.append(signature)
        if len(self._signatures) >= MAX_PROOFS:
            return "give_up"
        return RUNGS[min(self._signatures.count(signature), len(RUNGS)) - 1]
