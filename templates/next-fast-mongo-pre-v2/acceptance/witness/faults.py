"""Faults that the proof's proxy plays, so that a witness is seen to fail when the app does not work."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import pytest

from witness import settings
from witness.refusals import FORM, PERSON, RULE

NONE, AGAIN, LOST, CHANGED = "none", "again", "records_lost", "records_changed"
"""No fault. `again`: once more without one, since a witness has to say the same twice. `records_lost`: what
was made before it began is gone when it begins. `records_changed`: its numbers are others, and there is more of it."""
_OF_WRITES = frozenset({"writes_refused", "writes_swallowed"})

_seen: dict[str, dict[str, Any]] = {}
"""What each witness did without a fault, by its id."""
_current = ""
"""What the proxy plays; empty: not known, since a process before may have been ended in a fault."""
_is_setting_up = False


def useful(seen: dict[str, Any]) -> frozenset[str]:
    """The faults of what a witness uses: others could not turn it red."""
    lost = {LOST, CHANGED} if seen.get("setups") and not seen.get("writes") else set()
    was_refused = any(seen.get(about) for about in (RULE, FORM, PERSON))
    refusals = {"refusals_accepted"} if was_refused else set()
    if seen.get("writes"):
        return _OF_WRITES | refusals | {AGAIN}
    reads = {"reads_refused"} if seen.get("reads") else set()
    queries = {"queries_ignored"} if seen.get("queries") else set()
    styles = {"styles_dropped"} if seen.get("styles") else set()
    actions = {"actions_ignored"} if seen.get("actions") else set()
    moving = (*reads, *queries, *styles, *actions, *refusals)
    return frozenset({AGAIN, "pages_emptied", *moving, *lost})


def are_actions_ignored() -> bool:
    """Whether clicks and keys do nothing for the moment. Those of a login still do."""
    return _current == "actions_ignored" and not _is_setting_up


def are_records_lost() -> bool:
    return _current == LOST


def are_records_changed() -> bool:
    return _current == CHANGED


def is_setting_up() -> bool:
    return _is_setting_up


@contextmanager
def setting_up() -> Iterator[None]:
    """What is done in the block prepares the witness and is no part of what it tries."""
    global _is_setting_up
    before, _is_setting_up = _is_setting_up, True
    try:
        yield
    finally:
        _is_setting_up = before


def skip_if_useless(item: pytest.Item, fault: str) -> None:
    """A witness that fails without a fault needs none, and a fault of what it does not use says
    nothing."""
    if fault == NONE:
        return
    seen = _seen.get(item.nodeid.partition("[")[0])
    if seen is None or fault not in useful(seen):
        pytest.skip("this fault says nothing about this witness")


def patience_ms(item: pytest.Item) -> float:
    """How long an action or expectation waits in vain: three times what any of this witness can have
    waited without a fault, so that one that would pass passes."""
    seen = _seen.get(item.nodeid.partition("[")[0], {})
    shortest, longest = settings.FAULTY_PATIENCE_MS
    return min(max(3000 * longest_step_s(seen), shortest), longest)


def longest_step_s(seen: dict[str, Any]) -> float:
    """The longest time between two steps: no action or expectation took more. Before the first one the
    browser opens its first page, which is waited for by another limit."""
    times = [float(step["at"]) for step in seen.get("steps", ())]
    times = [*(times or [0.0]), float(seen.get("seconds", 0))]
    return max(later - earlier for earlier, later in pairwise(times))


def remember(item: pytest.Item, known: dict[str, Any], *, passed: bool) -> None:
    if passed and known["fault"] == NONE:
        _seen[known["id"]] = known


def switch_to(fault: str) -> None:
    """Tell the proxy; outside of a proof there is none."""
    global _current
    fault = NONE if fault == AGAIN else fault
    if not settings.PROXY_TOKEN or fault == _current:
        return
    _ask_proxy("fault", fault.encode())
    _current = fault


def server_reads() -> int:
    """How often pages have read the API on the server so far, under whatever fault."""
    if not settings.PROXY_TOKEN:
        return 0
    seen: dict[str, dict[str, int]] = _ask_proxy("state")["seen"]
    return sum(counts.get("server_reads", 0) for counts in seen.values())


def _ask_proxy(command: str, body: bytes | None = None) -> dict[str, Any]:
    request = urllib.request.Request(  # noqa: S310 (an address of this machine)
        f"{settings.ORIGIN}/__proof/{command}",
        data=body,
        headers={"X-Proof-Token": settings.PROXY_TOKEN},
    )
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
        return dict(json.load(answer))
