"""The pages of the platform itself: the console, Swagger and ReDoc. Nothing comes from the internet."""

from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter, FastAPI
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from stackwright.api.preview_host import preview_domain
from stackwright.core.setting_groups import ServerSettings

_STATIC = Path(str(files("stackwright.api"))) / "static"
CONSOLE = Path(str(files("stackwright.api"))) / "console"
"""What `scripts/build-console` makes of `web/`."""
_DOCS_ASSETS = Path(str(files("fastapi_offline"))) / "static"

NOT_BUILT = "The console is not built. Run scripts/build-console, then load this page again.\n"

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

    cache_control = "no-cache"

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = self.cache_control
        return response


class _ConsoleAssets(_Assets):
    """Files of the console: their names carry a hash of their content."""

    cache_control = "public, max-age=31536000, immutable"


def install(app: FastAPI, server: ServerSettings, console: Path = CONSOLE) -> None:
    """Add the pages and what they load to `app`."""
    app.include_router(_router(server, console))
    app.mount("/static", _Assets(directory=_STATIC), name="static")
    app.mount(
        "/assets", _ConsoleAssets(directory=console / "assets", check_dir=False), name="assets"
    )
    app.mount("/docs-assets", _Assets(directory=_DOCS_ASSETS), name="docs-assets")


def _router(server: ServerSettings, console: Path) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    previews = f"http://*.{preview_domain(server)}:* https://*.{preview_domain(server)}:*"
    policy = _CONSOLE_POLICY.format(previews=previews)

    @router.get("/")
    @router.get("/projects/{project_id}")
    @router.get("/projects/{project_id}/{tab}")
    @router.get("/platform")
    @router.get("/platform/{tab}")
    async def console_page() -> Response:
        """One page for all addresses of the console; its script draws what the address names."""
        page = console / "index.html"
        if not page.is_file():
            return PlainTextResponse(NOT_BUILT, status_code=503)
        return _page(page, policy)

    @router.get("/docs")
    async def swagger_page() -> Response:
        return _page(_STATIC / "swagger.html", _DOCS_POLICY)

    @router.get("/redoc")
    async def redoc_page() -> Response:
        return _page(_STATIC / "redoc.html", _DOCS_POLICY)

    @router.get("/favicon.ico")
    async def icon() -> Response:
        return FileResponse(_STATIC / "icon.svg", media_type="image/svg+xml")

    return router


def _page(file: Path, policy: str) -> Response:
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-cache"}
    return FileResponse(file, media_type="text/html", headers=headers)
