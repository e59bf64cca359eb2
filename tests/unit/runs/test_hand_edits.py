import pytest

from stackwright.core.errors import BadInput, FileNotInWorkspace
from stackwright.runs.hand_edits import MAX_MOVED, MAX_MOVED_BYTES, below, refuse_large


def test_a_folder_is_its_files_and_a_file_is_itself() -> None:
    known = ["src/a.py", "src/sub/b.py", "src2/c.py"]
    assert below(known, "src") == ["src/a.py", "src/sub/b.py"]
    assert below(known, "src2/c.py") == ["src2/c.py"]
    with pytest.raises(FileNotInWorkspace):
        below(known, "lib")


def test_folders_that_hold_too_much_are_refused() -> None:
    with pytest.raises(BadInput, match="more than 2,000 files"):
        below([f"src/{number}" for number in range(MAX_MOVED + 1)], "src")
    refuse_large("src", MAX_MOVED_BYTES)
    with pytest.raises(BadInput, match="more than 50 MB"):
        refuse_large("src", MAX_MOVED_BYTES + 1)
