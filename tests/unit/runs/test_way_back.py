from stackwright.runs.way_back import MAX_CHANGES_CHARS, diff


def test_a_diff_tells_what_was_changed_added_and_deleted() -> None:
    was = {"a.py": b"x = 1\ny = 2\n", "b.py": b"gone\n", "same.py": b"s\n"}
    told = diff(was, {"a.py": b"x = 1\ny = 3\n", "c.py": b"new\n", "same.py": b"s\n"})
    assert "-y = 2\n+y = 3" in told
    assert "-gone" in told
    assert "+new" in told
    assert "same.py" not in told


def test_of_what_is_no_text_only_the_name_is_told() -> None:
    told = diff(
        {"logo.png": b"\0a"}, {"logo.png": b"\0b", "uv.lock": b"x" * 10, "big": b"x" * 300_000}
    )
    assert told.splitlines() == ["big was added.", "logo.png was changed.", "uv.lock was added."]


def test_a_diff_is_bounded() -> None:
    assert len(diff({}, {f"{n}.py": b"line\n" * 2000 for n in range(20)})) < MAX_CHANGES_CHARS + 200
    assert diff({}, {}) == "This run changed no file."


def test_of_files_that_are_too_large_only_the_name_is_told() -> None:
    told = diff({"a.py": b"1\n"}, {"a.py": b"2\n"}, {"big.csv": "deleted"})
    assert told.startswith("big.csv was deleted.")
    assert "-1\n+2" in told
