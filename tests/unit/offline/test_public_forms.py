import pytest

from stackwright.offline.edits.reader import read_change
from stackwright.offline.reader import read_app
from stackwright.scaffold.spec import AppSpec

FIRST = "requests with name, email and message; courses with title; bookings with name and course. "


def forms(spec: AppSpec) -> list[str] | None:
    use = spec.kit("public")
    return [one.entity for one in use.settings().forms] if use else None


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Anyone can send a request through a public form.", ["request"]),
        ("A public form for requests and a landing page.", ["request"]),
        ("People can submit requests online without an account.", ["request"]),
        ("A landing page.", []),
    ],
)
def test_pages_without_a_login_in_the_words_of_people(sentence: str, told: list[str]) -> None:
    reading = read_app(FIRST + sentence)
    assert forms(reading.spec) == told
    assert reading.spec.kit("accounts") is not None
    assert (reading.unbuilt, reading.unread) == ((), ())


@pytest.mark.parametrize(
    "sentence",
    [
        "Anyone can make a booking through a public form.",
        "A public form for suppliers.",
        "A newsletter landing page with videos.",
    ],
)
def test_what_is_not_made_is_said(sentence: str) -> None:
    reading = read_app(FIRST + sentence)
    assert forms(reading.spec) is None
    assert reading.unbuilt or reading.unread


def test_who_may_read_without_a_login_asks_for_accounts() -> None:
    reading = read_app(FIRST + "Visitors can read the courses without a login.")
    accounts = reading.spec.kit("accounts")
    assert accounts is not None
    assert [(one.entity, one.read) for one in accounts.settings().rights] == [("course", "anyone")]


def test_a_later_message_adds_a_form() -> None:
    change = read_change("anyone can send a request through a public form", read_app(FIRST).spec)
    assert forms(change.spec) == ["request"]
