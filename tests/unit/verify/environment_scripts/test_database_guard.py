import os
import socket
import socketserver
import struct
import threading
from collections.abc import Iterator

import pytest

from stackwright.verify.environment_scripts.database_guard import (
    DatabaseGuard,
    database_of,
    goes_past,
    server_of,
)

PLAIN = b"\x10insert\0\x01\0\0\0" + b"\x08ordered\0\x01"


def document(fields: bytes) -> bytes:
    return struct.pack("<i", len(fields) + 5) + fields + b"\0"


def text(name: bytes, value: bytes) -> bytes:
    return b"\x02" + name + b"\0" + struct.pack("<i", len(value) + 1) + value + b"\0"


def message(body: bytes, *, code: int = 2013, flags: int = 0) -> bytes:
    whole = struct.pack("<I", flags) + body
    return struct.pack("<iiii", 16 + len(whole), 7, 0, code) + whole


def asking(database: bytes, *, flags: int = 0) -> bytes:
    return message(b"\0" + document(PLAIN + text(b"$db", database)), flags=flags)


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        (asking(b"proof_1"), "proof_1"),
        (
            message(
                b"\0" + document(b"\x03in\0" + document(text(b"$db", b"no")) + text(b"$db", b"app"))
            ),
            "app",
        ),
        (
            message(
                b"\x01"
                + struct.pack("<i", 14)
                + b"documents\0"
                + b"\0"
                + document(text(b"$db", b"x"))
            ),
            "x",
        ),
        (message(b"admin.$cmd\0" + b"\0" * 8 + document(b""), code=2004), "admin"),
        (message(b"whatever", code=2012), ""),
        (message(b"\0" + document(PLAIN)), ""),
        (message(b"\0" + struct.pack("<i", 2**31 - 1) + b"\x02$db\0"), ""),
        (message(b"\0" + b"\xff" * 40), ""),
        (b"short", ""),
    ],
)
def test_the_database_of_a_message_is_found_whatever_is_in_it(sent: bytes, name: str) -> None:
    assert database_of(sent) == name


class Server(socketserver.ThreadingTCPServer):
    """Answers `ok` to each message and remembers what came."""

    daemon_threads = True

    def __init__(self) -> None:
        self.got: list[bytes] = []
        super().__init__(("127.0.0.1", 0), _Answering)


class _Answering(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        assert isinstance(self.server, Server)
        while part := self.request.recv(65536):
            self.server.got.append(part)
            self.request.sendall(b"ok")


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as made:
        threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True).start()
        yield made
        made.shutdown()


@pytest.fixture
def guard(server: Server) -> Iterator[DatabaseGuard]:
    with DatabaseGuard(("127.0.0.1", server.server_address[1]), "proof_1") as made:
        yield made
        made.shutdown()


def test_only_the_proofs_own_database_is_reached(server: Server, guard: DatabaseGuard) -> None:
    place = server_of(guard.url("mongodb://me:pw@localhost:27017"))
    assert place is not None
    with socket.create_connection(place, timeout=5) as app:
        for database in (b"admin", b"proof_1"):
            app.sendall(asking(database))
            assert app.recv(100) == b"ok"
        assert guard.foreign == ""
        app.sendall(asking(b"app"))
        told = app.recv(4000)
        assert struct.unpack_from("<iiii", told)[2:] == (7, 2013)
        assert b"MONGODB_DB" in told
        app.sendall(asking(b"proof_1"))
        assert app.recv(100) == b"ok"
    assert server.got == [asking(b"admin"), asking(b"proof_1"), asking(b"proof_1")]
    assert guard.foreign == "app"


def test_what_cannot_be_read_ends_the_connection(server: Server, guard: DatabaseGuard) -> None:
    with socket.create_connection(("127.0.0.1", guard.server_address[1]), timeout=5) as app:
        app.sendall(message(b"compressed", code=2012))
        assert app.recv(100) == b""
    assert (server.got, bool(guard.foreign)) == ([], True)


def test_a_connection_past_the_guard_is_seen(server: Server) -> None:
    port = server.server_address[1]
    assert not goes_past(os.getpid(), port)
    with socket.create_connection(("127.0.0.1", port), timeout=5):
        assert goes_past(os.getpid(), port)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("mongodb://127.0.0.1:27017", ("127.0.0.1", 27017)),
        ("mongodb://me:secret@db/x?a=b", ("db", 27017)),
        ("mongodb+srv://cluster.example", None),
        ("mongodb://a,b", None),
        ("mongodb://a:port", None),
    ],
)
def test_plain_addresses_have_a_server(url: str, server: tuple[str, int] | None) -> None:
    assert server_of(url) == server


def test_who_asks_and_how_stay_in_the_address(guard: DatabaseGuard) -> None:
    told = guard.url("mongodb://me:secret@db/x?a=b")
    assert told.startswith("mongodb://me:secret@127.0.0.1:")
    assert told.endswith("/x?a=b&directConnection=true")
