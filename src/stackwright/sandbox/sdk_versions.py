"""What the supported versions of the e2b SDK (2.45.1 to 2.x) spell differently."""

import inspect
from typing import Any

import e2b
from e2b.sandbox_async.commands.command import Commands


def _existing(*names: str) -> tuple[type[Exception], ...]:
    return tuple(getattr(e2b, name) for name in names if hasattr(e2b, name))


BUSY_ERRORS = _existing("ServiceBusyException")
"""The engine has no room right now; older SDKs raise SandboxException."""

NOT_RUNNING_ERRORS = _existing("SandboxNotRunningException")
"""The sandbox is known to be gone; older SDKs raise TimeoutException for silence and death."""

WITHOUT_RETAINED_OUTPUT: dict[str, Any] = (
    {"retain_output": False}
    if "retain_output" in inspect.signature(Commands.run).parameters
    else {}
)
"""For commands whose output is read by callbacks; older SDKs keep a copy until the end."""

FILES_ONLY: dict[str, Any] = {"keep_memory": False}
"""A pause that keeps the disk only; newer SDKs call it `mode="filesystem"` and take both."""
