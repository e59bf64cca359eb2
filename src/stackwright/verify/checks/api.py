"""Create, read, change and delete through the live API, for every resource its schema describes."""

from collections.abc import Mapping
from typing import Any

from stackwright.verify.check import Subject, Verdict, failed, passed
from stackwright.verify.openapi import Resource, Schema, resolved
from stackwright.verify.records import (
    UNKNOWN_ID,
    ApiFault,
    AppApi,
    LoginWanted,
    TemporaryRecords,
    as_object,
    id_of,
    read_api,
    records_in,
)
from stackwright.verify.samples import changed


async def api_works(subject: Subject) -> Verdict:
    """Leaves no record behind."""
    try:
        api = await read_api(subject.sandbox, subject.app.backend_port)
        notes = await _exercise(api)
    except ApiFault as fault:
        log = await subject.environment.logs("backend")
        return failed(f"{fault}\n\nThe backend's log ends:\n{log[-1500:]}")
    return passed("; ".join(notes) or "no resources yet")


async def _exercise(api: AppApi) -> list[str]:
    notes: list[str] = []
    for path in api.description.plain_gets:
        try:
            await api.ask("GET", path)
        except LoginWanted as wanted:
            notes.append(str(wanted))
    for resource in api.description.resources:
        seen = await _exercise_resource(api, resource)
        notes.append(f"{resource.name}: {seen}")
    return notes


async def _exercise_resource(api: AppApi, resource: Resource) -> str:
    temporary = TemporaryRecords(api)
    done: list[str] = []
    try:
        if resource.can_get:
            answer = await api.ask("GET", resource.item_path(UNKNOWN_ID))
            if answer.ok:
                raise ApiFault(
                    f"GET {resource.item_path(UNKNOWN_ID)} finds a record: {answer.text[:200]}"
                )
        if resource.create is None or not resource.can_delete:
            return "read only" if resource.create is None else "not tried: nothing deletes a record"
        await _refuse_nonsense(api, resource)
        sent, record = await temporary.make(resource)
        record_id = id_of(record)
        assert record_id is not None
        done = ["created", *await _read(api, resource, record_id, sent)]
        done += await _change(api, resource, record_id, sent)
        done += await _delete(temporary, resource, record_id)
    except LoginWanted:
        return "wants a login, not tried"
    finally:
        await temporary.remove_all()
    return ", ".join(done)


async def _refuse_nonsense(api: AppApi, resource: Resource) -> None:
    assert resource.create is not None
    if resource.create.get("required"):
        answer = await api.ask("POST", resource.collection, {})
        if answer.ok:
            raise ApiFault(f"POST {resource.collection} accepts {{}} although fields are required.")


async def _read(
    api: AppApi, resource: Resource, record_id: str, sent: Mapping[str, Any]
) -> list[str]:
    done: list[str] = []
    if resource.can_list:
        answer = await api.ask("GET", resource.collection)
        if not answer.ok or records_in(answer.value) is None:
            raise ApiFault(
                f"GET {resource.collection} answers HTTP {answer.status} without a list."
            )
        done.append("listed")
    if resource.can_get:
        await _expect(api, resource, record_id, sent)
        done.append("read")
    return done


async def _change(
    api: AppApi, resource: Resource, record_id: str, sent: Mapping[str, Any]
) -> list[str]:
    if resource.update is None or resource.update_method is None:
        return []
    change = _change_of(resource.update, sent, api.description.root)
    if change is None:
        return []
    body = {**sent, **change} if resource.update_method == "PUT" else change
    path = resource.item_path(record_id)
    answer = await api.ask(resource.update_method, path, body)
    if not answer.ok:
        raise ApiFault(
            f"{resource.update_method} {path} with {body} answers HTTP {answer.status}: {answer.text[:500]}"
        )
    if resource.can_get:
        await _expect(api, resource, record_id, {**sent, **change})
    return ["changed"]


async def _delete(temporary: TemporaryRecords, resource: Resource, record_id: str) -> list[str]:
    answer = await temporary.remove(resource, record_id)
    path = resource.item_path(record_id)
    if not answer.ok:
        raise ApiFault(f"DELETE {path} answers HTTP {answer.status}: {answer.text[:500]}")
    if resource.can_get and (await temporary.api.ask("GET", path)).ok:
        raise ApiFault(f"GET {path} still finds the record after DELETE.")
    return ["deleted"]


async def _expect(
    api: AppApi, resource: Resource, record_id: str, values: Mapping[str, Any]
) -> None:
    """The record reads back as it was sent, in the fields it has."""
    path = resource.item_path(record_id)
    answer = await api.ask("GET", path)
    stored = as_object(answer.value)
    if not answer.ok or stored is None:
        raise ApiFault(
            f"GET {path} does not find the record: HTTP {answer.status}: {answer.text[:300]}"
        )
    for name, value in values.items():
        if name in stored and not _alike(value, stored[name]):
            raise ApiFault(f"GET {path}: {name} is {stored[name]!r}, but {value!r} was sent.")


def _alike(sent: Any, stored: Any) -> bool:
    """Texts of dates, addresses and the like may be stored in another form; plain values may not."""
    match sent, stored:
        case bool(), bool():
            return sent == stored
        case ((int() | float()), (int() | float())):
            return abs(sent - stored) < 1e-6
        case str(), str() if sent.startswith(("Sample", "Changed")):
            return sent.strip().casefold() == stored.strip().casefold()
        case ((bool() | int() | float()), None):
            return False
        case _:
            return True


def _change_of(update: Schema, sent: Mapping[str, Any], root: Schema) -> dict[str, Any] | None:
    for name, raw in update.get("properties", {}).items():
        schema = _without_null(resolved(raw, root), root)
        other = changed(sent[name], schema) if name in sent else None
        if other is not None and other != sent[name]:
            return {name: other}
    return None


def _without_null(schema: Schema, root: Schema) -> Schema:
    parts = [resolved(part, root) for part in schema.get("anyOf", ())]
    return next((part for part in parts if part.get("type") != "null"), schema)
