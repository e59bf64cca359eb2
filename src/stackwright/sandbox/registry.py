"""What all processes of one installation agree on about sandboxes. Implemented by `projects.sandboxes`.

The engine knows which sandboxes there are; the registry knows whose turn it is and what the
project rows say. Both together make one sandbox per project, whoever asks and wherever.
"""

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

from stackwright.core.ids import ProjectId, SandboxId, UserId

Owner = tuple[UserId, ProjectId]
SandboxState = Literal["running", "paused", "killed", "none"]
Limit = Literal["user", "server"]


@dataclass(frozen=True, slots=True)
class Row:
    """What the project row says about its sandbox. `idle_s` None: never used."""

    owner: Owner
    state: SandboxState
    sandbox_id: SandboxId | None
    idle_s: float | None
    stamp: str
    """Changes with every note and touch; see `correct`."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """A broken sandbox whose disk is kept; another has taken its place."""

    owner: Owner
    sandbox_id: SandboxId
    age_s: float


class SandboxRegistry(Protocol):
    """Locks end with the process that holds them. Everything raises DatabaseUnavailable."""

    async def installation(self) -> str:
        """The name under which this installation's sandboxes are known to the engine."""
        ...

    def making(self, owner: Owner) -> AbstractAsyncContextManager[None]:
        """Wait to be the only one of all processes who finds or makes this owner's sandbox."""
        ...

    def using(self, owner: Owner) -> AbstractAsyncContextManager[None]:
        """Wait until nobody puts the sandbox away; nobody will while the block runs."""
        ...

    def if_unused(self, owner: Owner) -> AbstractAsyncContextManager[bool]:
        """Whether nobody makes or uses it and no run of the project is in progress; then nobody
        begins to while the block runs. Does not wait."""
        ...

    def counting(self) -> AbstractAsyncContextManager[None]:
        """Wait to be the only one who counts sandboxes against the limits."""
        ...

    async def keep_lead(self) -> bool:
        """Whether this process does the cleaning for all."""
        ...

    async def reserve(self, owner: Owner) -> None:
        """Count the owner as running until `note` or `release`, or for two minutes."""
        ...

    async def release(self, owner: Owner) -> None: ...

    async def reserved(self) -> Collection[Owner]: ...

    async def wait_in_line(self, owner: Owner, whose: Limit) -> int:
        """Stay in line for some seconds more; returns how many came before. For a place among the user's
        sandboxes only the user's projects are counted."""
        ...

    async def leave_line(self, owner: Owner) -> None: ...

    async def ahead(self, owner: Owner) -> int:
        """How many wait for a place on the server and came before; all, if the owner does not wait."""
        ...

    async def note(self, owner: Owner, state: SandboxState, sandbox_id: SandboxId | None) -> None:
        """Write into the project row what was just done, which counts as a use."""
        ...

    async def touch(self, owners: Collection[Owner]) -> None:
        """Note that the owners' sandboxes were used just now."""
        ...

    async def rows(self) -> Sequence[Row]:
        """Rows of all projects that have a sandbox, running or paused."""
        ...

    async def find_row(self, owner: Owner) -> Row | None: ...

    async def correct(self, row: Row, state: SandboxState, sandbox_id: SandboxId | None) -> bool:
        """Write what the engine says into the row, unless the row has changed since it was read."""
        ...

    async def set_aside(self, owner: Owner, sandbox_id: SandboxId) -> SandboxId | None:
        """Keep the sandbox's disk and give it to nobody. Returns the one it pushes out of its place."""
        ...

    async def aside(self) -> Sequence[SetAside]: ...

    async def forget_aside(self, one: SetAside) -> None:
        """Forget a sandbox that was set aside and is not there any more."""
        ...

    async def take_news(self, owner: Owner) -> bool:
        """Whether the sandbox was replaced and nobody was told yet. The next call answers False."""
        ...

    async def existing(self, owners: Collection[Owner]) -> Collection[Owner]:
        """Owners whose project is still there and still theirs, or can still be brought back."""
        ...
