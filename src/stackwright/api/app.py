"""The web application: routes, guards, previews and pages put together."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from starlette.middleware.cors import CORSMiddleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from stackwright.api import (
    actors,
    changes,
    chat,
    costs,
    files,
    health,
    logs,
    metrics,
    pages,
    plans,
    platform,
    problems,
    projects,
    queue,
    runs,
    terminal,
    users,
    versions,
    wishes,
)
from stackwright.api.app_waker import AppWaker
from stackwright.api.middleware import Guard
from stackwright.api.ports import ApiServices
from stackwright.api.preview import PreviewProxy

DESCRIPTION = """\
A sentence becomes a running, verified application. `POST …/chat` starts a run and streams it.

Errors are [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) problem+json with a stable `code`.
"""
ROUTERS: tuple[APIRouter, ...] = (
    chat.router,
    runs.router,
    terminal.router,
    actors.router,
    queue.router,
    projects.router,
    files.router,
    versions.router,
    changes.router,
    logs.router,
    platform.router,
    plans.router,
    wishes.router,
    users.router,
    costs.router,
    health.router,
    metrics.router,
)


def create_app(services: ApiServices) -> FastAPI:
    """The application over `services`, which the caller opens before and closes after it."""
    waker = AppWaker(services.apps)
    preview = PreviewProxy(services, waker)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncGenerator[None]:
        async with waker.opened(), preview.opened():
            yield

    app = FastAPI(
        title="Stackwright",
        version=services.version,
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        responses={"4XX": {"model": problems.Problem}, "5XX": {"model": problems.Problem}},
    )
    app.state.services = services
    app.state.waker = waker
    app.state.health = health.cached_health(services)
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router)
    pages.install(app, services.server)
    if services.server.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=services.server.cors_origins,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["Content-Type", "If-Match", "Idempotency-Key", "Last-Event-ID"],
            expose_headers=["X-Run-Id", "X-Project-Id", "Retry-After"],
        )
    app.add_middleware(Guard, server=services.server, preview=preview, visited=services.visited)
    if services.server.trusted_proxies:
        app.add_middleware(
            ProxyHeadersMiddleware, trusted_hosts=list(services.server.trusted_proxies)
        )
    return app
