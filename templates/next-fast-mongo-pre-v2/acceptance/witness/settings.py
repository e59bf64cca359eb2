"""Where the app under test is. Everything has a default for an app that runs as in development."""

import os
from pathlib import Path

ORIGIN = os.environ.get("WITNESS_ORIGIN", "http://127.0.0.1:3000").rstrip("/")
CDP_URL = os.environ.get("WITNESS_CDP_URL", "")
"""Debugging address of a Chromium that runs already; empty: one is started."""
CHROMIUM = os.environ.get("WITNESS_CHROMIUM", "")
"""Path of the Chromium to start; empty: the first that is found."""
MONGODB_URL = os.environ.get("MONGODB_URL") or "mongodb://127.0.0.1:27017"
DATABASE = os.environ.get("WITNESS_DATABASE", "")
"""Emptied before each witness. Without a name no record is touched."""
RESULTS = os.environ.get("WITNESS_RESULTS", "")
"""Folder for results, pictures and recordings; empty: pytest's own output is all."""
FAULTS = tuple(filter(None, os.environ.get("WITNESS_FAULTS", "").split(",")))
"""Each witness is run once under each of these faults of the proof's proxy, in this order."""
PROXY_TOKEN = os.environ.get("WITNESS_PROXY_TOKEN", "")
SMTP_PORT = int(os.environ.get("WITNESS_SMTP_PORT", "0"))
"""Port for the mails that the app sends; 0: none are received."""

LIMIT_S = float(os.environ.get("WITNESS_LIMIT_S", "20"))
"""Seconds that one witness may take."""
PATIENCE_MS = float(os.environ.get("WITNESS_PATIENCE_MS", "5000"))
"""Milliseconds that an action or an expectation waits."""
FAULTY_PATIENCE_MS = (800.0, 2500.0)
"""The same while a fault is on, at least and at most: then the wait is expected to be in vain."""
GOES_ON = bool(os.environ.get("WITNESS_GOES_ON"))
"""Whether a witness is run to its end, whatever fails on the way."""
LOAD_MS = 15_000.0
"""Milliseconds until a page has to be there."""

CHROMIUMS = (
    *("/usr/lib/chromium/chromium", "/usr/lib64/chromium-browser/chromium-browser"),
    *("/opt/tools/chromium/chrome", "/opt/google/chrome/chrome", "/usr/bin/google-chrome"),
    *("/usr/bin/chromium-browser", "/usr/bin/chromium"),
)


def find_chromium() -> str | None:
    """The Chromium to start. None lets Playwright use its own."""
    if CHROMIUM:
        return CHROMIUM
    return next((path for path in CHROMIUMS if Path(path).exists()), None)
