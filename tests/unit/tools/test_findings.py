"""What linters' words become."""

import shlex

from stackwright.tools.findings import MAX_TOLD, NOT_READY, script_for, told

MINE = ["frontend/pages/a.tsx", "backend/x.py"]


def test_each_finding_names_the_file_that_was_written() -> None:
    output = (
        "pages/a.tsx:1:10: 'Foo' is never used. [Error/eslint(no-unused-vars)]\n\n1 problem\n"
        "x.py:2:5: F821 Undefined name `y`\n"
        "pages/a.tsx(4,18): error TS2322: Type 'a' is not assignable.\n"
    )
    assert told(output, MINE).splitlines() == [
        "",
        "Lint and types of what was written:",
        "frontend/pages/a.tsx:1:10 'Foo' is never used. [Error/eslint(no-unused-vars)]",
        "backend/x.py:2:5 F821 Undefined name `y`",
        "frontend/pages/a.tsx:4:18 error TS2322: Type 'a' is not assignable.",
    ]


def test_of_other_files_only_their_names_are_told() -> None:
    output = "components/b.tsx(4,1): error TS1: x\ncomponents/b.tsx(5,1): error TS1: x\n"
    assert told(output, MINE).endswith("\nTypes do not fit in frontend/components/b.tsx either.")


def test_nothing_found_says_nothing_and_late_types_say_so() -> None:
    assert told("", MINE) == ""
    assert "told with the next write" in told(f"{NOT_READY}\n", MINE)
    assert told(f"{NOT_READY}\n", ["backend/x.py"]) == ""


def test_what_was_late_is_told_with_the_next_write_of_any_file() -> None:
    output = "pages/a.tsx(4,18): error TS2322: wrong\n"
    assert "a.tsx:4:18 error TS2322" in told(output, ["README.md"], {"frontend/pages/a.tsx"})
    assert "types" in script_for(["README.md"], is_late=True)
    assert script_for(["README.md"]) == ""


def test_many_and_long_findings_are_bounded() -> None:
    output = "".join(f"x.py:{n}:1: {'long ' * 200}\n" for n in range(500))
    text = told(output, MINE)
    assert text.count("\n") == MAX_TOLD + 2
    assert f"({500 - MAX_TOLD} more)" in text
    assert len(text) < 6000


def test_paths_are_quoted_and_nothing_runs_for_files_that_nobody_lints() -> None:
    strange = "frontend/pages/it's $(x).tsx"
    assert shlex.quote(strange.removeprefix("frontend/")) in script_for([strange])
    assert script_for(["acceptance/test_a.py"]) == ""
