import pytest

from stackwright.tools.editing.matching import EditRefused, find_place
from stackwright.tools.editing.placing import placed

PYTHON = "def f(a):\n    for x in a:\n        g(x)\n    return 2\n"
STYLES = ".a {\n  margin: 0;\n}\n"


def after(path: str, text: str, old: str, new: str) -> str:
    place = find_place(text, old, new, is_smart=True)
    replacement = placed(path, text, old, new, place)
    return text[: place.start] + replacement + text[place.end :]


@pytest.mark.parametrize(
    ("path", "text", "old", "new", "expected"),
    [
        ("a.css", STYLES, "margin: 0;", "  margin: 1px;", "  margin: 1px;"),
        ("a.css", STYLES, "margin: 0;", "margin: 0;\nb: c;", "  margin: 0;\n  b: c;"),
        ("a.css", STYLES, "margin: 0;", "b: c;\nmargin: 0;", "  b: c;\n  margin: 0;"),
        ("a.css", STYLES, "margin: 0;", "margin: 1px;\n}\n.b {", "  margin: 1px;\n}\n.b {"),
        ("a.py", PYTHON, "return 2", "    x = 2\n    return x", "    x = 2\n    return x"),
        ("a.py", PYTHON, "return 2", "x = 2\nreturn x", "    x = 2\n    return x"),
        (
            "a.py",
            PYTHON,
            "return 2",
            "return 2\n\n\nclass B:\n    x = 1",
            "    return 2\n\n\nclass B:\n    x = 1",
        ),
    ],
)
def test_the_reading_that_makes_sense_is_taken(
    path: str, text: str, old: str, new: str, expected: str
) -> None:
    indented = next(line for line in text.splitlines() if old in line)

    assert after(path, text, old, new) == text.replace(indented, expected)


@pytest.mark.parametrize(
    ("old", "new"), [("return 2", "    return 3"), ("return 2", "a = 1\nb = 2")]
)
def test_two_readings_that_parse_are_refused(old: str, new: str) -> None:
    with pytest.raises(EditRefused, match="not clear"):
        after("a.py", PYTHON, old, new)
