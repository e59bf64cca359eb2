import pytest

from stackwright.core.quotes import find_quote, places

BOOKING = (
    "Build a booking app for meeting rooms, please. Bookings of the same room may not overlap.\n"
    "Send e-mail reminders the day before."
)


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("Bookings of the same room may not overlap", "Bookings of the same room may not overlap"),
        ("bookings of the same  room", "Bookings of the same room"),
        ("overlap. Send e-mail", "overlap.\nSend e-mail"),
        ("e\u2013mail reminders", "e-mail reminders"),
        ("bookings may overlap", None),
        ("ooking", None),
        ("room", "room"),
        ("", None),
        ("  . ", None),
    ],
)
def test_a_quote_is_found_as_the_message_has_it(quote: str, found: str | None) -> None:
    assert find_quote([BOOKING], quote) == found


def test_a_quote_may_come_from_any_message_of_the_run() -> None:
    assert find_quote([BOOKING, "and make it blue"], "make it blue") == "make it blue"


@pytest.mark.parametrize(
    ("message", "quote", "found"),
    [
        ("die Straße am Fluß", "STRASSE", None),
        ("die Straße am Fluß", "straße AM", "Straße am"),
        ("İstanbul trips", "istanbul", None),
        ("İstanbul trips", "TRIPS", "trips"),
        ("say \u201chello\u201d", '"Hello"', "\u201chello\u201d"),
        ("予約アプリを作って", "アプリ", "アプリ"),
    ],
)
def test_letters_of_other_languages_keep_their_places(
    message: str, quote: str, found: str | None
) -> None:
    assert find_quote([message], quote) == found


def test_every_place_is_found_and_none_inside_of_a_word() -> None:
    assert list(places("tea, teapot and  tea", "tea")) == [(0, 3), (17, 20)]


def test_a_quote_that_nearly_fits_everywhere_takes_no_time() -> None:
    """It took half a minute, in which nothing else was answered."""
    message = "x " * 60_000
    assert find_quote([message], "x " * 30_000 + "y") is None
    assert len(list(places(message, "x"))) == 60_000
