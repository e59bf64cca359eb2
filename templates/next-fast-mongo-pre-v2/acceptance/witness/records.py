"""Records that a witness needs before it begins: made through the API, past the faults of the proof."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from witness.api import Api


class Records:
    """One kind of record, by the last part of its address: `app.records("books")`."""

    def __init__(
        self, api: Api, name: str, making: Callable[[], AbstractContextManager[None]] = nullcontext
    ) -> None:
        self._api = api
        self._making = making
        self._path = f"/api/{name.strip('/')}"

    def create(self, **fields: Any) -> dict[str, Any]:
        """Make a record and return it as the API does."""
        with self._making():
            answer = self._api.post(self._path, fields)
        assert answer.ok, f"POST {self._path} answers HTTP {answer.status}: {answer.text[:500]}"
        return answer.json()

    def list(self, **params: Any) -> list[dict[str, Any]]:
        """The records of the first page, whether the API sends a list or an object around it."""
        answer = self._api.get(self._path, params=params)
        assert answer.ok, f"GET {self._path} answers HTTP {answer.status}: {answer.text[:500]}"
        found = answer.json()
        if isinstance(found, dict):
            found = next((value for value in found.values() if isinstance(value, list)), [])
        return found

    def only(self) -> dict[str, Any]:
        """The one record that there is now."""
        found = self.list()
        assert len(found) == 1, f"{self._path} holds {len(found)} records, not one."
        return found[0]

    def get(self, record_id: str) -> dict[str, Any]:
        answer = self._api.get(f"{self._path}/{record_id}")
        assert answer.ok, f"GET {self._path}/{record_id} answers HTTP {answer.status}"
        return answer.json()
