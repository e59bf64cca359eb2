import base64
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from stackwright.verify.environment_scripts.faults import REFUSED_READS_HEADER, Fault
from stackwright.verify.environment_scripts.proxy import (
    CONTROL,
    TOKEN_HEADER,
    FaultProxy,
    ServerSideProxy,
)


@pytest.fixture
def proxy() -> Iterator[FaultProxy]:
    made = FaultProxy(0, 1, token="known", commands={})
    threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


def ask(proxy: FaultProxy, command: str, *, token: str = "", body: bytes | None = None) -> int:
    port = proxy.server_address[1]
    headers = {TOKEN_HEADER: token} if token else {}
    return status_of(
        urllib.request.Request(
            f"http://127.0.0.1:{port}{CONTROL}{command}", data=body, headers=headers
        )
    )


def status_of(request: urllib.request.Request) -> int:
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


@pytest.mark.parametrize("command", ["state", "fault", "reset"])
def test_who_is_tried_cannot_ask_which_fault_is_played_nor_set_one(
    proxy: FaultProxy, command: str
) -> None:
    proxy.fault = Fault.WRITES_REFUSED
    body = b"none" if command == "fault" else None
    assert ask(proxy, command, body=body) == 403
    assert ask(proxy, command, body=body, token="guessed") == 403
    assert proxy.fault is Fault.WRITES_REFUSED


def test_the_proof_controls_it(proxy: FaultProxy) -> None:
    assert ask(proxy, "fault", body=b"writes_swallowed", token="known") == 200
    assert proxy.fault is Fault.WRITES_SWALLOWED
    assert ask(proxy, "state", token="known") == 200
    assert ask(proxy, "fault", body=b"nonsense", token="known") == 400


def test_reads_of_one_window_are_refused_and_its_writes_are_not(proxy: FaultProxy) -> None:
    """The app itself is not there: what is passed on to it is answered with 502."""

    def status(method: str, headers: dict[str, str]) -> int:
        at = f"http://127.0.0.1:{proxy.server_address[1]}/api/tasks"
        return status_of(urllib.request.Request(at, method=method, headers=headers))

    refused = {REFUSED_READS_HEADER: "1"}
    assert status("GET", refused) == 503
    assert status("POST", refused) == 502
    assert status("GET", {}) == 502


def test_what_a_page_reads_on_the_server_meets_the_fault_of_its_proof(proxy: FaultProxy) -> None:
    """The backend is not there either; a login under way is spared and not counted."""
    behind = ServerSideProxy(0, 1, proxy)
    threading.Thread(target=behind.serve_forever, args=(0.01,), daemon=True).start()
    at = f"http://127.0.0.1:{behind.server_address[1]}/api/tasks"
    assert status_of(urllib.request.Request(at)) == 502
    proxy.fault = Fault.READS_REFUSED
    assert status_of(urllib.request.Request(at)) == 503
    proxy.setups = 1
    assert status_of(urllib.request.Request(at)) == 502
    assert ask(behind, "state", token="known") == 403
    assert proxy.state()["seen"] == {
        "none": {"server_reads": 1},
        "reads_refused": {"server_reads": 1},
    }
    behind.shutdown()
    behind.server_close()


def test_some_of_the_files_that_the_app_took_are_kept(proxy: FaultProxy) -> None:
    proxy.note_upload("/api/import", "multipart/form-data; boundary=x", b"first")
    proxy.note_upload("/api/import", "multipart/form-data; boundary=x", b"second")
    proxy.note_upload("/api/film", "multipart/form-data; boundary=x", b"x" * 100_001)
    for number in range(9):
        proxy.note_upload(f"/api/{number}", "multipart/form-data; boundary=x", b"more")
    assert len(proxy.uploads) == 4
    assert base64.b64decode(proxy.uploads["/api/import"]["body"]) == b"second"
    assert "/api/film" not in proxy.uploads
