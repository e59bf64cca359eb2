import pytest

from stackwright.tools.base import ToolFailed
from stackwright.tools.protected import refuse_protected, refuse_unlocked


@pytest.mark.parametrize(
    "path",
    [
        *("a/uv.lock", "./.stackwright/app.json", ".stackwright/x", ".env", "backend/.env.local"),
        *("frontend/tailwind-loader.cjs", "./frontend/./tailwind-loader.cjs"),
    ],
)
def test_files_that_other_tools_keep_are_refused(path: str) -> None:
    with pytest.raises(ToolFailed):
        refuse_protected(path)


@pytest.mark.parametrize("path", ["backend/.env.example", "stackwright/app.json", "locks.py"])
def test_other_files_are_free(path: str) -> None:
    refuse_protected(path)


def test_a_package_without_lock_or_with_equal_dependencies_may_be_written() -> None:
    refuse_unlocked("package.json", None, b'{"dependencies": {"a": "1"}}')
    refuse_unlocked("package.json", b'{"dependencies": {}}', b'{"name": "x"}')
    refuse_unlocked("package.json", b"broken", b"broken too")
    with pytest.raises(ToolFailed, match="add_dependency"):
        refuse_unlocked("a/package.json", b"{}", b'{"devDependencies": {"a": "1"}}')
