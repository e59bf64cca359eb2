"""Stands between the app of a proof and the database server: only the proof's own database is reached.

An app whose code names its database itself would read and write the person's records while it is tried.
Messages are MongoDB's: https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/
"""

import socket
import socketserver
import struct
import threading
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from stackwright.verify.environment_scripts.processes import descendants

_MESSAGE, _QUERY = 2013, 2004
_MORE_TO_COME = 2
_HEADER = struct.Struct("<iiii")
MAX_MESSAGE_BYTES = 50_000_000
SERVERS_OWN = frozenset({"admin", "local", "config"})
"""What every client asks when it connects."""
_FIXED = {1: 8, 6: 0, 7: 12, 8: 1, 9: 8, 10: 0, 16: 4, 17: 8, 18: 8, 19: 16, 255: 0, 127: 0}
"""Bytes of BSON's values by type, where all have the same length."""
_ESTABLISHED = "01"
FIXED_ADDRESS = "a fixed address"
UNKNOWN = "a message that names no database"


class DatabaseGuard(socketserver.ThreadingTCPServer):
    """`foreign` is what the app asked for first beside its own database; "" for nothing. `is_prefix`: all
    databases whose names begin with `allowed` are its own."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, server: tuple[str, int], allowed: str, *, is_prefix: bool = False) -> None:
        self.server = server
        self.allowed = allowed
        self._is_prefix = is_prefix
        self.foreign = ""
        super().__init__(("127.0.0.1", 0), _Connection)
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def url(self, url: str) -> str:
        """The same address through the guard. A set of servers would tell its own addresses."""
        parts = urlsplit(url)
        person, at, _ = parts.netloc.rpartition("@")
        query = (
            parts.query
            if "directConnection" in parts.query
            else f"{parts.query}&directConnection=true"
        )
        place = f"{person}{at}127.0.0.1:{self.server_address[1]}"
        return urlunsplit((parts.scheme, place, parts.path or "/", query.strip("&"), ""))

    def lets_through(self, name: str) -> bool:
        is_own = name.startswith(self.allowed) if self._is_prefix else name == self.allowed
        return is_own or name in SERVERS_OWN

    @property
    def refusal(self) -> str:
        return (
            f"The app asks for {self.foreign!r} at the database server, whatever MONGODB_DB says: the "
            "person's records would be changed while it is tried, so nothing is tried. Take the name of "
            'the database from os.environ["MONGODB_DB"], and the address from MONGODB_URL.'
        )


def server_of(url: str) -> tuple[str, int] | None:
    """Of a plain address with one server."""
    parts = urlsplit(url)
    if parts.scheme != "mongodb" or "," in parts.netloc:
        return None
    try:
        return parts.hostname or "127.0.0.1", parts.port or 27017
    except ValueError:
        return None


class _Connection(socketserver.BaseRequestHandler):
    server: DatabaseGuard  # pyright: ignore[reportIncompatibleVariableOverride]

    def handle(self) -> None:
        try:
            with socket.create_connection(self.server.server, timeout=10) as upstream:
                upstream.settimeout(None)
                threading.Thread(target=self._answer, args=(upstream,), daemon=True).start()
                while (message := _read(self.request)) is not None:
                    self._pass(message, upstream)
        except OSError:
            return

    def _answer(self, upstream: socket.socket) -> None:
        try:
            while part := upstream.recv(65536):
                self.request.sendall(part)
            self.request.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    def _pass(self, message: bytes, upstream: socket.socket) -> None:
        name = database_of(message)
        if self.server.lets_through(name):
            upstream.sendall(message)
            return
        self.server.foreign = self.server.foreign or (name or UNKNOWN)
        _, number, _, code = _HEADER.unpack_from(message)
        if code != _MESSAGE:
            raise ConnectionAbortedError
        if not struct.unpack_from("<I", message, 16)[0] & _MORE_TO_COME:
            self.request.sendall(refusal_of(number, self.server.refusal))


def _read(connection: socket.socket) -> bytes | None:
    """One message; None at the end."""
    header = _exactly(connection, _HEADER.size)
    if header is None:
        return None
    length = _HEADER.unpack(header)[0]
    if not _HEADER.size <= length <= MAX_MESSAGE_BYTES:
        return None
    body = _exactly(connection, length - _HEADER.size)
    return None if body is None else header + body


def _exactly(connection: socket.socket, count: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < count:
        part = connection.recv(min(count - len(parts), 1_000_000))
        if not part:
            return None
        parts += part
    return bytes(parts)


def database_of(message: bytes) -> str:
    """What a client asks; "" for a message in which it cannot be found, as in a compressed one."""
    try:
        code = _HEADER.unpack_from(message)[3]
        if code == _QUERY:
            return message[20 : message.index(b"\0", 20)].decode().partition(".")[0]
        return _database_in_sections(message, 20) if code == _MESSAGE else ""
    except (struct.error, ValueError, IndexError, KeyError):
        return ""


def _database_in_sections(message: bytes, at: int) -> str:
    while at < len(message):
        kind = message[at]
        if kind == 0:
            return _text_in_document(message, at + 1, b"$db")
        if kind != 1:
            return ""
        at += 1 + _length(message, at + 1)
    return ""


def _text_in_document(data: bytes, at: int, wanted: bytes) -> str:
    """A text field of a BSON document, not of the documents in it."""
    end = at + _length(data, at) - 1
    at += 4
    while at < end:
        kind, name_end = data[at], data.index(b"\0", at + 1)
        name, at = data[at + 1 : name_end], name_end + 1
        if name == wanted and kind == 2:
            return data[at + 4 : at + 3 + _length(data, at)].decode()
        at = _after_value(data, at, kind)
    return ""


def _after_value(data: bytes, at: int, kind: int) -> int:
    if kind in (2, 13, 14):
        return at + 4 + _length(data, at)
    if kind in (3, 4, 15):
        return at + _length(data, at)
    if kind == 5:
        return at + 5 + _length(data, at)
    if kind == 11:
        return data.index(b"\0", data.index(b"\0", at) + 1) + 1
    if kind == 12:
        return at + 16 + _length(data, at)
    return at + _FIXED[kind]


def _length(data: bytes, at: int) -> int:
    length = struct.unpack_from("<i", data, at)[0]
    if length < 0:
        raise ValueError("a length below zero")
    return length


def refusal_of(number: int, sentence: str) -> bytes:
    """The error that a server answers to the request of that number."""
    text = sentence.encode()[:2000]
    fields = b"\x01ok\0" + struct.pack("<d", 0.0)
    fields += b"\x10code\0" + struct.pack("<i", 13)
    fields += b"\x02errmsg\0" + struct.pack("<i", len(text) + 1) + text + b"\0"
    document = struct.pack("<i", len(fields) + 5) + fields + b"\0"
    body = struct.pack("<IB", 0, 0) + document
    return _HEADER.pack(_HEADER.size + len(body), 0, number, _MESSAGE) + body


def goes_past(root: int, port: int) -> bool:
    """Whether the process `root` or one below it is connected to that port."""
    below = {inode for pid in (root, *descendants(root)) for inode in _sockets(pid)}
    lines = [line.split() for line in _connections()]
    return any(
        fields[9] in below
        for fields in lines
        if fields[2].endswith(f":{port:04X}") and fields[3] == _ESTABLISHED
    )


def _connections() -> list[str]:
    lines: list[str] = []
    for name in ("tcp", "tcp6"):
        path = Path("/proc/net") / name
        lines += path.read_text().splitlines()[1:] if path.exists() else []
    return lines


def _sockets(pid: int) -> list[str]:
    """The numbers of its sockets."""
    found: list[str] = []
    try:
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            target = str(entry.readlink())
            if target.startswith("socket:["):
                found.append(target[8:-1])
    except OSError:
        return found
    return found
