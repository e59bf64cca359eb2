"""Tells a model what is wrong with the arguments of its call, and which names there are instead."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

MAX_PROBLEMS = 8
Place = tuple[int | str, ...]


def sentence(error: ValidationError, arguments: type[BaseModel]) -> str:
    """The problems, each with its place. A list that is too short because its parts were refused is none."""
    problems = error.errors(include_url=False, include_input=False)
    places = [problem["loc"] for problem in problems]
    told = [one for one in problems if not any(_is_above(one["loc"], place) for place in places)]
    return "; ".join(_problem(one, arguments) for one in told[:MAX_PROBLEMS]) + "."


def _is_above(place: Place, other: Place) -> bool:
    return len(place) < len(other) and other[: len(place)] == place


def _problem(problem: ErrorDetails, arguments: type[BaseModel]) -> str:
    place = ".".join(str(part) for part in problem["loc"]) or "arguments"
    if problem["type"] == "extra_forbidden" and (known := _known(problem["loc"], arguments)):
        return f"{place}: there is no such key, only {', '.join(known)}"
    return f"{place}: {problem['msg']}"


def _known(place: Place, arguments: type[BaseModel]) -> list[str]:
    """The keys that may stand beside the last one of `place`."""
    homes: Sequence[type[BaseModel]] = [arguments]
    for part in place[:-1]:
        homes = list(chain.from_iterable(_below(home, part) for home in homes)) or homes
    keys = (home.model_fields for home in homes)
    return list(dict.fromkeys(chain.from_iterable(keys)))


def _below(home: type[BaseModel], part: int | str) -> Iterator[type[BaseModel]]:
    """The models that `part` leads to: by a field's name, or by the choice among several kinds."""
    if field := home.model_fields.get(str(part)):
        yield from _models(field.annotation)
    elif any(part in get_args(field.annotation) for field in home.model_fields.values()):
        yield home


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)
