"""Comparing two sequences with a bound on the work, which is cubic at worst."""

from collections import Counter
from collections.abc import Hashable, Sequence
from difflib import Match, SequenceMatcher
from itertools import accumulate
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


class TooMuchWork(Exception):
    """The sequences are too alike everywhere to be compared in bounded time."""


class WorkLimit:
    """How many pairs of equal elements may still be looked at. A million take about 0.2 s."""

    def __init__(self, steps: int) -> None:
        self._left = steps

    def spend(self, steps: int) -> None:
        """Raises TooMuchWork when the limit is reached."""
        self._left -= steps
        if self._left < 0:
            raise TooMuchWork


class BoundedMatcher(SequenceMatcher[T]):
    """A SequenceMatcher that raises TooMuchWork when its limit is used up."""

    def __init__(self, one: Sequence[T], other: Sequence[T], limit: WorkLimit) -> None:
        super().__init__(None, one, other, autojunk=False)
        self._limit = limit
        counts = Counter(other)
        equal = (counts[element] + 1 for element in one)
        self._work = list(accumulate(equal, initial=0))

    def find_longest_match(
        self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None
    ) -> Match:
        until = len(self._work) - 1 if ahi is None else ahi
        self._limit.spend(self._work[until] - self._work[alo])
        return super().find_longest_match(alo, ahi, blo, bhi)
