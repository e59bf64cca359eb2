"""Which words of a message no wish quotes: nothing that says something is dropped in silence."""

import time

import pytest

from stackwright.core.message_words import (
    asks_for_figures,
    asks_for_mail,
    asks_for_text,
    forbids,
    left_over,
    nearest,
    sentences,
    unsaid,
    untried,
)

BOOKING = (
    "Build a booking app for meeting rooms, please. Bookings of the same room may not overlap.\n"
    "Send e-mail reminders the day before."
)


def test_a_refused_quote_is_answered_with_the_nearest_text() -> None:
    assert nearest([BOOKING], "bookings in one room must not overlap") == (
        "Bookings of the same room may not overlap"
    )
    assert nearest([], "anything") == ""


LEFT = [
    ("a list of records with artist", ["records", "artist"], ()),
    ("A workshop list: workshops with title", ["workshops with title", "workshop"], ()),
    ("Create a todo app with FastAPI and Next.js", ["todo app"], ()),
    ("Make the button green", ["the button green"], ()),
    ("Please make the button green, thanks!", ["button green"], ()),
    ("Remove the notes field", ["the notes field"], ("Remove",)),
    ("Bookings may not overlap", ["Bookings may", "overlap"], ("not",)),
    ("Only staff may delete", ["staff may delete"], ("Only",)),
    ("Show at most 20 per page", ["Show at most", "per page"], ("20",)),
    (BOOKING, ["booking app for meeting rooms", "Send e-mail reminders the day before"],
     ("Bookings of the same room may not overlap",)),
    (BOOKING, ["booking app for meeting rooms", "Bookings of the same room may not overlap"],
     ("Send e-mail reminders the day before",)),
    (BOOKING, [], ("booking app for meeting rooms", "Bookings of the same room may not overlap",
                   "Send e-mail reminders the day before")),
    ("a list. a chart! a map?", ["a chart"], ("list", "map")),
    ("a list; a chart", ["a list"], ("chart",)),
    ("todos without dates", ["todos", "dates"], ("without",)),
    ("I'd like a list", ["a list"], ()),
    ("Tell me the price in €", ["the price in €"], ("Tell",)),
    ("", [], ()),
    ("Please, thanks!", [], ()),
    ("Baue bitte eine Aufgabenliste mit Fälligkeiten", ["eine Aufgabenliste"],
     ("Baue", "mit Fälligkeiten")),
    ("Baue bitte eine Aufgabenliste mit Fälligkeiten",
     ["Baue", "eine Aufgabenliste mit Fälligkeiten"], ()),
    ("Les réservations ne doivent pas se chevaucher", ["Les réservations"],
     ("ne doivent pas se chevaucher",)),
    ("会議室の予約アプリを作って", ["予約アプリ"], ("会議室の", "を作って")),
    ("会議室の予約アプリを作って。重複は禁止。", ["会議室の予約アプリを作って"], ("重複は禁止",)),
    ("Создай список задач. Напоминания по почте.", ["Создай список задач"],
     ("Напоминания по почте",)),
    ("a cart and art", ["art"], ("cart",)),
    ("green green", ["green"], ()),
    ("Use (round) [brackets] * + ?", ["(round) [brackets] * + ?"], ("Use",)),
]  # fmt: skip


@pytest.mark.parametrize(("message", "quotes", "left"), LEFT)
def test_words_in_no_quote_are_left_over_but_for_filler(
    message: str, quotes: list[str], left: tuple[str, ...]
) -> None:
    assert left_over([message], quotes) == left


def test_of_several_messages_each_is_accounted_for() -> None:
    assert left_over(["a list", "and a chart"], ["a list"]) == ("chart",)


def test_what_is_left_over_of_a_hostile_message_is_bounded() -> None:
    left = left_over([". ".join(f"word{n} " + "x" * 500 for n in range(500))], [])
    assert len(left) == 40
    assert left[-1] == "… and 461 more parts"
    assert max(map(len, left)) <= 200


UNSAID = [
    ("Todos can be added", ["todo app"], ()),
    ("Overlapping bookings of a room are refused", ["Bookings may not overlap"], ()),
    ("Todos can be added", ["a todo app with due dates, e-mail reminders and a chart"],
     ("due dates", "e-mail reminders", "a chart")),
    ("The button is green", ["Make the button green"], ()),
    ("The app works", ["e-mail reminders"], ("e-mail reminders",)),
    ("Aufgaben haben eine Fälligkeit", ["Aufgabenliste mit Fälligkeiten"], ()),
    ("予約は重複できない", ["重複は禁止"], ()),
    ("予約できる", ["重複は禁止"], ("重複は禁止",)),
    ("Every contact keeps name, phone and e-mail", ["name, phone and e-mail"], ()),
    ("anything", ["please"], ()),
    ("Tasks have a priority", ["each task gets a priority (low, high)"], ("high",)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "quotes", "left"), UNSAID)
def test_a_wish_says_something_of_every_clause_that_it_quotes(
    text: str, quotes: list[str], left: tuple[str, ...]
) -> None:
    assert unsaid(text, quotes) == left


@pytest.mark.parametrize(
    ("quote", "words", "missing"),
    [
        ("People get an e-mail reminder", ["rooms", "Seats"], ("People get an e-mail reminder",)),
        ("People get an e-mail reminder", ["/api/reminders"], ()),
        ("a chart of all finished tasks", ["tasks"], ()),
        ("reminders", ["rooms"], ("reminders",)),
        ("Make it", [], ()),
    ],
)
def test_quotes_that_a_witness_names_nothing_of(
    quote: str, words: list[str], missing: tuple[str, ...]
) -> None:
    assert untried([quote], words) == missing


def test_a_short_quote_may_say_how() -> None:
    assert untried(["rooms are booked", "at a glance"], ["Rooms"]) == ()
    assert untried(["1 to 10"], ["rating"]) == untried(["1-10"], ["rating"]) == ()


@pytest.mark.parametrize(
    ("text", "is_rule"),
    [
        ("bookings may not overlap", True),
        ("a customer can't book twice", True),
        ("at most 12 people", True),
        ("I can't remember what I lent", False),
        ("people can book rooms", False),
        ("notes are optional", False),
        ("Nobody may change the pieces of another member", True),
        ("A firing never holds more than 6 pieces", True),
        ("only the kiln master can plan firings", True),
        ("nobody else may do that", True),
        ("a table can never have nine guests", True),
        ("I never know who has what", False),
        ("it only shows what people can see", False),
        ("the list only shows things that people can add", False),
        ("Its fee is 4 euros per kilo, but at least 1.50 euros", False),
        ("A booking costs 10 euros per hour, at most 50 euros", False),
        ("Each order must be at least 10 euros", True),
    ],
)
def test_words_that_forbid(text: str, is_rule: bool) -> None:
    assert forbids(text) is is_rule


@pytest.mark.parametrize(
    ("text", "is_mail"),
    [
        ("People get an e-mail reminder", True),
        ("every member gets an email about it", True),
        ("send the customer a confirmation by e-mail", True),
        ("An e-mail is sent to the owner when it is overdue", True),
        ("they are notified by email", True),
        ("Members sign up with a name, an e-mail address and a password", False),
        ("people get a link by e-mail to reset their password", False),
        ("A customer has a name and an e-mail", False),
        ("Each customer gets a name, a phone and an email", False),
        ("Guests send their name and email", False),
        ("Guests send their name and e-mail address", False),
    ],
)
def test_words_that_ask_for_a_mail(text: str, is_mail: bool) -> None:
    assert asks_for_mail(text) is is_mail


@pytest.mark.parametrize(
    ("text", "is_text"),
    [
        ("call it Seed Bank", True),
        ('a heading "Welcome home"', True),
        ("an about page", True),
        ("an app for my Seed Bank", True),
        ("Die App hei\u00dft Samenbank", True),
        ("People get an e-mail reminder", False),
        ("bookings may not overlap", False),
        ("rooms with name and title", False),
    ],
)
def test_words_that_ask_for_a_text(text: str, is_text: bool) -> None:
    assert asks_for_text([f"Rooms for all. {text}"], text) is is_text


def test_the_opening_of_a_message_says_what_app_it_is() -> None:
    message = "I run a bike repair shop, with repairs and their price"
    assert asks_for_text([message], "bike repair shop")
    assert not asks_for_text([message], "their price")


def test_sentences_that_say_something() -> None:
    assert len(sentences("Rooms have twelve seats. Two bookings may not overlap; thanks!")) == 2
    assert len(sentences("each class takes max. 12 people")) == 1
    assert sentences("- name\n- price of a night\n- notes") == []


@pytest.mark.parametrize(
    ("text", "has_figures"),
    [
        ("a chart of the seats of each room", True),
        ("the total of all deposits", True),
        ("Ein Balkendiagramm je Monat", True),
        ("rooms with name and seats", False),
        ("paragraphs of text", False),
    ],
)
def test_charts_and_totals_are_figures_that_the_app_works_out(text: str, has_figures: bool) -> None:
    assert asks_for_figures(text) is has_figures


def test_words_that_ask_for_figures_are_looked_for_in_linear_time() -> None:
    began = time.monotonic()
    for text in ("a" * 20_000, "sum " * 5_000, "-" * 20_000, "bar " * 5_000):
        asks_for_figures(text)
    assert time.monotonic() - began < 1
