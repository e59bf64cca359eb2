"""The composition root: builds every concrete object once, in the order in which they need each other.

Nothing else names concrete adapters. `platform` opens everything and closes it in reverse; `serving.py`
uses it.
"""

import asyncio
import logging
import os
import socket
from collections.abc import AsyncGenerator, Awaitable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from stackwright import __version__
from stackwright.agent.pricing import PriceList
from stackwright.api.ports import ApiServices, PartHealth, Probe, Workbench
from stackwright.api.preview_host import preview_url
from stackwright.cache.memory import MemoryCache
from stackwright.checkpoint.service import CheckpointService
from stackwright.core.cache import Cache
from stackwright.core.errors import PlatformError
from stackwright.core.loop_lag import watch_loop
from stackwright.core.metrics import Metrics
from stackwright.core.model_offers import ModelOffers
from stackwright.core.setting_groups import SandboxSettings
from stackwright.core.settings import Settings
from stackwright.core.tasks import spawn
from stackwright.db.address import addresses
from stackwright.db.advisory_locks import AdvisoryLocks
from stackwright.db.embedded import EmbeddedPostgres
from stackwright.db.engine import Database
from stackwright.db.notifications import RunNotifications
from stackwright.db.readiness import await_server
from stackwright.engine.config import EngineConfig, Limits
from stackwright.engine.host.supervisor import EngineSupervisor, new_api_key
from stackwright.projects.comparisons import Comparisons
from stackwright.projects.notes import NoteService
from stackwright.projects.restore_points import RestorePoints
from stackwright.projects.sandboxes import ProjectSandboxes
from stackwright.projects.search import FileSearch
from stackwright.projects.service import ProjectService
from stackwright.projects.version_previews import VersionPreviews
from stackwright.projects.wishes import WishService
from stackwright.runs.app_logs import AppLogs
from stackwright.runs.cassettes import CassetteService
from stackwright.runs.context import RunResources
from stackwright.runs.costs import CostService
from stackwright.runs.diagnosis import PlatformDiagnosis
from stackwright.runs.events.log import EventLog
from stackwright.runs.evidence import EvidenceStore
from stackwright.runs.hand_edits import HandEdits
from stackwright.runs.lazy_driver import LazyDriver
from stackwright.runs.metrics import PlatformMetrics
from stackwright.runs.pending_messages import PendingMessages
from stackwright.runs.plans import PlanService
from stackwright.runs.preview_actors import PreviewActors
from stackwright.runs.preview_apps import PreviewApps
from stackwright.runs.progress import ProgressReader
from stackwright.runs.service import RunService
from stackwright.sandbox.endpoint import Endpoint
from stackwright.sandbox.http import SandboxHttp
from stackwright.sandbox.manager import SandboxManager
from stackwright.sandbox.registry import SandboxRegistry
from stackwright.sandbox.services import PREVIEW_SERVICE
from stackwright.sandbox.template import load_template
from stackwright.tables import complete_aside
from stackwright.verify.browser import Browsers

if TYPE_CHECKING:
    from stackwright.runs.driver import RunDriver

log = logging.getLogger(__name__)

REMOVING_INTERVAL_S = 60.0
"""How often deleted projects are removed for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """Everything that is open while the platform runs."""

    settings: Settings
    database: Database
    checkpoints: CheckpointService
    cache: Cache
    resources: RunResources
    runs: RunService
    events: EventLog
    restore_points: RestorePoints
    apps: PreviewApps
    driver: LazyDriver
    worker: str
    metrics: Metrics
    direct_url: str
    model_faults: list[str] = field(default_factory=list[str])
    """What providers say against the named models."""


@asynccontextmanager
async def platform(settings: Settings) -> AsyncGenerator[Platform]:
    """Open everything: database (migrated), checkpoints, sandbox engine, model."""
    async with AsyncExitStack() as stack:
        url, direct_url = await _database_addresses(settings, stack)
        await complete_aside(direct_url)
        database = Database(url, settings.database)
        stack.push_async_callback(database.close)
        checkpoints = CheckpointService(url, settings.database)
        await checkpoints.open()
        stack.push_async_callback(checkpoints.close)
        signals = RunNotifications(direct_url)
        await stack.enter_async_context(signals.listening())
        cache = _cache(settings)
        stack.push_async_callback(cache.aclose)
        runs, projects = RunService(database, signals), ProjectService(database)
        metrics = Metrics()
        watching = spawn(watch_loop(metrics.loop_was_late), name="watch the event loop")
        stack.callback(watching.cancel)
        locks = AdvisoryLocks(direct_url)
        stack.push_async_callback(locks.aclose)
        registry = ProjectSandboxes(database, locks)
        sandboxes = await _sandboxes(settings.sandbox, cache, registry, metrics, stack)
        browsers = Browsers()
        stack.push_async_callback(browsers.aclose)
        events, restore_points = EventLog(database, signals), RestorePoints(database)
        resources = RunResources(
            database=database,
            sandboxes=sandboxes,
            projects=projects,
            evidence=EvidenceStore(database),
            browsers=browsers,
            template=load_template(settings.sandbox.templates_dir, settings.sandbox.template),
            preview_url=lambda label, port: preview_url(settings.server, label, port),
        )
        apps = PreviewApps(resources, runs, checkpoints)
        removing = spawn(_removing_deleted(apps), name="remove deleted projects")
        stack.callback(removing.cancel)
        sandboxes.start_app = apps.wake
        worker = f"{socket.gethostname()}:{os.getpid()}"

        def load_driver() -> "RunDriver":
            from stackwright.worker import make_driver  # noqa: PLC0415

            return make_driver(
                settings,
                resources=resources,
                runs=runs,
                events=events,
                checkpoints=checkpoints,
                restore_points=restore_points,
                worker=worker,
            )

        yield Platform(
            settings=settings,
            database=database,
            checkpoints=checkpoints,
            cache=cache,
            resources=resources,
            runs=runs,
            events=events,
            restore_points=restore_points,
            apps=apps,
            driver=LazyDriver(load_driver),
            worker=worker,
            metrics=metrics,
            direct_url=direct_url,
        )


def api_services(parts: Platform, stopping: asyncio.Event, *, is_working: bool) -> ApiServices:
    """The ports of the API, filled. A process that works too gets ready for it when somebody comes."""
    shared = parts.resources
    return ApiServices(
        runs=parts.runs,
        queue=PendingMessages(parts.database),
        events=parts.events,
        projects=shared.projects,
        versions=parts.restore_points,
        wishes=WishService(parts.database),
        plans=PlanService(parts.database),
        notes=NoteService(parts.database),
        cassettes=CassetteService(parts.database, parts.checkpoints, parts.events),
        costs=CostService(
            parts.database,
            model=parts.settings.model.plain_name,
            prices=PriceList(parts.settings.budget.prices),
        ),
        models=ModelOffers(parts.settings),
        evidence=shared.evidence,
        apps=parts.apps,
        progress=ProgressReader(parts.checkpoints),
        sandboxes=shared.sandboxes,
        workbench=Workbench(
            edits=HandEdits(parts.database, shared.sandboxes),
            search=FileSearch(parts.database),
            comparisons=Comparisons(parts.database),
            logs=AppLogs(shared.sandboxes, [service.name for service in shared.template.services]),
            previews=VersionPreviews(parts.database),
            actors=PreviewActors(shared.sandboxes, parts.cache),
            diagnosis=PlatformDiagnosis(parts.settings),
        ),
        server=parts.settings.server,
        version=__version__,
        probes=probes(parts),
        required_probes=frozenset({"database", "checkpointer"}),
        metrics=_readings(parts).rendered,
        public_ports=frozenset(
            service.port for service in shared.template.services if service.name == PREVIEW_SERVICE
        ),
        stopping=stopping,
        visited=parts.driver.expect if is_working else None,
    )


async def _removing_deleted(apps: PreviewApps) -> None:
    """Remove deleted projects for good when nobody can bring them back any more."""
    while True:
        await asyncio.sleep(REMOVING_INTERVAL_S)
        try:
            await apps.remove_deleted()
        except PlatformError as error:
            log.warning("deleted_projects_kept", extra={"error": str(error)})


async def _database_addresses(settings: Settings, stack: AsyncExitStack) -> tuple[str, str]:
    given = addresses(settings.database)
    if given is not None:
        await asyncio.to_thread(await_server, given[1])
        return given
    embedded = EmbeddedPostgres(settings.database.data_dir)
    url = await asyncio.to_thread(embedded.start)
    stack.push_async_callback(asyncio.to_thread, embedded.stop)
    return url, url


def _cache(settings: Settings) -> Cache:
    if settings.redis_url is None:
        return MemoryCache()
    # Loaded late: 5 MB that a platform without Redis does not need.
    from stackwright.cache.redis import RedisCache  # noqa: PLC0415

    return RedisCache(settings.redis_url.get_secret_value())


async def _sandboxes(
    settings: SandboxSettings,
    cache: Cache,
    registry: SandboxRegistry,
    metrics: Metrics,
    stack: AsyncExitStack,
) -> SandboxManager:
    endpoint = await _engine(settings, stack)
    http = await stack.enter_async_context(SandboxHttp())
    manager = SandboxManager(
        settings, endpoint, cache=cache, http=http, registry=registry, metrics=metrics
    )
    manager.start()
    stack.push_async_callback(manager.aclose)
    return manager


async def _engine(settings: SandboxSettings, stack: AsyncExitStack) -> Endpoint:
    if settings.engine == "e2b":
        if settings.e2b_api_key is None:
            raise SystemExit("SANDBOX_ENGINE=e2b needs E2B_API_KEY.")
        return Endpoint(
            settings.e2b_api_key.get_secret_value(),
            settings.api_url,
            settings.sandbox_url,
            settings.domain,
        )
    supervisor = EngineSupervisor(engine_config(settings))
    running = await supervisor.start()
    stack.push_async_callback(supervisor.stop)
    return Endpoint(running.api_key, running.api_url, running.sandbox_url)


def engine_config(settings: SandboxSettings) -> EngineConfig:
    """The local engine's configuration; the key is new for each start. It has room for all that the
    manager admits: of the two limits the manager's comes first."""
    plain = EngineConfig(
        data_dir=settings.data_dir, api_key=new_api_key(), templates_dir=settings.templates_dir
    )
    return replace(
        plain,
        egress_allow=(*plain.egress_allow, *settings.egress_allow),
        limits=Limits(max_sandboxes=max(plain.limits.max_sandboxes, settings.max_total)),
    )


def _readings(parts: Platform) -> PlatformMetrics:
    database = parts.settings.database
    return PlatformMetrics(
        metrics=parts.metrics,
        database=parts.database,
        sandboxes=parts.resources.sandboxes,
        max_connections=database.pool_size + database.max_overflow,
    )


def probes(parts: Platform) -> Mapping[str, Probe]:
    """How each part is looked at for /health."""

    async def database() -> PartHealth:
        return await _observed(parts.database.ping())

    async def checkpointer() -> PartHealth:
        return await _observed(parts.checkpoints.check_health())

    async def redis() -> PartHealth:
        if parts.settings.redis_url is None:
            return PartHealth("off")
        return PartHealth("ok" if await parts.cache.is_healthy() else "failed")

    async def sandboxes() -> PartHealth:
        try:
            counts = await parts.resources.sandboxes.counts()
        except PlatformError as error:
            return PartHealth("failed", {"error": str(error)})
        return PartHealth("ok", {"engine": parts.settings.sandbox.engine, **counts})

    async def agent() -> PartHealth:
        model = parts.settings.model
        told = {"notice": " ".join(parts.model_faults)} if parts.model_faults else {}
        return PartHealth("ok", {"provider": model.provider, "model": model.plain_name, **told})

    return {
        "database": database,
        "checkpointer": checkpointer,
        "redis": redis,
        "sandboxes": sandboxes,
        "agent": agent,
    }


async def _observed(check: Awaitable[None]) -> PartHealth:
    try:
        await check
    except PlatformError as error:
        return PartHealth("failed", {"error": str(error)})
    return PartHealth("ok")
