"""What the platform reads of a template: its services and the notes for the model."""

from pathlib import Path
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, Field


class Ready(BaseModel):
    """How to see that a service answers: an HTTP path below status 500, or an open port."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str | None = None
    tcp: bool = False


class ServiceSpec(BaseModel):
    """A long-running process of the app."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")
    command: str
    cwd: str = "/home/user/code"
    port: int
    ready: Ready = Ready(tcp=True)
    restart_on: tuple[str, ...] = ()
    """Patterns of workspace files whose change asks for a restart."""


class Template(BaseModel):
    """`services` are in start order."""

    model_config = ConfigDict(frozen=True)

    name: str
    services: tuple[ServiceSpec, ...] = ()
    usage: str = ""
    acceptance: dict[str, bytes] = Field(default_factory=dict[str, bytes])
    """The library that witnesses are written with, by path below `acceptance/`."""


def load_template(templates_dir: Path, name: str) -> Template:
    """Read `<templates_dir>/<name>/template.json` and `usage.md`; an unknown name has no services."""
    folder = templates_dir / name
    definition = folder / "template.json"
    if not definition.is_file():
        return Template(name=name)
    raw: dict[str, Any] = orjson.loads(definition.read_bytes())
    usage = folder / "usage.md"
    return Template(
        name=name,
        services=tuple(ServiceSpec.model_validate(s) for s in raw.get("services", [])),
        usage=usage.read_text(encoding="utf-8") if usage.is_file() else "",
        acceptance=_library(folder / "acceptance"),
    )


def _library(folder: Path) -> dict[str, bytes]:
    files = [*folder.glob("*.py"), *folder.glob("*.ini"), *folder.glob("witness/*.py")]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(files)}
