"""A client of the API that behaves as the documentation asks: reconnects, resumes, repeats with a key."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import aiohttp

from stackwright.core.events import TERMINAL_TYPES

RETRY_S = 0.1
ANSWER = {"answers": {"text": "Yes."}}


class Refused(Exception):
    """The API answered with another status than 200."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"{status}: {text}")
        self.status = status


@dataclass(slots=True)
class Conversation:
    """What one client saw of one run: frames in order, each once."""

    project: str
    message: str
    key: str | None = None
    frames: list[bytes] = field(default_factory=list[bytes])
    """The `data` of each frame."""
    last_id: str = ""
    was_accepted: bool = False
    """Whether a 200 was seen: from then on the message may not be lost."""
    connections: int = 0

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(frame) for frame in self.frames]

    @property
    def is_ended(self) -> bool:
        return bool(self.frames) and json.loads(self.frames[-1])["type"] in TERMINAL_TYPES

    def faults(self) -> list[str]:
        """What was seen, over all connections, is the run's part from its first event to its last."""
        numbers = [event["seq"] for event in self.events]
        if numbers and numbers == list(range(numbers[0], numbers[0] + len(numbers))):
            return []
        return ["the client missed or repeated an event"]

    @property
    def run_id(self) -> str:
        return self.last_id.rpartition(":")[0]


@dataclass(slots=True)
class Client:
    """`address` is asked before each connection: which process answers may change any time."""

    http: aiohttp.ClientSession
    address: Callable[[], str]

    async def follow(self, talk: Conversation, *, limit_s: float = 120.0) -> None:
        """Post the message and read to the run's end, through any number of broken connections.
        Raises Refused and TimeoutError."""
        async with asyncio.timeout(limit_s):
            while not talk.is_ended:
                try:
                    await self.listen(talk)
                except (aiohttp.ClientError, ConnectionError):
                    await asyncio.sleep(RETRY_S)
                except Refused as refused:
                    if refused.status != 503:
                        raise
                    await asyncio.sleep(RETRY_S)

    async def listen(self, talk: Conversation) -> None:
        """One connection, to the end of its stream."""
        talk.connections += 1
        async with aclosing(self._frames(talk)) as frames:
            async for frame_id, data in frames:
                talk.last_id = frame_id
                talk.frames.append(data)
                if json.loads(data)["type"] == "user_input_required":
                    await self._answer(talk)

    async def get(self, path: str) -> Any:
        async with self.http.get(self.address() + path) as answer:
            if answer.status != 200:
                raise Refused(answer.status, await answer.text())
            return await answer.json()

    async def _answer(self, talk: Conversation) -> None:
        """Answer the question of the run, unless somebody has, or an answer of ours was not heard of."""
        path = f"/api/projects/{talk.project}/runs/{talk.run_id}/answer"
        while True:
            with suppress(aiohttp.ClientError, ConnectionError):
                async with self.http.post(self.address() + path, json=ANSWER) as answer:
                    if answer.status in {HTTPStatus.ACCEPTED, HTTPStatus.CONFLICT}:
                        return
                    if answer.status != HTTPStatus.SERVICE_UNAVAILABLE:
                        raise Refused(answer.status, await answer.text())
            await asyncio.sleep(RETRY_S)

    async def _frames(self, talk: Conversation) -> AsyncGenerator[tuple[str, bytes]]:
        url = f"{self.address()}/api/projects/{talk.project}/chat"
        if talk.last_id:
            asked = self.http.get(url, headers={"Last-Event-ID": talk.last_id})
        else:
            headers = {} if talk.key is None else {"Idempotency-Key": talk.key}
            asked = self.http.post(url, json={"message": talk.message}, headers=headers)
        async with asked as answer:
            if answer.status != 200:
                raise Refused(answer.status, await answer.text())
            talk.was_accepted = True
            frame_id, data = "", b""
            async for line in answer.content:
                if line.startswith(b"id: "):
                    frame_id = line[4:].decode().strip()
                elif line.startswith(b"data: "):
                    data = line[6:].rstrip(b"\n")
                elif line == b"\n" and data:
                    yield frame_id, data
                    data = b""
