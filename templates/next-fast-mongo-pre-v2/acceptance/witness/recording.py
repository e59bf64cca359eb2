"""What a witness did and what the browser complained about: steps, pictures, a recording."""

from __future__ import annotations

import ast
import base64
import contextlib
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import (
    BrowserContext,
    CDPSession,
    ConsoleMessage,
    Error,
    Frame,
    Locator,
    Page,
    Request,
    Response,
)

from witness import faults, refusals

MAX_STEPS = 40
MAX_PICTURES = 12
MAX_COMPLAINTS = 20
MAX_FRAMES = 120
MAX_RECORDING_BYTES = 1_500_000
MAX_KNOWN_CHARS = 500_000
MAX_REFUSED = 60
_PICTURE = {"format": "jpeg", "quality": 70, "optimizeForSpeed": True}
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_ACTIONS = {
    "click": "click",
    "dblclick": "double-click",
    "fill": "fill in",
    "press": "press a key in",
    "press_sequentially": "type into",
    "check": "tick",
    "uncheck": "untick",
    "select_option": "choose in",
    "set_input_files": "give a file to",
    "drag_to": "drag",
    "tap": "tap",
    "clear": "clear",
}
SETUP_HEADER = "x-proof-setup"
PLACES_OF_ITS_OWN = ("data:", "file:", "javascript:", "view-source:")
"""Addresses of pages that no app serves."""


class Recording:
    """One witness under one fault. Pictures and frames are files in `folder`; None keeps none."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.steps: list[dict[str, Any]] = []
        self.complaints: list[str] = []
        self.visited: list[str] = []
        self.writes = 0
        self.reads = 0
        self.styles = 0
        self.actions = 0
        self.before: Callable[[], None] = lambda: None
        """Called before it acts: what comes before that prepares it."""
        self.setups = 0
        """Records that were made before it began."""
        self.mails = 0
        """How many of those that the app sent it has looked at."""
        self.refusals: Counter[str] = Counter()
        self.refused: list[str] = []
        """What was refused: its kind, method, address and status."""
        self.known = ""
        """What the app has told this witness, as text: ids are looked up in it."""
        self.stranger = ""
        """The first page that the witness opened and that is not the app's."""
        self._pictures = 0
        self._frames: list[dict[str, Any]] = []
        self._frame_bytes = 0
        self._sessions: dict[Page, CDPSession] = {}
        self._screencast: CDPSession | None = None
        self._asked: dict[str, set[str]] = {}
        self._started = time.monotonic()

    @property
    def queries(self) -> int:
        """Addresses of the API that were read with more than one query: those of searches, filters,
        pages. A query that never changes says nothing."""
        return sum(len(queries) > 1 for queries in self._asked.values())

    def count(self, method: str, url: str) -> None:
        if method in WRITES:
            self.writes += 1
        elif "/api/" in url:
            self.reads += 1
            path, _, query = url.partition("?")
            self._asked.setdefault(path, set()).add(query)

    def count_refusal(
        self, method: str, url: str, status: int, sent: Any = None, *, is_api: bool = False
    ) -> None:
        """The app turned somebody away: with an error, or from a page to another one. `is_api`: whether
        the witness itself asked, and knows its ids from what the app told it."""
        if method in WRITES or "/api/" in url:
            if 400 <= status < 500:
                known = self.known if is_api else None
                kind = refusals.about(status, method, url, sent, known)
                self.refusals[kind] += 1
                if kind and len(self.refused) < MAX_REFUSED:
                    told = f"{kind} {method} {refusals.address_of(url)[:200]} {status}"
                    self.refused.append(told)
        elif 300 <= status < 304:
            self.refusals[refusals.PERSON] += 1

    def note_answer(self, text: str) -> None:
        if len(self.known) < MAX_KNOWN_CHARS:
            self.known += text[:MAX_KNOWN_CHARS]

    def note_sent(self, method: str, path: str, body: Any) -> None:
        """What is sent as JSON; only a login remembers it."""

    def complain(self, text: str) -> None:
        if len(self.complaints) < MAX_COMPLAINTS:
            self.complaints.append(text[:500])

    def step(self, text: str, page: Page | None = None) -> None:
        """Note what was done, with a picture of the page that it was done on."""
        if len(self.steps) < MAX_STEPS:
            picture = self.picture(page) if page is not None else None
            self.steps.append({"text": text[:200], "picture": picture, "at": self.seconds})

    def picture(self, page: Page) -> str | None:
        if self.folder is None or self._pictures >= MAX_PICTURES or page.is_closed():
            return None
        name = f"step-{self._pictures:02d}.jpg"
        try:
            taken = self._devtools(page).send("Page.captureScreenshot", _PICTURE)
        except Error:
            return None
        (self.folder / name).write_bytes(base64.b64decode(taken["data"]))
        self._pictures += 1
        return name

    def _devtools(self, page: Page) -> CDPSession:
        """Asked directly, a picture costs half of what Playwright's takes."""
        if page not in self._sessions:
            self._sessions[page] = page.context.new_cdp_session(page)
        return self._sessions[page]

    def watch(self, context: BrowserContext) -> None:
        """Listen to every page of a person's browser."""
        context.on("request", self._on_request)
        context.on("response", self._on_response)
        context.on("requestfailed", self._on_failed_request)
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.complain(f"script error: {error.error}"))
        context.on("page", self._on_page)

    def start_screencast(self, page: Page) -> None:
        """Record what changes on a page, in small frames, until the witness ends."""
        if self.folder is None or self._screencast is not None:
            return
        with contextlib.suppress(Error):
            session = self._devtools(page)
            session.on("Page.screencastFrame", lambda frame: self._on_frame(session, frame))
            session.send(
                "Page.startScreencast",
                {"format": "jpeg", "quality": 50, "maxWidth": 800, "maxHeight": 500},
            )
            self._screencast = session

    def stop_screencast(self) -> None:
        session, self._screencast = self._screencast, None
        if session is not None:
            with contextlib.suppress(Error):
                session.send("Page.stopScreencast")

    @property
    def frames(self) -> list[dict[str, Any]]:
        """`{"at": seconds, "jpeg": base64}`, in order."""
        return self._frames

    def _on_frame(self, session: CDPSession, frame: dict[str, Any]) -> None:
        if self._screencast is None:
            return  # a frame that is acknowledged while the page closes would wait for ever
        data = frame["data"]
        if len(self._frames) < MAX_FRAMES and self._frame_bytes < MAX_RECORDING_BYTES:
            self._frames.append({"at": self.seconds, "jpeg": data})
            self._frame_bytes += len(base64.b64decode(data))
        with contextlib.suppress(Error):
            session.send("Page.screencastFrameAck", {"sessionId": frame["sessionId"]})

    def _on_page(self, page: Page) -> None:
        self._answer_dialogs(page)
        page.on("framenavigated", self._on_navigation)

    def _on_navigation(self, frame: Frame) -> None:
        self.note_answer(f" {frame.url} ")
        if frame.parent_frame is None and frame.url.startswith(PLACES_OF_ITS_OWN):
            self.stranger = self.stranger or frame.url[:80]

    def _on_request(self, request: Request) -> None:
        if SETUP_HEADER not in request.headers:
            self.count(request.method, request.url)

    def _on_response(self, response: Response) -> None:
        request = response.request
        if SETUP_HEADER not in request.headers and "/_next/" not in request.url:
            sent = None
            with contextlib.suppress(Error, ValueError):  # a file is no JSON
                sent = request.post_data_json
            self.count_refusal(request.method, request.url, response.status, sent)

    def _on_failed_request(self, request: Request) -> None:
        if request.failure not in (None, "net::ERR_ABORTED"):
            self.complain(f"{request.method} {request.url} failed: {request.failure}")

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complain(f"console: {message.text}")

    def _answer_dialogs(self, page: Page) -> None:
        """Say yes to every question of the page, until the witness wants to answer by itself."""
        page.on("dialog", self._on_dialog)
        page.on = self._leaving_dialogs(page, page.on)
        page.once = self._leaving_dialogs(page, page.once)

    def _leaving_dialogs(self, page: Page, listen: Callable[..., None]) -> Callable[..., None]:
        def listening(event: str, handler: Callable[..., Any]) -> None:
            if event == "dialog":
                with contextlib.suppress(KeyError, ValueError):
                    page.remove_listener("dialog", self._on_dialog)
            listen(event, handler)

        return listening

    def _on_dialog(self, dialog: Any) -> None:
        self.step(f"the page asks: {dialog.message}")
        dialog.accept()

    @property
    def seconds(self) -> float:
        """Since the witness began."""
        return round(time.monotonic() - self._started, 3)


_recordings: dict[BrowserContext, Recording] = {}


def record_actions_of(context: BrowserContext, recording: Recording) -> None:
    """Let every action on this browser become a step."""
    _recordings[context] = recording


def forget_actions_of(context: BrowserContext) -> None:
    _recordings.pop(context, None)


def _recorded(action: Callable[..., Any], verb: str) -> Callable[..., Any]:
    def act(self: Locator, *args: Any, **kwargs: Any) -> Any:
        if faults.are_actions_ignored():
            self.first.wait_for(state="attached")
            return None
        recording = _recordings.get(self.page.context)
        if recording is not None:
            recording.before()
        result = action(self, *args, **kwargs)
        if recording is not None:
            recording.actions += not faults.is_setting_up()
            recording.step(f"{verb} {described(self)}", self.page)
        return result

    return act


def described(locator: Locator) -> str:
    """The locator as Playwright writes it, without its own words."""
    text = str(locator)
    _, found, selector = text.partition(" selector=")
    return ast.literal_eval(selector.removesuffix(">")) if found else text


def _within_the_web(goto: Callable[..., Any]) -> Callable[..., Any]:
    """Other addresses lead to pages of the witness's own, or end the browser of all."""

    def go(self: Page, url: str, *args: Any, **kwargs: Any) -> Any:
        if not url.lower().startswith(("http://", "https://", "about:blank")):
            raise ValueError(f"{url[:80]!r} is no page of the app")
        if (recording := _recordings.get(self.context)) is not None:
            recording.before()
        return goto(self, url, *args, **kwargs)

    return go


def install() -> None:
    """Make the actions of all locators tell their recording. Called once per process."""
    for name, verb in _ACTIONS.items():
        setattr(Locator, name, _recorded(getattr(Locator, name), verb))
    Page.goto = _within_the_web(Page.goto)  # type: ignore[method-assign]
