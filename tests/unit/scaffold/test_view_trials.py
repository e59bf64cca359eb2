from pathlib import Path

from stackwright.scaffold.generate import generate
from stackwright.scaffold.spec import AppSpec, WishLink
from stackwright.scaffold.view_trials import Linked, view_trials
from stackwright.scaffold.views import app_view

DATA = Path(__file__).parents[2] / "data/scaffold"
APP = app_view(AppSpec.model_validate_json((DATA / "bookings.json").read_text()))


def told(shows: str, field: str, entity: str = "booking") -> dict[str, object]:
    link = WishLink.model_validate({"wish": "w1", "shows": shows, "entity": entity, "field": field})
    return view_trials(APP, APP.entity(entity), [link])[0][1]


def test_cards_are_moved_where_the_steps_let_them() -> None:
    board = told("board", "status")
    assert (board["first"], board["second"], board["third"]) == ("Asked", "Confirmed", "Cancelled")


def test_figures_are_reckoned_beforehand() -> None:
    assert told("computed", "open")["cases"] == [
        ({"price": 50, "paid": 20}, {}, 30),
        ({"price": 10, "paid": 40}, {}, -30),
    ]
    assert told("computed", "share")["cases"] == [
        ({"paid": 50, "price": 20}, {}, 250),
        ({"paid": 10, "price": 40}, {}, 25),
    ]
    assert told("computed", "average_guests", "room")["kind"] == "average"


def test_figures_are_tried_with_values_that_keep_the_rules() -> None:
    fields = [
        {"name": "name", "label": "Name", "required": True},
        {"name": "arrival", "label": "Arrival", "type": "date"},
        {"name": "departure", "label": "Departure", "type": "date"},
        {"name": "price", "label": "Price", "type": "money"},
        {"name": "paid", "label": "Paid", "type": "money"},
        *(
            {
                "name": name,
                "label": name,
                "type": "integer",
                "computed": {"formula": kind, "fields": of},
            }
            for name, kind, of in (
                ("nights", "days", ["arrival", "departure"]),
                ("left", "difference", ["price", "paid"]),
            )
        ),
    ]
    rules = [
        {"rule": "not_past", "field": "arrival"},
        {"rule": "compare", "field": "paid", "must_be": "at_most", "than": "price"},
    ]
    stay = {"name": "stay", "plural": "stays", "label": "Stay", "label_plural": "Stays"}
    entity = stay | {"title_field": "name", "fields": fields, "rules": rules}
    app = app_view(
        AppSpec.model_validate({"title": "Inn", "description": "", "entities": [entity]})
    )
    cases = {
        link.field: view_trials(app, app.entity("stay"), [link])[0][1]["cases"]
        for link in (
            WishLink(wish="w1", shows="computed", entity="stay", field=name)
            for name in ("nights", "left")
        )
    }
    assert cases["nights"][0] == ({"arrival": "2099-03-01", "departure": "2099-03-11"}, {}, 10)
    assert cases["left"] == [
        ({"price": 50, "paid": 20}, {}, 30),
        ({"price": 40, "paid": 10}, {}, 30),
    ]


def test_a_figure_over_a_linked_record_is_tried_with_numbers_of_both() -> None:
    inn = app_view(AppSpec.model_validate_json((DATA / "inn.json").read_text()))
    link = WishLink(wish="w1", shows="computed", entity="stay", field="total")
    cases = view_trials(inn, inn.entity("stay"), [link])[0][1]["cases"]
    days = {"arrival": "2024-03-01", "departure": "2024-04-20"}
    assert cases[0] == (days, {Linked("rooms", "room_id"): {"price_per_night": 20}}, 1000)


def test_charts_and_order_are_tried_as_they_are_called() -> None:
    assert told("chart", "room_id")["title"] == "Total price per room"
    assert told("sorted", "start")["descending"] is False
    assert told("column", "guests")["is_shown"] is False


def test_a_figure_over_some_records_is_tried_with_one_that_does_not_count() -> None:
    assert told("computed", "open_minutes", "therapist")["only"] == {
        "key": "done",
        "value": False,
        "other": True,
    }
    assert told("computed", "long_ones", "therapist")["only"] == {
        "key": "kind",
        "value": "Long",
        "other": "Short",
    }


def test_the_one_that_does_not_count_breaks_no_rule_between_records() -> None:
    spec = AppSpec.model_validate_json((DATA / "bookings.json").read_text())
    wish = WishLink(wish="w1", shows="computed", entity="therapist", field="open_minutes")
    source = generate(spec, wishes=[wish])["acceptance/test_therapists_views.py"]
    another = next(line for line in source.splitlines() if "another = " in line)
    assert 'later("2026-03-31", 1)' in another
    assert another.endswith('"done": True}')
