"""Every tool the agent has, in one list."""

from collections.abc import Sequence
from typing import Any

from stackwright.tools import (
    app_requests,
    ask,
    attachments,
    browser,
    changes,
    code_search,
    data,
    debugging,
    dependencies,
    edit,
    files,
    kits,
    memory,
    plan,
    project_records,
    reading,
    scaffold,
    services,
    shell,
    verify,
    wishes,
)
from stackwright.tools.base import Tool
from stackwright.tools.web.search import SearchProvider, web_tools


def all_tools(
    *,
    search_provider: SearchProvider | None,
    with_memory: bool = True,
    with_debugging: bool = False,
) -> tuple[Tool[Any], ...]:
    """The tools in the order in which the model reads them."""
    return (
        *ask.TOOLS,
        *wishes.TOOLS,
        *scaffold.TOOLS,
        *kits.TOOLS,
        *reading.TOOLS,
        *files.TOOLS,
        *edit.TOOLS,
        *attachments.TOOLS,
        *code_search.TOOLS,
        *shell.TOOLS,
        *changes.TOOLS,
        *dependencies.TOOLS,
        *services.TOOLS,
        *app_requests.TOOLS,
        *data.TOOLS,
        *verify.TOOLS,
        *browser.TOOLS,
        *web_tools(search_provider),
        *(memory.TOOLS if with_memory else ()),
        *(debugging.TOOLS if with_debugging else ()),
    )


def reading_tools(tools: Sequence[Tool[Any]], *, with_plan: bool) -> tuple[Tool[Any], ...]:
    """What a run has that changes nothing: it plans, or it answers."""
    reading = (tool for tool in tools if tool.is_reading)
    return (*reading, *project_records.TOOLS, *(plan.TOOLS if with_plan else ()))
