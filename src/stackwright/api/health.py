"""Liveness, readiness and the health of each part."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from stackwright.api.deps import Services
from stackwright.api.ports import ApiServices, PartHealth, Probe
from stackwright.core.errors import NotReady, PlatformError
from stackwright.core.tasks import spawn

router = APIRouter(tags=["health"])
log = logging.getLogger(__name__)

PROBE_TIMEOUT_S = 3.0
FRESH_S, KEPT_S = 0.5, 2.0
"""How old a result may be without a new probe, and while a new probe runs."""


class PartOut(BaseModel):
    status: Literal["ok", "failed", "off"]
    milliseconds: float
    detail: dict[str, Any]


class Health(BaseModel):
    status: Literal["ok", "degraded", "failed"] = Field(
        description="`failed`: a part is down without which nothing works."
    )
    version: str
    parts: dict[str, PartOut]


class Version(BaseModel):
    name: Literal["stackwright"] = "stackwright"
    version: str


class CachedHealth:
    """The last result of probing every part.

    The parts are probed once at a time, however many requests come, and a busy platform answers at
    once. Only a good result is reused, for a short time."""

    def __init__(
        self,
        look: Callable[[], Coroutine[Any, Any, Health]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._look = look
        self._clock = clock
        self._looking: asyncio.Task[Health] | None = None
        self._known: Health | None = None
        self._known_at = 0.0

    async def newest(self) -> Health:
        age_s = self._clock() - self._known_at
        known = self._known if age_s <= KEPT_S else None
        if known is None or age_s > FRESH_S:
            looking = self._begin_to_look()
            if known is None or known.status != "ok":
                return await asyncio.shield(looking)
        return known

    def _begin_to_look(self) -> asyncio.Task[Health]:
        if self._looking is None or self._looking.done():
            self._looking = spawn(self._look_once(), name="health")
        return self._looking

    async def _look_once(self) -> Health:
        began = self._clock()
        self._known = await self._look()
        self._known_at = began
        return self._known


async def _board_of(request: Request) -> CachedHealth:
    return request.app.state.health


@router.get("/health", responses={503: {"model": Health}})
async def get_health(
    board: Annotated[CachedHealth, Depends(_board_of)], response: Response
) -> Health:
    """The health of every part, at most two seconds old."""
    health = await board.newest()
    if health.status == "failed":
        response.status_code = 503
    return health


@router.get("/livez")
async def get_liveness() -> dict[str, str]:
    """The process answers. Depends on nothing."""
    return {"status": "ok"}


@router.get("/readyz")
async def get_readiness(services: Services) -> dict[str, str]:
    """The platform takes messages now; 503 until then."""
    required = {n: p for n, p in services.probes.items() if n in services.required_probes}
    health = await _look(services, required)
    if health.status != "ok" or services.stopping.is_set():
        failed = [name for name, part in health.parts.items() if part.status == "failed"]
        raise NotReady(f"Not ready: {', '.join(failed) or 'stopping'}.")
    return {"status": "ok"}


@router.get("/api/version")
async def get_version(services: Services) -> Version:
    return Version(version=services.version)


def cached_health(services: ApiServices) -> CachedHealth:
    return CachedHealth(lambda: _look(services, services.probes))


async def _look(services: ApiServices, probes: Mapping[str, Probe]) -> Health:
    answers = await asyncio.gather(*(_ask(name, probe) for name, probe in probes.items()))
    parts = dict(zip(probes, answers, strict=True))
    failed = {name for name, part in parts.items() if part.status == "failed"}
    status = "ok" if not failed else "failed" if failed & services.required_probes else "degraded"
    return Health(status=status, version=services.version, parts=parts)


async def _ask(name: str, probe: Probe) -> PartOut:
    started = time.perf_counter()
    try:
        async with asyncio.timeout(PROBE_TIMEOUT_S):
            part = await probe()
    except TimeoutError:
        part = PartHealth("failed", {"error": f"no answer within {PROBE_TIMEOUT_S:g} s"})
    except PlatformError as error:
        part = PartHealth("failed", {"error": str(error)})
    except Exception:  # whatever is wrong with a part, /health must say so and not fail itself
        log.exception("health_probe_failed", extra={"part": name})
        part = PartHealth("failed", {"error": "see the log"})
    spent = round((time.perf_counter() - started) * 1000, 1)
    return PartOut(status=part.status, milliseconds=spent, detail=dict(part.detail))
