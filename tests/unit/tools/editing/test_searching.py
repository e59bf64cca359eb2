from stackwright.tools.editing.searching import Searchable


def spans(text: str, old: str, *, may_overlap: bool = True) -> list[str]:
    return [
        text[start:end] for start, end in Searchable.of(text).spans(old, may_overlap=may_overlap)
    ]


def test_a_line_ending_is_matched_whole_whatever_it_is() -> None:
    assert spans("a\r\nb\na\rb", "a\nb") == ["a\r\nb", "a\rb"]
    assert spans("x\r\n\r\ny", "\n") == ["\r\n", "\r\n"]
    assert spans("x\r\ny", "\r\ny") == ["\r\ny"]


def test_places_behind_line_endings_of_two_characters_are_those_of_the_file() -> None:
    text = "1\r\n2\r\n3\n4\r\nneedle"

    assert list(Searchable.of(text).spans("needle", may_overlap=True)) == [(11, 17)]


def test_overlapping_places_are_told_when_asked_for() -> None:
    assert len(spans("aaaaa", "aa")) == 4
    assert len(spans("aaaaa", "aa", may_overlap=False)) == 2
