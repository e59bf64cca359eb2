import time

import pytest

from stackwright.offline.reader import read_app
from stackwright.offline.slots import Token, tokens_of
from stackwright.scaffold.spec import AppSpec


@pytest.fixture(scope="module")
def spec() -> AppSpec:
    return read_app(
        "appointments: dentist, date, time, duration (min), status: open, done."
        " bookings: room, start date, end date. rooms: name, seats"
    ).spec


def _told(token: Token) -> str:
    if token.kind is not None:
        return f"<{token.kind.name}>"
    if token.fields:
        return f"[{', '.join(field.name for _, field in token.fields)}]"
    if token.choices:
        return f"({token.choices[0][2]})"
    return f"{token.number:g}" if token.number is not None else token.low


@pytest.mark.parametrize(
    ("clause", "told"),
    [
        ("Nobody may book two appointments for the same dentist", "nobody may book 2 <appointment> for the same [dentist]"),
        ("a room's seats, done or not", "a <room> [seats] , (done) or not"),
        ("the end date can't be more than 2,000", "the [end_date] can't be more than 2000"),
        ("between 0-100, -5 and 1.5", "between 0 100 , -5 and 1.5"),
        ("at most one per day", "at most 1 per day"),
    ],
)  # fmt: skip
def test_names_and_numbers_of_a_clause_become_tokens(spec: AppSpec, clause: str, told: str) -> None:
    tokens = tokens_of(spec, clause)
    assert " ".join(map(_told, tokens)) == told
    assert [clause[one.start : one.end] for one in tokens] == [one.text for one in tokens]


def test_a_verb_names_the_record_that_it_leaves(spec: AppSpec) -> None:
    deeds = [one.deed.name for one in tokens_of(spec, "double-booked, book") if one.deed]
    assert deeds == ["booking", "booking"]


def test_a_long_clause_is_read_in_no_time(spec: AppSpec) -> None:
    began = time.monotonic()
    assert len(tokens_of(spec, "room end date " * 1500)) <= 80
    tokens_of(spec, "-" * 20_000)
    tokens_of(spec, "1," * 10_000)
    assert time.monotonic() - began < 1
