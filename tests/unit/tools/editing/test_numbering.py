import pytest

from stackwright.tools.editing.numbering import has_line_numbers, numbered, without_numbers


@pytest.mark.parametrize(
    "listing",
    [
        "9 | a\n10 |   b\n",
        " 9|a\n10|  b\n",
        "     9\ta\n    10\t  b\n",
        "9→a\n10→  b\n",
        "9:a\n10:  b\n",
        "L9: a\nL10:   b\n",
        "line 9 | a\nline 10 |   b\n",
    ],
)
def test_the_numbers_of_a_listing_are_taken_off(listing: str) -> None:
    old, _ = without_numbers(listing, listing)

    assert [line.rstrip() for line in old.splitlines()] in (["a", "  b"], [" a", "   b"])


def test_lines_of_the_new_text_may_have_none() -> None:
    assert without_numbers("1 | a\n2 | b", "1 | a\nnew\n2 | b") == ("a\nb", "a\nnew\nb")


@pytest.mark.parametrize("old", ["a\nb", "1 | a\nb", "1 | a\n3 | b", "https://x.test\n", ""])
def test_a_text_that_is_no_listing_stays(old: str) -> None:
    assert without_numbers(old, "1 | x") == (old, "1 | x")


@pytest.mark.parametrize(
    ("new", "near", "line", "is_code", "has"),
    [
        ("1 | a\n2 | c", ["aa"], None, True, True),
        ("1 | alpha\n2 | c", ["alpha"], 9, False, True),
        ("4 | x = 2", ["x = 1"], 4, True, True),
        ("4 | A | B", ["A"], 5, True, False),
        ("1 | 2 | 3", ["1 | 2"], 1, True, False),
        ("1: a\n2: b", ["a = 1"], 1, True, False),
        ("1: foo\n2: bar", ["foo", "baz"], 1, True, True),
        ("1 | a\n2 | b", ["x"], 3, False, False),
        ("1 | a\n2 | b", ["x"], 1, False, True),
        ("a\nb", ["a"], 1, True, False),
    ],
)
def test_numbers_in_the_new_text_alone_are_seen(
    new: str, near: list[str], line: int | None, is_code: bool, has: bool
) -> None:
    assert has_line_numbers(new, near=near, line=line, is_code=is_code) is has


def test_an_ordinary_text_has_no_numbers() -> None:
    assert numbered("a | b\nx = 1 | 2\n") is None
