from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackwright.tools.editing.alignment import BoundedMatcher, TooMuchWork, WorkLimit

TEXTS = st.text(alphabet="abc", max_size=30)


@given(one=TEXTS, other=TEXTS)
def test_within_the_limit_the_answer_is_that_of_the_standard_library(one: str, other: str) -> None:
    plain = SequenceMatcher(None, one, other, autojunk=False)
    bounded = BoundedMatcher(one, other, WorkLimit(1_000_000))

    assert bounded.get_opcodes() == plain.get_opcodes()
    assert bounded.ratio() == plain.ratio()


def test_beyond_the_limit_it_gives_up() -> None:
    with pytest.raises(TooMuchWork):
        BoundedMatcher("ab" * 500, "a" * 1000, WorkLimit(100_000)).ratio()
