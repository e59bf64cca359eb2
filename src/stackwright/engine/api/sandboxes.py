"""The control API: what E2B's SDK sends to create, find and end sandboxes."""

import asyncio
import errno
import hmac
import logging
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl, unquote

from stackwright.core.tasks import spawn
from stackwright.engine.api.metrics import Meter
from stackwright.engine.api.responses import Answer, page, problem
from stackwright.engine.api.snapshots import SnapshotApi
from stackwright.engine.api.validation import moment, number, texts, typed
from stackwright.engine.config import Limits
from stackwright.engine.errors import ApiError, BadRequest, BootError, NotFound, Unauthorized
from stackwright.engine.http1 import HttpError, Request, Responder
from stackwright.engine.network.rules import EGRESS_FIELDS, NetworkRules, refuse_unkept
from stackwright.engine.record import DEFAULT_TIMEOUT_S, Record, new_sandbox_id
from stackwright.engine.sandboxes.registry import Sandboxes
from stackwright.engine.sandboxes.sandbox import Sandbox
from stackwright.engine.templates.builder import Builder, BuildFailed, BuiltTemplate
from stackwright.engine.templates.snapshots import DEFAULT_TAG, Snapshots
from stackwright.engine.templates.spec import TemplateError

log = logging.getLogger(__name__)

IDEMPOTENCY_KEPT_S = 600.0
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)

Action = Callable[[Sandbox, Request, dict[str, Any]], Awaitable[Answer]]


class ControlApi:
    """Answers requests that name no sandbox port; routes of all SDK versions since 2.45."""

    def __init__(
        self,
        *,
        api_key: str,
        sandboxes: Sandboxes,
        snapshots: Snapshots,
        builder: Builder,
        limits: Limits,
    ) -> None:
        self._api_key = api_key
        self._sandboxes = sandboxes
        self._snapshots = snapshots
        self._builder = builder
        self._limits = limits
        self._meter = Meter(limits)
        self._creations: dict[str, tuple[float, asyncio.Task[Answer]]] = {}
        routes = SnapshotApi(sandboxes, snapshots, limits)
        self._delete_snapshot = routes.delete
        self._list_snapshots = routes.list
        self._actions: dict[tuple[str, str], Action] = {
            ("GET", ""): self._detail,
            ("DELETE", ""): self._kill,
            ("POST", "connect"): self._connect,
            ("POST", "resume"): self._connect,
            ("POST", "timeout"): self._set_timeout,
            ("POST", "refreshes"): self._refresh,
            ("POST", "pause"): self._pause,
            ("POST", "snapshots"): routes.take,
            ("POST", "fork"): routes.fork,
            ("PUT", "network"): self._set_network,
            ("GET", "metrics"): self._metrics,
            ("GET", "logs"): self._logs,
        }

    async def answer(self, request: Request, responder: Responder) -> None:
        try:
            status, value, headers = await self._route(request)
        except ApiError as error:
            status, value, headers = error.status, problem(error.status, error.message), {}
            if error.retry_after_s is not None:
                headers = {"Retry-After": str(error.retry_after_s)}
        except HttpError as error:
            status, value, headers = error.status, problem(error.status, error.message), {}
        except (ConnectionError, TimeoutError):
            raise  # of the client's own connection
        except OSError as error:
            log.exception("request_failed")
            status = 507 if error.errno in _NO_SPACE else 500
            value, headers = problem(status, error.strerror or "the host refuses it"), {}
        # refused before its body was read: the client must not send the next request after it
        responder.keep_alive = responder.keep_alive and request.body.finished
        if value is None:
            await responder.empty(status)
        else:
            await responder.send_json(status, value, headers)

    async def _route(self, request: Request) -> Answer:
        if request.path == "/health":
            return 200, {"status": "ok"}, {}
        given = request.headers.get("x-api-key", "")
        if not hmac.compare_digest(given.encode(), self._api_key.encode()):
            raise Unauthorized("the API key is missing or not this engine's")
        parts = [unquote(part) for part in request.path.strip("/").split("/")]
        if parts[0] in ("v2", "v3"):
            parts = parts[1:]
        match parts:
            case ["sandboxes"] if request.method == "GET":
                return self._list(request.query)
            case ["sandboxes"] if request.method == "POST":
                return await self._create_once(request)
            case ["snapshots"] if request.method == "GET":
                return self._list_snapshots(request.query)
            case ["templates", *rest]:
                return await self._on_template(request, rest)
            case ["sandboxes", "metrics"] if request.method == "GET":
                return await self._many_metrics(request.query)
            case ["sandboxes", sandbox_id, *action] if len(action) <= 1:
                return await self._act(request, sandbox_id, "".join(action))
            case _:
                raise NotFound(f"no route {request.method} {request.path}")

    async def _act(self, request: Request, sandbox_id: str, name: str) -> Answer:
        action = self._actions.get((request.method, name))
        if action is None:
            raise NotFound(f"no route {request.method} {request.path}")
        body = await request.body.json()
        return await action(self._sandboxes.get(sandbox_id), request, body)

    async def _create_once(self, request: Request) -> Answer:
        """A repeated Idempotency-Key joins the creation it repeats."""
        body = await request.body.json()
        key = request.headers.get("idempotency-key")
        if key is None:
            return await self._create(body)
        oldest = time.monotonic() - IDEMPOTENCY_KEPT_S
        for stale in [k for k, (at, _) in self._creations.items() if at < oldest]:
            del self._creations[stale]
        if key not in self._creations:
            task = spawn(_settled(self._create(body)), name="create sandbox")
            self._creations[key] = time.monotonic(), task
        answer = await asyncio.shield(self._creations[key][1])
        if answer[0] >= 400:
            self._creations.pop(key, None)
        return answer

    async def _create(self, body: dict[str, Any]) -> Answer:
        for unsupported in ("volumeMounts", "iam", "sidecars"):
            if body.get(unsupported):
                raise BadRequest(f"{unsupported} is not supported by this engine")
        # templates of E2B have tags; those of this engine have the default one
        name = (typed(body, "templateID", str) or "").removesuffix(f":{DEFAULT_TAG}")
        template = await self._find_template(name)
        if template is not None:
            return await self._create_from(name, template, body)
        snapshot = self._snapshots.find(name)
        if snapshot is None:
            raise NotFound(f"template '{name}' not found")
        with self._snapshots.held(snapshot):
            return await self._create_from(name, snapshot.as_template(), body)

    async def _on_template(self, request: Request, rest: list[str]) -> Answer:
        """Snapshots are templates to E2B: that is how they are deleted."""
        match request.method, rest:
            case "GET", ["aliases", name]:
                if self._snapshots.find(name) is None and not await self._builder.knows(name):
                    raise NotFound(f"template '{name}' not found")
                return 200, {"templateID": name, "public": False}, {}
            case "DELETE", [reference]:
                return await self._delete_snapshot(reference)
            case _:
                raise NotFound(f"no route {request.method} {request.path}")

    async def _find_template(self, name: str) -> BuiltTemplate | None:
        try:
            return await self._builder.find_built(name)
        except (TemplateError, BuildFailed) as error:
            raise BootError(f"template {name!r} cannot be built: {error}") from error

    async def _create_from(
        self, name: str, template: BuiltTemplate, body: dict[str, Any]
    ) -> Answer:
        timeout_s = self._timeout(body)
        network: dict[str, Any] = typed(body, "network", dict) or {}
        auto_resume: dict[str, Any] = typed(body, "autoResume", dict) or {}
        allow_internet: bool | None = typed(body, "allow_internet_access", bool)
        refuse_unkept(network)
        NetworkRules.parsed(network, allow_internet=allow_internet)
        is_public = network.get("allowPublicTraffic") is not False
        record = Record(
            id=new_sandbox_id(),
            template=name,
            layers=list(template.layers),
            token=secrets.token_urlsafe(24),
            metadata=texts(body, "metadata"),
            envs=texts(body, "envVars"),
            template_env=template.env,
            start=template.start,
            timeout_s=timeout_s,
            auto_pause=body.get("autoPause") is True,
            auto_pause_memory=body.get("autoPauseMemory") is not False,
            auto_resume=auto_resume.get("enabled") is True,
            network=network,
            traffic_token=None if is_public else secrets.token_urlsafe(16),
            allow_internet=allow_internet,
        )
        sandbox = await self._sandboxes.create(record)
        return 201, sandbox.record.created_view(), {}

    def _list(self, query: dict[str, str]) -> Answer:
        records = [s.record for s in self._sandboxes.all() if _matches(s.record, query)]
        newest_first = query.get("order", "desc") != "asc"
        views = (((r.started_at, r.id), r.listed_view(self._limits)) for r in records)
        return page(views, query, newest_first=newest_first)

    async def _detail(self, sandbox: Sandbox, request: Request, body: dict[str, Any]) -> Answer:
        del request, body
        return 200, sandbox.record.detail_view(self._limits), {}

    async def _kill(self, sandbox: Sandbox, request: Request, body: dict[str, Any]) -> Answer:
        del request, body
        await self._sandboxes.kill(sandbox)
        return 204, None, {}

    async def _connect(self, sandbox: Sandbox, request: Request, body: dict[str, Any]) -> Answer:
        del request
        keep_memory = body.get("memory") is not False
        resumed = await self._sandboxes.connect(
            sandbox, self._timeout(body), keep_memory=keep_memory
        )
        return (201 if resumed else 200), sandbox.record.created_view(), {}

    async def _set_timeout(
        self, sandbox: Sandbox, request: Request, body: dict[str, Any]
    ) -> Answer:
        del request
        await self._sandboxes.set_timeout(sandbox, self._timeout(body))
        return 204, None, {}

    async def _refresh(self, sandbox: Sandbox, request: Request, body: dict[str, Any]) -> Answer:
        del request
        duration = min(
            typed(body, "duration", int) or DEFAULT_TIMEOUT_S, self._limits.max_timeout_s
        )
        await self._sandboxes.set_timeout(sandbox, duration, only_longer=True)
        return 204, None, {}

    async def _pause(self, sandbox: Sandbox, request: Request, body: dict[str, Any]) -> Answer:
        del request
        await self._sandboxes.pause(sandbox, keep_memory=body.get("memory") is not False)
        return 204, None, {}

    async def _set_network(
        self, sandbox: Sandbox, request: Request, body: dict[str, Any]
    ) -> Answer:
        """Replaces the rules for the way out, keeping those for the way in."""
        del request
        record = sandbox.record
        kept = {k: v for k, v in record.network.items() if k not in EGRESS_FIELDS}
        given = {name: body[name] for name in EGRESS_FIELDS if name in body}
        refuse_unkept(given)
        allow_internet: bool | None = typed(body, "allow_internet_access", bool)
        await self._sandboxes.set_network(sandbox, kept | given, allow_internet)
        return 204, None, {}

    async def _metrics(self, sandbox: Sandbox, request: Request, body: dict[str, Any]) -> Answer:
        del body
        until = request.query.get("end")
        if until is not None and number(until, "end") < int(sandbox.record.started_at):
            return 200, [], {}
        return 200, [await self._meter.sample(sandbox)], {}

    async def _many_metrics(self, query: dict[str, str]) -> Answer:
        wanted = set(query.get("sandbox_ids", "").split(","))
        chosen = [s for s in self._sandboxes.all() if s.record.id in wanted]
        samples = {s.record.id: await self._meter.sample(s) for s in chosen}
        return 200, {"sandboxes": samples}, {}

    async def _logs(self, sandbox: Sandbox, request: Request, body: dict[str, Any]) -> Answer:
        del sandbox, request, body
        return 200, {"logs": [], "logEntries": []}, {}

    def _timeout(self, body: dict[str, Any]) -> int:
        timeout_s = typed(body, "timeout", int)
        if timeout_s is None:
            return DEFAULT_TIMEOUT_S
        if not 0 <= timeout_s <= self._limits.max_timeout_s:
            raise BadRequest(
                f"timeout is {timeout_s}, allowed are 0 to {self._limits.max_timeout_s} seconds"
            )
        return timeout_s


async def _settled(creation: Awaitable[Answer]) -> Answer:
    try:
        return await creation
    except ApiError as error:
        return error.status, problem(error.status, error.message), {}


def _matches(record: Record, query: dict[str, str]) -> bool:
    states = query.get("state", "running,paused").split(",")
    # the SDK quotes keys and values once before it encodes the query
    wanted = {
        unquote(k): unquote(v)
        for k, v in parse_qsl(query.get("metadata", ""), keep_blank_values=True)
    }
    if record.state not in states or not wanted.items() <= record.metadata.items():
        return False
    if query.get("template") not in (None, record.template):
        return False
    after = query.get("startedAfter")
    return after is None or record.started_at >= moment(after)
