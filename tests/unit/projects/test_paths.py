import pytest

from stackwright.core.errors import InvalidPath
from stackwright.projects.paths import checked_kept_path, checked_path, is_ignored

HOSTILE = [
    "",
    "/etc/passwd",
    "..",
    "../x",
    "a/../../x",
    "a/./b",
    "a//b",
    "a/",
    ".",
    "a\0b",
    "a\nb",
    "a\x7fb",
    "..\\x",
    "C:\\x",
    "a\ud800b",
    "x" * 501,
    "a/" + "ü" * 200,
]


@pytest.mark.parametrize("path", HOSTILE)
def test_a_path_that_could_leave_the_project_is_refused(path: str) -> None:
    with pytest.raises(InvalidPath):
        checked_path(path)


@pytest.mark.parametrize("path", ["a", "pages/[id].tsx", "ä/日本.txt", ".env.example", "a b/c..d"])
def test_an_ordinary_path_passes(path: str) -> None:
    assert checked_path(path) == path


@pytest.mark.parametrize(
    "path",
    ["frontend/node_modules/x/index.js", ".git/config", "a/__pycache__/m.pyc", "t.tsbuildinfo"],
)
def test_generated_files_are_not_part_of_the_workspace(path: str) -> None:
    assert is_ignored(path)
    with pytest.raises(InvalidPath, match="generated"):
        checked_kept_path(path)
