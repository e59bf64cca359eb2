import pytest

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
