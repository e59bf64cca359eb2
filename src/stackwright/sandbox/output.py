"""Output of commands, kept within a bound."""


class BoundedText:
    """Collects text; of more than `limit` characters the beginning and the end are kept."""

    def __init__(self, limit: int) -> None:
        self._half = max(limit // 2, 1)
        self._head = ""
        self._tail = ""
        self._cut = 0

    def add(self, text: str) -> None:
        room = self._half - len(self._head)
        if room > 0:
            self._head += text[:room]
            text = text[room:]
        self._tail += text
        if len(self._tail) > 2 * self._half:
            self._trim()

    def text(self) -> str:
        self._trim()
        gap = f"\n[… {self._cut} characters left out …]\n" if self._cut else ""
        return self._head + gap + self._tail

    def _trim(self) -> None:
        spare = max(len(self._tail) - self._half, 0)
        self._cut += spare
        self._tail = self._tail[spare:]
