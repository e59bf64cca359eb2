"""What belongs to one record, such as the comments of a ticket: it is kept, and goes with the record."""

from collections.abc import Iterator, Mapping
from typing import Any

from stackwright.verify.meaning.trial import Trial
from stackwright.verify.openapi import Action
from stackwright.verify.records import Answer, id_of, records_in
from stackwright.verify.samples import Sampler


async def try_nested(trial: Trial) -> None:
    """What is added to a record is in its list, and in that of no other record."""
    added: list[tuple[Action, str | None]] = []
    for action in _nested(trial):
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
    for action in _nested(trial):
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


def _nested(trial: Trial) -> Iterator[Action]:
    """What can be added to a record, where the same path lists what was added."""
    for action in trial.resource.actions:
        described = trial.root.get("paths", {}).get(action.path, {})
        if action.method == "POST" and action.body is not None and "get" in described:
            yield action


async def _add(trial: Trial, action: Action) -> Answer:
    assert action.body is not None
    body = Sampler(trial.root, lambda _: None, trial.temporary.mark).body(action.body)
    return await trial.api.ask("POST", action.path_of(trial.record_id), body)


def _last_of(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]
