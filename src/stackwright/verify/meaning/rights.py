"""Records that are kept from somebody are kept from them everywhere, not only in the list."""

from collections.abc import Sequence
from typing import Any

from stackwright.verify.environment import Person
from stackwright.verify.openapi import Resource
from stackwright.verify.records import (
    ApiFault,
    AppApi,
    LoginWanted,
    TemporaryRecords,
    id_of,
    records_in,
)

MAX_READERS = 3


async def others_records(api: AppApi, resource: Resource, people: Sequence[Person]) -> str | None:
    """What the list keeps from somebody cannot be had by its id either."""
    if not (
        resource.create is not None and resource.can_list and (resource.can_get or resource.update)
    ):
        return None
    readers = [*people[:MAX_READERS], Person("a stranger", "", {})] if people else []
    for maker in people[:MAX_READERS]:
        try:
            temporary = TemporaryRecords(api.as_person(maker.cookie), may_stay=True)
            record_id = id_of((await temporary.make(resource))[1]) or ""
            if not await _is_listed(temporary.api, resource, record_id):
                continue
        except (ApiFault, LoginWanted):  # not this person's to make
            continue
        for reader in readers:
            theirs = api.as_person(reader.cookie)
            if reader is maker or await _is_listed(theirs, resource, record_id):
                continue
            if request := await _granted(theirs, resource, record_id):
                return (
                    f"{reader.name} may {request}: a record of {maker.name} that the list of "
                    f"{resource.name} keeps from {reader.name}. Ask for the person's rights there, too."
                )
    return None


async def _is_listed(api: AppApi, resource: Resource, record_id: str) -> bool:
    try:
        answer = await api.ask("GET", resource.collection)
    except (ApiFault, LoginWanted):
        return False
    return any(id_of(one) == record_id for one in records_in(answer.value) or [])


async def _granted(api: AppApi, resource: Resource, record_id: str) -> str | None:
    """A request for this one record that is answered with success; deleting comes last."""
    path = resource.item_path(record_id)
    requests: list[tuple[str, Any]] = [("GET", None)] if resource.can_get else []
    requests += [(resource.update_method, {})] if resource.update_method else []
    requests += [("DELETE", None)] if resource.can_delete else []
    for method, body in requests:
        try:
            answer = await api.ask(method, path, body)
        except (ApiFault, LoginWanted):
            continue
        if answer.ok:
            return f"{method} {path}"
    return None
