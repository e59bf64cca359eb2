"""Builds the layers of a template, each once, one build at a time."""

import asyncio
import contextlib
import fcntl
import logging
import secrets
import time
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from pathlib import Path

from stackwright.engine.isolation.bubblewrap import BUILD_CACHE_INSIDE
from stackwright.engine.isolation.launcher import Blueprint, Launcher
from stackwright.engine.isolation.rootfs import RootFs
from stackwright.engine.templates.spec import (
    ALWAYS_EXCLUDED,
    Copy,
    Step,
    Template,
    find_template,
)
from stackwright.engine.isolation.toolchain import Toolchain, install_bun, versions
from stackwright.engine.files import copy_entry, erase_tree, listed

LOG_LINES_SHOWN = 40
_CACHES = {
    "UV_CACHE_DIR": f"{BUILD_CACHE_INSIDE}/uv",
    "UV_LINK_MODE": "copy",
    "PIP_CACHE_DIR": f"{BUILD_CACHE_INSIDE}/pip",
    "npm_config_cache": f"{BUILD_CACHE_INSIDE}/npm",
    "BUN_INSTALL_CACHE_DIR": f"{BUILD_CACHE_INSIDE}/bun",
}

log = logging.getLogger(__name__)

Progress = Callable[[str], None]


class BuildFailed(Exception):
    """A step did not succeed; the text ends with its last output."""


@dataclass(frozen=True)
class BuiltTemplate:
    """`layers` are paths below the data folder, highest first."""

    name: str
    layers: tuple[str, ...]
    env: dict[str, str]
    start: str | None


class Builder:
    """Turns template names into layers under `<data>/layers`."""

    def __init__(
        self,
        *,
        data_dir: Path,
        templates_dir: Path | None,
        rootfs: RootFs,
        launcher: Launcher,
        toolchain: Toolchain,
        with_bun: bool,
    ) -> None:
        self._data_dir = data_dir
        self._templates_dir = templates_dir
        self._skeleton = rootfs.skeleton
        self._certificates = rootfs.certificates
        self._launcher = launcher
        self._toolchain = toolchain
        self._with_bun = with_bun
        self._one_at_a_time = asyncio.Lock()
        self._versions: tuple[str, ...] = ()

    async def knows(self, name: str) -> bool:
        """Whether there is a template of that name, built or not. Raises TemplateError."""
        return await asyncio.to_thread(find_template, self._templates_dir, name) is not None

    async def find_built(self, name: str, progress: Progress | None = None) -> BuiltTemplate | None:
        """The template, built if need be; None when there is none of that name.
        Raises TemplateError and BuildFailed."""
        template = await asyncio.to_thread(find_template, self._templates_dir, name)
        if template is None:
            return None
        tools = await self._tools() if template.steps else ()
        keys = await asyncio.to_thread(template.layer_keys, tools)
        if not all(self._layer(key).is_dir() for key in keys):
            async with self._exclusive():
                await self._build(template, keys, progress or _log_progress)
        layers = tuple(f"layers/{key}" for key in reversed(keys))
        return BuiltTemplate(template.name, layers, self._environment(template), template.start)

    async def _tools(self) -> tuple[str, ...]:
        async with self._exclusive():
            if not self._versions:
                if self._with_bun:
                    await install_bun(self._toolchain.tools, self._certificates)
                self._versions = await versions(self._toolchain)
        return self._versions

    @contextlib.asynccontextmanager
    async def _exclusive(self) -> AsyncGenerator[None, None]:
        """One build at a time, among all processes that use the data folder."""
        async with self._one_at_a_time:
            with (self._data_dir / "build.lock").open("ab") as file:
                await asyncio.to_thread(fcntl.flock, file, fcntl.LOCK_EX)
                yield

    def _layer(self, key: str) -> Path:
        return self._data_dir / "layers" / key

    def _environment(self, template: Template) -> dict[str, str]:
        if not template.path:
            return template.env
        return template.env | {"PATH": ":".join((*template.path, *self._toolchain.path()))}

    async def _build(self, template: Template, keys: list[str], progress: Progress) -> None:
        (self._data_dir / "layers").mkdir(exist_ok=True)
        await asyncio.to_thread(_erase_below, self._data_dir / "builds")
        for number, (step, key) in enumerate(zip(template.steps, keys, strict=True), start=1):
            label = f"{template.name}: step {number}/{len(keys)} {step.name}"
            if self._layer(key).is_dir():
                progress(f"{label}: already built")
                continue
            started = time.monotonic()
            progress(f"{label} ...")
            await self._build_step(template, step, keys[: number - 1], key)
            progress(f"{label}: {time.monotonic() - started:.1f} s")

    async def _build_step(self, template: Template, step: Step, below: list[str], key: str) -> None:
        folder = self._data_dir / "builds" / f"{key}-{secrets.token_hex(3)}"
        upper = folder / "upper"
        upper.mkdir(parents=True)
        try:
            for copy in step.copies:
                await asyncio.to_thread(_copy_into, template.folder, copy, upper)
            if step.run is not None:
                await self._run(template, step, below, folder)
            await asyncio.to_thread(_forget_run_time, upper)
            upper.rename(self._layer(key))
        finally:
            await asyncio.to_thread(erase_tree, folder)

    async def _run(self, template: Template, step: Step, below: list[str], folder: Path) -> None:
        cache = self._data_dir / "build-cache"
        cache.mkdir(exist_ok=True)
        blueprint = Blueprint(
            sandbox_id=f"build-{folder.name}",
            folder=folder,
            layers=(*(self._layer(key) for key in reversed(below)), self._skeleton),
            token=secrets.token_hex(16),
            env=_CACHES | self._environment(template) | step.env,
            step=f'mkdir -p "{step.cwd}" && cd "{step.cwd}"\n{step.run}',
            build_cache=cache,
        )
        try:
            status = await self._launcher.run_step(blueprint, timeout_s=step.timeout_s)
        except TimeoutError:
            raise BuildFailed(
                f"step {step.name!r} of {template.name!r} took longer than {step.timeout_s:.0f} s"
            ) from None
        if status != 0:
            output = await asyncio.to_thread(_last_lines, folder / "log")
            raise BuildFailed(
                f"step {step.name!r} of {template.name!r} ended with status {status}:\n{output}"
            )


def _copy_into(template: Path, copy: Copy, upper: Path) -> None:
    target = upper / copy.target.lstrip("/")
    for path, below in listed(template / copy.source, (*ALWAYS_EXCLUDED, *copy.exclude)):
        copy_entry(path, target / below)


def _erase_below(folder: Path) -> None:
    """What an interrupted build left; nobody else builds now."""
    if folder.is_dir():
        erase_tree(folder)


def _forget_run_time(upper: Path) -> None:
    for name in ("tmp", "run", "dev", "proc", "var/cache/build"):
        if (upper / name).is_dir():
            erase_tree(upper / name)


def _last_lines(path: Path) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-LOG_LINES_SHOWN:])


def _log_progress(line: str) -> None:
    log.info("template_build", extra={"progress": line})
