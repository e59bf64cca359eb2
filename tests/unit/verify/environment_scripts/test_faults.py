import json

import pytest

from stackwright.verify.environment_scripts.faults import Fault, is_write, replaced, swallowed

PAGE = "text/html,application/xhtml+xml"


def test_a_swallowed_write_is_answered_as_if_it_had_worked() -> None:
    status, body = swallowed("POST", b'{"title": "Milk"}', b"")
    made = json.loads(body)
    assert (status, made["title"], len(made["id"])) == (201, "Milk", 24)
    status, body = swallowed("PATCH", b'{"done": true}', b'{"id": "1", "title": "Milk"}')
    assert (status, json.loads(body)) == (200, {"id": "1", "title": "Milk", "done": True})
    assert swallowed("DELETE", b"", b"") == (204, b"")


@pytest.mark.parametrize("sent", [b"", b"\xff", b"[1]", b"not json"])
def test_what_is_no_object_is_swallowed_too(sent: bytes) -> None:
    assert swallowed("POST", sent, b"")[0] == 201
    assert swallowed("PUT", sent, sent) == (200, b"{}")


@pytest.mark.parametrize(
    ("fault", "path", "accepted", "status"),
    [
        (Fault.READS_REFUSED, "/api/tasks?page=2", "*/*", 503),
        (Fault.READS_REFUSED, "/tasks", PAGE, None),
        (Fault.PAGES_EMPTIED, "/tasks", PAGE, 200),
        (Fault.PAGES_EMPTIED, "/api/tasks", PAGE, None),
        (Fault.PAGES_EMPTIED, "/_next/static/x.js", "*/*", None),
        (Fault.STYLES_DROPPED, "/_next/static/x.css?v=1", "text/css", 200),
        (Fault.STYLES_DROPPED, "/tasks", PAGE, None),
        (Fault.NONE, "/api/tasks", "*/*", None),
    ],
)
def test_a_fault_replaces_what_it_is_about(
    fault: Fault, path: str, accepted: str, status: int | None
) -> None:
    instead = replaced(fault, "GET", path, accepted)
    assert (instead and instead[0]) == status
    assert replaced(fault, "POST", path, accepted) is None


def test_what_next_sends_for_itself_is_no_write() -> None:
    assert is_write("POST", "/api/tasks")
    assert not is_write("POST", "/_next/something")
    assert not is_write("GET", "/api/tasks")
