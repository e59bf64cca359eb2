"""Files that the agent may read but only the platform's own tools may write."""

from pathlib import PurePosixPath

from stackwright.tools.base import ToolFailed

_NAMES = frozenset({"bun.lock", "package-lock.json", "uv.lock", "next-env.d.ts"})


def refuse_protected(path: str) -> None:
    """Raise ToolFailed when `path` must not be written directly."""
    pure = PurePosixPath(path)
    if pure.name in _NAMES:
        raise ToolFailed(
            f"{path} is made by the package manager: change it with run_command (bun add …)."
        )
    if pure.parts and pure.parts[0] == ".stackwright":
        raise ToolFailed(f"{path} is kept by scaffold_app; call scaffold_app to change it.")
    if pure.name.startswith(".env") and pure.name != ".env.example":
        raise ToolFailed(
            f"{path} would hold secrets: put names into .env.example, values into the project's secrets."
        )
