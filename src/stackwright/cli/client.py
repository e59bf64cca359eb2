"""The public HTTP API, as the commands use it. What the platform refuses ends the command."""

import json
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, NoReturn, Self

import httpx
import typer

from stackwright.core.events import TERMINAL_TYPES

TIMEOUT_S = 60.0
SILENCE_S = 60.0
"""The server sends something every 15 seconds."""
RECONNECT_FOR_S = 60.0
RECONNECT_EVERY_S = 1.0

Event = dict[str, Any]


class Client:
    def __init__(self, url: str, user: str | None) -> None:
        self.url = url.rstrip("/")
        self.user = user
        self._http = httpx.Client(base_url=self.url, timeout=TIMEOUT_S, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def get(self, path: str, /, **query: Any) -> Any:
        return self.request("GET", path, **query).json()

    def post(self, path: str, body: Any = None) -> Any:
        return self.request("POST", path, body=body).json()

    def request(
        self, method: str, path: str, /, *, body: Any = None, **query: Any
    ) -> httpx.Response:
        """Ends the command with the platform's own sentence when it refuses."""
        try:
            answer = self._http.request(method, path, json=body, params=self._named(query))
        except httpx.TransportError as error:
            fail(f"{self.url} does not answer ({error}). Is the platform running?")
        _check(answer)
        return answer

    def chat(
        self,
        project: str,
        message: str,
        attachments: Sequence[Mapping[str, str]] = (),
        *,
        mode: str = "build",
        model: str | None = None,
    ) -> Iterator[Event]:
        """Send a message and yield the events of its run, through lost connections, to its end."""
        body: dict[str, Any] = {"message": message, "attachments": list(attachments), "mode": mode}
        if self.user:
            body["user_id"] = self.user
        if model is not None:
            body["model"] = model
        yield from self._follow(project, "POST", body, None)

    def prove(self, project: str) -> Iterator[Event]:
        """Have the app proven as it is, and yield the events of that run to its end."""
        run_id = self.post(f"/api/projects/{project}/verify")["run_id"]
        yield from self.attach(project, f"{run_id}:0")

    def approve(self, project: str, changes: Mapping[str, Any]) -> Iterator[Event]:
        """Have the project's plan built, with these last changes, and yield the events of that run."""
        run_id = self.post(f"/api/projects/{project}/plan/approve", dict(changes))["run_id"]
        yield from self.attach(project, f"{run_id}:0")

    def attach(self, project: str, after: str) -> Iterator[Event]:
        """The events after `<run_id>:<seq>`, to the end of the run."""
        yield from self._follow(project, "GET", None, after)

    def _follow(self, project: str, method: str, body: Any, place: str | None) -> Iterator[Event]:
        path = f"/api/projects/{project}/chat"
        lost_at: float | None = None
        while True:
            try:
                for event_id, event in self._stream(method, path, body, place):
                    place, lost_at = event_id, None
                    yield event
                    if event["type"] in TERMINAL_TYPES:
                        return
                if method == "GET":
                    return
            except httpx.TransportError as error:
                lost_at = lost_at or time.monotonic()
                if place is None or time.monotonic() - lost_at > RECONNECT_FOR_S:
                    fail(f"{self.url} does not answer ({error}). Is the platform running?")
            method, body = "GET", None
            time.sleep(RECONNECT_EVERY_S)

    def _stream(
        self, method: str, path: str, body: Any, last_id: str | None
    ) -> Generator[tuple[str, Event]]:
        headers = {} if last_id is None else {"Last-Event-ID": last_id}
        query = self._named({}) if method == "GET" else {}
        timeout = httpx.Timeout(TIMEOUT_S, read=SILENCE_S)
        with self._http.stream(
            method, path, json=body, headers=headers, params=query, timeout=timeout
        ) as answer:
            if answer.status_code != 200:
                answer.read()
            _check(answer)
            event_id = ""
            for line in answer.iter_lines():
                if line.startswith("id: "):
                    event_id = line[4:]
                elif line.startswith("data: "):
                    yield event_id, json.loads(line[6:])

    def _named(self, query: dict[str, Any]) -> dict[str, Any]:
        return {**query, "user_id": self.user} if self.user else query


def _check(answer: httpx.Response) -> None:
    if answer.is_success:
        return
    try:
        sentence = answer.json()["detail"]
    except (ValueError, KeyError):
        sentence = f"The platform answered {answer.status_code}."
    fail(sentence)


def fail(sentence: str) -> NoReturn:
    """End the command: a sentence on standard error, exit code 1."""
    typer.secho(sentence, fg="red", err=True)
    raise typer.Exit(1)
