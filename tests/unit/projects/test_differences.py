from stackwright.projects.differences import compared, line_counts, without_hunk

OLD = b"".join(b"line %d\n" % number for number in range(40))
NEW = OLD.replace(b"line 3\n", b"line three\n").replace(b"line 30\n", b"")


def test_each_place_that_changed_is_a_hunk_with_its_surroundings() -> None:
    found = compared(OLD, NEW)
    assert [(hunk.old_start, hunk.new_start) for hunk in found.hunks] == [(1, 1), (28, 28)]
    assert "-line 3" in found.hunks[0].lines
    assert "+line three" in found.hunks[0].lines
    assert found.hunks[1].lines == (
        *(" line 27", " line 28", " line 29", "-line 30", " line 31", " line 32", " line 33"),
    )
    assert found.note == ""


def test_one_hunk_is_taken_back_and_the_other_stays() -> None:
    assert without_hunk(OLD, NEW, 0) == NEW.replace(b"line three\n", b"line 3\n")
    assert without_hunk(OLD, NEW, 1) == OLD.replace(b"line 3\n", b"line three\n")
    assert without_hunk(OLD, NEW, 2) is None
    assert without_hunk(OLD, NEW, -1) is None


def test_line_ends_and_the_missing_last_one_are_kept() -> None:
    old, new = b"a\r\nb\r\nc", b"a\r\nB\r\nc"
    assert without_hunk(old, new, 0) == old


def test_what_is_no_text_or_too_long_has_a_note_and_no_lines() -> None:
    assert compared(b"\0", b"a").note.startswith("This file is no text")
    assert without_hunk(b"\0", b"a", 0) is None
    assert "not compared" in compared(b"", b"x\n" * 7000).note
    assert without_hunk(b"", b"x\n" * 7000, 0) is None
    many = compared(b"".join(b"%d\n" % n for n in range(5000)), b"y\n" * 5000)
    assert many.note == "Only the first changes are shown."


def test_a_new_and_a_deleted_file_are_all_plus_and_all_minus() -> None:
    assert compared(None, b"a\nb\n").hunks[0].lines == ("+a", "+b")
    assert compared(b"a\n", None).hunks[0].lines == ("-a",)
    assert line_counts(None, b"a\nb\n") == (2, 0)
    assert line_counts(b"\0", b"a") == (0, 0)
