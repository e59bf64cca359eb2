"""What the control API answers with."""

from collections.abc import Iterable
from typing import Any

from stackwright.engine.api.validation import number
from stackwright.engine.errors import BadRequest

MOST_ON_PAGE = 100

Answer = tuple[int, object, dict[str, str]]
"""Status, JSON value (None: no body), headers."""
Place = tuple[float, str]
"""Place of an entry in a list: when it began, and its id."""


def problem(status: int, message: str) -> dict[str, Any]:
    return {"code": status, "message": message}


def page(
    items: Iterable[tuple[Place, object]], query: dict[str, str], *, newest_first: bool = True
) -> Answer:
    """The part of `items` that `limit` and `nextToken` ask for, each by its place. The token is the
    place of the last one that was shown: what comes and goes meanwhile moves no other. Raises
    BadRequest."""
    ordered = sorted(items, key=lambda item: item[0], reverse=newest_first)
    if token := query.get("nextToken"):
        last = _place(token)
        ordered = [item for item in ordered if (item[0] < last if newest_first else item[0] > last)]
    limit = number(query.get("limit", str(MOST_ON_PAGE)), "limit")
    if not 1 <= limit <= MOST_ON_PAGE:
        raise BadRequest(f"limit is {limit}, allowed are 1 to {MOST_ON_PAGE}")
    shown, rest = ordered[:limit], ordered[limit:]
    more = {"x-next-token": f"{shown[-1][0][0]!r}_{shown[-1][0][1]}"} if rest else {}
    return 200, [view for _, view in shown], more


def _place(token: str) -> Place:
    moment, _, name = token.partition("_")
    try:
        return float(moment), name
    except ValueError:
        raise BadRequest(f"nextToken {token[:100]!r} is none of ours") from None
