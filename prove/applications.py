"""The sound applications: two as the scaffold makes them, three written by hand in other styles."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from stackwright.scaffold.generate import generate
from stackwright.scaffold.spec import AppSpec, WishLink
from stackwright.tools.wishes import SetWishes

ROOT = Path(__file__).parents[1]
TEMPLATE = "next-fast-mongo-pre-v2"
NAMES = ("household", "desk", "rooms", "gym", "shed")
FROM_TEMPLATE = ("backend/pyproject.toml", "backend/requirements.txt")
"""What an application written by hand takes over from the backend of the template."""


@dataclass(frozen=True)
class Application:
    """`message` asks for it, `wishes` are what `set_wishes` is called with for it. `files` are those
    that differ from the template's, by path below the workspace."""

    name: str
    message: str
    wishes: SetWishes
    files: Mapping[str, str]
    is_by_hand: bool

    def text(self, path: str) -> str:
        """A file of the application or, if it has none of its own, of its template."""
        own = self.files.get(path)
        return (ROOT / "templates" / TEMPLATE / path).read_text() if own is None else own


@cache
def application(name: str) -> Application:
    folder = Path(__file__).with_name("apps") / name
    told = json.loads((folder / "wishes.json").read_text())
    spec = folder / "spec.json"
    files = _scaffolded(folder) if spec.exists() else _by_hand(folder)
    return Application(
        name=name,
        message=told["message"],
        wishes=SetWishes.model_validate({"wishes": told["wishes"]}),
        files=files,
        is_by_hand=not spec.exists(),
    )


def _scaffolded(folder: Path) -> dict[str, str]:
    spec = AppSpec.model_validate_json((folder / "spec.json").read_text())
    links = [WishLink(**link) for link in json.loads((folder / "links.json").read_text())]
    return generate(spec, wishes=links)


def _by_hand(folder: Path) -> dict[str, str]:
    own = {
        str(path.relative_to(folder)): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.parent != folder and "__pycache__" not in path.parts
    }
    template = ROOT / "templates" / TEMPLATE
    return {**{path: (template / path).read_text() for path in FROM_TEMPLATE}, **own}
