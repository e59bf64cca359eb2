"""What the engine is told when it starts: one JSON object, closed and checked."""

import json
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, cast

PACKAGE_REGISTRIES = tuple(
    ".".join(labels)
    for labels in (("pypi", "org"), ("files", "pythonhosted", "org"), ("registry", "npmjs", "org"))
)


class ConfigError(Exception):
    """The configuration cannot be used; the text says which field and why."""


@dataclass(frozen=True)
class Limits:
    """Per sandbox, except `max_sandboxes`, which have processes at once, and the times of the engine's
    port: a client that says nothing is kept for `idle_s`, and has `head_s` for a request's head.
    `visits` are open connections to programs inside. When less than `free_disk_mb` is left on the host's
    disk, the sandbox that writes is stopped, whatever its own `disk_mb` allows; so is the one that
    takes most when less than `free_memory_mb` is left and no control group limits memory."""

    max_sandboxes: int = 100
    memory_mb: int = 4096
    processes: int = 2048
    open_files: int = 65536
    descriptors: int = 131_072
    file_mb: int = 4096
    disk_mb: int = 10240
    free_disk_mb: int = 1024
    free_memory_mb: int = 256
    tmp_mb: int = 1024
    max_timeout_s: int = 24 * 3600
    boot_s: float = 30.0
    head_s: float = 15.0
    idle_s: float = 120.0
    visits: int = 512


@dataclass(frozen=True)
class EngineConfig:
    """`egress_allow` are host patterns: exact names, `*.name` for everything below it, or `*`.
    `egress_private` are `address:port` of services in private networks that sandboxes may reach,
    a mirror of packages for example.
    `with_bun` has the first template build fetch bun from npm.
    `warm_pool` sandboxes are booted ahead of each of the two templates used last.
    """

    data_dir: Path
    api_key: str
    templates_dir: Path | None = None
    port: int = 0
    with_bun: bool = True
    egress_allow: tuple[str, ...] = PACKAGE_REGISTRIES
    egress_private: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    warm_pool: int = 1

    def to_json(self) -> str:
        """One line that `parse_config` reads back as an equal object."""
        values: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(self)}
        values["data_dir"] = str(self.data_dir)
        values["templates_dir"] = None if self.templates_dir is None else str(self.templates_dir)
        values["limits"] = vars(self.limits)
        return json.dumps(values)


def parse_config(text: str) -> EngineConfig:
    try:
        raw: object = json.loads(text)
    except ValueError as error:
        raise ConfigError(f"the configuration is not JSON: {error}") from error
    if not isinstance(raw, dict):
        raise ConfigError("the configuration is not a JSON object")
    values = dict(cast(dict[str, Any], raw))
    _refuse_unknown(values, EngineConfig, "configuration")
    limits: dict[str, Any] = values.pop("limits", None) or {}
    _refuse_unknown(limits, Limits, "limits")
    for name in ("data_dir", "api_key"):
        if not isinstance(values.get(name), str) or not values[name]:
            raise ConfigError(f"{name} is missing")
    templates_dir = values.pop("templates_dir", None)
    return EngineConfig(
        data_dir=Path(values.pop("data_dir")).absolute(),
        templates_dir=None if templates_dir is None else Path(templates_dir).absolute(),
        egress_allow=tuple(values.pop("egress_allow", PACKAGE_REGISTRIES)),
        egress_private=tuple(values.pop("egress_private", ())),
        limits=Limits(**limits),
        **values,
    )


def _refuse_unknown(values: dict[str, Any], shape: type, what: str) -> None:
    known = {f.name for f in fields(shape)}
    if unknown := sorted(values.keys() - known):
        raise ConfigError(f"unknown fields in the {what}: {', '.join(unknown)}")
