"""The production build of the copied frontend: made, copied, and what its result must not hold."""

import json
import re
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from stackwright.verify.environment_scripts.processes import Program

NEXT = "node_modules/next/dist/bin/next"
MAX_SCANNED_BYTES = 50_000_000
_BUILT = frozenset({".json", ".js", ".mjs", ".cjs", ".html", ".rsc"})
_PERSONS = re.compile(rb"(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]):8000\b")

_FALLBACK_BYTES = 48
"""From the name of the variable to the address that stands in for it."""


class BuildFailed(Exception):
    """The text says what the build said, or what is wrong with its result."""


def build(frontend: Path, environment: Mapping[str, str], limit_s: float) -> None:
    """Make `.next` anew. Raises BuildFailed."""
    (frontend / ".next/BUILD_ID").unlink(missing_ok=True)
    began = time.monotonic()
    program = Program(["node", NEXT, "build"], cwd=frontend, environment=environment)
    status = program.wait(limit_s)
    said = program.said()
    if status is None:
        spent = time.monotonic() - began
        raise BuildFailed(
            f"The production build did not end within {spent:.0f} s. It said:\n{said}"
        )
    if status != 0 or not (frontend / ".next/BUILD_ID").is_file():
        raise BuildFailed(f"The production build failed:\n{said}")


def copy_built(root: Path, target: Path) -> None:
    """Make `target` a copy of the built version in `root`, without the build's cache."""
    fresh = target.with_name(target.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    cache = str(root / "frontend/.next")

    def is_left_out(folder: str, names: list[str]) -> list[str]:
        return ["cache"] if folder == cache and "cache" in names else []

    shutil.copytree(root, fresh, symlinks=True, ignore=is_left_out)
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)


def move_backend(frontend: Path, old: int, new: int) -> None:
    """Let a built frontend ask the backend at another port: its rewrites are fixed when it is built."""
    before, after = f"127.0.0.1:{old}".encode(), f"127.0.0.1:{new}".encode()
    for path in (frontend / ".next").rglob("*"):
        if path.suffix in _BUILT and path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            if before in content:
                path.write_bytes(content.replace(before, after))


def refuse_detours(frontend: Path) -> None:
    """Raise BuildFailed when the built app would reach the person's own backend."""
    manifest = (frontend / ".next/routes-manifest.json").read_bytes()
    for destination in _destinations(json.loads(manifest)):
        if _PERSONS.search(destination.encode()):
            raise BuildFailed(
                f"next.config sends requests to {destination}, whatever BACKEND_URL says: take the "
                "address from process.env.BACKEND_URL, or the app works on this machine only."
            )
    scanned = 0
    for folder in (".next/static", ".next/server"):
        for path in sorted((frontend / folder).rglob("*.js")):
            scanned += path.stat().st_size
            if scanned > MAX_SCANNED_BYTES:
                return
            if address := _persons_address(path.read_bytes(), on_server=folder == ".next/server"):
                raise BuildFailed(_call_of(address, path.relative_to(frontend)))


def _persons_address(script: bytes, *, on_server: bool) -> str:
    """Of the person's own backend, or "". On the server it may stand behind `process.env.BACKEND_URL`, which
    is always given; what a browser loads knows no such variable."""
    for found in _PERSONS.finditer(script):
        before = script[max(found.start() - _FALLBACK_BYTES, 0) : found.start()]
        if not (on_server and b"process.env.BACKEND_URL" in before):
            return found[0].decode()
    return ""


def _call_of(address: str, path: Path) -> str:
    return (
        f"The built frontend calls {address} by itself ({path}): a browser elsewhere finds nothing "
        "there. Ask /api/… of the page's own origin; next.config passes it on to the backend."
    )


def _destinations(manifest: Any) -> list[str]:
    """Every `destination` in the manifest, however its lists are grouped."""
    if isinstance(manifest, list):
        return [one for part in cast(list[Any], manifest) for one in _destinations(part)]
    if not isinstance(manifest, dict):
        return []
    whole = cast(dict[str, Any], manifest)
    own = [whole["destination"]] if isinstance(whole.get("destination"), str) else []
    return own + [one for part in whole.values() for one in _destinations(part)]
