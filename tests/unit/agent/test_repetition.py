from stackwright.agent.repetition import Repetition
from stackwright.core.events import FileChanged


def changed(path: str, content: str | None) -> FileChanged:
    return FileChanged(path=path, change="modified", sha256=content)


def test_the_same_call_with_the_same_answer_is_told_the_third_time() -> None:
    seen = Repetition()
    notes = [seen.note("read_file", {"path": "a", "n": 1}, "no such file") for _ in range(4)]
    assert [bool(note) for note in notes] == [False, False, True, True]
    assert "number 3" in notes[2]


def test_another_argument_or_another_answer_is_no_repetition() -> None:
    seen = Repetition()
    assert not any(seen.note("read_file", {"path": f"{n}"}, "x") for n in range(5))
    assert not any(seen.note("check_app", {}, f"answer {n}") for n in range(5))


def test_edits_that_undo_each_other_are_told_with_the_call_that_did_it() -> None:
    seen = Repetition()
    for content in ("one", "two"):
        seen.saw(changed("a.py", content))
        assert seen.note("edit_file", {"to": content}, "ok") == ""
    seen.saw(changed("a.py", "one"))
    note = seen.note("edit_file", {"to": "back"}, "ok")
    assert note.startswith("a.py now has the contents that it had before, 2 edits ago")
    assert seen.note("edit_file", {"to": "else"}, "ok") == ""


def test_a_file_that_stays_as_it_is_undoes_nothing() -> None:
    seen = Repetition()
    for _ in range(3):
        seen.saw(changed("a.py", "one"))
    seen.saw(changed("b.py", "one"))
    assert seen.note("edit_file", {}, "ok") == ""


def test_deleting_what_was_made_twice_counts_too() -> None:
    seen = Repetition()
    for content in (None, "one", None):
        seen.saw(changed("a.py", content))
    assert "undo each other" in seen.note("delete_file", {}, "ok")
