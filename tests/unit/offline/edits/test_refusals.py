from fixtures.follow_ups import library
from stackwright.offline.edits.reader import read_change


def test_a_refusal_quotes_the_words_and_gives_an_example_of_the_same_thing() -> None:
    (told,) = read_change("paint the author of books in stripes", library()).refused
    assert "“paint the author of books in stripes”" in told
    assert "make the author of books required" in told


def test_what_was_left_beside_a_change_is_named_in_short() -> None:
    change = read_change("remove the phone, nobody calls them", library())
    assert change.refused == ("I did nothing about “nobody calls them”.",)


def test_a_question_is_answered_and_changes_nothing() -> None:
    (told,) = read_change("what do members have?", library()).refused
    assert told.startswith("Members: name, email, phone.")
    assert told.endswith("Nothing was changed.")
