"""Templates: `template.json`, read and checked, and the keys of the layers it stands for.

The format is described in docs/template-format.md.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, cast

from stackwright.engine.files import listed, plain_mode

BASE = "base"
KEY_LENGTH = 16
ALWAYS_EXCLUDED = (
    *(".git", "node_modules", ".next", ".venv", "__pycache__", ".pytest_cache", ".ruff_cache"),
    "*.pyc",
)
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")


class TemplateError(Exception):
    """A template cannot be read; the text names the file and the field."""


@dataclass(frozen=True)
class Copy:
    source: str
    target: str
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    name: str
    copies: tuple[Copy, ...] = ()
    run: str | None = None
    cwd: str = "/home/user"
    env: dict[str, str] = field(default_factory=dict[str, str])
    timeout_s: float = 900.0


@dataclass(frozen=True)
class Template:
    name: str
    folder: Path
    env: dict[str, str] = field(default_factory=dict[str, str])
    path: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    start: str | None = None

    def layer_keys(self, toolchain: Sequence[str]) -> list[str]:
        """One key per step; equal keys mean equal inputs."""
        key = _hash("1", *toolchain, json.dumps([self.env, self.path], sort_keys=True))
        keys: list[str] = []
        for step in self.steps:
            contents = (_content(self.folder, copy) for copy in step.copies)
            key = _hash(key, json.dumps(asdict(step), sort_keys=True), *contents)
            keys.append(key[:KEY_LENGTH])
        return keys


def find_template(templates_dir: Path | None, name: str) -> Template | None:
    """The template of that name; None when there is none. Raises TemplateError for a bad one."""
    if _NAME.fullmatch(name) is None:
        return None
    if templates_dir is not None and (templates_dir / name / "template.json").is_file():
        return load_template(templates_dir / name)
    return Template(BASE, Path()) if name == BASE else None


def template_names(templates_dir: Path) -> list[str]:
    """Names of all templates that there are, sorted."""
    return sorted({BASE, *(path.parent.name for path in templates_dir.glob("*/template.json"))})


def load_template(folder: Path) -> Template:
    path = folder / "template.json"
    try:
        raw: object = json.loads(path.read_text())
    except ValueError as error:
        raise TemplateError(f"{path}: not JSON: {error}") from error
    fields = _Fields(raw, f"{path}")
    template = Template(
        name=fields.text("name"),
        folder=folder,
        env=fields.texts_by_name("env"),
        path=fields.texts("path"),
        steps=tuple(
            _step(_Fields(step, f"{path}: steps[{i}]")) for i, step in fields.items("steps")
        ),
        start=fields.optional_text("start"),
    )
    fields.finish(ignored=("description", "services"))
    if template.name != folder.name:
        raise TemplateError(f"{path}: name is {template.name!r}, the folder's is {folder.name!r}")
    return template


def _step(fields: "_Fields") -> Step:
    step = Step(
        name=fields.text("name"),
        copies=tuple(
            _copy(_Fields(copy, f"{fields.where}: copy[{i}]")) for i, copy in fields.items("copy")
        ),
        run=fields.optional_text("run"),
        cwd=fields.optional_text("cwd") or "/home/user",
        env=fields.texts_by_name("env"),
        timeout_s=fields.number("timeout_s", 900.0),
    )
    fields.finish()
    return step


def _copy(fields: "_Fields") -> Copy:
    copy = Copy(fields.text("from"), fields.text("to"), fields.texts("exclude"))
    fields.finish()
    if not copy.target.startswith("/") or ".." in Path(copy.target).parts:
        raise TemplateError(f"{fields.where}: 'to' is not an absolute path without '..'")
    if Path(copy.source).is_absolute() or ".." in Path(copy.source).parts:
        raise TemplateError(f"{fields.where}: 'from' leaves the template's folder")
    return copy


def _content(folder: Path, copy: Copy) -> str:
    source = folder / copy.source
    if not source.exists():
        raise TemplateError(f"{source} does not exist")
    digest = hashlib.sha256()
    for path, below in listed(source, (*ALWAYS_EXCLUDED, *copy.exclude)):
        digest.update(f"{below}\0".encode())
        if path.is_symlink():
            digest.update(f"link {path.readlink()}".encode())
        elif path.is_file():
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{plain_mode(path):o} {content}".encode())
    return digest.hexdigest()


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


class _Fields:
    """A JSON object read field by field; what nobody read is an error."""

    def __init__(self, raw: object, where: str) -> None:
        if not isinstance(raw, dict):
            raise TemplateError(f"{where}: not an object")
        self.where = where
        self._left = dict(cast(dict[str, Any], raw))

    def text(self, name: str) -> str:
        value = self.optional_text(name)
        if not value:
            raise TemplateError(f"{self.where}: {name!r} is missing")
        return value

    def optional_text(self, name: str) -> str | None:
        return self._typed(name, str, None)

    def number(self, name: str, default: float) -> float:
        value: int | float = self._typed(name, (int, float), default)
        return float(value)

    def texts(self, name: str) -> tuple[str, ...]:
        return tuple(self._of_texts(name, self._typed(name, list, [])))

    def texts_by_name(self, name: str) -> dict[str, str]:
        values: dict[str, str] = self._typed(name, dict, {})
        self._of_texts(name, list(values.values()))
        return values

    def items(self, name: str) -> list[tuple[int, object]]:
        values: list[object] = self._typed(name, list, [])
        return list(enumerate(values))

    def finish(self, ignored: Sequence[str] = ()) -> None:
        if unknown := sorted(self._left.keys() - set(ignored)):
            raise TemplateError(f"{self.where}: unknown fields {', '.join(unknown)}")

    def _typed(self, name: str, kind: type | tuple[type, ...], default: Any) -> Any:
        value = self._left.pop(name, None)
        if value is None:
            return default
        if not isinstance(value, kind) or isinstance(value, bool):
            raise TemplateError(f"{self.where}: {name!r} has the wrong type")
        return value

    def _of_texts(self, name: str, values: list[object]) -> list[str]:
        texts = [value for value in values if isinstance(value, str)]
        if len(texts) != len(values):
            raise TemplateError(f"{self.where}: {name!r} may hold strings only")
        return texts
