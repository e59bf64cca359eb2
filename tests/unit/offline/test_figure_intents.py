import pytest

from stackwright.offline.figure_intents import figure
from stackwright.offline.reader import read_app

CLIENTS = (
    "Clients have a name. Invoices belong to a client and have a number, an amount in euros, "
    "a status (draft, sent, paid) and printed yes/no. "
)


@pytest.mark.parametrize(
    ("sentence", "field", "values"),
    [
        ("Show the total of paid invoices per client.", "status", ("paid",)),
        ("Show the total of unpaid invoices per client.", "status", ("draft", "sent")),
        ("Each client shows the number of printed invoices.", "printed", (True,)),
        ("I want to see how many draft invoices per client.", "status", ("draft",)),
        ("The number of not printed invoices for each client", "printed", (False,)),
    ],
)
def test_some_of_the_records_of_each_are_counted(
    sentence: str, field: str, values: tuple[bool | str, ...]
) -> None:
    client = read_app(CLIENTS + sentence).spec.entity("client")
    (figure,) = [one.computed for one in client.fields if one.computed is not None]
    assert figure.model_dump()["only"] == {"field": field, "values": values}


def test_a_figure_over_all_records_is_a_chart_that_shows_them() -> None:
    reading = read_app(CLIENTS + "Show me the sum of unpaid invoices.")
    (view,) = reading.spec.entity("invoice").views
    assert view.model_dump(include={"by", "measure", "of"}) == {
        "by": "status",
        "measure": "sum",
        "of": "amount",
    }
    assert "unpaid means status draft or sent" in reading.fulfilled[-1].text


@pytest.mark.parametrize(
    "sentence",
    ["Show the total of lovely invoices per client.", "Show the sum of overdue invoices."],
)
def test_what_no_field_tells_is_not_built(sentence: str) -> None:
    reading = read_app(CLIENTS + sentence)
    assert reading.fulfilled == ()
    assert sentence.rstrip(".") in [one.words for one in reading.unbuilt]


STUDIO = (
    "Clients have a name and town. Bookings of a client with date, an amount in euros and kind (wedding, portrait). "
    "Films with title. Scores of a film with points and comment. Weighings with date and weight in kg. "
)


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("I'd like a bar chart with the number of bookings per kind", "A chart shows how many bookings per kind."),
        ("chart: number of bookings per client", "A chart shows how many bookings per client."),
        ("my income per month as a chart", "A chart shows the total amount of bookings per month."),
        ("how many bookings each client has", "The number of bookings of clients is calculated."),
        ("It would be nice to see the total amount per client", "The total amount of clients is calculated."),
        ("Monthly total of bookings", "A chart shows the total amount of bookings per month."),
        ("Average points on the film", "The average points of films is calculated."),
        ("so we get a weight graph", "A chart shows the average weight of weighings per day."),
        ("kg per week as a chart", "A chart shows the total weight of weighings per week."),
    ],
)  # fmt: skip
def test_measure_and_group_are_found_in_any_order(sentence: str, text: str) -> None:
    made = figure(read_app(STUDIO).spec, sentence)
    assert made is not None
    assert made[1].text == text


@pytest.mark.parametrize(
    "sentence",
    [
        "total of lucky bookings per client",
        "bookings per town and kind per month as a chart",
        "the number of bookings can't be more than 3",
        "total amount per client, best first",
        "how many mountains per client",
        "total comment per film",
    ],
)
def test_a_figure_is_built_only_where_each_word_is_understood(sentence: str) -> None:
    assert figure(read_app(STUDIO).spec, sentence) is None


def test_of_several_dates_the_first_is_taken_and_named() -> None:
    reading = read_app("Episodes: title, recorded on, published on. Chart of episodes per month.")
    assert [one.text for one in reading.fulfilled] == [
        "A chart shows how many episodes per month, by recorded on."
    ]
