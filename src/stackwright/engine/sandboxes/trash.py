"""The folders of ended sandboxes until they are erased, which takes long and nobody waits for."""

import asyncio
from pathlib import Path

from stackwright.core.tasks import spawn
from stackwright.engine.files import erase_leftover


class Trash:
    """Lies on the disk of what it gets, so that a rename is enough. A later engine empties it too."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._emptying = asyncio.Lock()

    async def discard(self, folder: Path) -> None:
        """Take a folder out of its place now and erase it in the background. Raises OSError."""
        await asyncio.to_thread(self._take, folder)
        self.begin_emptying()

    def begin_emptying(self) -> None:
        spawn(self._empty(), name="empty trash")

    def _take(self, folder: Path) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        folder.rename(self._folder / folder.name)

    async def _empty(self) -> None:
        async with self._emptying:
            await asyncio.to_thread(_erase_below, self._folder)


def _erase_below(folder: Path) -> None:
    if folder.is_dir():
        for one in folder.iterdir():
            erase_leftover(one)
