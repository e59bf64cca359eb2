"""The engine's control API through the official e2b SDK: sandboxes are made, found, paused and killed.

Its types and errors stop here. Options are passed explicitly, never by the environment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import e2b

from stackwright.core.errors import SandboxUnavailable
from stackwright.core.ids import SandboxId
from stackwright.sandbox.base import (
    EngineRefused,
    SandboxGone,
)
from stackwright.sandbox.client import E2BSandbox
from stackwright.sandbox.endpoint import CONTROL_TIMEOUT_S, REQUEST_TIMEOUT_S, Endpoint
from stackwright.sandbox.failures import asked
from stackwright.sandbox.http import SandboxHttp
from stackwright.sandbox.sdk_versions import (
    FILES_ONLY,
)

CREATE_TIMEOUT_S = 600.0
"""Limit for the making of a sandbox: the first one of a template may have to build it."""


async def connect(
    sandbox_id: str, endpoint: Endpoint, http: SandboxHttp, timeout_s: int
) -> E2BSandbox:
    """The sandbox with this id, resumed if it was paused. Raises SandboxGone."""
    async with asked(sandbox_id, limit_s=CONTROL_TIMEOUT_S):
        raw = await e2b.AsyncSandbox.connect(
            sandbox_id, timeout=timeout_s, request_timeout=REQUEST_TIMEOUT_S, **endpoint.options()
        )
    return E2BSandbox(raw, endpoint, http, timeout_s)


async def create(
    template: str,
    metadata: Mapping[str, str],
    endpoint: Endpoint,
    http: SandboxHttp,
    timeout_s: int,
) -> E2BSandbox:
    """A new sandbox that is paused, not killed, when its time runs out."""
    on_timeout: Any = {"on_timeout": {"action": "pause", **FILES_ONLY}}
    try:
        async with asked(template, limit_s=CREATE_TIMEOUT_S):
            raw = await e2b.AsyncSandbox.create(
                template,
                timeout=timeout_s,
                metadata=dict(metadata),
                lifecycle=on_timeout,
                request_timeout=CREATE_TIMEOUT_S,
                **endpoint.options(),
            )
    except SandboxGone as error:
        if isinstance(error.__cause__, e2b.TimeoutException):
            raise SandboxUnavailable("The engine did not make a sandbox in time.") from error
        raise EngineRefused(_without_template(template)) from error
    except EngineRefused as error:
        if template in str(error):
            raise EngineRefused(_without_template(template)) from error
        raise
    return E2BSandbox(raw, endpoint, http, timeout_s)


def _without_template(name: str) -> str:
    return f"The sandbox engine has no template {name!r}: build it there or set E2B_TEMPLATE_ID."


@dataclass(frozen=True, slots=True)
class Listed:
    """A sandbox as the engine lists it; `age_s` since it was made or last resumed."""

    id: SandboxId
    metadata: Mapping[str, str]
    is_running: bool
    age_s: float


async def listed(metadata: Mapping[str, str], endpoint: Endpoint) -> Sequence[Listed]:
    """Running and paused sandboxes with this metadata, newest first."""
    found: list[Listed] = []
    async with asked("list", limit_s=CONTROL_TIMEOUT_S):
        pages = e2b.AsyncSandbox.list(
            query=e2b.SandboxQuery(metadata=dict(metadata)), limit=100, **endpoint.options()
        )
        while pages.has_next:
            found += [_as_listed(info) for info in await pages.next_items()]
    return found


async def look(sandbox_id: str, endpoint: Endpoint) -> Listed:
    """The sandbox with this id, as it is; nothing is resumed. Raises SandboxGone."""
    async with asked(sandbox_id, limit_s=CONTROL_TIMEOUT_S):
        raw: Any = e2b.AsyncSandbox
        info = await raw.get_info(
            sandbox_id, request_timeout=REQUEST_TIMEOUT_S, **endpoint.options()
        )
    return _as_listed(info)


def _as_listed(info: e2b.SandboxInfo) -> Listed:
    age = (datetime.now(UTC) - info.started_at).total_seconds()
    is_running = info.state == e2b.SandboxState.RUNNING
    return Listed(SandboxId(info.sandbox_id), info.metadata, is_running, age)


async def pause(sandbox_id: str, endpoint: Endpoint) -> None:
    """Stop its processes and keep its disk."""
    async with asked(sandbox_id, limit_s=CONTROL_TIMEOUT_S):
        raw: Any = e2b.AsyncSandbox
        await raw.pause(sandbox_id, **FILES_ONLY, **endpoint.options())


async def kill(sandbox_id: str, endpoint: Endpoint) -> None:
    async with asked(sandbox_id, limit_s=CONTROL_TIMEOUT_S):
        raw: Any = e2b.AsyncSandbox
        await raw.kill(sandbox_id, **endpoint.options())
