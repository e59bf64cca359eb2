"""Logs each person of `actors.py` in and prints, a line of JSON each, what their browser keeps of it.

The checks that are no witnesses look at the app as these people do: `python -m witness.login`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from witness import settings
from witness.actors import known_actors
from witness.app import App, World
from witness.outbox import Outbox
from witness.recording import Recording

MAX_ERROR_CHARS = 600


def main() -> None:
    sys.path.insert(0, str(Path(__file__).parents[1]))
    people = [name for name, actor in known_actors().items() if actor.become is not None]
    if not people:  # most apps: no browser is needed
        return
    with sync_playwright() as playwright:
        chromium = playwright.chromium
        if settings.CDP_URL:
            browser = chromium.connect_over_cdp(settings.CDP_URL)
        else:
            browser = chromium.launch(
                executable_path=settings.find_chromium(), args=["--no-sandbox", "--disable-gpu"]
            )
        world = World(browser, Recording(None), Outbox(0), settings.PATIENCE_MS)
        stranger = App(world, world.new_context())
        for name in people:
            print(json.dumps({"name": name, **_kept(stranger, name)}), flush=True)
        world.close()


def _kept(stranger: App, name: str) -> dict[str, Any]:
    try:
        return {"state": stranger.as_actor(name).kept()}
    except Exception as error:  # noqa: BLE001 (told: it is code of the app's author)
        return {"error": f"{type(error).__name__}: {error}"[:MAX_ERROR_CHARS]}


if __name__ == "__main__":
    main()
