"""Claude, through the official SDK's raw response stream.

The SDK gives authentication and addresses; its event objects are not used: they cost twenty times
as much per event, and they hide the raw JSON that the stream gate needs.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, cast

import anthropic
import httpx2
import orjson

from stackwright.agent.models.assembly import TurnAssembly
from stackwright.agent.models.base import (
    CONTEXT_OVERFLOW,
    ChatModel,
    Message,
    ModelEvent,
    ModelFailed,
)
from stackwright.core.setting_groups import ModelSettings

READ_OUT_S = 0.1

_OVERFLOW = ("prompt is too long", "exceed context limit", "context window")


class AnthropicModel:
    """One Claude model. Retries are the agent's: each try is visible to the person."""

    def __init__(self, settings: ModelSettings) -> None:
        if settings.api_key is None:
            raise ValueError("the Anthropic model needs a key")
        self._settings = settings
        self._silence_s = settings.silence_s
        """Longest wait for content. Pings do not count: endless pings are a dead model."""
        self._sends_temperature = True
        self._client = anthropic.AsyncAnthropic(
            api_key=settings.api_key.get_secret_value(),
            base_url=settings.base_url,
            timeout=settings.timeout_s,
            max_retries=0,
            http_client=anthropic.DefaultAioHttpClient(),
        )

    @property
    def name(self) -> str:
        return self._settings.plain_name

    @property
    def takes_images(self) -> bool:
        return self._settings.takes_images

    async def aclose(self) -> None:
        await self._client.close()

    async def stream(
        self, messages: Sequence[Message], *, system: str, tools: Sequence[Mapping[str, Any]]
    ) -> AsyncGenerator[ModelEvent]:
        try:
            async with (
                asyncio.timeout(self._settings.timeout_s),
                aclosing(self._answered(messages, system, tools)) as events,
            ):
                async for event in events:
                    yield event
        except anthropic.APIStatusError as error:
            raise _failed(error) from error
        except (TimeoutError, anthropic.APITimeoutError) as error:
            raise ModelFailed(
                "The model did not answer in time.", code="model_timeout", is_retryable=True
            ) from error
        except (anthropic.APIError, OSError, httpx2.HTTPError) as error:
            raise ModelFailed(
                f"The connection to the model broke ({type(error).__name__}).",
                code="model_connection",
                is_retryable=True,
            ) from error

    async def _answered(
        self, messages: Sequence[Message], system: str, tools: Sequence[Mapping[str, Any]]
    ) -> AsyncGenerator[ModelEvent]:
        """The events; asked again without a temperature by models that no longer take one."""
        try:
            async with aclosing(self._events(messages, system, tools)) as events:
                async for event in events:
                    yield event
        except anthropic.BadRequestError as error:
            if not self._sends_temperature or "temperature" not in str(error):
                raise
            self._sends_temperature = False
        else:
            return
        async with aclosing(self._events(messages, system, tools)) as events:
            async for event in events:
                yield event

    async def _events(
        self, messages: Sequence[Message], system: str, tools: Sequence[Mapping[str, Any]]
    ) -> AsyncGenerator[ModelEvent]:
        assembly = TurnAssembly(self.name)
        body = orjson.dumps(self._request(messages, system, tools))
        clock = asyncio.get_running_loop().time
        async with (
            asyncio.timeout(self._silence_s) as watchdog,
            _posted(self._client, body) as response,
            aclosing(_data_lines(response)) as lines,
        ):
            async for data in lines:
                for event in assembly.take(_parsed(data)):
                    yield event
                if assembly.had_content:
                    watchdog.reschedule(clock() + self._silence_s)
                if assembly.is_finished:
                    await _read_out(lines)
                    break
        if not assembly.is_finished:
            raise ModelFailed(
                "The model's answer broke off.", code="model_cut_off", is_retryable=True
            )
        yield assembly.finished()

    def _request(
        self, messages: Sequence[Message], system: str, tools: Sequence[Mapping[str, Any]]
    ) -> dict[str, Any]:
        request: dict[str, Any] = {
            "model": self.name,
            "max_tokens": self._settings.max_tokens,
            "system": [{"type": "text", "text": system, "cache_control": {"type": "ephemeral"}}],
            "messages": [{"role": m.role, "content": list(m.content)} for m in messages],
            "tools": list(tools),
            "stream": True,
        }
        if self._sends_temperature:
            request["temperature"] = min(1.0, self._settings.temperature)
        return request


@asynccontextmanager
async def _posted(client: anthropic.AsyncAnthropic, body: bytes) -> AsyncGenerator[httpx2.Response]:
    """The raw answer. The body goes out as it is: the SDK would copy it piece by piece first."""
    stream = await client.post(
        "/v1/messages",
        content=body,
        options={"headers": {"content-type": "application/json"}},
        cast_to=object,
        stream=True,
        stream_cls=anthropic.AsyncStream[Any],
    )
    try:
        yield stream.response
    finally:
        await stream.close()


async def _read_out(lines: AsyncGenerator[bytes]) -> None:
    """Read the answer's end, so that its connection serves the next request too."""
    with suppress(TimeoutError, httpx2.HTTPError):
        async with asyncio.timeout(READ_OUT_S):
            async for _ in lines:
                pass


async def _data_lines(response: httpx2.Response) -> AsyncGenerator[bytes]:
    """The `data:` of each event. Split at line feeds only: text may hold other line separators."""
    rest = b""
    async for chunk in response.aiter_bytes():
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            if line.startswith(b"data:"):
                yield line[5:]


def _parsed(data: bytes) -> Mapping[str, Any]:
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise ModelFailed(
            "The model's stream was not readable.", code="model_bad_stream", is_retryable=True
        ) from error
    if not isinstance(value, dict):
        raise ModelFailed(
            "The model's stream was not readable.", code="model_bad_stream", is_retryable=True
        )
    return cast("Mapping[str, Any]", value)


def _failed(error: anthropic.APIStatusError) -> ModelFailed:
    """The SDK's error as ours; the sentence carries no header and no key."""
    text = str(getattr(error, "message", error))[:300]
    status = error.status_code
    wait_s = _retry_after(error)
    if status in (401, 403):
        sentence = "The model refused the key: check ANTHROPIC_API_KEY."
        return ModelFailed(sentence, code="model_auth", is_retryable=False)
    if status == 429:
        sentence = "The model's rate limit is reached."
        return ModelFailed(
            sentence, code="model_rate_limited", is_retryable=True, retry_after_s=wait_s
        )
    if status == 413 or (status == 400 and any(t in text.lower() for t in _OVERFLOW)):
        sentence = "The conversation is too long for the model."
        return ModelFailed(sentence, code=CONTEXT_OVERFLOW, is_retryable=False)
    if status in (408, 409) or status >= 500:
        code = "model_overloaded" if status == 529 else "model_unavailable"
        sentence = f"The model is not available now (HTTP {status})."
        return ModelFailed(sentence, code=code, is_retryable=True, retry_after_s=wait_s)
    sentence = f"The model refused the request (HTTP {status}): {text}"
    return ModelFailed(sentence, code="model_refused_request", is_retryable=False)


def _retry_after(error: anthropic.APIStatusError) -> float | None:
    try:
        return max(0.0, float(error.response.headers.get("retry-after", "")))
    except ValueError:
        return None


if TYPE_CHECKING:

    def _proof(model: AnthropicModel) -> ChatModel:
        return model
