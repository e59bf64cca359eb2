"""The HTTP client of a process for its sandboxes, loaded when it is first used."""

from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stackwright.sandbox.transfer import Transfers


class SandboxHttp:
    """Open as a context; shared by all sandboxes of the process."""

    def __init__(self) -> None:
        self._opened: Transfers | None = None

    @property
    def opened(self) -> "Transfers":
        if self._opened is None:
            # Loaded late: 8 MB that a platform nobody uses does without.
            from stackwright.sandbox.transfer import Transfers  # noqa: PLC0415

            self._opened = Transfers()
        return self._opened

    async def __aenter__(self) -> "SandboxHttp":
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._opened is not None:
            await self._opened.aclose()
            self._opened = None
