"""What the schema forbids is refused: values out of bounds and unknown fields."""

from collections.abc import Iterator
from typing import Any

from stackwright.verify.meaning.trial import Trial
from stackwright.verify.openapi import Schema, resolved, snake, without_null
from stackwright.verify.records import ApiFault, id_of

MAX_TRIED = 40
LONG = 3_000
FAR = 1e9
_FORMATS = ("date", "date-time", "email")
UNKNOWN = "zz_unknown"
PRIVILEGED = ("_owner", "owner_id", "user_id", "is_admin", "role", "created_by")
"""What a client must not decide unless the schema lets it."""


async def try_limits(trial: Trial) -> None:
    """Each field of the schema, out of bounds or missing, when creating and when changing."""
    assert trial.resource.create is not None
    tried = 0
    for name, value, why in _wrong_values(trial.resource.create, trial.root):
        if name not in trial.sent or tried >= MAX_TRIED:
            continue
        tried += 1
        await _must_refuse(trial, {**trial.sent, name: value}, f"{name} = {_short(value)}, {why}")
        if trial.resource.update and name in trial.resource.update.get("properties", {}):
            await _must_refuse_change(trial, name, value, why)
    for name in trial.resource.create.get("required", ()):
        body = {key: value for key, value in trial.sent.items() if key != name}
        await _must_refuse(trial, body, f"a record without {name}, which is required")


async def _must_refuse(trial: Trial, body: dict[str, Any], what: str) -> None:
    answer = await trial.create(body)
    if answer.ok:
        trial.add(f"POST {trial.resource.collection} accepts {what}. Answer 422 and store nothing.")


async def _must_refuse_change(trial: Trial, name: str, value: Any, why: str) -> None:
    method = trial.resource.update_method
    assert method is not None
    body = {**trial.sent, name: value} if method == "PUT" else {name: value}
    answer = await trial.api.ask(method, trial.path, body)
    if answer.ok:
        trial.add(
            f"{method} {trial.resource.item} accepts {name} = {_short(value)}, {why}. Answer 422."
        )
        await trial.api.ask(method, trial.path, {**trial.sent})


def _wrong_values(schema: Schema, root: Schema) -> Iterator[tuple[str, Any, str]]:
    for name, raw in schema.get("properties", {}).items():
        part = without_null(resolved(raw, root), root)
        for value, why in _wrong(part):
            yield name, value, why


def _wrong(schema: Schema) -> Iterator[tuple[Any, str]]:
    """Values that the schema forbids, and why. Bounds so far out that they only guard storage are
    left alone."""
    match schema.get("type"):
        case "integer" | "number":
            yield from _numbers_beyond(schema)
        case "string" if "enum" in schema:
            yield "no-such-choice", f"although it must be one of {schema['enum'][:6]}"
        case "string" if "pattern" in schema or schema.get("format") in _FORMATS:
            yield "?!", "although its form is given"
        case "string" if "format" not in schema:
            yield from _texts_beyond(schema)
        case _:
            pass


def _numbers_beyond(schema: Schema) -> Iterator[tuple[float, str]]:
    steps = {"minimum": -1, "maximum": 1, "exclusiveMinimum": 0, "exclusiveMaximum": 0}
    for key, step in steps.items():
        if (limit := schema.get(key)) is not None and abs(limit) < FAR:
            yield limit + step, f"although its {key} is {limit}"


def _texts_beyond(schema: Schema) -> Iterator[tuple[str, str]]:
    if schema.get("minLength"):
        yield "", f"although its minLength is {schema['minLength']}"
    if (longest := schema.get("maxLength")) and longest <= LONG:
        yield "x" * (longest + 1), f"although its maxLength is {longest}"


async def try_unknown_fields(trial: Trial) -> None:
    """Nothing that is not in the schema is stored, least of all whose record it is."""
    assert trial.resource.create is not None
    known = {snake(name) for name in trial.resource.create.get("properties", {})}
    extra: dict[str, Any] = {UNKNOWN: "planted", "id": "f" * 24, "_id": "f" * 24}
    extra |= dict.fromkeys(PRIVILEGED, "planted")
    extra = {name: value for name, value in extra.items() if snake(name) not in known}
    answer = await trial.create({**trial.sent, **extra})
    if not answer.ok:
        return
    if trial.resource.create.get("additionalProperties") is False:
        raise ApiFault(
            f"POST {trial.resource.collection} accepts the unknown field {UNKNOWN}, although its "
            "schema allows no other fields."
        )
    made = await trial.stored(id_of(answer.value) or "") or {}
    planted = [name for name, value in extra.items() if made.get(name) == value]
    if planted:
        raise ApiFault(
            f"POST {trial.resource.collection} stores {planted[0]}, which is not in its schema: a "
            "client must not decide that. Take only known fields."
        )
    # what no answer shows may be stored all the same
    if trial.holding is not None and (where := await trial.holding(UNKNOWN)):
        raise ApiFault(
            f"POST {trial.resource.collection} stores the unknown field {UNKNOWN} in {where[0]}: whatever "
            "a client sends along is kept. Take only known fields."
        )


def _short(value: Any) -> str:
    return repr(value) if len(repr(value)) <= 40 else f"a text of {len(value)} characters"
