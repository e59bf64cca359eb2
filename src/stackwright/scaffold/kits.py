"""Kits as they lie in the template: `kits/<name>/` holds files that come into an app that uses it.

`kit.toml` has its line for the model, `usage.md` what the model reads when it adds the kit. The folders
`backend`, `frontend` and `acceptance` are laid into the workspace; a file that ends in `.jinja` is
rendered first, with `app` (the view of the specification), `options` (those of the kit) and `template`
(gives the text of a file of the template).
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from stackwright.scaffold.kit_spec import OPTIONS, KitUse
from stackwright.scaffold.mail_source import mail_rule
from stackwright.scaffold.render import render_text
from stackwright.scaffold.views import AppView

TEMPLATE = Path(__file__).resolve().parents[3] / "templates" / "next-fast-mongo-pre-v2"
"""What the scaffold's files fit to."""
JINJA = ".jinja"
SHARED = "shared"
"""The folder of files that several kits lay out, as their `shares` say."""
_LAID_OUT = ("backend", "frontend", "acceptance")


@dataclass(frozen=True)
class Kit:
    """`line` is what the model reads in its prompt; `needs` are kits that must be there before."""

    name: str
    line: str
    needs: tuple[str, ...]
    usage: str
    router: str
    """The module of the backend whose `router` the application has; "" where there is none."""
    relies_on: Mapping[str, str]
    """Files of the template, and what has to stand in them for the kit to work."""
    files: Mapping[str, str]
    """Path relative to the workspace root, `.jinja` included -> text."""


@cache
def kits() -> Mapping[str, Kit]:
    """All kits, by name."""
    return {name: _load(TEMPLATE / "kits" / name) for name in OPTIONS}


def _load(folder: Path) -> Kit:
    told = tomllib.loads((folder / "kit.toml").read_text(encoding="utf-8"))
    paths = [path for part in _LAID_OUT for path in sorted((folder / part).rglob("*"))]
    shared = {path: (folder.parent / SHARED / path).read_text() for path in told.get("shares", ())}
    return Kit(
        name=folder.name,
        line=told["line"],
        needs=tuple(told.get("needs", ())),
        router=told.get("router", ""),
        usage=(folder / "usage.md").read_text(encoding="utf-8"),
        relies_on=told.get("relies_on", {}),
        files=shared
        | {
            path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
            for path in paths
            if path.is_file() and "__pycache__" not in path.parts
        },
    )


def kit_lines() -> str:
    """One line for each kit, for the prompt."""
    return "\n".join(f"- `{kit.name}`: {kit.line}" for kit in kits().values())


def kit_files(app: AppView) -> dict[str, str]:
    """What the kits of an application lay into its workspace."""
    files: dict[str, str] = {}
    for use in app.spec.kits:
        for path, text in kits()[use.name].files.items():
            is_plain = not path.endswith(JINJA)
            laid = text if is_plain else _rendered(text, app, use)
            if laid.strip():
                files[path.removesuffix(JINJA)] = laid
    return files


def _rendered(text: str, app: AppView, use: KitUse) -> str:
    return render_text(
        text, app=app, options=use.settings(), template=template_text, mail_rule=mail_rule
    )


def kit_routers(app: AppView) -> list[tuple[str, str]]:
    """(module, name) of the routers that the kits of an application bring."""
    found = [(use.name, kits()[use.name].router) for use in app.spec.kits]
    laid = kit_files(app)
    return [
        (router, f"{name}_router")
        for name, router in found
        if router and f"backend/{router.replace('.', '/')}.py" in laid
    ]


@cache
def template_text(path: str) -> str | None:
    """The file of the bare template that a workspace begins with, if it has one at this path."""
    file = TEMPLATE / path
    return file.read_text(encoding="utf-8") if file.is_file() else None


def missing_needs(uses: tuple[KitUse, ...]) -> list[tuple[str, str]]:
    """(kit, kit that it needs) for each that is not there."""
    names = {use.name for use in uses}
    return [
        (use.name, need) for use in uses for need in kits()[use.name].needs if need not in names
    ]


def refuse_unfit(uses: tuple[KitUse, ...], current_files: Mapping[str, str]) -> None:
    """Raise ValueError when a kit cannot work with the files of an app, begun with an earlier template."""
    for use in uses:
        for path, text in kits()[use.name].relies_on.items():
            if text not in current_files.get(path, text):
                raise ValueError(
                    f"the kit {use.name!r} relies on {text!r} in {path}, which is not there: the file "
                    "was changed, or is of an earlier template. Bring it in line with a new app's."
                )
