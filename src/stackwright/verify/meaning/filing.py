"""Where a list has a filter that is named after a deed, such as `isReturned` for what can be returned, what it
was done to is found by it."""

from collections.abc import Iterator

from stackwright.verify.meaning.nested import add_nested
from stackwright.verify.meaning.repeating import ends_of
from stackwright.verify.openapi import Resource, resolved, snake, without_null
from stackwright.verify.records import (
    ApiFault,
    AppApi,
    LoginWanted,
    TemporaryRecords,
    id_of,
    records_in,
)

STEM_CHARS = 5
_SHOWS_MORE = ("show", "include", "with", "all")
"""A filter that begins so shows the others as well."""


async def lost_from_sight(api: AppApi, resource: Resource) -> list[str]:
    """The problems, in sentences. Records stay in the database."""
    found: list[str] = []
    if resource.create is None:
        return found
    for path, added_by in _deeds(api, resource):
        collection = path.partition("/{")[0]
        for name in _filters(api, collection, path.rpartition("/")[2]):
            try:
                found.append(await _tried(api, resource, path, added_by, f"{collection}?{name}"))
            except (ApiFault, LoginWanted):
                continue
    return [problem for problem in found if problem]


def _deeds(api: AppApi, resource: Resource) -> Iterator[tuple[str, int | None]]:
    """What can be done with nothing but an id: to a record, or to what the action of that number adds to it."""
    for number, action in enumerate(resource.actions):
        if action.method == "POST" and action.body is None:
            yield action.path, None
        for path in ends_of(api, action):
            yield path, number


def _filters(api: AppApi, collection: str, deed: str) -> Iterator[str]:
    root = api.description.root
    described = root.get("paths", {}).get(collection, {}).get("get", {})
    stem = snake(deed)[:STEM_CHARS].rstrip("e")
    for raw in described.get("parameters", ()):
        given = resolved(raw, root)
        name = str(given.get("name", ""))
        is_yes_or_no = without_null(given.get("schema", {}), root).get("type") == "boolean"
        is_named_so = len(stem) >= 4 and stem in snake(name)
        if given.get("in") == "query" and is_yes_or_no and is_named_so:
            yield name


async def _tried(
    api: AppApi, resource: Resource, deed: str, added_by: int | None, filtered: str
) -> str:
    temporary = TemporaryRecords(api, may_stay=True)
    made_id = id_of((await temporary.make(resource))[1])
    if made_id is not None and added_by is not None:
        added = await add_nested(temporary, resource.actions[added_by], made_id)
        made_id = id_of(added.value) if added.ok else None
    if made_id is None:
        return ""
    path = f"{deed.partition('{')[0]}{made_id}{deed.partition('}')[2]}"
    if not (await api.ask("POST", path)).ok:
        return ""
    if made_id not in await _ids(api, f"{filtered}=true"):
        return f"GET {filtered}=true does not hold what POST {deed} was done to: nobody finds it there."
    if filtered.partition("?")[2].lower().startswith(_SHOWS_MORE):
        return ""
    if made_id in await _ids(api, f"{filtered}=false"):
        return f"GET {filtered}=false still holds what POST {deed} was done to."
    return ""


async def _ids(api: AppApi, path: str) -> list[str | None]:
    """Of the first page: the database holds few records while this is tried."""
    answer = await api.ask("GET", path)
    records = records_in(answer.value) if answer.ok else None
    if records is None:
        raise ApiFault(f"GET {path} answers HTTP {answer.status} without a list.")
    return [id_of(one) for one in records]
