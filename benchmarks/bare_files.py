"""A server of one file that does nothing but receive and send: what is left is the client's own time."""

import contextlib
import json
import os
import re
import socket
import threading
from collections.abc import Generator

from e2b import AsyncSandbox
from e2b.connection_config import ConnectionConfig
from packaging.version import Version

_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
_STORED = json.dumps([{"path": "/home/user/big", "name": "big", "type": "file"}]).encode()


@contextlib.contextmanager
def bare_files(content: bytes) -> Generator[AsyncSandbox]:
    """E2B's client of a process that forgets what is written, and lets `content` be read."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = os.fork()
        if server == 0:
            _serve(listener, content)
        try:
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            yield AsyncSandbox(
                sandbox_id="bare",
                sandbox_domain=None,
                envd_version=Version("0.6.2"),
                envd_access_token=None,
                traffic_access_token=None,
                connection_config=ConnectionConfig(sandbox_url=url, api_key="e2b_" + "0" * 40),
            )
        finally:
            os.kill(server, 9)
            os.waitpid(server, 0)


def _serve(listener: socket.socket, content: bytes) -> None:
    file = os.memfd_create("content")
    os.write(file, content)
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=_answer, args=(connection, file, len(content)), daemon=True).start()


def _answer(connection: socket.socket, file: int, size: int) -> None:
    room = bytearray(1 << 20)
    while True:
        head = b""
        while b"\r\n\r\n" not in head:
            came = connection.recv_into(room)
            if not came:
                return
            head += room[:came]
        head, _, body = head.partition(b"\r\n\r\n")
        if head.startswith(b"POST"):
            found = _LENGTH.search(head)
            left = int(found[1]) - len(body) if found else 0
            while left:
                left -= connection.recv_into(room)
            connection.sendall(_head(len(_STORED), "application/json") + _STORED)
        else:
            connection.sendall(_head(size, "application/octet-stream"))
            at = 0
            while at < size:
                at += os.sendfile(connection.fileno(), file, at, size - at)


def _head(length: int, kind: str) -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n".encode()
