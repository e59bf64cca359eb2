"""Lists mean what they say: each record once, filters filter, sorting sorts, a search finds."""

import re
from collections.abc import AsyncGenerator, Iterator
from typing import Any

from stackwright.verify.meaning.trial import MAX_PAGES, Trial
from stackwright.verify.meaning.values import changes_of, is_ordered
from stackwright.verify.openapi import Schema, resolved, snake, without_null
from stackwright.verify.records import ApiFault, as_object, id_of
from stackwright.verify.samples import WORDS

OTHERS = 5
"""Records beside the first: enough for three pages of two."""
PLAIN_PAGE = 24
"""So many more are made where the size of a page cannot be chosen."""
_PAGE = ("page", "page_number", "p")
_SKIP = ("skip", "offset", "start")
_SIZE = ("page_size", "per_page", "limit", "size", "pagesize", "take", "count")
_SEARCH = ("q", "search", "query", "term", "keyword", "text", "s", "search_term")
_SORT = ("sort", "sort_by", "order_by", "ordering", "orderby", "sortby", "sort_field")
_ORDER = ("order", "direction", "sort_order", "sort_dir", "dir", "sort_direction")
_FROM = re.compile(r"^(?:min_(?P<a>.+)|(?P<b>.+)_(?:from|min|gte|after|since))$")
_TO = re.compile(r"^(?:max_(?P<a>.+)|(?P<b>.+)_(?:to|max|lte|before|until))$")
_NONSENSE = "zqxvwkj"


async def try_lists(trial: Trial) -> None:
    """Makes records that differ in every field they can."""
    await _is_listed(trial)
    made = await _make_others(trial)
    if len(made) < 3:
        return
    await trial.attempt(_try_pages(trial, made))
    records = [one for one in await trial.listed(_all_of(trial)) if id_of(one) in made]
    if len(records) < 3:
        return
    for name, schema in trial.resource.queries.items():
        await trial.attempt(_try_filter(trial, name, schema, records))
    await trial.attempt(_try_sorts(trial, made))
    await trial.attempt(_try_search(trial, records))


async def _is_listed(trial: Trial) -> None:
    """The new record is on one of the pages, at least when a filter shows everything."""
    if trial.record_id in [id_of(one) async for page in _pages(trial, {}) for one in page]:
        return
    for query in _every_choice(trial):
        if trial.record_id in [id_of(one) for one in await trial.listed(query)]:
            return
    raise ApiFault(
        f"GET {trial.resource.collection} does not hold the record that POST "
        f"{trial.resource.collection} just made (id {trial.record_id})."
    )


def _every_choice(trial: Trial) -> Iterator[dict[str, Any]]:
    for name, schema in trial.resource.queries.items():
        choices = [True, False] if schema.get("type") == "boolean" else schema.get("enum", [])
        for choice in choices[:8]:
            yield {name: choice, **_all_of(trial)}


def _named(trial: Trial, names: tuple[str, ...]) -> str | None:
    return next((name for name in trial.resource.queries if snake(name) in names), None)


def _all_of(trial: Trial) -> dict[str, Any]:
    """The query for the longest page, if its length can be chosen."""
    size = _named(trial, _SIZE)
    if size is None:
        return {}
    return {size: min(int(trial.resource.queries[size].get("maximum", 100)), 100)}


async def _pages(trial: Trial, query: dict[str, Any]) -> AsyncGenerator[list[dict[str, Any]]]:
    """One page after the other, until one is empty or repeats the one before."""
    page, skip = _named(trial, _PAGE), _named(trial, _SKIP)
    first = int(trial.resource.queries[page].get("minimum", 1)) if page else 0
    before: list[str | None] = []
    seen = 0
    for number in range(MAX_PAGES):
        where = {page: first + number} if page else {skip: seen} if skip else {}
        records = await trial.listed({**query, **where})
        ids = [id_of(one) for one in records]
        if not records or ids == before:
            return
        yield records
        before, seen = ids, seen + len(records)
        if not where:
            return


async def _make_others(trial: Trial) -> list[str]:
    """The ids of records unlike each other, the first one of the trial among them."""
    made = [trial.record_id]
    is_paged = _named(trial, _PAGE) or _named(trial, _SKIP)
    number = OTHERS if not is_paged or _named(trial, _SIZE) else PLAIN_PAGE
    assert trial.resource.create is not None
    for step in range(1, number + 1):
        changes = changes_of(trial.resource.create, trial.sent, trial.root, step)
        texts = {name: value for name, value in changes.items() if isinstance(value, str)}
        for body in ({**trial.sent, **changes}, {**trial.sent, **texts}):
            answer = await trial.create(body)
            if answer.ok:
                made.append(id_of(answer.value) or "")
                break
        else:
            break  # a rule of the app that the schema does not tell
    return made


async def _try_pages(trial: Trial, made: list[str]) -> None:
    page = _named(trial, _PAGE) or _named(trial, _SKIP)
    if page is None:
        return
    size = _named(trial, _SIZE)
    smallest = max(2, int(trial.resource.queries[size].get("minimum", 1))) if size else 0
    query = {size: smallest} if size else {}
    if size:
        first = await trial.listed(query)
        if len(first) > smallest:
            raise ApiFault(f"GET {trial.address(query)} answers {len(first)} records on one page.")
    seen: list[str | None] = []
    async for records in _pages(trial, query):
        seen += [id_of(one) for one in records]
    address = trial.address(query)
    if repeated := [one for one in seen if seen.count(one) > 1]:
        raise ApiFault(
            f"The pages of GET {address} ({page}) show the record {repeated[0]} more than once: "
            f"each page must go on where the one before ended."
        )
    if missing := [one for one in made if one not in seen]:
        raise ApiFault(
            f"The pages of GET {address} ({page}) leave out {len(missing)} of {len(made)} records. "
            "Page 2 must show what follows page 1."
        )
    _check_total(await trial.api.ask("GET", address), len(seen), address)


def _check_total(answer: Any, seen: int, address: str) -> None:
    total = (as_object(answer.value) or {}).get("total")
    if isinstance(total, int) and total != seen:
        raise ApiFault(f"GET {address} says that there are {total} records, its pages hold {seen}.")


async def _try_filter(
    trial: Trial, name: str, schema: Schema, records: list[dict[str, Any]]
) -> None:
    fields = {snake(key): key for key in records[0]}
    if (field := fields.get(snake(name))) is not None:
        await _try_equal(trial, name, field, schema, records)
    for pattern, is_from in ((_FROM, True), (_TO, False)):
        match = pattern.match(snake(name))
        if match and (field := fields.get(match["a"] or match["b"])) is not None:
            await _try_range(trial, name, field, records, is_from=is_from)


async def _try_equal(
    trial: Trial, name: str, field: str, schema: Schema, records: list[dict[str, Any]]
) -> None:
    values = [one[field] for one in records if isinstance(one[field], str | int | float)]
    if len(set(values)) < 2:
        return
    for value in {values[0], values[1]}:
        query = {name: value}
        if not _fits(value, schema):
            continue
        found = await trial.listed({**_all_of(trial), **query})
        wrong = [one for one in found if not _holds(one.get(field), value)]
        if wrong:
            raise ApiFault(
                f"GET {trial.address(query)} also answers records whose {field} is "
                f"{wrong[0].get(field)!r}: the filter does not filter."
            )
        wanted = [id_of(one) for one in records if one[field] == value]
        if not set(wanted) & {id_of(one) for one in found}:
            raise ApiFault(
                f"GET {trial.address(query)} finds nothing, although records have this {field}."
            )


def _fits(value: Any, schema: Schema) -> bool:
    return value in schema["enum"] if "enum" in schema else True


def _holds(stored: Any, wanted: Any) -> bool:
    """A filter over a text may find parts of it."""
    if isinstance(stored, str) and isinstance(wanted, str):
        return wanted.casefold() in stored.casefold() or stored[:10] == wanted[:10]
    return stored == wanted


async def _try_range(
    trial: Trial, name: str, field: str, records: list[dict[str, Any]], *, is_from: bool
) -> None:
    values = sorted({v for one in records if isinstance(v := one[field], int | float)})
    texts = sorted({v for one in records if isinstance(v := one[field], str)})
    known: list[Any] = values or texts
    if len(known) < 3:
        return
    middle = known[len(known) // 2]
    query = {name: middle}
    found = [v for one in await trial.listed({**_all_of(trial), **query}) if (v := one.get(field))]
    beyond = [v for v in found if (v < middle if is_from else v > middle)]
    if beyond:
        raise ApiFault(
            f"GET {trial.address(query)} also answers records whose {field} is {beyond[0]!r}."
        )
    end = known[-1] if is_from else known[0]
    if end not in found:
        raise ApiFault(f"GET {trial.address(query)} leaves out records whose {field} is {end!r}.")


async def _try_sorts(trial: Trial, made: list[str]) -> None:
    for query, field, descending in _sorts(trial):
        records = await trial.listed({**_all_of(trial), **query})
        values = [one.get(field) for one in records]
        if is_ordered(values, descending=descending) is False:
            way = "descending" if descending else "ascending"
            trial.add(
                f"GET {trial.address(query)} is not sorted: {field} should be {way}, but is "
                f"{', '.join(map(repr, values[:4]))}."
            )


def _sorts(trial: Trial) -> Iterator[tuple[dict[str, Any], str, bool]]:
    """(query, field, descending) of the sorts that the schema tells. Choices may have any order."""
    name = _named(trial, _SORT)
    if name is None:
        return
    fields = {snake(f): f for f in trial.sent if not _is_choice(trial, f)}
    order = _named(trial, _ORDER) or ""
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


async def _try_search(trial: Trial, records: list[dict[str, Any]]) -> None:
    name = _named(trial, _SEARCH)
    if name is None:
        return
    word = next((word for word in WORDS if sum(_says(one, word) for one in records) == 1), None)
    if word is None:
        return
    found = await trial.listed({**_all_of(trial), name: word})
    query = {name: word}
    if not any(_says(one, word) for one in found):
        raise ApiFault(f"GET {trial.address(query)} does not find the record that says {word!r}.")
    if len(found) >= len(records):
        raise ApiFault(
            f"GET {trial.address(query)} answers all records: the search excludes nothing."
        )
    if await trial.listed({name: _NONSENSE}):
        raise ApiFault(f"GET {trial.address({name: _NONSENSE})} finds records that do not say it.")


def _says(record: dict[str, Any], word: str) -> bool:
    return any(isinstance(v, str) and word.casefold() in v.casefold() for v in record.values())
