"""What a person takes back, such as a like or a place in a queue, leaves a record as it was for the others."""

from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import Any

from stackwright.verify.environment import Person
from stackwright.verify.meaning.nested import add_nested
from stackwright.verify.openapi import Action, Resource
from stackwright.verify.records import (
    ApiFault,
    AppApi,
    LoginWanted,
    TemporaryRecords,
    as_object,
    id_of,
)

MAX_PEOPLE, MAX_SITUATIONS = 3, 24
_TOLD_BY_THE_CLOCK = ("updated", "modified", "changed")


async def taken_from_others(api: AppApi, resource: Resource, people: Sequence[Person]) -> list[str]:
    """The problems, in sentences. Records stay in the database."""
    known = [api.as_person(one.cookie) for one in people[-MAX_PEOPLE:]] or [api]
    found = [await _tried(known, resource, action) for action in _taken_back(api, resource)]
    return [problem for problem in found if problem]


def _taken_back(api: AppApi, resource: Resource) -> Iterator[Action]:
    """What can be done to a record and undone under the same path."""
    if resource.create is None or not resource.can_get:
        return
    for action in resource.actions:
        described = api.description.root.get("paths", {}).get(action.path, {})
        if action.method == "POST" and action.body is None and "delete" in described:
            yield action


async def _tried(people: Sequence[AppApi], resource: Resource, action: Action) -> str:
    """In the first situation in which both may do it; "" for no problem."""
    for before, order in _situations(people, resource, action):
        other, mine, third = order[0], order[len(order) > 1], order[-1]
        try:
            record_id = id_of((await TemporaryRecords(third, may_stay=True).make(resource))[1])
            if record_id is None or (before and not await _does(third, before, record_id)):
                continue
            if other is not mine and not await _does(other, action, record_id):
                continue
            seen = await seen_of(other, resource, record_id)
            if not await _does(mine, action, record_id):
                continue
            if not (await mine.ask("DELETE", action.path_of(record_id))).ok:
                continue
            now = await seen_of(other, resource, record_id)
        except (ApiFault, LoginWanted):
            continue
        changed = [name for name, value in seen.items() if name in now and now[name] != value]
        if not changed:
            return ""
        name = changed[0]
        return (
            f"POST {action.path} by one person, then DELETE by the same: for somebody who did it before, "
            f"{name} was {seen[name]!r} and is {now[name]!r}. Take back only what the person did."
        )
    return ""


def _situations(
    people: Sequence[AppApi], resource: Resource, action: Action
) -> list[tuple[Action | None, tuple[AppApi, ...]]]:
    """What the last of the people does first, if anything: for some things a tool must be lent."""
    others = [one for one in resource.actions if one.method == "POST" and one != action]
    orders = [*permutations(people)]
    return [(before, order) for before in (None, *others) for order in orders][:MAX_SITUATIONS]


async def _does(person: AppApi, action: Action, record_id: str) -> bool:
    if action.body is None:
        return (await person.ask("POST", action.path_of(record_id))).ok
    return (await add_nested(TemporaryRecords(person, may_stay=True), action, record_id)).ok


async def seen_of(person: AppApi, resource: Resource, record_id: str) -> dict[str, Any]:
    """What two readings of the record agree on, but for its times."""
    path = resource.item_path(record_id)
    first = as_object((await person.ask("GET", path)).value) or {}
    again = as_object((await person.ask("GET", path)).value) or {}
    return {
        name: value
        for name, value in again.items()
        if first.get(name) == value and not name.lower().startswith(_TOLD_BY_THE_CLOCK)
    }
