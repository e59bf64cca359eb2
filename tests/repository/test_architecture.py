"""docs/architecture.md says in which file a thing is done: it is defined there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "src" / "stackwright"
PAGE = (ROOT / "docs" / "architecture.md").read_text()

_PATH = r"(?P<path>[a-z_0-9/]+\.py)"
_TOLD = re.compile(rf"`(?P<name>[A-Za-z_][\w.]*)` (?:in |\(){{1}}`{_PATH}`")
"""`Gate.verify` in `verify/gate.py`; `Gate.verify` (`verify/gate.py`)"""
_STEP = re.compile(rf"^\| \d+ \| `{_PATH}` \| (?P<names>[^|]+) \|", re.MULTILINE)
_NAME = re.compile(r"`([A-Za-z_][\w.]*)`")


def places(page: str) -> list[tuple[str, str]]:
    """(name, path), as the page tells them."""
    told = [(found["name"], found["path"]) for found in _TOLD.finditer(page)]
    for step in _STEP.finditer(page):
        told += [(name, step["path"]) for name in _NAME.findall(step["names"])]
    return told


def is_defined(name: str, source: str) -> bool:
    """Every part of a dotted name is a class, a function, a field or an assignment of that file."""
    parts = map(re.escape, name.split("."))
    return all(
        re.search(
            rf"^\s*(?:(?:async )?def|class) {part}\b|^\s*{part}(?::| =)", source, re.MULTILINE
        )
        for part in parts
    )


@pytest.mark.parametrize(("name", "path"), places(PAGE))
def test_what_the_page_names_is_defined_where_it_says(name: str, path: str) -> None:
    assert is_defined(name, (SOURCES / path).read_text())


def test_every_file_and_folder_that_the_page_names_exists() -> None:
    named = set(re.findall(r"`([a-z_0-9]+/[a-z_0-9/]*(?:\.py|\.md)?)`", PAGE))
    missing = {path for path in named if not ((SOURCES / path).exists() or (ROOT / path).exists())}
    of_a_project = {path for path in missing if path.startswith("acceptance/")}
    assert missing - of_a_project == set()


def test_the_four_questions_of_a_newcomer_are_answered_with_a_place() -> None:
    for question in (
        "Where does a message become a run?",
        "Where is a sandbox made?",
        "Where is a file stored?",
        "Where does the gate decide?",
    ):
        (answer,) = re.findall(rf"^\| {re.escape(question)} \| (.+) \|$", PAGE, re.MULTILINE)
        assert _TOLD.match(answer), "the answer begins with the name and its file"


def test_names_are_told_from_their_places() -> None:
    assert places("`a` in `b.py`, `C.d` (`e/f.py`)\n| 3 | `g.py` | `h`, else `i` | x |") == [
        *[("a", "b.py"), ("C.d", "e/f.py")],
        *[("h", "g.py"), ("i", "g.py")],
    ]
    assert is_defined("C.d", "class C:\n    async def d(self): ...\n")
    assert is_defined("_SQL", '_SQL = f"""\n')
    assert not is_defined("C.d", "class C:\n    def e(self): ...\n")
