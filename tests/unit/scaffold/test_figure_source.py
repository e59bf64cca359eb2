from pathlib import Path

from stackwright.scaffold.figure_source import (
    chart_calls,
    chart_title,
    charts_of,
    formula_calls,
    named_list_calls,
    total_calls,
)
from stackwright.scaffold.spec import AppSpec
from stackwright.scaffold.views import app_view

DATA = Path(__file__).parents[2] / "data/scaffold"
APP = app_view(AppSpec.model_validate_json((DATA / "bookings.json").read_text()))
KANBAN = app_view(AppSpec.model_validate_json((DATA / "kanban.json").read_text()))


def test_charts_are_called_after_what_they_show() -> None:
    booking = APP.entity("booking")
    titles = [chart_title(booking, chart) for chart in charts_of(booking)]
    assert titles == ["Bookings per month", "Total price per room"]


def test_each_figure_is_one_call() -> None:
    booking, room = APP.entity("booking"), APP.entity("room")
    assert chart_calls(booking)[1] == 'Chart(by="room_id", measure="sum", of="price")'
    choices = chart_calls(KANBAN.entity("task"))
    assert choices == ['Chart(by="status", choices=("To do", "Doing", "Done"))']
    assert formula_calls(APP, booking)[1] == (
        'Formula(field="share", kind="percentage", fields=("paid", "price"))'
    )
    assert 'kind="average"' in total_calls(APP, room)[1]


def test_a_formula_follows_what_it_needs_and_names_what_it_refers_to() -> None:
    inn = app_view(AppSpec.model_validate_json((DATA / "inn.json").read_text()))
    nights, total = formula_calls(inn, inn.entity("stay"))
    assert 'field="nights", kind="days", fields=("arrival", "departure")' in nights
    assert 'fields=("nights", "room_id.price_per_night")' in total


def test_each_list_with_a_name_is_what_its_records_have() -> None:
    loans = app_view(AppSpec.model_validate_json((DATA / "tool_loans.json").read_text()))
    calls = named_list_calls(loans.entity("loan"))
    assert calls[2] == 'NamedList((Condition(key="due", from_day=0, to_day=30),))'
    assert calls[4] == 'NamedList((Condition(key="paid_on", empty=True),))'
