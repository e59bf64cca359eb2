import uuid

import pytest

from stackwright.core.ids import is_sane_id, new_id, new_run_id


def test_ids_sort_by_the_time_they_were_made() -> None:
    made = uuid.UUID(new_id())
    assert made.version == 7
    assert made.variant == uuid.RFC_4122


def test_the_id_of_a_run_is_random_in_122_bits() -> None:
    first, second = (uuid.UUID(new_run_id()) for _ in range(2))
    assert (first.version, first.variant) == (4, uuid.RFC_4122)
    assert first.int ^ second.int >= 1 << 80, "the upper bits are random too"


@pytest.mark.parametrize(
    "value", ["a", "my-todo", "ann@example.org", "x" * 100, "01a22a74-8680-7efd-888c-747311036cec"]
)
def test_a_caller_may_bring_a_plain_id(value: str) -> None:
    assert is_sane_id(value)


@pytest.mark.parametrize("value", ["", "-x", "a b", "../x", "x" * 101, "a\n", "ä"])
def test_other_texts_are_no_ids(value: str) -> None:
    assert not is_sane_id(value)
