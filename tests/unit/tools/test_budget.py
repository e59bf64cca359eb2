from hypothesis import given
from hypothesis import strategies as st

from stackwright.tools.budget import cut_end, cut_middle


def test_short_text_is_left_alone() -> None:
    assert cut_end("abc", 3) == cut_middle("abc", 3) == "abc"


def test_the_last_line_says_how_much_is_missing_and_how_to_get_it() -> None:
    assert (
        cut_end("abcdef", 4, rest="Ask again.") == "abcd\n[2 more characters left out. Ask again.]"
    )
    assert cut_middle("abcdef", 4, rest="Ask again.") == (
        "ab\n[…]\nef\n[2 characters in the middle left out. Ask again.]"
    )


@given(text=st.text(max_size=200), limit=st.integers(1, 100))
def test_what_is_left_out_is_counted_exactly(text: str, limit: int) -> None:
    for cut in (cut_end, cut_middle):
        shown = cut(text, limit)
        if len(text) <= limit:
            assert shown == text
        else:
            missing = int(shown.rsplit("[", 1)[1].split(" ", 1)[0])
            assert len(text) - limit <= missing <= len(text) - limit + 1
