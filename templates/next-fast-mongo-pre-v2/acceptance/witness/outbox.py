"""Receives the mails that the app sends while it is tried."""

from __future__ import annotations

import email
import email.policy
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition
from typing import Any

MAX_MAILS = 200
MAX_MAIL_BYTES = 1_000_000
PORT_LIMIT_S = 10.0


@dataclass(frozen=True)
class Mail:
    sender: str
    to: tuple[str, ...]
    subject: str
    text: str


class Outbox:
    """A mail server for one address on this machine. Without a port it receives nothing."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._mails: list[Mail] = []
        self._changed = Condition()
        self._server: Any = None

    def start(self) -> None:
        """Waits for the port: tests that were interrupted a moment ago may hold it yet."""
        deadline = time.monotonic() + PORT_LIMIT_S
        while self._port and self._server is None:
            try:
                self._server = self._started()
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def _started(self) -> Any:
        from aiosmtpd.controller import Controller

        server = Controller(
            self, hostname="127.0.0.1", port=self._port, data_size_limit=MAX_MAIL_BYTES
        )
        server.start()
        return server

    def stop(self) -> None:
        if self._server is not None:
            self._server.stop()
            self._server = None

    def clear(self) -> None:
        with self._changed:
            self._mails.clear()

    def mails(self) -> list[Mail]:
        with self._changed:
            return list(self._mails)

    def wait_for(self, accept: Callable[[Mail], bool], timeout_s: float) -> Mail:
        deadline = time.monotonic() + timeout_s
        with self._changed:
            while True:
                found = next((mail for mail in self._mails if accept(mail)), None)
                if found is not None:
                    return found
                left = deadline - time.monotonic()
                assert left > 0, f"No such mail came; {len(self._mails)} others did."
                self._changed.wait(left)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        body = message.get_body(("plain", "html"))
        mail = Mail(
            sender=str(envelope.mail_from),
            to=tuple(envelope.rcpt_tos),
            subject=str(message["subject"] or ""),
            text=body.get_content() if body is not None else "",
        )
        with self._changed:
            if len(self._mails) < MAX_MAILS:
                self._mails.append(mail)
            self._changed.notify_all()
        return "250 OK"
