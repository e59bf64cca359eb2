"""An application template for E2B's builder: the same definition that drives the local engine's layers.

A step becomes its copies and one command; environment and path are set for the build and, in a
profile that every `bash -l` reads, for the sandboxes.
"""

import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, cast

import e2b
import httpx
from e2b.template.main import TemplateBuilder

from stackwright.sandbox.endpoint import Endpoint

USER = "user"
BASE_IMAGE = "e2bdev/base"
"""Debian with Python 3.11, Node and git; what the local engine adds to them is installed first."""
TOOLS = "pip install --no-cache-dir uv && npm install -g bun"
PROFILE = "/etc/profile.d/stackwright.sh"
CPUS, MEMORY_MB = 2, 4096
_SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_START_WAIT_MS = 1000


class CopySpec(Protocol):
    @property
    def source(self) -> str: ...
    @property
    def target(self) -> str: ...
    @property
    def exclude(self) -> Sequence[str]: ...


class StepSpec(Protocol):
    @property
    def copies(self) -> Sequence[CopySpec]: ...
    @property
    def run(self) -> str | None: ...
    @property
    def cwd(self) -> str: ...
    @property
    def env(self) -> Mapping[str, str]: ...


class TemplateSpec(Protocol):
    """What `engine.templates.load_template` reads; docs/template-format.md says what it means."""

    @property
    def name(self) -> str: ...
    @property
    def folder(self) -> Path: ...
    @property
    def env(self) -> Mapping[str, str]: ...
    @property
    def path(self) -> Sequence[str]: ...
    @property
    def steps(self) -> Sequence[StepSpec]: ...
    @property
    def start(self) -> str | None: ...


class CloudTemplate:
    """A definition as E2B takes it. `always_excluded` names what no copy takes."""

    class Failed(Exception):
        """E2B refused or did not finish the build; the text is its own."""

    def __init__(self, spec: TemplateSpec, *, always_excluded: Sequence[str]) -> None:
        self._name = spec.name
        excluded = [*always_excluded]
        excluded += [
            pattern for step in spec.steps for copy in step.copies for pattern in copy.exclude
        ]
        builder = e2b.Template(
            file_context_path=spec.folder,
            file_ignore_patterns=[f"**/{pattern}" for pattern in dict.fromkeys(excluded)],
        ).from_image(BASE_IMAGE)
        builder.run_cmd(TOOLS, user="root")
        env = dict(spec.env) | {"PATH": ":".join((*spec.path, _SYSTEM_PATH))}
        exports = " ".join(
            shlex.quote(f"export {name}={shlex.quote(value)}") for name, value in env.items()
        )
        builder.run_cmd(f"printf '%s\\n' {exports} > {PROFILE}", user="root")
        builder.set_envs(env)
        builder.set_user(USER)
        for step in spec.steps:
            _add_step(builder, step)
        self._built: Any = builder
        if spec.start is not None:
            self._built = builder.set_start_cmd(spec.start, e2b.wait_for_timeout(_START_WAIT_MS))

    def to_dockerfile(self) -> str:
        return e2b.Template.to_dockerfile(self._built)

    def to_json(self) -> str:
        """What E2B's build route is sent, with the hashes of the files."""
        return e2b.Template.to_json(self._built)

    async def push(self, endpoint: Endpoint, *, on_log: Callable[[str], None]) -> str:
        """Have it built under its own name; returns E2B's id. Raises Failed."""
        build = cast(Any, e2b.AsyncTemplate.build)

        def log(entry: e2b.LogEntry) -> None:
            on_log(entry.message)

        try:
            info = await build(
                self._built,
                self._name,
                cpu_count=CPUS,
                memory_mb=MEMORY_MB,
                on_build_logs=log,
                **endpoint.options(),
            )
        except (e2b.BuildException, e2b.SandboxException, httpx.HTTPError) as error:
            raise self.Failed(str(error)) from error
        return str(info.template_id)


def _add_step(builder: TemplateBuilder, step: StepSpec) -> None:
    for copy in step.copies:
        builder.copy(copy.source, copy.target, user=USER)
    if step.run is None:
        return
    script = f"mkdir -p {shlex.quote(step.cwd)}; cd {shlex.quote(step.cwd)}; {step.run}"
    env = "".join(f"{name}={shlex.quote(value)} " for name, value in step.env.items())
    builder.run_cmd(f"{env}bash -leo pipefail -c {shlex.quote(script)}", user=USER)
