"""Logs each person of `actors.py` in and prints, a line of JSON each, what their browser keeps of it and
what was sent for it.

The checks that are no witnesses look at the app as these people do: `python -m witness.login`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Request, sync_playwright

from witness import settings
from witness.actors import known_actors
from witness.app import App, World
from witness.chromium import open_browser
from witness.outbox import Outbox
from witness.recording import Recording

MAX_ERROR_CHARS = 600
MAX_SENT, MAX_SENT_CHARS = 10, 2000


class Logins(Recording):
    """Remembers the JSON objects that are posted, with the path they are posted to."""

    def __init__(self) -> None:
        super().__init__(None)
        self.sent: list[dict[str, Any]] = []

    def note_sent(self, method: str, path: str, body: Any) -> None:
        if method == "POST" and isinstance(body, dict) and len(self.sent) < MAX_SENT:
            if len(json.dumps(body, default=str)) <= MAX_SENT_CHARS:
                self.sent.append({"path": path, "body": body})

    def _on_request(self, request: Request) -> None:
        super()._on_request(request)
        try:
            body = json.loads(request.post_data or "null")
        except ValueError:  # a file, or a form
            return
        self.note_sent(request.method, urlsplit(request.url).path, body)


def main() -> None:
    sys.path.insert(0, str(Path(__file__).parents[1]))
    people = [name for name, actor in known_actors().items() if actor.become is not None]
    if not people:  # most apps: no browser is needed
        return
    with sync_playwright() as playwright:
        browser = open_browser(playwright)
        logins = Logins()
        world = World(browser, logins, Outbox(0), settings.PATIENCE_MS)
        stranger = App(world, world.new_context())
        for name in people:
            logins.sent = []
            told = {"name": name, **_kept(stranger, name), "sent": logins.sent}
            print(json.dumps(told, default=str), flush=True)
        world.close()


def _kept(stranger: App, name: str) -> dict[str, Any]:
    try:
        return {"state": stranger.as_actor(name).kept()}
    except Exception as error:  # noqa: BLE001 (told: it is code of the app's author)
        return {"error": f"{type(error).__name__}: {error}"[:MAX_ERROR_CHARS]}


if __name__ == "__main__":
    main()
