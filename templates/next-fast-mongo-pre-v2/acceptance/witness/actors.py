"""Who uses the app. `acceptance/actors.py` names its people and how each of them logs in."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from witness.app import App

ANONYMOUS = "anonymous"


@dataclass(frozen=True)
class Actor:
    """A kind of person. `become` logs a fresh browser in; without it the person is a stranger."""

    become: Callable[[App], None] | None = None


def known_actors() -> Mapping[str, Actor]:
    """The people that `acceptance/actors.py` declares, and the stranger that every app has."""
    declared = getattr(importlib.import_module("actors"), "ACTORS", {})
    return {ANONYMOUS: Actor(), **declared}
