"""Notices when a run goes in circles: the same call again and again, edits that undo each other."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import orjson

from stackwright.core.events import Event, FileChanged

TOLD_FROM = 3
"""Calls with the same arguments and the same answer from which on the model is told."""
MAX_KNOWN = 2000

SAME_CALL = (
    "This is call number {count} with the same arguments and the same answer. It will not answer "
    "otherwise: change what it looks at, or do something else."
)
UNDONE = (
    "{paths} now has the contents that it had before, {ago} edits ago in this run: your edits undo each other. "
    "Say what both were for, then make one change that serves both."
)


class Repetition:
    """What one worker saw of a run. Its notes go to the model with a tool's result."""

    def __init__(self) -> None:
        self._calls: Counter[int] = Counter()
        self._contents: dict[str, list[str]] = {}
        self._undone: dict[str, int] = {}

    def saw(self, event: Event) -> None:
        """Look at what a run tells."""
        if not isinstance(event, FileChanged):
            return
        digests = self._contents.setdefault(event.path, [])
        digest = event.sha256 or ""
        if digest in digests[:-1]:
            self._undone[event.path] = len(digests) - digests.index(digest)
        if not digests or digests[-1] != digest:
            digests.append(digest)

    def note(self, name: str, arguments: Mapping[str, Any], answer: str) -> str:
        """What the model should know about a call that has just ended; mostly empty."""
        if undone := self._take_undone():
            return undone
        if len(self._calls) >= MAX_KNOWN:
            self._calls.clear()
        call = hash((name, orjson.dumps(arguments, option=orjson.OPT_SORT_KEYS), answer))
        self._calls[call] += 1
        count = self._calls[call]
        return SAME_CALL.format(count=count) if count >= TOLD_FROM else ""

    def _take_undone(self) -> str:
        undone, self._undone = self._undone, {}
        if not undone:
            return ""
        return UNDONE.format(paths=", ".join(sorted(undone)[:5]), ago=max(undone.values()))
