from typing import get_args

from stackwright.api.wire import EVENT_MODELS, SENT_EVENTS
from stackwright.core.events import Event


def test_every_event_reaches_clients_with_where_and_when_it_happened() -> None:
    known = {event.model_fields["type"].default for event in get_args(get_args(Event)[0])}
    sent = {event.model_fields["type"].default for event in EVENT_MODELS}
    assert sent == known
    for event in EVENT_MODELS:
        assert set(event.model_fields) >= {"seq", "run_id", "project_id", "timestamp"}


def test_a_sent_event_is_read_by_its_type() -> None:
    event = SENT_EVENTS.validate_python(
        {
            "type": "check_started",
            "name": "types",
            "seq": 1,
            "run_id": "r",
            "project_id": "p",
            "timestamp": "2026-01-01T00:00:00+00:00",
        }
    )
    assert event.model_dump()["name"] == "types"
