"""Lists mean what they say: each record once, filters filter, sorting sorts, a search finds."""

import re
from collections.abc import AsyncGenerator, Iterator
from typing import Any

from stackwright.verify.meaning.queries import PAGE, SEARCH, SIZE, SKIP, all_of, named
from stackwright.verify.meaning.sorting import try_ages, try_sorts
from stackwright.verify.meaning.trial import MAX_PAGES, Trial, ghost_of
from stackwright.verify.meaning.values import changes_of
from stackwright.verify.openapi import Schema, snake
from stackwright.verify.records import ApiFault, as_object, id_of, records_in
from stackwright.verify.samples import WORDS

OTHERS = 5
"""Records beside the first: enough for three pages of two."""
PLAIN_PAGE = 24
"""So many more are made where the size of a page cannot be chosen."""
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
    records = [one for one in await trial.listed(all_of(trial)) if id_of(one) in made]
    if len(records) < 3:
        return
    for name, schema in trial.resource.queries.items():
        await trial.attempt(_try_filter(trial, name, schema, records))
    await trial.attempt(try_sorts(trial))
    await trial.attempt(try_ages(trial, made))
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
            yield {name: choice, **all_of(trial)}


async def _pages(trial: Trial, query: dict[str, Any]) -> AsyncGenerator[list[dict[str, Any]]]:
    """One page after the other, until one is empty or repeats the one before."""
    page, skip = named(trial, PAGE), named(trial, SKIP)
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
    is_paged = named(trial, PAGE) or named(trial, SKIP)
    number = OTHERS if not is_paged or named(trial, SIZE) else PLAIN_PAGE
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
    page = named(trial, PAGE) or named(trial, SKIP)
    if page is None:
        return
    size = named(trial, SIZE)
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
    field = fields.get(snake(name)) or fields.get(f"{snake(name)}_id")
    if field is not None:
        await _try_equal(trial, name, field, schema, records)
    for pattern, is_from in ((_FROM, True), (_TO, False)):
        match = pattern.match(snake(name))
        if match and (field := fields.get(match["a"] or match["b"])) is not None:
            await _try_range(trial, name, field, records, is_from=is_from)


async def _try_equal(
    trial: Trial, name: str, field: str, schema: Schema, records: list[dict[str, Any]]
) -> None:
    values = [one[field] for one in records if isinstance(one.get(field), str | int | float)]
    for value in _worth_asking(values, field, schema):
        query = {name: value}
        answer = await trial.api.ask("GET", trial.address({**all_of(trial), **query}))
        if not answer.ok and value not in values:
            continue
        found = records_in(answer.value) or []
        wrong = [one for one in found if not _holds(one.get(field), value)]
        if wrong:
            raise ApiFault(
                f"GET {trial.address(query)} also answers records whose {field} is "
                f"{wrong[0].get(field)!r}: the filter does not filter."
            )
        wanted = {id_of(one) for one in records if one.get(field) == value}
        if wanted and not wanted & {id_of(one) for one in found}:
            raise ApiFault(
                f"GET {trial.address(query)} finds nothing, although records have this {field}."
            )


def _worth_asking(values: list[Any], field: str, schema: Schema) -> list[Any]:
    """Two values that records have, and one that none has."""
    known = list(dict.fromkeys(values))[:2]
    absent = [one for one in schema.get("enum", ()) if one not in values][:1]
    if not absent and field.lower().endswith("id") and known and isinstance(known[0], str):
        absent = [ghost_of(known[0])]
    return (
        [one for one in (*known, *absent) if _fits(one, schema)] if len(known) > 1 or absent else []
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
    found = [v for one in await trial.listed({**all_of(trial), **query}) if (v := one.get(field))]
    beyond = [v for v in found if (v < middle if is_from else v > middle)]
    if beyond:
        raise ApiFault(
            f"GET {trial.address(query)} also answers records whose {field} is {beyond[0]!r}."
        )
    end = known[-1] if is_from else known[0]
    if end not in found:
        raise ApiFault(f"GET {trial.address(query)} leaves out records whose {field} is {end!r}.")


async def _try_search(trial: Trial, records: list[dict[str, Any]]) -> None:
    name = named(trial, SEARCH)
    if name is None:
        return
    word = next((word for word in WORDS if sum(_says(one, word) for one in records) == 1), None)
    if word is None:
        return
    found = await trial.listed({**all_of(trial), name: word})
    query = {name: word}
    if not any(_says(one, word) for one in found):
        raise ApiFault(f"GET {trial.address(query)} does not find the record that says {word!r}.")
    if not await trial.listed({**all_of(trial), name: word.lower()}):
        raise ApiFault(
            f"GET {trial.address({name: word.lower()})} finds nothing, {word!r} does: a search minds no capitals."
        )
    if len(found) >= len(records):
        raise ApiFault(
            f"GET {trial.address(query)} answers all records: the search excludes nothing."
        )
    if await trial.listed({name: _NONSENSE}):
        raise ApiFault(f"GET {trial.address({name: _NONSENSE})} finds records that do not say it.")


def _says(record: dict[str, Any], word: str) -> bool:
    return any(isinstance(v, str) and word.casefold() in v.casefold() for v in record.values())
