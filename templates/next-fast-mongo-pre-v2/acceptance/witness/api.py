"""The app's HTTP API as one person's browser reaches it: same address, same cookies."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import APIRequestContext

from witness import settings
from witness.recording import Recording

MAX_BYTES = 5_000_000


@dataclass(frozen=True)
class Answer:
    """What the API said. Any status is returned: assert the one that is expected."""

    status: int
    text: str
    headers: Mapping[str, str]

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    def json(self) -> Any:
        """The body. An answer of a server that failed has none to look at."""
        assert self.status < 500, f"HTTP {self.status}: {self.text[:300]}"
        return json.loads(self.text)


class Api:
    def __init__(
        self,
        request: APIRequestContext,
        recording: Recording,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._request = request
        self._recording = recording
        self._headers = dict(headers or {})

    def get(self, path: str, *, params: Mapping[str, Any] | None = None) -> Answer:
        return self.send("GET", path, params=params)

    def post(self, path: str, json: Any = None) -> Answer:
        return self.send("POST", path, json=json)

    def put(self, path: str, json: Any = None) -> Answer:
        return self.send("PUT", path, json=json)

    def patch(self, path: str, json: Any = None) -> Answer:
        return self.send("PATCH", path, json=json)

    def delete(self, path: str) -> Answer:
        return self.send("DELETE", path)

    def send(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """`path` begins with `/`: only the app itself is asked."""
        if not path.startswith("/") or path.startswith("//"):
            raise ValueError(f"{path!r} is not a path of the app: write it as /api/…")
        if not self._headers:
            self._recording.before()
        self._recording.note_sent(method, path, json)
        more: dict[str, Any] = {} if json is None else {"data": json}
        answer = self._request.fetch(
            settings.ORIGIN + path,
            method=method,
            params=dict(params) if params else None,
            headers={"Origin": settings.ORIGIN, **self._headers, **(headers or {})},
            fail_on_status_code=False,
            max_redirects=5,
            timeout=settings.LOAD_MS,
            **more,
        )
        body = answer.body()[:MAX_BYTES].decode(errors="replace")
        if not self._headers:
            self._recording.count(method, answer.url)
            self._recording.count_refusal(method, answer.url, answer.status, json, is_api=True)
            self._recording.step(f"{method} {path} → {answer.status}")
        if 200 <= answer.status < 300:
            self._recording.note_answer(body)
        return Answer(answer.status, body, answer.headers)
