import pytest

from stackwright.verify.use.lists import pages_of


@pytest.mark.parametrize(
    ("paths", "name", "pages"),
    [
        (["/", "/chores", "/lists"], "chores", ["/chores"]),
        (["/", "/admin/order-items"], "order_items", ["/admin/order-items"]),
        (["/", "/about"], "chores", ["/"]),
        (["/about"], "chores", []),
    ],
)
def test_the_first_page_is_a_list_only_where_there_is_no_other(
    paths: list[str], name: str, pages: list[str]
) -> None:
    assert pages_of(paths, name) == pages
