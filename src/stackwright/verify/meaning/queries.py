"""The query parameters of a list, known by the names that APIs give them."""

from typing import Any

from stackwright.verify.meaning.trial import Trial
from stackwright.verify.openapi import snake

PAGE = ("page", "page_number", "p")
SKIP = ("skip", "offset", "start")
SIZE = ("page_size", "per_page", "limit", "size", "pagesize", "take", "count")
SEARCH = ("q", "search", "query", "term", "keyword", "text", "s", "search_term")
SORT = ("sort", "sort_by", "order_by", "ordering", "orderby", "sortby", "sort_field")
ORDER = ("order", "direction", "sort_order", "sort_dir", "dir", "sort_direction")


def named(trial: Trial, names: tuple[str, ...]) -> str | None:
    return next((name for name in trial.resource.queries if snake(name) in names), None)


def all_of(trial: Trial) -> dict[str, Any]:
    """The query for the longest page, if its length can be chosen."""
    size = named(trial, SIZE)
    if size is None:
        return {}
    return {size: min(int(trial.resource.queries[size].get("maximum", 100)), 100)}
