"""Real HTTP, to a scripted server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from pydantic import SecretStr

from stackwright.agent.models.catalogue import find_fault
from stackwright.core.setting_groups import ModelSettings
from stackwright.testing.scripted_model import ScriptedModel


def settings(name: str, base_url: str, provider: str = "anthropic") -> ModelSettings:
    return ModelSettings.model_validate(
        {
            "provider": provider,
            "name": name,
            "temperature": 0.7,
            "max_tokens": 1000,
            "timeout_s": 5,
            "api_key": SecretStr("sk-x"),
            "base_url": base_url,
            "max_iterations": 25,
            "summarization": False,
            "summarization_threshold_tokens": 1000,
        }
    )


@pytest.fixture
async def server() -> AsyncIterator[ScriptedModel]:
    async with ScriptedModel() as running:
        yield running


async def test_a_listed_model_is_no_fault(server: ScriptedModel) -> None:
    assert await find_fault(settings("claude-sonnet-5-5", server.url)) == ""
    other = settings("openai:claude-opus-5-5", f"{server.url}/v1", "langchain")
    assert await find_fault(other) == ""


async def test_a_retired_model_is_told_with_the_one_that_is_most_like_it(
    server: ScriptedModel,
) -> None:
    fault = await find_fault(settings("claude-sonnet-4-5-20250929", server.url))
    assert fault == (
        "The provider does not list the model claude-sonnet-4-5-20250929 (retired or misspelt): "
        "set DEFAULT_MODEL=claude-sonnet-5-5."
    )


async def test_a_name_that_is_like_none_is_told_with_what_there_is(server: ScriptedModel) -> None:
    fault = await find_fault(settings("openai:gpt-9", f"{server.url}/v1", "langchain"))
    assert "it lists claude-sonnet-5-5, claude-opus-5-5, claude-haiku-4-5" in fault


async def test_who_does_not_answer_is_no_fault() -> None:
    assert await find_fault(settings("claude-sonnet-5-5", "http://127.0.0.1:9")) == ""


async def test_providers_without_a_known_list_are_not_asked() -> None:
    assert await find_fault(settings("ollama:mine", "http://127.0.0.1:9", "langchain")) == ""


@asynccontextmanager
async def answering(body: bytes) -> AsyncIterator[str]:

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        status = b"404 Not Found" if b"/models/" in head.split(b"\r\n")[0] else b"200 OK"
        writer.write(b"HTTP/1.1 %b\r\nconnection: close\r\n\r\n%b" % (status, body))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b'{"data": 5}', b'{"data": [1, {"id": 7}]}', b"[" * 3_000_000]
)
async def test_a_list_of_another_shape_is_no_fault(body: bytes) -> None:
    async with answering(body) as url:
        assert await find_fault(settings("claude-sonnet-5-5", url)) == ""
