import os
import socketserver
import sys
import threading
from collections.abc import Iterator

import pytest

from stackwright.verify.environment_scripts.guarded import REFUSED, run_guarded

ASKING = """
import os, socket, struct, sys
from urllib.parse import urlsplit
name = sys.argv[1].encode() if len(sys.argv) > 1 else os.environ["MONGODB_DB"].encode()
place = urlsplit(os.environ["MONGODB_URL"])
field = b"\\x02$db\\0" + struct.pack("<i", len(name) + 1) + name + b"\\0"
body = struct.pack("<I", 0) + b"\\0" + struct.pack("<i", len(field) + 5) + field + b"\\0"
with socket.create_connection((place.hostname, place.port), timeout=5) as server:
    server.sendall(struct.pack("<iiii", 16 + len(body), 7, 0, 2013) + body)
    sys.exit(server.recv(4000) != b"ok")
"""
STAYING = (
    "import socket, sys; s = socket.create_connection(('127.0.0.1', int(sys.argv[1]))); s.recv(1)"
)


class Silent(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        while self.request.recv(65536):
            self.request.sendall(b"ok")


@pytest.fixture
def port() -> Iterator[int]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Silent) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def run(port: int, *arguments: str) -> int:
    environment = {**os.environ, "MONGODB_URL": f"mongodb://127.0.0.1:{port}", "PYTHONPATH": "/x"}
    return run_guarded("test_", [sys.executable, "-c", *arguments], environment)


def test_tests_reach_databases_of_tests_only(port: int, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(port, ASKING) == 0
    assert run(port, ASKING, "test_of_their_own") == 0
    assert run(port, "import os; assert 'PYTHONPATH' not in os.environ") == 0
    assert run(port, "raise SystemExit(5)") == 5
    assert run(port, ASKING, "app") == REFUSED
    assert "asks for 'app' at the database server" in capfd.readouterr().out


def test_a_program_that_goes_past_the_guard_is_ended(port: int) -> None:
    assert run(port, STAYING, str(port)) == REFUSED
