"""What was done to one of the things that belong to a record, such as a loan that was returned, does not
befall a newer one when it is done again."""

import re
from collections.abc import Iterator

from stackwright.verify.meaning.nested import add_nested
from stackwright.verify.meaning.taking_back import seen_of
from stackwright.verify.openapi import Action, Resource
from stackwright.verify.records import ApiFault, AppApi, LoginWanted, TemporaryRecords, id_of


async def befalls_a_newer_one(api: AppApi, resource: Resource) -> list[str]:
    """The problems, in sentences. Records stay in the database."""
    found: list[str] = []
    if resource.create is None or not resource.can_get:
        return found
    for addition in resource.actions:
        for path in ends_of(api, addition):
            try:
                found.append(await _tried(api, resource, addition, path))
            except (ApiFault, LoginWanted):
                continue
    return [problem for problem in found if problem]


def ends_of(api: AppApi, addition: Action) -> Iterator[str]:
    """`/loans/{key}/return` for `/tools/{key}/loans`: what needs nothing but the id."""
    if addition.method != "POST" or addition.body is None:
        return
    name = re.escape(addition.path.rpartition("/")[2])
    for path, described in api.description.root.get("paths", {}).items():
        is_end = re.search(rf"/{name}/\{{[^{{}}/]+\}}/[^{{}}/]+$", path) and path.count("{") == 1
        if is_end and "requestBody" not in described.get("post", {"requestBody": {}}):
            yield path


async def _tried(api: AppApi, resource: Resource, addition: Action, end: str) -> str:
    """What may be done again and again, such as a like, is seen by doing it twice at once."""
    temporary = TemporaryRecords(api, may_stay=True)
    record_id = id_of((await temporary.make(resource))[1]) or ""
    first = id_of((await add_nested(temporary, addition, record_id)).value)
    if first is None:
        return ""
    path = re.sub(r"\{[^}]+\}", first, end)
    if not (await api.ask("POST", path)).ok:
        return ""
    once = await seen_of(api, resource, record_id)
    if not (await api.ask("POST", path)).ok or await seen_of(api, resource, record_id) != once:
        return ""
    if not (await add_nested(temporary, addition, record_id)).ok:
        return ""
    before = await seen_of(api, resource, record_id)
    await api.ask("POST", path)
    after = await seen_of(api, resource, record_id)
    changed = [name for name, value in before.items() if after.get(name, value) != value]
    if not changed:
        return ""
    name = changed[0]
    return (
        f"POST {end}, done again to what it was done to before, befalls what POST {addition.path} made since: "
        f"{name} of the record was {before[name]!r} and is {after[name]!r}. Refuse it with 409."
    )
