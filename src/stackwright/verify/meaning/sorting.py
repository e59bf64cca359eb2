"""Sorted lists are sorted: by a field, up and down, or by age."""

import re
from collections.abc import Iterator
from typing import Any

from stackwright.verify.meaning.queries import ORDER, SORT, all_of, named
from stackwright.verify.meaning.trial import Trial
from stackwright.verify.meaning.values import is_ordered
from stackwright.verify.openapi import Schema, resolved, snake, without_null
from stackwright.verify.records import id_of


async def try_sorts(trial: Trial) -> None:
    for query, field, descending in _sorts(trial):
        records = await trial.listed({**all_of(trial), **query})
        values = [one.get(field) for one in records]
        if is_ordered(values, descending=descending) is False:
            way = "descending" if descending else "ascending"
            trial.add(
                f"GET {trial.address(query)} is not sorted: {field} should be {way}, but is "
                f"{', '.join(map(repr, values[:4]))}."
            )


async def try_ages(trial: Trial, made: list[str]) -> None:
    """Newest and oldest first are what they say."""
    name = named(trial, SORT + ORDER) or ""
    for choice in _choices(trial.resource.queries.get(name, {})):
        is_newest = choice.lower() in ("newest", "latest", "recent", "newest_first")
        if not is_newest and choice.lower() not in ("oldest", "oldest_first"):
            continue
        query = {name: choice}
        ids = [id_of(one) for one in await trial.listed({**all_of(trial), **query})]
        known = [ids.index(one) for one in (made[0], made[-1]) if one in ids]
        if len(known) > 1 and (known[0] < known[1]) is is_newest:
            trial.add(
                f"GET {trial.address(query)} has the {'oldest' if is_newest else 'newest'} first."
            )


def _sorts(trial: Trial) -> Iterator[tuple[dict[str, Any], str, bool]]:
    """(query, field, descending) of the sorts that the schema tells. Choices may have any order."""
    name = named(trial, SORT)
    if name is None:
        return
    fields = {snake(f): f for f in trial.sent if not _is_choice(trial, f)}
    order = named(trial, ORDER) or ""
    ways = trial.resource.queries[order].get("enum", ()) if order else ()
    for choice in _choices(trial.resource.queries[name]):
        plain = re.sub(r"^[-+]|[_:. -](?:asc|desc)(?:ending)?$", "", choice)
        field = fields.get(snake(plain))
        if field is None:
            continue
        if not order:
            is_descending = choice.startswith("-") or bool(re.search(r"[_:. -]desc", choice))
            is_told = plain != choice or f"-{choice}" in _choices(trial.resource.queries[name])
            if is_told:
                yield {name: choice}, field, is_descending
        for way in ways:
            yield {name: choice, order: way}, field, str(way).lower().startswith("desc")


def _choices(schema: Schema) -> list[str]:
    """Of an enum, or of a pattern that lists words."""
    if "enum" in schema:
        return [str(one) for one in schema["enum"]]
    match = re.fullmatch(r"\^(-\?)?\(([\w|]+)\)\$", str(schema.get("pattern", "")))
    if match is None:
        return []
    words = match[2].split("|")
    return [*words, *([f"-{word}" for word in words] if match[1] else [])]


def _is_choice(trial: Trial, field: str) -> bool:
    assert trial.resource.create is not None
    raw = trial.resource.create.get("properties", {}).get(field, {})
    return "enum" in without_null(resolved(raw, trial.root), trial.root)
