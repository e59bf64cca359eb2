from pathlib import Path

from stackwright.scaffold.spec import AppSpec
from stackwright.scaffold.varied import shifts_dates, value_source, varied_fields
from stackwright.scaffold.views import app_view

DATA = Path(__file__).parents[2] / "data/scaffold"
APP = app_view(AppSpec.model_validate_json((DATA / "bookings.json").read_text()))


def test_what_must_differ_does() -> None:
    booking, room = APP.entity("booking"), APP.entity("room")
    assert varied_fields(booking) == {"start", "end"}
    assert shifts_dates(booking)
    assert not shifts_dates(room)
    start = value_source(booking.by_name("start"), is_varied=True)
    assert start == 'later("2099-03-31T14:30:00Z", number)'
    assert value_source(room.by_name("name"), is_varied=True) == 'f"Example Name {number}"'
    assert value_source(room.by_name("seats"), is_varied=False) == "4"
