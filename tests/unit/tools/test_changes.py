"""How the changes of a run are told."""

from stackwright.tools.changes import _is_within, _told  # pyright: ignore[reportPrivateUsage]


def test_files_are_listed_and_each_diff_gets_its_share() -> None:
    before = {"a.py": b"x = 1\n", "big.txt": None, "gone.py": b"y\n", "same.py": b"z\n"}
    now = {"a.py": b"x = 2\n", "big.txt": b"line\n" * 4000, "gone.py": None, "same.py": b"z\n"}
    told = _told(before, now)
    assert told.startswith("changed a.py\ncreated big.txt\ndeleted gone.py\n\n--- a.py\n")
    assert "-x = 1\n+x = 2" in told
    assert "list_changes with path=big.txt shows more" in _told(
        before | {"more.txt": None}, now | {"more.txt": b"line\n" * 4000}
    )
    assert len(told) < 30_000


def test_hashes_of_the_platform_are_named_and_shown_only_if_asked_for() -> None:
    before, now = {".stackwright/app.json": b"{}\n"}, {".stackwright/app.json": b"{1}\n"}
    assert _told(before, now).strip() == "changed .stackwright/app.json"
    assert "+{1}" in _told(before, now, ".stackwright")


def test_what_was_taken_back_is_no_change() -> None:
    assert _told({"a": b"x"}, {"a": b"x"}) == "All changes were taken back."


def test_a_folder_holds_what_is_below_it() -> None:
    assert _is_within("backend/a.py", "backend")
    assert _is_within("backend/a.py", "")
    assert not _is_within("backend-old/a.py", "backend")
