from stackwright.offline.places import field_named, kind_named, kinds_named, moment_of, span_of
from stackwright.offline.reader import read_app

SPEC = read_app("rooms with name; bookings with room, start date, end date and contact").spec
BOOKING = SPEC.entity("booking")


def test_words_name_records_and_fields() -> None:
    assert kind_named(SPEC, "the bookings") == BOOKING
    assert kind_named(SPEC, "bookings in May") is None
    assert kinds_named(SPEC, "two bookings of a room") == [SPEC.entity("room"), BOOKING]
    place = field_named(SPEC, "the contact of a booking")
    assert place is not None
    assert place[1].name == "contact"
    assert field_named(SPEC, "weight") is None


def test_a_record_has_its_time() -> None:
    span = span_of(BOOKING)
    assert span is not None
    assert [one.name for one in span] == ["start_date", "end_date"]
    moment = moment_of(BOOKING)
    assert moment is not None
    assert moment.name == "start_date"
