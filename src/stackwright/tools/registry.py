"""Every tool the agent has, in one list."""

from typing import Any

from stackwright.tools import (
    app_requests,
    ask,
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
