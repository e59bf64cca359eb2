"""What no schema tells: two records that may not be there together, made so by changing one."""

from typing import Any

from stackwright.verify.meaning.trial import Trial
from stackwright.verify.meaning.values import changes_of, is_alike
from stackwright.verify.records import Answer, id_of

AGAINST_A_RULE = frozenset({400, 409, 422})


async def try_rules_when_changing(trial: Trial) -> None:
    """Where a second record with the same values is refused (one name twice, two bookings of one hour), no
    other record may be changed into it."""
    update, method = trial.resource.update, trial.resource.update_method
    if update is None or method is None or await trial.stored() is None:
        return
    twin = await trial.create(trial.sent)
    if twin.ok or twin.status not in AGAINST_A_RULE:
        return
    other_id = await _another(trial)
    if other_id is None:
        return
    same = {
        name: value for name, value in trial.sent.items() if name in update.get("properties", {})
    }
    path = trial.resource.item_path(other_id)
    answer = await trial.api.ask(method, path, trial.sent if method == "PUT" else same)
    if answer.ok and _has(await trial.stored(other_id) or {}, same):
        trial.add(
            f"{method} {path} changes a record into one that POST {trial.resource.collection} refuses "
            f"({_reason(twin)}): the rule must hold when a record is changed, too."
        )


async def _another(trial: Trial) -> str | None:
    """The id of one that was made for the lists, or of a new one."""
    made = trial.temporary.made_of(trial.resource)
    if others := [one for one in made if one != trial.record_id]:
        return others[-1]
    changes = changes_of(trial.resource.update or {}, trial.sent, trial.root)
    answer = await trial.create({**trial.sent, **changes})
    return id_of(answer.value) if answer.ok else None


def _has(stored: dict[str, Any], values: dict[str, Any]) -> bool:
    """What the app does not let change is no problem."""
    return all(name in stored and is_alike(name, v, stored[name]) for name, v in values.items())


def _reason(refused: Answer) -> str:
    return f"HTTP {refused.status}: {refused.text[:200]}"
