"""One resource of the API while it is tried: how it is asked, and what was wrong."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from stackwright.verify.openapi import Resource
from stackwright.verify.records import (
    Answer,
    ApiFault,
    AppApi,
    LoginWanted,
    TemporaryRecords,
    as_object,
    id_of,
    records_in,
)

MAX_PAGES = 12
Holding = Callable[[str], Awaitable[Sequence[str]]]
"""Name of a field -> the collections that hold a record with it."""
Holdings = Callable[[], Awaitable[Mapping[str, int]]]
"""How many records each collection holds."""


@dataclass(slots=True)
class Trial:
    """`sent` is a body that the API took, `record_id` the record that it made of it."""

    temporary: TemporaryRecords
    resource: Resource
    problems: list[str] = field(default_factory=list[str])
    sent: dict[str, Any] = field(default_factory=dict[str, Any])
    record_id: str = ""
    holding: Holding | None = None
    holdings: Holdings | None = None
    """Both look into the proof's database; None for another one, which is nobody's business."""

    @property
    def api(self) -> AppApi:
        return self.temporary.api

    @property
    def root(self) -> dict[str, Any]:
        return self.api.description.root

    @property
    def path(self) -> str:
        return self.resource.item_path(self.record_id)

    def add(self, problem: str) -> None:
        if problem not in self.problems:
            self.problems.append(problem)

    async def attempt(self, probe: Awaitable[object]) -> None:
        """What a probe finds by raising is one problem among others."""
        try:
            await probe
        except ApiFault as fault:
            self.add(str(fault))
        except LoginWanted:
            pass  # told once, by the first request of the resource

    async def create(self, body: Mapping[str, Any]) -> Answer:
        return await self.temporary.post(self.resource, body)

    def address(self, query: Mapping[str, Any]) -> str:
        plain = {k: str(v).lower() if isinstance(v, bool) else v for k, v in query.items()}
        return self.resource.collection + (f"?{urlencode(plain)}" if plain else "")

    async def listed(self, query: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """The records of one list answer. Raises ApiFault for anything else."""
        path = self.address(query or {})
        answer = await self.api.ask("GET", path)
        records = records_in(answer.value) if answer.ok else None
        if records is None:
            raise ApiFault(
                f"GET {path} answers HTTP {answer.status} without a list: {answer.text[:200]}"
            )
        return records

    async def stored(self, record_id: str = "") -> dict[str, Any] | None:
        """The record as the API tells it, or as its list does; None when it is not there."""
        record_id = record_id or self.record_id
        if self.resource.can_get:
            answer = await self.api.ask("GET", self.resource.item_path(record_id))
            return as_object(answer.value) if answer.ok else None
        if not self.resource.can_list:
            return None
        return next((one for one in await self.listed() if id_of(one) == record_id), None)


def ghost_of(record_id: str) -> str:
    """An id of the same form that nothing has."""
    if record_id.isdigit():
        return str(int(record_id) + 999_983)
    tail = "0f0f0f0f0f0f"[: max(len(record_id) // 2, 1)]
    return record_id[: -len(tail)] + tail
