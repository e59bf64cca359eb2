import time
from contextlib import suppress

import pytest

from stackwright.tools.editing.guards import (
    refuse_broken_syntax,
    refuse_line_numbers,
    refuse_placeholders,
)
from stackwright.tools.editing.matching import EditRefused


def test_a_placeholder_is_refused_with_its_line_unless_it_was_there_before() -> None:
    with pytest.raises(EditRefused, match=r"Line 2 .*stands for code"):
        refuse_placeholders("a.py", "", "x = 1\n# ... rest unchanged\n")
    refuse_placeholders("a.py", "# ... rest unchanged", "x = 1\n# ... rest unchanged\n")


def test_prose_may_say_what_it_likes() -> None:
    refuse_placeholders("README.md", "", "# ...\n* ... and more code here\n")


@pytest.mark.parametrize(
    ("path", "good", "broken"),
    [
        ("a.py", "def f():\n    return 1\n", "def f():\nreturn 1\n"),
        ("a.json", '{"a": 1}', '{"a": 1,}'),
        ("a.ts", "const a: number = 1;\n", "const a: = ;\n"),
        ("a.tsx", "export const A = () => <p>{1}</p>;\n", "export const A = () => <p>{1}</div>;\n"),
        ("a.js", "let a = [1];\n", "let a = [1;\n"),
    ],
)
def test_a_file_that_parsed_must_still_parse(path: str, good: str, broken: str) -> None:
    refuse_broken_syntax(path, good, good)
    refuse_broken_syntax(path, broken, broken)
    for before in (good, None):
        with pytest.raises(EditRefused, match=rf"would not parse: {path}: .*line [12]"):
            refuse_broken_syntax(path, before, broken)


def test_a_file_with_a_bare_ampersand_keeps_its_guard() -> None:
    page = "export const A = () => <h1 title={1}>Terms & Conditions</h1>;\n"

    refuse_broken_syntax("a.tsx", page, page.replace("{1}", "{2}"))
    with pytest.raises(EditRefused, match=r"would not parse: a\.tsx: line 1"):
        refuse_broken_syntax("a.tsx", page, page.replace("{1}", "{"))


def test_files_without_a_parser_are_not_checked() -> None:
    refuse_broken_syntax("a.sql", None, "select (")
    refuse_broken_syntax("frontend/tsconfig.json", None, "{ // comment\n}")


@pytest.mark.parametrize(
    "line", ["# unchanged thing {}\n", "{} | x\n", "# thing {} is here ... x\n"]
)
def test_a_very_large_text_is_looked_at_in_bounded_time(line: str) -> None:
    text = "".join(map(line.format, range(200_000)))
    began = time.monotonic()

    with suppress(EditRefused):
        refuse_placeholders("a.go", "", text)
    with suppress(EditRefused):
        refuse_line_numbers("a.go", "", text)

    assert time.monotonic() - began < 5
