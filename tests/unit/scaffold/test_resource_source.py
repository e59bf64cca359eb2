from pathlib import Path

from stackwright.scaffold.resource_source import columns_of, sort_of, time_of, view_kinds, views_of
from stackwright.scaffold.spec import AppSpec
from stackwright.scaffold.views import app_view

DATA = Path(__file__).parents[2] / "data/scaffold"
APP = app_view(AppSpec.model_validate_json((DATA / "bookings.json").read_text()))


def test_pages_are_told_what_they_show() -> None:
    told = views_of(APP.entity("booking"))
    assert told["board"] == "status"
    assert told["calendar"]["params"] == ["start_from", "start_to"]
    assert told["charts"][0]["title"] == "Bookings per month"
    assert views_of(APP.entity("room")) == {}


def test_tabs_stand_in_one_order() -> None:
    assert view_kinds(APP.entity("booking")) == ["board", "calendar", "chart"]


def test_the_list_is_told_its_order_and_columns() -> None:
    booking = APP.entity("booking")
    assert sort_of(booking) == "start"
    assert columns_of(booking)[0] == "room_id"
    assert time_of(booking, booking.by_name("start")) == "not_past"
    assert time_of(booking, booking.by_name("end")) == ""
