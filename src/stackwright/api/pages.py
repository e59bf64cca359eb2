"""The pages of the platform itself: the console, Swagger and ReDoc. Nothing comes from the internet."""

from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter, FastAPI
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from stackwright.api.preview_host import preview_domain
from stackwright.core.settings import ServerSettings

_STATIC = Path(str(files("stackwright.api"))) / "static"
_DOCS_ASSETS = Path(str(files("fastapi_offline"))) / "static"

_CONSOLE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; frame-src {previews}; manifest-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
# Swagger and ReDoc write style attributes and start workers from blobs; scripts stay ours.
_DOCS_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; worker-src blob:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)


class _Assets(StaticFiles):
    """Browsers revalidate every file (304 if unchanged), so that an update shows at once."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


def install(app: FastAPI, server: ServerSettings) -> None:
    """Add the pages and what they load to `app`."""
    app.include_router(_router(server))
    app.mount("/static", _Assets(directory=_STATIC), name="static")
    app.mount("/docs-assets", _Assets(directory=_DOCS_ASSETS), name="docs-assets")


def _router(server: ServerSettings) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    previews = f"http://*.{preview_domain(server)}:* https://*.{preview_domain(server)}:*"
    console = _CONSOLE_POLICY.format(previews=previews)

    @router.get("/")
    async def console_page() -> Response:
        return _page("index.html", console)

    @router.get("/docs")
    async def swagger_page() -> Response:
        return _page("swagger.html", _DOCS_POLICY)

    @router.get("/redoc")
    async def redoc_page() -> Response:
        return _page("redoc.html", _DOCS_POLICY)

    @router.get("/favicon.ico")
    async def icon() -> Response:
        return FileResponse(_STATIC / "icon.svg", media_type="image/svg+xml")

    return router


def _page(name: str, policy: str) -> Response:
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-cache"}
    return FileResponse(_STATIC / name, media_type="text/html", headers=headers)
