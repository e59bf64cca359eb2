"""Records keep what was sent: when made, when changed, with little in them, and with odd texts."""

from typing import Any

from stackwright.verify.meaning.trial import Trial
from stackwright.verify.meaning.values import changes_of, is_alike
from stackwright.verify.openapi import Action, resolved, without_null
from stackwright.verify.records import UNKNOWN_ID, ApiFault, id_of
from stackwright.verify.samples import WORDS, Sampler

STRANGE = "Ünï çødé — “quotes” & 'ticks' 漢字 🙂 "
LONG_CHARS = 2_000
_SPARE = "Hazel"
"""No record of another probe is called so: a text of which there may be one can be changed to it."""


async def try_storing(trial: Trial) -> None:
    """What only the memory of the process holds is gone when the app starts anew."""
    if trial.holding is None:
        return
    if not [name for name in await trial.holding("_id") if not name.startswith("_")]:
        raise ApiFault(
            f"POST {trial.resource.collection} answers with a record, and no collection of the database "
            "holds one: it is gone when the app starts anew. Store it in MongoDB."
        )


async def try_reading(trial: Trial) -> None:
    await _expect(trial, trial.sent)


async def try_changes(trial: Trial) -> None:
    """All fields at once as a form does, and one alone: the others stay as they were."""
    update, method = trial.resource.update, trial.resource.update_method
    if update is None or method is None:
        return
    changes = {
        name: value.replace(WORDS[1], _SPARE, 1) if isinstance(value, str) else value
        for name, value in changes_of(update, trial.sent, trial.root).items()
    }
    if not changes:
        return
    if await _change(trial, changes):
        await _expect(trial, {**trial.sent, **changes})
    else:
        for name, value in changes.items():
            await _change_one(trial, name, value)
        return
    if method == "PATCH":
        name = next(iter(changes))
        await _change(trial, {name: trial.sent[name]})
        await _expect(trial, {**trial.sent, **changes, name: trial.sent[name]})
    await trial.attempt(_empty(trial))
    await _change(trial, trial.sent)


async def _empty(trial: Trial) -> None:
    """Nothing, no and zero are values too."""
    assert trial.resource.update is not None
    empty: dict[str, Any] = {}
    for name, raw in trial.resource.update.get("properties", {}).items():
        part = without_null(resolved(raw, trial.root), trial.root)
        match trial.sent.get(name):
            case bool():
                empty[name] = False
            case int() | float() if part.get("minimum", 0) <= 0 <= part.get("maximum", 1):
                empty[name] = 0
            case _:
                pass
    if empty and await _change(trial, empty):
        await _expect(trial, empty)


async def _change_one(trial: Trial, name: str, value: Any) -> None:
    """A plain text or truth may be changed; other values may be kept back by a rule of the app."""
    if await _change(trial, {name: value}):
        await _expect(trial, {**trial.sent, name: value})
        await _change(trial, {name: trial.sent[name]})
    elif isinstance(value, bool) or (isinstance(value, str) and " " in value):
        raise ApiFault(
            f"{trial.resource.update_method} {trial.path} refuses {{{name!r}: {value!r}}}."
        )


async def _change(trial: Trial, changes: dict[str, Any]) -> bool:
    method = trial.resource.update_method
    assert method is not None
    body = {**trial.sent, **changes} if method == "PUT" else changes
    return (await trial.api.ask(method, trial.path, body)).ok


async def _expect(trial: Trial, values: dict[str, Any]) -> None:
    stored = await trial.stored()
    if stored is None:
        raise ApiFault(f"GET {trial.path} does not find the record.")
    for name, value in values.items():
        if name in stored and not is_alike(name, value, stored[name]):
            trial.add(f"GET {trial.path}: {name} is {stored[name]!r}, but {value!r} was sent.")


async def try_little(trial: Trial) -> None:
    """A record with only what is required can be made and shown wherever records are shown, also
    when it is the only one."""
    assert trial.resource.create is not None
    required = set(trial.resource.create.get("required", ()))
    body = {name: value for name, value in trial.sent.items() if name in required}
    if trial.resource.can_delete:
        await trial.temporary.remove(trial.resource, trial.record_id)
    answer = await trial.create(body)
    if record_id := id_of(answer.value) if answer.ok else None:
        await trial.attempt(_is_shown(trial, record_id))
        if trial.resource.can_delete:
            await trial.temporary.remove(trial.resource, record_id)
    if trial.resource.can_delete:
        again = await trial.create(trial.sent)
        trial.record_id = id_of(again.value) or ""
        if not trial.record_id:
            raise ApiFault(
                f"POST {trial.resource.collection} refuses a record equal to one that was deleted: "
                f"HTTP {again.status}: {again.text[:300]}"
            )


async def _is_shown(trial: Trial, record_id: str) -> None:
    if await trial.stored(record_id) is None and trial.resource.can_get:
        raise ApiFault(
            f"{trial.resource.name}: a record with only the required fields is not found."
        )
    if trial.resource.can_list:
        await trial.listed()
    for path in trial.api.description.plain_gets:
        await trial.attempt(trial.api.ask("GET", path))


async def try_texts(trial: Trial) -> None:
    """Long and strange texts come back whole."""
    assert trial.resource.create is not None
    texts: dict[str, str] = {}
    for name, raw in trial.resource.create.get("properties", {}).items():
        part = without_null(resolved(raw, trial.root), trial.root)
        is_free = str(trial.sent.get(name, "")).startswith("Sample ")
        if is_free and not {"enum", "pattern", "format", "const"} & set(part):
            longest = min(int(part.get("maxLength", LONG_CHARS)), LONG_CHARS)
            texts[name] = (STRANGE * (longest // len(STRANGE) + 1))[:longest].strip()
    if not texts:
        return
    answer = await trial.create({**trial.sent, **texts})
    if not answer.ok:
        return
    stored = await trial.stored(id_of(answer.value) or "") or {}
    for name, text in texts.items():
        if name in stored and not is_alike(name, text, stored[name]):
            trial.add(
                f"{trial.resource.name}: a text of {len(text)} characters in {name} comes back as "
                f"{str(stored[name])[:60]!r}… ({len(str(stored[name]))} characters)."
            )


async def try_actions(trial: Trial) -> None:
    """What can be done to a record answers, befalls this record, and does not find one that is not
    there."""
    if not trial.resource.actions:
        return
    younger = await trial.create(trial.sent)
    younger_id = id_of(younger.value) if younger.ok else None
    for action in trial.resource.actions:
        body = None
        if action.body is not None:
            body = Sampler(trial.root, lambda _: None, trial.temporary.mark).body(action.body)
        if younger_id is not None:
            await trial.attempt(_befalls(trial, action, younger_id, body))
        await trial.attempt(trial.api.ask(action.method, action.path_of(trial.record_id), body))
        await trial.attempt(_finds_none(trial, action.method, action.path_of(UNKNOWN_ID), body))
    if younger_id is not None and trial.resource.can_delete:
        await trial.temporary.remove(trial.resource, younger_id)


async def _befalls(trial: Trial, action: Action, younger_id: str, body: Any) -> None:
    """An action on one record may change others as well, but not another one instead."""
    before, other = await trial.stored(younger_id), await trial.stored()
    path = action.path_of(younger_id)
    answer = await trial.api.ask(action.method, path, body)
    if answer.ok and await trial.stored(younger_id) == before and await trial.stored() != other:
        raise ApiFault(f"{action.method} {path} changes another record instead of this one.")


async def _finds_none(trial: Trial, method: str, path: str, body: Any) -> None:
    answer = await trial.api.ask(method, path, body)
    if answer.ok and method == "POST":
        raise ApiFault(
            f"{method} {path} answers HTTP {answer.status} for a record that is not there."
        )


async def try_deleting(trial: Trial) -> None:
    path = trial.path
    answer = await trial.temporary.remove(trial.resource, trial.record_id)
    if not answer.ok:
        raise ApiFault(f"DELETE {path} answers HTTP {answer.status}: {answer.text[:500]}")
    if trial.resource.can_get and (await trial.api.ask("GET", path)).ok:
        raise ApiFault(f"GET {path} still finds the record after DELETE.")
    if trial.resource.can_list and trial.record_id in map(id_of, await trial.listed()):
        raise ApiFault(
            f"GET {trial.resource.collection} still shows the record after DELETE {path}."
        )
    await trial.api.ask("DELETE", path)
