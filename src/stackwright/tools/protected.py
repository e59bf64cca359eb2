"""Files that the agent may read but only certain tools may write.

This keeps the app consistent, it is no security border: commands in the sandbox may do anything.
"""

import json
from pathlib import PurePosixPath

from stackwright.tools.base import ToolFailed

_LOCKS = frozenset(
    {"bun.lock", "package-lock.json", "pnpm-lock.yaml", "yarn.lock", "uv.lock", "poetry.lock"}
)
_TEMPLATE_PARTS = frozenset({"frontend/tailwind-loader.cjs"})
_DEPENDENCIES = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")


def refuse_protected(path: str) -> None:
    """Raise ToolFailed when `path` must not be written directly."""
    pure = PurePosixPath(path)
    if pure.name in _LOCKS:
        raise ToolFailed(
            f"{path} is made by the package manager: add_dependency changes it (or bun remove …)."
        )
    if pure.parts and pure.parts[0] == ".stackwright":
        raise ToolFailed(f"{path} is kept by scaffold_app; call scaffold_app to change it.")
    if str(pure) in _TEMPLATE_PARTS:
        raise ToolFailed(f"{path} belongs to the template: the preview's styles depend on it.")
    if pure.name.startswith(".env") and pure.name != ".env.example":
        raise ToolFailed(
            f"{path} would hold secrets: put names into .env.example, values into the project's secrets."
        )


def refuse_unlocked(path: str, before: bytes | None, after: bytes) -> None:
    """Raise ToolFailed when a change of package.json would leave its lock file behind."""
    if PurePosixPath(path).name != "package.json" or before is None:
        return
    if _dependencies(before) != _dependencies(after):
        raise ToolFailed(
            f"Dependencies of {path} change together with the lock file: use add_dependency, or "
            "run_command with 'bun remove <package>' in its folder."
        )


def _dependencies(content: bytes) -> list[object]:
    try:
        package = json.loads(content)
    except (ValueError, RecursionError):
        return []
    return [package.get(name) or {} for name in _DEPENDENCIES] if isinstance(package, dict) else []
