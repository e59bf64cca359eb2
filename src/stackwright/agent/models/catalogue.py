"""Asks a provider whether a model is there, so that a retired name is told before the first run fails."""

import asyncio
import difflib
import logging
from collections.abc import Sequence
from urllib.parse import quote

import aiohttp
from pydantic import BaseModel, Field

from stackwright.core.setting_groups import ModelSettings

log = logging.getLogger(__name__)

LIMIT_S = 15.0
MAX_ANSWER_BYTES = 2_000_000
LEAST_ALIKE = 0.5

_ANTHROPIC = "https://api.anthropic.com"
_OPENAI = "https://api.openai.com/v1"


class _Model(BaseModel):
    id: str = Field(max_length=200)


class _ModelList(BaseModel):
    """As both APIs answer, newest first."""

    data: list[_Model]


async def find_fault(settings: ModelSettings) -> str:
    """What is wrong with the model's name or key, with a suggestion; "" if nothing is, if the provider
    has no list, or if it cannot be asked."""
    address, headers = _endpoint(settings)
    if not address:
        return ""
    try:
        async with asyncio.timeout(LIMIT_S), aiohttp.ClientSession(headers=headers) as session:
            return await _fault(session, address, _name(settings))
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        log.info("model_not_checked", extra={"error": type(error).__name__})
        return ""


async def _fault(session: aiohttp.ClientSession, address: str, name: str) -> str:
    status, _ = await _get(session, f"{address}/{quote(name, safe='')}")
    if status in (401, 403):
        return f"The provider of {name} refuses the key: runs will fail until it is changed."
    if status != 404:
        return ""  # it is there (an alias too), or the provider cannot say
    status, raw = await _get(session, f"{address}?limit=1000")
    if status != 200:
        return ""
    names = [model.id for model in _ModelList.model_validate_json(raw).data]
    if not names or name in names:
        return ""
    return _sentence(name, names)


async def _get(session: aiohttp.ClientSession, address: str) -> tuple[int, bytes]:
    async with session.get(address, allow_redirects=False) as answer:
        raw = await answer.content.read(MAX_ANSWER_BYTES)
        while not answer.content.at_eof() and len(raw) < MAX_ANSWER_BYTES:
            raw += await answer.content.read(MAX_ANSWER_BYTES - len(raw))
        return answer.status, raw


def _sentence(name: str, names: Sequence[str]) -> str:
    similar = difflib.get_close_matches(name, names, n=1, cutoff=LEAST_ALIKE)
    hint = f"set DEFAULT_MODEL={similar[0]}" if similar else f"it lists {', '.join(names[:5])}"
    return f"The provider does not list the model {name} (retired or misspelt): {hint}."


def _name(settings: ModelSettings) -> str:
    return settings.plain_name.rpartition(":")[2]


def _endpoint(settings: ModelSettings) -> tuple[str, dict[str, str]]:
    """Where models are listed; "" for providers that we cannot ask."""
    if settings.api_key is None:
        return "", {}
    key = settings.api_key.get_secret_value()
    if settings.provider == "anthropic":
        base = (settings.base_url or _ANTHROPIC).rstrip("/")
        return f"{base}/v1/models", {"x-api-key": key, "anthropic-version": "2023-06-01"}
    if settings.provider == "langchain" and settings.name.startswith("openai:"):
        base = (settings.base_url or _OPENAI).rstrip("/")
        return f"{base}/models", {"authorization": f"Bearer {key}"}
    return "", {}
