import time

import pytest

from stackwright.tools.web.page_text import MAX_TEXT_CHARS, PARSE_LIMIT_S, text_of

SIZE = 1_900_000


@pytest.mark.parametrize(
    "piece", ["<", "<a ", "<![", "<!--", "&#", "</", '<a b="', "<div>", "<script></", "<?", "<a/"]
)
def test_no_page_takes_long(piece: str) -> None:
    began = time.monotonic()

    text, _ = text_of(piece * (SIZE // len(piece)))

    assert len(text) <= MAX_TEXT_CHARS + 100_000
    assert time.monotonic() - began < 4 * PARSE_LIMIT_S


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a<![if IE]>b", "ab"),
        ("a<![", "a"),
        ("fish &amp", "fish &"),
        ("", ""),
        ("<p>1 < 2 &amp; &#x41;</p>", "1 < 2 & A"),
        (f"<p>&#{'1' * 5000}; x", "\ufffd x"),
        ("<p>&#55296;", "\ufffd"),
    ],
)
def test_odd_markup_is_read_as_browsers_do(html: str, text: str) -> None:
    assert text_of(html)[0] == text


def test_words_are_not_torn_where_the_reading_pauses() -> None:
    word = "word" * 20_000

    assert text_of(f"<p>{word}</p>") == (word, False)
