"""Unprivileged ids of the host, one per sandbox, for an engine that runs as root.

On disk everything belongs to the engine; a mount shows it to the sandbox as belonging to the
sandbox's own id. So folders need no change of owner, and no two sandboxes share an id.
"""

import asyncio
import os
import random
from dataclasses import dataclass, field
from pathlib import Path

FIRST_UID, LAST_UID = 0x7000_0000, 0x7FF0_0000
_ENGINE, _HELPER = 0, 65534
"""Owners on disk: of a sandbox's files, and of the files the overlay makes for itself."""


@dataclass(frozen=True)
class Identity:
    """`uid` is user and group of every process. `namespace` (a descriptor) maps owners to it."""

    uid: int
    namespace: int


@dataclass(slots=True)
class UidPool:
    """Ids come from a range no distribution assigns, from a random start, so that two engines of
    one host do not share any."""

    _next: int = field(default_factory=lambda: random.randrange(FIRST_UID, LAST_UID))  # noqa: S311
    _free: list[Identity] = field(default_factory=list[Identity])

    async def take(self) -> Identity:
        """An id that no running sandbox has. OSError when the host does not let us map owners."""
        if self._free:
            return self._free.pop()
        uid, self._next = self._next, self._next + 1
        return Identity(uid, await _namespace_mapping_to(uid))

    def give_back(self, identity: Identity) -> None:
        """After the last process with this id has ended."""
        self._free.append(identity)


async def _namespace_mapping_to(uid: int) -> int:
    """A user namespace without processes: it lives as long as its descriptor."""
    holder = await asyncio.create_subprocess_exec(
        *("/usr/bin/unshare", "--user", "--", "/bin/cat"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={},
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    try:
        holder.stdin.write(b"there\n")
        if not await holder.stdout.readline():
            raise OSError("no user namespace can be made")
        process = Path("/proc", str(holder.pid))
        for name in ("uid_map", "gid_map"):
            (process / name).write_text(f"{_ENGINE} {uid} 1\n{_HELPER} 0 1\n")
        return os.open(process / "ns/user", os.O_RDONLY | os.O_CLOEXEC)
    finally:
        holder.stdin.close()
        await holder.wait()
