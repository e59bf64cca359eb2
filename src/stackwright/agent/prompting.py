"""The system prompt: what the agent is, the rules of the house, what this project is like."""

import hashlib
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import orjson

from stackwright.tools.base import Tool


@cache
def _text(name: str) -> str:
    return resources.files("stackwright.agent.prompts").joinpath(name).read_text(encoding="utf-8")


def system_prompt(project_notes: str) -> str:
    """The prompt for one run. `project_notes` describe the template and the project."""
    return f"{_text('system.md')}\n\n# This project\n\n{project_notes}".strip()


def fingerprint(system: str, tools: Sequence[Tool[Any]]) -> str:
    """Twelve hex digits that change with the prompt and with the tools."""
    return _fingerprint(system, tuple(tools))


@lru_cache(maxsize=100)
def _fingerprint(system: str, tools: tuple[Tool[Any], ...]) -> str:
    told = orjson.dumps([system, [tool.schema() for tool in tools]])
    return hashlib.sha256(told).hexdigest()[:12]
