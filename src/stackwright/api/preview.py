"""The preview proxy: visitors of `<port>-<label>.<domain>` reach the application in its sandbox.

The application is a stranger's: it has an origin of its own, sees nothing of the platform, and only
its public ports are reached. Bodies stream both ways; WebSocket upgrades pass (hot reload needs them).
"""

import logging
import posixpath
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from stackwright.api import preview_shim
from stackwright.api.app_waker import AppWaker
from stackwright.api.middleware import console_origins
from stackwright.api.ports import ApiServices
from stackwright.api.preview_host import PreviewHost
from stackwright.api.preview_pages import Refusal, refuse
from stackwright.api.preview_targets import PreviewTarget, PreviewTargets
from stackwright.core.errors import PlatformError
from stackwright.sandbox.base import PortAddress

if TYPE_CHECKING:
    from stackwright.api.preview_relay import PreviewRelay

log = logging.getLogger(__name__)

_DEVELOPER_PATH = re.compile(r"/(__nextjs_[^/]*|_next/mcp)(/|\Z)")
"""Where Next's development server shows source code, opens editors and lets tools look inside."""


class PreviewProxy:
    """An ASGI application for requests whose host is a preview's. Works while `opened()`."""

    def __init__(self, services: ApiServices, waker: AppWaker) -> None:
        self._ports = services.public_ports
        self._targets = PreviewTargets(services)
        self._sandboxes = services.sandboxes
        self._actors = services.workbench.actors
        self._waker = waker
        self._framed_by = console_origins(services.server)
        self._relay: PreviewRelay | None = None

    @asynccontextmanager
    async def opened(self) -> AsyncGenerator[None]:
        try:
            yield
        finally:
            if self._relay is not None:
                await self._relay.aclose()

    async def __call__(self, scope: Scope, receive: Receive, send: Send, host: PreviewHost) -> None:
        try:
            target = await self._targets.find(host.label)
        except PlatformError:
            log.warning("preview_target_unknown", exc_info=True)
            await refuse(Refusal.UNAVAILABLE, scope, receive, send)
            return
        if target is None:
            await refuse(Refusal.UNKNOWN, scope, receive, send)
        elif host.port not in self._ports or _is_for_developers(scope["path"]):
            await refuse(Refusal.CLOSED_PORT, scope, receive, send)
        elif scope["type"] == "http" and scope["path"] == preview_shim.PATH:
            await preview_shim.serve_script(scope, send)
        elif scope["type"] == "http" and scope["path"] == preview_shim.PICTURE_PATH:
            await preview_shim.serve_picture_script(scope, receive, send)
        elif scope["type"] == "http" and scope["path"] == preview_shim.FORGET_PATH:
            await preview_shim.serve_forgetting(scope, send)
        elif scope["type"] == "http" and scope["path"] == preview_shim.ENTER_PATH:
            ticket = Request(scope).query_params.get("ticket", "")[:200]
            entry = await self._actors.entered(target.project.id, ticket)
            await preview_shim.serve_entry(scope, send, entry)
        elif (address := target.address(host.port)) is None:
            await self._wake(target, scope, receive, send)
        else:
            with self._sandboxes.with_open_page(target.project.user_id, target.project.id):
                is_carried = await self._carry(scope, receive, send, host.port, address)
            if not is_carried:
                await self._wake(target, scope, receive, send)

    async def _carry(
        self, scope: Scope, receive: Receive, send: Send, port: int, address: PortAddress
    ) -> bool:
        """An open page holds a WebSocket as long as somebody looks at it."""
        if scope["type"] == "websocket":
            await self._carrier.socket(scope, receive, send, port, address)
            return True
        return await self._carrier.request(scope, receive, send, port, address)

    async def _wake(
        self, target: PreviewTarget, scope: Scope, receive: Receive, send: Send
    ) -> None:
        self._waker.visited(target.project.user_id, target.project.id)
        reason = self._waker.failure(target.project.id)
        await refuse(Refusal.STARTING, scope, receive, send, reason=reason)

    @property
    def _carrier(self) -> "PreviewRelay":
        if self._relay is None:
            # Loaded late, like the sandboxes' own HTTP client.
            from stackwright.api.preview_relay import PreviewRelay  # noqa: PLC0415

            self._relay = PreviewRelay(self._framed_by)
        return self._relay


def _is_for_developers(path: str) -> bool:
    """Next resolves dots, backslashes and repeated slashes in the path, so this does too."""
    return _DEVELOPER_PATH.search(posixpath.normpath("/" + path.replace("\\", "/"))) is not None
