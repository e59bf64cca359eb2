"""Queries that are refused before anything is asked."""

from typing import Any, cast

import pytest

from stackwright.tools.base import ToolContext, ToolFailed
from stackwright.tools.data import QueryData, query_data


@pytest.mark.parametrize(
    "asked",
    [
        {"pipeline": [{"$match": {}}, {"$out": "other"}]},
        {"pipeline": [{"$facet": {"a": [{"$merge": {"into": "x"}}]}}]},
        {"filter": {"$and": [{"$where": "sleep(1000)"}]}},
        {"pipeline": [{"$addFields": {"x": {"$function": {"body": "while(1);"}}}}]},
    ],
)
async def test_what_writes_or_runs_code_is_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(ToolFailed, match="only reads"):
        await query_data(QueryData(collection="a", **asked), cast("ToolContext", None))


async def test_a_query_beyond_all_measure_is_refused() -> None:
    asked = QueryData(collection="a", filter={"$in": ["x" * 1000] * 30})
    with pytest.raises(ToolFailed, match="too long"):
        await query_data(asked, cast("ToolContext", None))
