"""Waiting in line for a sandbox when a limit is reached: first come, first served, in all processes."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from stackwright.core.errors import SandboxLimitReached
from stackwright.sandbox.registry import Owner, SandboxRegistry

T = TypeVar("T")
Tell = Callable[[str], None]

LOOK_EVERY_S = 0.5
PATIENCE_S = 1800.0
"""Longest time in line: longer than any healthy run works without a pause."""


async def in_turn(
    registry: SandboxRegistry, owner: Owner, attempt: Callable[[], Awaitable[T]], *, tell: Tell
) -> T:
    """What `attempt` gives, once there is room for it. Raises SandboxLimitReached when that takes too
    long."""
    try:
        return await attempt()
    except SandboxLimitReached as full:
        refusal = full
    told, deadline = "", time.monotonic() + PATIENCE_S
    try:
        while time.monotonic() < deadline:
            place = 1 + await registry.wait_in_line(owner, refusal.whose)
            sentence = f"{refusal.reason}: this message is number {place} in line for one."
            if sentence != told:
                tell(sentence)
                told = sentence
            await asyncio.sleep(LOOK_EVERY_S)
            if place > 1:
                continue
            try:
                return await attempt()
            except SandboxLimitReached as full:
                refusal = full
        raise refusal
    finally:
        await registry.leave_line(owner)
