"""The snapshot routes of the control API: take, list, delete, and fork."""

import asyncio
import secrets
from dataclasses import replace
from typing import Any

from stackwright.engine.api.responses import Answer, page, problem
from stackwright.engine.api.validation import typed
from stackwright.engine.config import Limits
from stackwright.engine.errors import ApiError, BadRequest
from stackwright.engine.http1 import Request
from stackwright.engine.record import DEFAULT_TIMEOUT_S, Record, new_sandbox_id
from stackwright.engine.sandboxes.registry import Sandboxes
from stackwright.engine.sandboxes.sandbox import Sandbox
from stackwright.engine.templates.snapshots import Snapshot, Snapshots, parse_reference

MAX_FORKS = 20


class SnapshotApi:
    """Answers for `ControlApi`, which has checked the key and found the sandbox."""

    def __init__(self, sandboxes: Sandboxes, snapshots: Snapshots, limits: Limits) -> None:
        self._sandboxes = sandboxes
        self._snapshots = snapshots
        self._limits = limits

    async def take(self, sandbox: Sandbox, request: Request, body: dict[str, Any]) -> Answer:
        del request
        name = typed(body, "name", str)
        snapshot = await self._sandboxes.take_snapshot(sandbox, name=name)
        return 201, snapshot.view(), {}

    def list(self, query: dict[str, str]) -> Answer:
        found = self._snapshots.listed()
        if sandbox_id := query.get("sandboxID"):
            found = [snapshot for snapshot in found if snapshot.sandbox_id == sandbox_id]
        if reference := query.get("name"):
            name, tag = parse_reference(reference)
            found = [snapshot for snapshot in found if snapshot.is_called(name, tag)]
        return page((((s.created_at, s.id), s.view()) for s in found), query)

    async def delete(self, reference: str) -> Answer:
        await self._snapshots.delete(reference)
        await self._snapshots.collect(self._sandboxes.records())
        return 204, None, {}

    async def fork(self, sandbox: Sandbox, request: Request, body: dict[str, Any]) -> Answer:
        del request
        count = typed(body, "count", int)
        count = 1 if count is None else count
        if not 1 <= count <= MAX_FORKS:
            raise BadRequest(f"count is {count}, allowed are 1 to {MAX_FORKS}")
        timeout_s = typed(body, "timeout", int)
        timeout_s = DEFAULT_TIMEOUT_S if timeout_s is None else timeout_s
        if not 0 <= timeout_s <= self._limits.max_timeout_s:
            raise BadRequest(
                f"timeout is {timeout_s}, allowed are 0 to {self._limits.max_timeout_s}"
            )
        snapshot = await self._sandboxes.take_snapshot(sandbox, listed=False)
        with self._snapshots.held(snapshot):
            forks = (self._fork(sandbox.record, snapshot, timeout_s) for _ in range(count))
            results = await asyncio.gather(*forks)
        return 201, results, {}

    async def _fork(self, record: Record, snapshot: Snapshot, timeout_s: int) -> dict[str, Any]:
        fork = replace(
            record,
            id=new_sandbox_id(),
            layers=list(snapshot.as_template().layers),
            token=secrets.token_urlsafe(24),
            traffic_token=None if record.traffic_token is None else secrets.token_urlsafe(16),
            metadata=dict(record.metadata),
            envs=dict(record.envs),
            network=dict(record.network),
            state="running",
            timeout_s=timeout_s,
        )
        try:
            sandbox = await self._sandboxes.create(fork)
        except ApiError as error:
            return {"error": problem(error.status, error.message)}
        return {"sandbox": sandbox.record.created_view()}
