"""Playwright, loaded when the first browser is wanted: 19 MB that an idle platform goes without."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.async_api import Error
    from playwright.async_api._context_manager import PlaywrightContextManager

_API = "playwright.async_api"


def new_driver() -> PlaywrightContextManager:
    return importlib.import_module(_API).async_playwright()


def playwright_error() -> type[Error]:
    """What Playwright raises, for an `except`."""
    return importlib.import_module(_API).Error
