"""Puts the parts together: the database's life, error answers, routers and the health check."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from database import DatabaseFirst, connection, lifespan
from origin import OwnPagesOnly
from problems import Problem, install_problems

Job = Callable[[], Coroutine[None, None, None]]


def create_app(
    *, title: str, routers: Sequence[APIRouter], background: Sequence[Job] = ()
) -> FastAPI:
    """`background` are run beside the requests as long as the application runs."""

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncGenerator[None]:
        async with lifespan(app):
            jobs = [asyncio.create_task(job()) for job in background]
            try:
                yield
            finally:
                for job in jobs:
                    job.cancel()
                await asyncio.gather(*jobs, return_exceptions=True)

    app = FastAPI(
        title=title,
        version="1.0.0",
        lifespan=life,
        docs_url="/api/docs",
        redoc_url=None,
        openapi_url="/api/openapi.json",
        responses={422: {"model": Problem, "description": "The request is not valid"}},
    )
    app.add_middleware(DatabaseFirst)
    app.add_middleware(OwnPagesOnly)
    install_problems(app)
    for router in routers:
        app.include_router(router)

    @app.get("/api/health", operation_id="health", tags=["health"])
    async def health() -> dict[str, str]:
        """Answers when the application and its database work."""
        await connection.database.command("ping")
        return {"status": "ok"}

    return app
