"""What the model last saw of each file, and what changed in it since."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import unified_diff

from stackwright.tools.editing.text import is_binary, readable

MAX_KEPT_BYTES = 200_000
MAX_KEPT_IN_ALL_BYTES = 10_000_000
MAX_COMPARED_LINES = 5000
CONTEXT_LINES = 2
TOO_DIFFERENT = "(too large to be compared)"


@dataclass(frozen=True, slots=True)
class Seen:
    """`content` None: too large to be kept, or others needed the room."""

    digest: str
    content: bytes | None


class SeenFiles:
    """By path. Of very many bytes only the digests are kept, of the oldest first."""

    def __init__(self) -> None:
        self._files: dict[str, Seen] = {}
        self._kept_bytes = 0

    def note(self, path: str, content: bytes) -> None:
        self.forget(path)
        is_kept = len(content) <= MAX_KEPT_BYTES
        self._files[path] = Seen(digest(content), content if is_kept else None)
        self._kept_bytes += len(content) if is_kept else 0
        if self._kept_bytes > MAX_KEPT_IN_ALL_BYTES:
            self._make_room()

    def forget(self, path: str) -> None:
        former = self._files.pop(path, None)
        if former is not None:
            self._kept_bytes -= len(former.content or b"")

    def find(self, path: str) -> Seen | None:
        return self._files.get(path)

    def paths(self) -> Iterable[str]:
        return sorted(self._files)

    def _make_room(self) -> None:
        for path, seen in self._files.items():
            if self._kept_bytes <= MAX_KEPT_IN_ALL_BYTES:
                return
            if seen.content is not None:
                self._kept_bytes -= len(seen.content)
                self._files[path] = Seen(seen.digest, None)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def difference(path: str, before: bytes | None, after: bytes | None) -> str:
    """A unified diff; None is a file that is not there. Large and binary files are only named."""
    if any(content is not None and is_binary(content) for content in (before, after)):
        return f"(binary, {len(before or b'')} → {len(after or b'')} bytes)"
    old, new = (_lines(content) for content in (before, after))
    if len(old) > MAX_COMPARED_LINES or len(new) > MAX_COMPARED_LINES:
        return TOO_DIFFERENT
    names = ("/dev/null" if content is None else path for content in (before, after))
    compared = unified_diff(old, new, *names, lineterm="", n=CONTEXT_LINES)
    return "\n".join(line.rstrip("\r\n") for line in compared)


def _lines(content: bytes | None) -> list[str]:
    return [] if content is None else readable(content).splitlines()
