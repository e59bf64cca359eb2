"""The app's API, spoken to from outside, and records that exist only as long as a check needs them."""

import contextlib
import secrets
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, cast

import orjson

from stackwright.sandbox.base import HttpAnswer, Sandbox
from stackwright.verify.openapi import ApiDescription, Resource, Schema, described
from stackwright.verify.samples import Sampler

OPENAPI_PATHS = ("/api/openapi.json", "/openapi.json")
LOGIN_WANTED = frozenset({401, 403})
UNKNOWN_ID = "no-such-record"
_ID_KEYS = (
    *("id", "_id", "uuid", "guid", "slug", "key", "number", "code", "handle", "no", "nr", "ref"),
    *("reference", "identifier"),
)
"""What apps call the name by which a record is asked for, the surest first."""


class ApiFault(Exception):
    """The API did something it may not do. The text is the check's detail."""


class LoginWanted(Exception):
    """The API wants to know who asks; a check cannot say."""

    def __init__(self, request: str) -> None:
        super().__init__(f"{request} wants a login")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    value: Any
    text: str

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class AppApi:
    """JSON over HTTP to the backend in the sandbox."""

    sandbox: Sandbox
    port: int
    description: ApiDescription
    cookie: str = ""
    """Of the person who asks."""

    def as_person(self, cookie: str) -> "AppApi":
        """The same API in somebody else's hands; "" is a stranger."""
        return replace(self, cookie=cookie)

    async def ask(self, method: str, path: str, body: object = None) -> Answer:
        """Raises ApiFault for an answer of the 500 class, LoginWanted for 401 and 403."""
        raw = await _request(self.sandbox, self.port, method, path, body, self.cookie)
        text = raw.body.decode(errors="replace")
        if raw.status >= 500:
            sent = f" with {orjson.dumps(body).decode()}" if body is not None else ""
            raise ApiFault(f"{method} {path}{sent} answers HTTP {raw.status}: {text[:500]}")
        if raw.status in LOGIN_WANTED:
            raise LoginWanted(f"{method} {path}")
        return Answer(raw.status, _json(raw.body), text)


async def read_api(sandbox: Sandbox, port: int, cookie: str = "") -> AppApi:
    """Find the OpenAPI schema of the running backend; `cookie` says who asks. Raises ApiFault."""
    for path in OPENAPI_PATHS:
        answer = await _request(sandbox, port, "GET", path, None)
        schema = as_object(_json(answer.body))
        if answer.status == 200 and schema is not None and "paths" in schema:
            return AppApi(sandbox, port, described(schema), cookie)
        if answer.status >= 500:
            text = answer.body.decode(errors="replace")[:500]
            raise ApiFault(f"GET {path} answers HTTP {answer.status}: {text}")
    raise ApiFault(f"The backend has no OpenAPI schema at {' or '.join(OPENAPI_PATHS)}.")


@dataclass(slots=True)
class TemporaryRecords:
    """Makes records and remembers them, so that none is left behind.

    With `may_stay` records are also made of what nothing deletes."""

    api: AppApi
    may_stay: bool = False
    mark: str = field(default_factory=lambda: secrets.token_hex(2))
    _made: list[tuple[Resource, str]] = field(default_factory=list[tuple[Resource, str]])
    _newest: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    _making: set[str] = field(default_factory=set[str])

    async def make(self, resource: Resource) -> tuple[dict[str, Any], dict[str, Any]]:
        """Create a record, and what it must refer to. Returns (what was sent, what came back).

        Raises LoginWanted before anything is made that could not be deleted again."""
        assert resource.create is not None
        if resource.can_delete:
            await self.api.ask("DELETE", resource.item_path(UNKNOWN_ID))
        self._making.add(resource.name)
        try:
            await self._make_what_it_needs(resource.create)
            sent, answer = await self._post(resource)
        finally:
            self._making.discard(resource.name)
        record = answer.value
        record_id = id_of(record)
        if record_id is None:
            raise ApiFault(
                f"POST {resource.collection} answers HTTP {answer.status} without the record and "
                f"its id: {answer.text[:300]}"
            )
        self._made.append((resource, record_id))
        self._newest[resource.name] = record
        return sent, record

    async def post(self, resource: Resource, body: Mapping[str, Any]) -> Answer:
        """Send a body; what it made is remembered."""
        answer = await self.api.ask("POST", resource.collection, body)
        record_id = id_of(answer.value) if answer.ok else None
        if record_id is not None:
            self._made.append((resource, record_id))
        return answer

    def made_of(self, resource: Resource) -> list[str]:
        """The ids of what was made and not removed, the oldest first."""
        return [record_id for one, record_id in self._made if one == resource]

    async def remove(self, resource: Resource, record_id: str) -> Answer:
        """Delete one record now."""
        answer = await self.api.ask("DELETE", resource.item_path(record_id))
        if answer.ok:
            self._made.remove((resource, record_id))
        return answer

    async def remove_all(self) -> None:
        """Delete what is left, the newest first. Raises ApiFault when something stays behind."""
        stuck: list[str] = []
        for resource, record_id in reversed(self._made):
            if not resource.can_delete:
                continue
            path = resource.item_path(record_id)
            try:
                answer = await self.api.ask("DELETE", path)
            except (ApiFault, LoginWanted) as error:
                stuck.append(f"DELETE {path}: {error}")
            else:
                if not answer.ok and answer.status != 404:
                    stuck.append(f"DELETE {path}: {answer.text[:200]}")
        self._made.clear()
        if stuck:
            raise ApiFault("Records of this check could not be deleted: " + "; ".join(stuck))

    async def _make_what_it_needs(self, schema: Schema) -> None:
        required = set(schema.get("required", ()))
        for name in schema.get("properties", {}):
            if name not in required or not self.api.description.refers(name):
                continue
            target = self.api.description.find_resource(name)
            if target is not None:
                await self._make_once(target)
            else:
                await self._make_candidates()

    async def _make_candidates(self) -> None:
        """A record of everything, since the field's name does not say what it points at."""
        for resource in self.api.description.resources:
            # what is wrong with the other resource is told when its own turn comes
            with contextlib.suppress(ApiFault, LoginWanted):
                await self._make_once(resource)

    async def _make_once(self, resource: Resource) -> None:
        is_there = resource.name in self._newest or resource.name in self._making
        may_make = resource.can_delete or self.may_stay
        if not is_there and resource.create is not None and may_make:
            await self.make(resource)

    async def _post(self, resource: Resource) -> tuple[dict[str, Any], Answer]:
        """All fields first, then only what is required: an optional field may want more."""
        assert resource.create is not None
        first: Answer | None = None
        tried: list[dict[str, Any]] = []
        for only_required in (False, True):
            for guess in range(max(len(self._newest), 1)):
                sampler = Sampler(
                    self.api.description.root, partial(self._reference, guess), self.mark
                )
                body = sampler.body(resource.create, only_required=only_required)
                if body in tried:
                    continue
                tried.append(body)
                answer = await self.api.ask("POST", resource.collection, body)
                if answer.ok:
                    return body, answer
                first = first or answer
        assert first is not None
        raise ApiFault(
            f"POST {resource.collection} refuses a record made from its own schema: "
            f"HTTP {first.status}: {first.text[:500]}\n"
            "Say in the schema what is valid (type, format, limits), or give the model an example."
        )

    def _reference(self, guess: int, field_name: str) -> str | None:
        """The id a field may hold. A name that tells nothing gets the newest records in turn."""
        if not self.api.description.refers(field_name):
            return None
        target = self.api.description.find_resource(field_name)
        if target is not None:
            return id_of(self._newest.get(target.name))
        others = list(self._newest.values())
        return id_of(others[guess % len(others)]) if others else None


@asynccontextmanager
async def borrowed(api: AppApi) -> AsyncGenerator[Mapping[str, dict[str, Any]]]:
    """One record per resource by its name: one that exists, else one made for the block."""
    temporary = TemporaryRecords(api)
    found: dict[str, dict[str, Any]] = {}
    try:
        for resource in api.description.resources:
            record = await _existing(api, resource)
            if record is None and resource.create is not None and resource.can_delete:
                with contextlib.suppress(LoginWanted):  # its pages are opened without a record
                    record = (await temporary.make(resource))[1]
            if record is not None:
                found[resource.name] = record
        yield found
    finally:
        await temporary.remove_all()


def records_in(value: Any) -> list[dict[str, Any]] | None:
    """The records of a list answer: the list itself, or the one list in an object."""
    whole = as_object(value)
    if whole is not None:
        lists = [name for name, part in whole.items() if isinstance(part, list)]
        value = whole.get(lists[0] if len(lists) == 1 else "items")
    if not isinstance(value, list):
        return None
    records = (as_object(one) for one in cast(list[Any], value))
    return [record for record in records if record is not None]


def id_of(record: Any) -> str | None:
    values = as_object(record) or {}
    for key in _ID_KEYS:
        if isinstance(values.get(key), str | int) and values[key] != "":
            return str(values[key])
    return None


def as_object(value: Any) -> dict[str, Any] | None:
    """The value if it is a JSON object."""
    return cast(dict[str, Any], value) if isinstance(value, dict) else None


async def _existing(api: AppApi, resource: Resource) -> dict[str, Any] | None:
    if not resource.can_list:
        return None
    try:
        answer = await api.ask("GET", resource.collection)
    except LoginWanted:
        return None
    records = records_in(answer.value) or []
    return next((record for record in records if id_of(record) is not None), None)


async def _request(
    sandbox: Sandbox, port: int, method: str, path: str, body: object, cookie: str = ""
) -> HttpAnswer:
    headers = {"content-type": "application/json"} if body is not None else {}
    return await sandbox.request(
        port,
        method,
        path,
        headers={**headers, **({"cookie": cookie} if cookie else {})},
        body=orjson.dumps(body) if body is not None else None,
        timeout_s=20,
    )


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
