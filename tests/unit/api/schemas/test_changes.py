import pytest

from stackwright.api.schemas.changes import MAX_SIDE_CHARS, file_changes_out, read_place
from stackwright.projects.comparisons import FileComparison, Place
from stackwright.projects.differences import compared


@pytest.mark.parametrize(
    ("text", "place"), [(None, None), ("now", "now"), ("nothing", "nothing"), ("12", 12)]
)
def test_a_place_is_a_version_or_a_word(text: str | None, place: Place | None) -> None:
    assert read_place(text) == place


def test_both_sides_are_told_unless_they_are_no_text_or_long() -> None:
    told = file_changes_out(_comparison(b"a\n", b"b\n"), 1, "now")
    assert (told.before, told.after) == ("1", "now")
    assert (told.old_text, told.new_text) == ("a\n", "b\n")
    assert [hunk.lines for hunk in told.hunks] == [["-a", "+b"]]
    deleted = file_changes_out(_comparison(b"\0", None), 1, 2)
    assert (deleted.old_text, deleted.new_text, deleted.after_sha256) == (None, None, None)
    long = file_changes_out(_comparison(None, b"x" * (MAX_SIDE_CHARS + 1)), "nothing", "now")
    assert long.new_text is None


def _comparison(before: bytes | None, after: bytes | None) -> FileComparison:
    return FileComparison("a.txt", before, after, compared(before, after))
