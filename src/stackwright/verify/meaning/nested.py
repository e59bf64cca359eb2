"""What belongs to one record, such as the comments of a ticket: it is kept, and goes with the record."""

from collections.abc import Iterator, Mapping
from typing import Any

from stackwright.verify.meaning.trial import Trial
from stackwright.verify.openapi import Action, Resource
from stackwright.verify.records import Answer, AppApi, TemporaryRecords, id_of, records_in
from stackwright.verify.samples import Sampler


async def try_nested(trial: Trial) -> None:
    """What is added to a record is in its list, and in that of no other record."""
    added: list[tuple[Action, str | None]] = []
    for action in nested_actions(trial.api, trial.resource):
        path = action.path_of(trial.record_id)
        before = await _listed(trial, path)
        made = await _add(trial, action)
        if before is None or not made.ok:
            continue
        if len(await _listed(trial, path) or []) <= len(before):
            trial.add(f"GET {path} does not hold what POST {path} made.")
        else:
            added.append((action, id_of(made.value)))
    other = await trial.create(trial.sent) if added else None
    if other is None or not (other_id := id_of(other.value) if other.ok else None):
        return
    for action, made_id in added:
        path = action.path_of(other_id)
        listed = await _listed(trial, path) or []
        if made_id in map(id_of, listed) if made_id else listed:
            trial.add(f"GET {path} holds what was added to another record.")
    if trial.resource.can_delete:
        await trial.temporary.remove(trial.resource, other_id)


async def _listed(trial: Trial, path: str) -> list[dict[str, Any]] | None:
    return records_in((await trial.api.ask("GET", path)).value)


async def nested_in_database(trial: Trial) -> Mapping[str, str]:
    """Add to the record what can be reached through it only. Collections that grew, with the path."""
    grown: dict[str, str] = {}
    if trial.holdings is None:
        return grown
    listed = {_last_of(one.collection) for one in trial.api.description.resources if one.can_list}
    for action in nested_actions(trial.api, trial.resource):
        if _last_of(action.path) in listed:
            continue  # it has a list of its own, where it can be seen and deleted
        before = await trial.holdings()
        if (await _add(trial, action)).ok:
            after = await trial.holdings()
            grown |= {n: action.path for n, count in after.items() if count > before.get(n, 0)}
    return grown


async def try_leaving_nothing(
    trial: Trial, nested: Mapping[str, str], before: Mapping[str, int]
) -> None:
    """What was added to a record that is deleted now does not stay in the database for ever. `before`: how
    many records each collection held then."""
    assert trial.holdings is not None
    after = await trial.holdings()
    for name, path in nested.items():
        if after.get(name, 0) >= before.get(name, 0):
            trial.add(
                f"DELETE {trial.path} leaves in the collection {name!r} what POST {path} made, where nobody "
                "can reach it any more. Delete it as well, or refuse to delete the record."
            )


def nested_actions(api: AppApi, resource: Resource) -> Iterator[Action]:
    """What can be added to a record, where the same path lists what was added."""
    for action in resource.actions:
        described = api.description.root.get("paths", {}).get(action.path, {})
        if action.method == "POST" and action.body is not None and "get" in described:
            yield action


async def add_nested(temporary: TemporaryRecords, action: Action, record_id: str) -> Answer:
    """Add a sample to a record. Raises ApiFault, LoginWanted."""
    assert action.body is not None
    root = temporary.api.description.root
    body = Sampler(root, lambda _: None, temporary.mark).body(action.body)
    return await temporary.api.ask("POST", action.path_of(record_id), body)


async def _add(trial: Trial, action: Action) -> Answer:
    return await add_nested(trial.temporary, action, trial.record_id)


def _last_of(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]
