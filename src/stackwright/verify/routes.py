"""The routes of the frontend, read from its files."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

_PARAMETER = re.compile(r"^\[(\[?)(\.\.\.)?([^\[\]]+)\]?\]$")
_SUFFIXES = frozenset({".tsx", ".jsx", ".ts", ".js"})
_NOT_PAGES = frozenset({"_app", "_document", "_error", "404", "500"})


@dataclass(frozen=True, slots=True)
class Route:
    """`pattern` is e.g. /books/[id]; `parameters` are (name, segment before it)."""

    pattern: str
    parameters: tuple[tuple[str, str], ...] = ()


def routes(files: Iterable[str]) -> list[Route]:
    """From file names relative to the frontend, of the Pages and the App Router, sorted."""
    found: dict[str, Route] = {}
    for file in files:
        segments = _segments(PurePosixPath(file.removeprefix("./").removeprefix("src/")))
        if segments is not None and (route := _route(segments)) is not None:
            found[route.pattern] = route
    return [found[pattern] for pattern in sorted(found)]


def _segments(path: PurePosixPath) -> list[str] | None:
    if path.suffix not in _SUFFIXES:
        return None
    match path.parts:
        case ("pages", "api", *_):
            return None
        case ("pages", *folders, name):
            stem = PurePosixPath(name).stem
            if stem in _NOT_PAGES or name.endswith(".d.ts"):
                return None
            return [*folders, *([] if stem == "index" else [stem])]
        case ("app", *folders, name) if PurePosixPath(name).stem == "page":
            return [part for part in folders if not re.fullmatch(r"\(.*\)|@.*", part)]
        case _:
            return None


def _route(segments: list[str]) -> Route | None:
    """None for a private folder of the App Router."""
    parts: list[str] = []
    parameters: list[tuple[str, str]] = []
    for segment in segments:
        if segment.startswith("_"):
            return None
        match = _PARAMETER.match(segment)
        if match is None:
            parts.append(segment)
        elif not match[1]:
            parameters.append((match[3], parts[-1] if parts else ""))
            parts.append(f"[{match[3]}]")
    return Route("/" + "/".join(parts), tuple(parameters))


def filled(route: Route, values: dict[str, str]) -> str:
    """The route's path with a value for each parameter."""
    path = route.pattern
    for name, value in values.items():
        path = path.replace(f"[{name}]", value)
    return path
