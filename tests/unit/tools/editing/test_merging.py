import time

import pytest

from stackwright.tools.editing.merging import merged_lines


@pytest.mark.parametrize(
    ("theirs", "mine", "wanted", "merged"),
    [
        ("a = 30\n", "a  =  30\n", "a = 60\n", "a  =  60\n"),
        ("a = 1.16\n", "a = 1.19\n", "a = 1.16 + b\n", "a = 1.19 + b\n"),
        ("a = 30\n", "a = 300\n", "a = 60\n", "a = 60\n"),
        ("a b\n", "a c b\n", "a d b\n", "a d b\n"),
        ("a\n", "a  \n", "b\n", "b\n"),
        ("return compute(total)\n", "return  compute(total)\n", "pass\n", "pass\n"),
    ],
)
def test_what_the_model_did_not_change_keeps_the_files_spelling(
    theirs: str, mine: str, wanted: str, merged: str
) -> None:
    assert merged_lines([theirs], [mine], [wanted]) == [merged]


def test_the_counterpart_of_a_line_is_the_most_similar_new_one() -> None:
    wanted = ["import os\n", "name = 'a b'  # c\n"]

    assert merged_lines(["name = 'a b'\n"], ["name = 'a  b'\n"], wanted) == [
        "import os\n",
        "name = 'a  b'  # c\n",
    ]


def test_merging_very_many_or_very_long_lines_takes_bounded_time() -> None:
    began = time.monotonic()

    many = [f"{'x ' * 900}{number}\n" for number in range(200)]
    merged_lines(many, [line.replace(" ", "  ") for line in many], many[1:])
    merged_lines(["a " * 100_000], ["a  " * 100_000], ["a " * 99_999])

    assert time.monotonic() - began < 5
