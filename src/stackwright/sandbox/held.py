"""The live sandboxes that one process has in hand: trusted, tried again, renewed while they are used."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from stackwright.core.errors import PlatformError
from stackwright.core.metrics import Metrics
from stackwright.sandbox.base import SandboxGone
from stackwright.sandbox.client import E2BSandbox
from stackwright.sandbox.health import answers, works
from stackwright.sandbox.registry import Owner, SandboxRegistry

log = logging.getLogger(__name__)

TRUSTED_FOR_S = 5.0
"""A sandbox that answered so recently is not asked again whether it lives."""


@dataclass(slots=True)
class _Held:
    """Times are monotonic."""

    sandbox: E2BSandbox
    used_at: float
    checked_at: float
    touched_at: float
    """Time of the last use that the registry knows of."""


class HeldSandboxes:
    """At most one for each owner. What is not used for `idle_timeout_s` is forgotten, not ended."""

    def __init__(
        self, registry: SandboxRegistry, metrics: Metrics, *, idle_timeout_s: float
    ) -> None:
        self._registry = registry
        self._metrics = metrics
        self._idle_timeout_s = idle_timeout_s
        self._held: dict[Owner, _Held] = {}
        self._uses: Counter[Owner] = Counter()

    def __len__(self) -> int:
        return len(self._held)

    async def find(self, owner: Owner) -> E2BSandbox | None:
        """The owner's sandbox, if it is sound. It counts as used now."""
        held = self._held.get(owner)
        if held is None:
            return None
        now = time.monotonic()
        if held.sandbox.is_suspect or now - held.checked_at >= TRUSTED_FOR_S:
            if not await _is_sound(held.sandbox):
                self._drop(owner, held)
                return None
            held.checked_at = now
        held.used_at = now
        self._metrics.sandbox_given("memory")
        return held.sandbox

    def add(self, owner: Owner, sandbox: E2BSandbox) -> None:
        """Hold a sandbox that answers now, and of whose use the registry knows."""
        now = time.monotonic()
        self._held[owner] = _Held(sandbox, used_at=now, checked_at=now, touched_at=now)

    def forget(self, owner: Owner) -> None:
        self._held.pop(owner, None)

    def distrust(self, owner: Owner) -> None:
        """Ask the sandbox whether it lives before it is given out again."""
        if (held := self._held.get(owner)) is not None:
            held.checked_at = float("-inf")

    @contextmanager
    def used(self, owner: Owner) -> Generator[None]:
        """While the block runs, the owner's sandbox is in use, whether it is held yet or not."""
        self._uses[owner] += 1
        try:
            yield
        finally:
            self._uses[owner] -= 1
            if not self._uses[owner]:
                del self._uses[owner]
            if (held := self._held.get(owner)) is not None:
                held.used_at = time.monotonic()

    async def renew(self, *, within_s: float) -> None:
        """Keep sandboxes alive that are used here or were lately, and tell the registry of the uses.
        One that hangs holds up no other for longer than `within_s`."""
        for owner, held in list(self._held.items()):
            if self._uses[owner]:
                held.used_at = time.monotonic()
            elif time.monotonic() - held.used_at >= self._idle_timeout_s:
                self.forget(owner)
        kept = (self._keep_alive(*each, within_s) for each in self._held.items())
        await asyncio.gather(*kept)
        used = {o: h for o, h in self._held.items() if h.used_at > h.touched_at}
        if used:
            async with asyncio.timeout(within_s):
                await self._registry.touch(used.keys())
            for held in used.values():
                held.touched_at = held.used_at

    async def _keep_alive(self, owner: Owner, held: _Held, within_s: float) -> None:
        try:
            async with asyncio.timeout(within_s):
                await held.sandbox.keep_alive()
        except SandboxGone:
            self._drop(owner, held)
        except (PlatformError, TimeoutError) as error:
            log.warning("sandbox_not_renewed", extra={"error": repr(error)})

    def _drop(self, owner: Owner, held: _Held) -> None:
        """Forget a sandbox that does not answer any more."""
        if self._held.get(owner) is held:
            del self._held[owner]
            self._metrics.sandbox_lost()


async def _is_sound(sandbox: E2BSandbox) -> bool:
    """Whether it can be given out: a suspect one is tried, any other only has to answer."""
    if not sandbox.is_suspect:
        return await answers(sandbox)
    sandbox.is_suspect = not await works(sandbox)
    return not sandbox.is_suspect
