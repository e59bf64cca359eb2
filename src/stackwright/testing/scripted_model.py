"""The scripted model server: speaks the Anthropic and OpenAI APIs over real HTTP, from a script.

Nothing is remembered between requests but which faults were played. Requests are checked as the
real API checks them. `python -m stackwright.testing.scripted_model --port 9000 --plan plan.json`.
"""

import argparse
import asyncio
import contextlib
import hashlib
import socket
import struct
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

import orjson

from stackwright.testing.faults import FAULTS, Fault, error_body
from stackwright.testing.image_rules import images_in, tokens_of_request
from stackwright.testing.openai_faults import OPENAI_FAULTS
from stackwright.testing.request_rules import BadRequest, check_messages_request
from stackwright.testing.script import (
    Script,
    Turn,
    read_plan,
)
from stackwright.testing.wire import anthropic_message, anthropic_stream, openai_stream

PING_EVERY_S = 0.05


@dataclass(frozen=True, slots=True)
class Request:
    """One accepted request, as received."""

    body: Mapping[str, Any]

    @property
    def messages(self) -> Sequence[Mapping[str, Any]]:
        return self.body["messages"]

    @property
    def last_tool_result(self) -> str:
        """The content of the newest tool result; empty when there is none."""
        for message in reversed(self.messages):
            if not isinstance(message["content"], list):
                continue
            blocks = cast("list[Mapping[str, Any]]", message["content"])
            results = [block for block in blocks if block["type"] == "tool_result"]
            if results:
                return _text_of(results[-1])
        return ""

    @property
    def images(self) -> Sequence[Mapping[str, Any]]:
        """The picture blocks of the request, in order."""
        return list(images_in(self.messages))

    @property
    def assistant_messages(self) -> int:
        return sum(message["role"] == "assistant" for message in self.messages)

    @property
    def first_text(self) -> str:
        return _text_of(self.messages[0]) if self.messages else ""


@dataclass(slots=True)
class ScriptedModel:
    """A server on a port of this machine; use as an async context manager."""

    port: int = 0
    host: str = "127.0.0.1"
    requests: list[Request] = field(default_factory=list[Request])
    refusals: list[str] = field(default_factory=list[str])
    """Sentences of the requests that broke a rule of the API."""
    window_tokens: int = 200_000
    """A request of more is too long for the model; four bytes count as a token."""
    models: tuple[str, ...] = ("claude-sonnet-5-5", "claude-opus-5-5", "claude-haiku-4-5")
    """Models that it lists; it answers for others too."""
    connections: int = 0
    """How many were opened so far."""
    _scripts: list[Script] = field(default_factory=list[Script])
    _played: dict[str, int] = field(default_factory=dict[str, int])
    _server: asyncio.Server | None = None
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _open: dict[asyncio.StreamWriter, asyncio.Task[Any]] = field(
        default_factory=dict[asyncio.StreamWriter, "asyncio.Task[Any]"]
    )

    @property
    def url(self) -> str:
        """The base address for an Anthropic client; an OpenAI client adds `/v1`."""
        return f"http://{self.host}:{self.port}"

    def script(self, *turns: Turn, when: str = "") -> None:
        """Answer conversations whose first message contains `when` with these turns."""
        self._scripts.append(Script(turns, when))

    def load(self, scripts: Sequence[Script]) -> None:
        self._scripts.extend(scripts)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._converse, self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._stopping.set()
        self._server.close()
        conversations = list(self._open.values())
        for writer in self._open:
            writer.close()
        await asyncio.gather(*conversations, return_exceptions=True)
        await self._server.wait_closed()

    async def serve_forever(self) -> None:
        assert self._server is not None
        await self._server.serve_forever()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open[writer] = task
        self.connections += 1
        try:
            while await self._answer(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self._open.pop(writer)
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request. Returns whether the connection may be used again."""
        method, path, headers = await _read_head(reader)
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        out = _Response(writer)
        match method, path.partition("?")[0]:
            case "GET", "/health":
                await out.whole(200, b'{"status":"ok"}')
            case "GET", path if path.startswith("/v1/models"):
                await self._models(path.removeprefix("/v1/models").strip("/"), headers, out)
            case "POST", "/v1/messages":
                return await self._messages(headers, body, out)
            case "POST", "/v1/messages/count_tokens":
                await out.whole(200, orjson.dumps({"input_tokens": len(body) // 4}))
            case "POST", "/v1/chat/completions":
                return await self._completions(body, out)
            case _:
                await out.whole(404, error_body("not_found_error", f"{method} {path}"))
        return True

    async def _models(self, name: str, headers: Mapping[str, str], out: "_Response") -> None:
        if not headers.get("x-api-key") and not headers.get("authorization"):
            await out.whole(401, error_body("authentication_error", "x-api-key header is required"))
        elif not name:
            listed = {"data": [{"type": "model", "id": model} for model in self.models]}
            await out.whole(200, orjson.dumps(listed))
        elif name in self.models:
            await out.whole(200, orjson.dumps({"type": "model", "id": name}))
        else:
            await out.whole(404, error_body("not_found_error", f"model: {name}"))

    async def _messages(self, headers: Mapping[str, str], raw: bytes, out: "_Response") -> bool:
        if not headers.get("x-api-key") and not headers.get("authorization"):
            await out.whole(401, error_body("authentication_error", "x-api-key header is required"))
            return True
        try:
            body = _object(raw)
            if "anthropic-version" not in headers:
                raise BadRequest("anthropic-version: header is required")
            check_messages_request(body)
        except BadRequest as error:
            self.refusals.append(str(error))
            await out.whole(400, error_body("invalid_request_error", str(error)))
            return True
        tokens = tokens_of_request(body, len(raw))
        if tokens > self.window_tokens:
            sentence = f"prompt is too long: {tokens} tokens > {self.window_tokens} maximum"
            await out.whole(400, error_body("invalid_request_error", sentence))
            return True
        turn, fault = self._next(Request(body), FAULTS)
        if fault is not None:
            return await self._play(fault, out)
        if body.get("stream"):
            await out.stream(200, anthropic_stream(turn, body, tokens))
        else:
            message = anthropic_message(turn, body, tokens)
            await out.whole(200, orjson.dumps(message))
        return True

    async def _completions(self, raw: bytes, out: "_Response") -> bool:
        try:
            body = _object(raw)
            _check_completions(body)
        except BadRequest as error:
            self.refusals.append(str(error))
            await out.whole(
                400,
                orjson.dumps({"error": {"message": str(error), "type": "invalid_request_error"}}),
            )
            return True
        spoken = [m for m in body["messages"] if m["role"] not in ("system", "developer")]
        turn, fault = self._next(Request({**body, "messages": spoken}), OPENAI_FAULTS)
        if fault is not None:
            return await self._play(fault, out)
        await out.stream(200, openai_stream(turn, body["model"], len(raw) // 4))
        return True

    def _next(self, request: Request, faults: Mapping[str, Fault]) -> tuple[Turn, Fault | None]:
        self.requests.append(request)
        number = request.assistant_messages
        turn = self._script_for(request).turn(number)
        key = hashlib.sha256(f"{number}:{request.first_text}".encode()).hexdigest()
        played = self._played.get(key, 0)
        if played < len(turn.faults):
            self._played[key] = played + 1
            return turn, faults[turn.faults[played]]
        return turn, None

    def _script_for(self, request: Request) -> Script:
        matching = [s for s in self._scripts if s.when in request.first_text]
        return matching[-1] if matching else Script(())

    async def _play(self, fault: Fault, out: "_Response") -> bool:
        if fault.status is not None:
            await out.start(fault.status, fault.content_type, fault.headers)
            for chunk in fault.body:
                await out.send(chunk)
        match fault.ending:
            case "close":
                await out.end()
                return True
            case "hang":
                await self._stopping.wait()
            case "ping":
                await self._ping(out, fault.ping)
            case "reset":
                out.reset()
            case "cut":
                pass
        return False

    async def _ping(self, out: "_Response", ping: bytes) -> None:
        while not self._stopping.is_set():
            await out.send(ping)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), PING_EVERY_S)


class _Response:
    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    async def whole(self, status: int, body: bytes) -> None:
        head = _head(status, "application/json", [("content-length", str(len(body)))])
        self._writer.write(head + body)
        await self._writer.drain()

    async def stream(self, status: int, chunks: Sequence[bytes]) -> None:
        await self.start(status, "text/event-stream", ())
        self._writer.write(b"".join(_framed(chunk) for chunk in chunks))
        await self.end()

    async def start(
        self, status: int, content_type: str, headers: Sequence[tuple[str, str]]
    ) -> None:
        self._writer.write(
            _head(status, content_type, [("transfer-encoding", "chunked"), *headers])
        )
        await self._writer.drain()

    async def send(self, chunk: bytes) -> None:
        self._writer.write(_framed(chunk))
        await self._writer.drain()

    async def end(self) -> None:
        self._writer.write(b"0\r\n\r\n")
        await self._writer.drain()

    def reset(self) -> None:
        connection: socket.socket = self._writer.get_extra_info("socket")
        linger = struct.pack("ii", 1, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


def _framed(chunk: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(chunk), chunk)


def _head(status: int, content_type: str, headers: Sequence[tuple[str, str]]) -> bytes:
    lines = [f"HTTP/1.1 {status} Scripted", f"content-type: {content_type}", "request-id: req_1"]
    lines += [f"{name}: {value}" for name, value in headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def _read_head(reader: asyncio.StreamReader) -> tuple[str, str, dict[str, str]]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *rest = head.split("\r\n")
    method, path, _ = first.split(" ", 2)
    pairs = (line.split(":", 1) for line in rest if ":" in line)
    return method, path, {name.strip().lower(): value.strip() for name, value in pairs}


def _object(raw: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"The request body is not valid JSON: {error}") from error
    if not isinstance(value, dict):
        raise BadRequest("The request body is not an object")
    return cast("dict[str, Any]", value)


def _text_of(message: Mapping[str, Any]) -> str:
    content = message["content"]
    if isinstance(content, str):
        return content
    return "".join(block.get("text", "") for block in content)


def _check_completions(body: Mapping[str, Any]) -> None:
    """The pairing rule of the chat completions API: every call is answered, nothing else is."""
    open_ids: list[str] = []
    for message in body["messages"]:
        if message["role"] == "tool":
            if message["tool_call_id"] not in open_ids:
                raise BadRequest("messages with role 'tool' must follow a 'tool_calls' message")
            open_ids.remove(message["tool_call_id"])
            continue
        if open_ids:
            raise BadRequest("'tool_calls' must be followed by tool messages")
        open_ids = [call["id"] for call in message.get("tool_calls") or ()]
    if open_ids:
        raise BadRequest("'tool_calls' must be followed by tool messages")


async def _serve(port: int, plan: Path) -> None:
    server = ScriptedModel(port=port)
    server.load(read_plan(plan.read_bytes()))  # noqa: ASYNC240 (before serving)
    async with server:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description="A model server that answers from a plan.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--plan", type=Path, required=True)
    given = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(given.port, given.plan))


if __name__ == "__main__":
    main()
