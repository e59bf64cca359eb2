"""Which lines a wrong quotation is answered with."""

from stackwright.tools.editing.nearest import nearest_lines

TEXT = "import a\n\n\ndef f(x):\n    y = x + 1\n    return y\n\n\ndef g(x):\n    return x\n"


def test_the_block_is_found_by_the_lines_that_are_the_same() -> None:
    near = nearest_lines(TEXT, "def f(x):\n    y = x + 2\n    return y\n")
    assert near == "4 | def f(x):\n5 |     y = x + 1\n6 |     return y"


def test_a_line_that_is_only_like_it_is_found() -> None:
    assert nearest_lines(TEXT, "    y = x + 7") == "5 |     y = x + 1"


def test_a_difference_in_space_alone_can_be_seen() -> None:
    assert nearest_lines("if a:\n\tgo()\n", "    go()") == "2 | \tgo()"


def test_what_begins_before_the_file_is_shown_from_its_beginning() -> None:
    assert nearest_lines(TEXT, "new\nimport a\n").startswith("1 | import a")


def test_nothing_like_it_and_nothing_at_all_are_answered_with_nothing() -> None:
    assert nearest_lines(TEXT, "<Completely>Different</Completely>") == ""
    assert nearest_lines("", "x") == ""
    assert nearest_lines(TEXT, "\n\n") == ""


def test_long_quotations_and_long_lines_are_shown_in_part() -> None:
    text = "".join(f"line number {number} {'x' * 500}\n" for number in range(5000))
    near = nearest_lines(text, text.replace("number 7 ", "number seven "))
    assert len(near) < 14 * 200
