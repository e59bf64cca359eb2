from stackwright.offline.quotes import quotes_of, spans, stems_of, words_of, words_outside

MESSAGE = (
    "Books have a title. Please sort the books by title, and lend them to my sister's friends."
)


def test_a_phrase_is_quoted_as_the_message_has_it() -> None:
    assert list(quotes_of(MESSAGE, ["sort books by title"])) == ["sort the books by title"]
    assert list(quotes_of(MESSAGE, ["paint the books"])) == []


def test_words_of_a_quote_say_nothing_else() -> None:
    left = words_outside(MESSAGE, words_of(MESSAGE), ["Please sort the books by title"])
    assert [word.stem for word in left if word.stem in ("book", "title")] == ["book", "title"]


def test_words_that_stand_together_are_one_quote() -> None:
    words = words_of(MESSAGE)
    mine = [word for word in words if word.stem in ("book", "title")]
    assert list(spans(MESSAGE, mine, words)) == ["Books have a title", "books by title"]


def test_small_words_have_no_stem_of_their_own() -> None:
    assert stems_of("The due_dates of a loan") == {"due", "date", "loan"}
