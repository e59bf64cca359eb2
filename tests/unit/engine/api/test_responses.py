import pytest

from stackwright.engine.api.responses import page
from stackwright.engine.errors import BadRequest

ITEMS = [((1.5, "b"), "B"), ((1.5, "a"), "A"), ((2.0, "a"), "C")]


@pytest.mark.parametrize("newest_first", [True, False])
def test_pages_follow_each_other_also_when_what_was_shown_has_gone(newest_first: bool) -> None:
    items, seen, query = list(ITEMS), list[object](), {"limit": "1"}
    while True:
        _, shown, more = page(items, query, newest_first=newest_first)
        assert isinstance(shown, list)
        seen += shown
        items = [item for item in items if item[1] not in seen]
        if not more:
            break
        query["nextToken"] = more["x-next-token"]
    assert seen == (["C", "B", "A"] if newest_first else ["A", "B", "C"])


@pytest.mark.parametrize(
    "query", [{"limit": "0"}, {"limit": "101"}, {"limit": "x"}, {"nextToken": "x_y"}]
)
def test_what_is_no_limit_or_token_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(BadRequest):
        page(ITEMS, query)
