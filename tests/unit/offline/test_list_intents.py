"""What people want to see of their records, in the words of people who did not know the reader."""

import time

import pytest

from stackwright.offline.list_intents import named_list
from stackwright.offline.reader import read_app
from stackwright.scaffold.spec import AppSpec
from stackwright.scaffold.words import NamedList


@pytest.fixture(scope="module")
def spec() -> AppSpec:
    return read_app(
        "Tools with name, category and archived yes/no. Loans of a tool with borrower, loaned on date, due date,"
        " returned yes/no. Invoices with number, date, amount, paid yes/no. Jobs with title and status: planned, done,"
        " invoiced, paid. Leases with address and expiry date. Articles with name, quantity as integer and minimum quantity as"
        " integer. Starters with name and last fed date"
    ).spec


def told(spec: AppSpec, words: str) -> str:
    """The list that is made, as its title and conditions."""
    made = named_list(spec, words)
    if made is None:
        return ""
    views = [one for one in made[0].entity(made[1].entity).views if isinstance(one, NamedList)]
    where = " ".join(
        f"{one.field} {one.model_dump(exclude_defaults=True, exclude={'field'})}"
        for one in views[-1].where
    )
    return f"{views[-1].title}: {where} {views[-1].sort}".replace("'", "").strip()


@pytest.mark.parametrize(
    ("words", "made"),
    [
        ("overdue loans", "Overdue loans: due_date {to_day: -1} returned {values: (False,)} due_date"),
        ("Show me all loans that are late", "Overdue loans: due_date {to_day: -1} returned {values: (False,)} due_date"),
        ("which loans have not come back yet", "Not back loans: returned {values: (False,)}"),
        ("everything that's done but not invoiced yet", "Not invoiced done jobs: status {values: (done,)}"),
        ("what expires within 30 days", "Leases expiry date within 30 days: expiry_date {from_day: 0, to_day: 30} expiry_date"),
        ("see which leases run out in the next 12 months", "Leases expiry date within 12 months: expiry_date {from_day: 0, to_day: 366} expiry_date"),
        ("this week's invoices, newest first", "Invoices of this week: date {period: week} -date"),
        ("unpaid invoices", "Unpaid invoices: paid {values: (False,)}"),
        ("hide archived tools", "Not archived tools: archived {values: (False,)}"),
        ("Warn me if a starter hasn't been fed for 7 days", "Not fed starters for 7 days: last_fed_date {to_day: -7} last_fed_date"),
        ("articles whose quantity is below the minimum quantity", "Articles quantity below minimum quantity: quantity {less_than_field: minimum_quantity}"),
        ('invoices older than 90 days go in a "too old" list', "Too old: date {to_day: -91} date"),
        ("the planned jobs", "Planned jobs: status {values: (planned,)}"),
        # What is not understood whole is not built.
        ("An overdue loan can't be extended", ""),
        ("highlight overdue loans in red", ""),
        ("done since 2009", ""),
        ("paid invoices of tools", ""),
        ("who hasn't paid", ""),  # an invoice, or a job?
        ("loans", ""),
    ],
)  # fmt: skip
def test_a_part_of_a_list_is_made_of_key_words_in_any_order(
    spec: AppSpec, words: str, made: str
) -> None:
    assert told(spec, words) == made


def test_a_long_clause_is_read_in_no_time(spec: AppSpec) -> None:
    began = time.monotonic()
    for words in ("not paid yet loans " * 1000, "within 3 days in the next " * 800, "un" * 10_000):
        assert named_list(spec, words) is None
    assert time.monotonic() - began < 2
