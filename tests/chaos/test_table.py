"""The table that `make chaos` keeps, and the choice of points."""

from chaos.points import Sample
from chaos.rows import HEAD, Row, renewed


def line(name: str, note: str = "") -> str:
    return Row(name, tried=2, held=2, note=note).line("today")


def test_a_renewed_line_stands_where_the_old_one_stood() -> None:
    table = HEAD
    for name in ("one", "two", "three"):
        table = renewed(table, line(name))
    table = renewed(table, line("two", "again"))
    assert table == HEAD + f"{line('one')}\n{line('two', 'again')}\n{line('three')}\n"


def test_the_first_line_takes_the_place_of_words() -> None:
    assert renewed("None is kept yet.\n", line("one")) == f"{HEAD}{line('one')}\n"


def test_a_whole_replaces_its_parts() -> None:
    parts = [Sample(1, 100), Sample(101, None)]
    table = renewed("", line("other"))
    for part in parts:
        table = renewed(table, line(f"kill{part}"))
    assert [each.split("|")[1].strip() for each in table.splitlines()[2:]] == [
        "other",
        "kill, points 1 to 100",
        "kill, points 101 to the last",
    ]
    assert renewed(table, line("kill")) == f"{HEAD}{line('other')}\n{line('kill')}\n"


def test_a_sample_has_every_kind_of_point() -> None:
    names = ["a"] * 50 + ["b"] + ["c"] * 50
    assert {names[n - 1] for n in Sample(at_most=3).of(names)} == {"a", "b", "c"}
    assert len(Sample(at_most=30).of(names)) == 30
    assert Sample(50, 52).of(names) == [50, 51, 52]
    assert Sample(100).of(names) == [100, 101]
    assert Sample().of(names) == list(range(1, 102))
