"""The sources of the app: told apart by their hash, and copied to where the proof builds them."""

import hashlib
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from stackwright.verify.environment_scripts.detection import detection_in

LEFT_OUT = frozenset(
    {
        *("node_modules", ".next", ".venv", "venv", ".git"),
        *("__pycache__", ".pytest_cache", ".ruff_cache", ".mypy_cache"),
    }
)
KEPT = frozenset({".next", "node_modules"})
"""What stays in the copy of the frontend: the build's cache and a link."""
WITNESSES = "acceptance"
"""What tries the app is no part of it."""
MAX_BYTES = 200_000_000
MAX_FILES = 20_000
WRAPPER = Path(__file__).with_name("next.config.proof.ts")
_CONFIGS = ("ts", "mts", "js", "mjs", "cjs")
_IMPORTED = '"./next.config.app"'


class SourcesUnusable(Exception):
    """The sources cannot be copied, or would not be honest when they are tried; the text says why."""


def digests(workspace: Path) -> dict[str, str]:
    """The hash of the `backend` and that of all the rest (`frontend`)."""
    sums = {"backend": hashlib.sha256(), "frontend": hashlib.sha256()}
    for path in sorted(_files(workspace)):
        below = path.relative_to(workspace)
        one = sums["backend" if below.parts[0] == "backend" else "frontend"]
        content = str(path.readlink()).encode() if path.is_symlink() else path.read_bytes()
        one.update(f"{below}\0{hashlib.sha256(content).hexdigest()}\n".encode(errors="replace"))
    return {name: one.hexdigest() for name, one in sums.items()}


def copy(workspace: Path, target: Path) -> None:
    """Make `target` the same as the workspace, but for the build's cache, which stays. Raises
    SourcesUnusable."""
    if found := detection_in(_files(workspace), workspace):
        raise SourcesUnusable(found)
    for root in (target, target / "frontend"):
        if root.is_symlink() or root.is_file():
            root.unlink()
        root.mkdir(parents=True, exist_ok=True)
    _empty(target, frozenset({"frontend", WITNESSES}))
    _empty(target / "frontend", KEPT)
    for path in _files(workspace):
        to = target / path.relative_to(workspace)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, to, follow_symlinks=False)
    modules = target / "frontend/node_modules"
    if not modules.is_symlink():
        shutil.rmtree(modules, ignore_errors=True)
        modules.symlink_to(workspace / "frontend/node_modules")
    _wrap_configuration(target / "frontend")


def _wrap_configuration(frontend: Path) -> None:
    """Put the proof's configuration of Next over the app's own."""
    found = [end for end in _CONFIGS if (frontend / f"next.config.{end}").is_file()]
    if not found:
        (frontend / "next.config.mjs").write_text("export default {};\n")
        found = ["mjs"]
    own = found[0]
    (frontend / f"next.config.{own}").rename(frontend / f"next.config.app.{own}")
    for other in found[1:]:
        (frontend / f"next.config.{other}").unlink()
    text = WRAPPER.read_text()
    if own != "ts":
        text = text.replace(_IMPORTED, f'"./next.config.app.{own}"')
    (frontend / f"next.config.{'ts' if own == 'ts' else 'mjs'}").write_text(text)


def _files(workspace: Path) -> Iterator[Path]:
    """Regular files and links; nothing that could block or is without end."""
    total = number = 0
    for folder, names, files in os.walk(workspace):
        names[:] = [name for name in names if name not in LEFT_OUT]
        if Path(folder) == workspace and WITNESSES in names:
            names.remove(WITNESSES)
        links = [name for name in names if (Path(folder) / name).is_symlink()]
        for name in (*files, *links):
            path = Path(folder) / name
            about = path.lstat()
            if not (stat.S_ISREG(about.st_mode) or stat.S_ISLNK(about.st_mode)):
                continue
            total, number = total + about.st_size, number + 1
            if total > MAX_BYTES or number > MAX_FILES:
                raise SourcesUnusable(
                    f"The workspace holds more than {MAX_FILES} files or {MAX_BYTES // 1_000_000} MB."
                )
            yield path


def _empty(folder: Path, but: frozenset[str]) -> None:
    for entry in folder.iterdir():
        if entry.name in but:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
