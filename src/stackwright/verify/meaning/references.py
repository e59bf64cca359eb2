"""Records that refer to others: to none that is not there, also when the other one is deleted."""

from collections.abc import Iterator
from typing import Any, cast

from stackwright.verify.meaning.trial import Trial, ghost_of
from stackwright.verify.openapi import Resource
from stackwright.verify.records import AppApi, TemporaryRecords, as_object, id_of


async def try_references(trial: Trial) -> None:
    """A reference to a record that does not exist is refused."""
    for name, value in trial.sent.items():
        target = trial.api.description.find_resource(name)
        if not name.lower().endswith("id") or not isinstance(value, str) or target is None:
            continue
        ghost = ghost_of(value)
        if (await trial.api.ask("GET", target.item_path(ghost))).ok:
            continue
        if (await trial.create({**trial.sent, name: ghost})).ok:
            trial.add(
                f"POST {trial.resource.collection} accepts {name} = {ghost!r}, which no {target.name} "
                "has. Answer 422 and store nothing."
            )


async def try_deleting_what_is_referred_to(trial: Trial) -> None:
    """It is refused, or what referred to it goes as well, or refers to it no longer."""
    for name, target in _references(trial):
        if not target.can_delete or target.create is None or not trial.resource.can_get:
            continue
        temporary = TemporaryRecords(trial.api, may_stay=trial.temporary.may_stay)
        try:
            await trial.attempt(_leaves_no_ghost(trial, temporary, name, target))
        finally:
            await trial.attempt(temporary.remove_all())


def _references(trial: Trial) -> Iterator[tuple[str, Resource]]:
    """Fields of a new record that hold the id of another one."""
    description = trial.api.description
    for name in (trial.resource.create or {}).get("properties", {}):
        target = description.find_resource(name) if description.refers(name) else None
        if target is not None and target.name != trial.resource.name:
            yield name, target


async def _leaves_no_ghost(
    trial: Trial, temporary: TemporaryRecords, name: str, target: Resource
) -> None:
    _, other = await temporary.make(target)
    sent, record = await temporary.make(trial.resource)
    other_id = id_of(other) or ""
    if not _holds(sent.get(name), other_id):
        return
    path = target.item_path(other_id)
    if not (await temporary.remove(target, other_id)).ok or await _is_there(
        trial.api, target, path
    ):
        return
    left = await trial.api.ask("GET", trial.resource.item_path(id_of(record) or ""))
    values = (as_object(left.value) or {}) if left.ok else {}
    if _holds(values.get(name), other_id) and not _keeps_a_title(values, other):
        trial.add(
            f"DELETE {path} leaves a record of {trial.resource.name} whose {name} is the deleted record: people "
            f"see it without its {target.name}. Delete it as well, clear its {name}, or refuse with 409."
        )


async def _is_there(api: AppApi, target: Resource, path: str) -> bool:
    return target.can_get and (await api.ask("GET", path)).ok


def _holds(value: Any, wanted: str) -> bool:
    if isinstance(value, list):
        return any(str(one) == wanted for one in cast(list[Any], value))
    return value is not None and str(value) == wanted


def _keeps_a_title(values: dict[str, Any], other: dict[str, Any]) -> bool:
    """An order may keep the name of a product that is no longer sold."""
    known = {one for one in other.values() if isinstance(one, str) and " " in one}
    return bool(known & {one for one in values.values() if isinstance(one, str)})
