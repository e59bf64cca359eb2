"""Has one task built, and tries after each message what holds by then."""

import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import Page

from evaluation.app import App, Visitor
from evaluation.browser import BrowserWindow
from evaluation.builders import Builder, cassette_path
from evaluation.rows import Row
from evaluation.task import Task, Wish, Wrong
from stackwright.testing.platform_process import Platform


@dataclass
class Visit:
    """A stranger at the app's preview; cookies are kept by name, since its host is none for httpx."""

    client: httpx.Client
    host: str
    cookies: dict[str, str] = field(default_factory=dict[str, str])

    def request(self, method: str, path: str, *, json: Any = None) -> httpx.Response:
        headers = {"Host": self.host, "Origin": f"http://{self.host}"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            answer = self.client.request(method, path, json=json, headers=headers)
        except httpx.TransportError as error:
            raise Wrong(f"{method} {path} is not answered: {type(error).__name__}") from None
        for cookie in answer.headers.get_list("set-cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer


@contextmanager
def visited(platform: Platform, preview_url: str, page: Page) -> Generator[App]:
    """The app behind a preview address."""
    host = urlsplit(preview_url).netloc
    with httpx.Client(base_url=f"http://127.0.0.1:{platform.port}", timeout=60) as client:

        def newcomer() -> Visit:
            return Visit(client, host)

        page.context.clear_cookies()
        yield App(newcomer(), newcomer, BrowserWindow(page, preview_url.rstrip("/")))


@dataclass
class Tally:
    """What held after the newest message. A wish that held and does not any more is a regression."""

    results: dict[str, str] = field(default_factory=dict[str, str])
    """By wish: empty while it holds, else what was seen."""
    regressions: int = 0

    def take(self, wish: str, wrong: str) -> None:
        if wrong and self.results.get(wish) == "":
            self.regressions += 1
        self.results[wish] = wrong

    @property
    def held(self) -> int:
        return sum(not wrong for wrong in self.results.values())

    @property
    def missed(self) -> str:
        return "; ".join(f"{wish}: {wrong}" for wish, wrong in self.results.items() if wrong)


def tried(wish: Wish, app: App) -> str:
    """Empty if the wish holds, else what was seen."""
    try:
        wish.holds(app)
    except Wrong as wrong:
        return str(wrong)[:160]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return f"an answer of another shape: {type(error).__name__} {error}"[:160]
    return ""


def trial(
    platform: Platform, task: Task, builder: Builder, page: Page, *, record: Path | None = None
) -> Row:
    """Ask for it, message by message."""
    tally, said, usd, preview = Tally(), list[str](), 0.0, ""
    wishes: dict[str, Wish] = {}
    began = time.monotonic()
    spent = 0.0
    for number, step in enumerate(task.steps):
        events = platform.chat(task.name, step.message)
        spent += time.monotonic() - began
        usd += sum(e.get("cost_usd") or 0 for e in events if e["type"] == "usage")
        said.append(ending(events))
        preview = next((e["url"] for e in events if e["type"] == "preview_ready"), preview)
        for taken_back in step.ends:
            wishes.pop(taken_back)
            tally.results.pop(taken_back)
        wishes |= {wish.text: wish for wish in step.wishes}
        _try_all(platform, preview, page, wishes, tally)
        if record is not None:
            _record(platform, task, number, events, record)
        began = time.monotonic()
    return Row(
        task=task.name,
        builder=builder.name,
        is_built=bool(preview),
        held=tally.held,
        wishes=len(tally.results),
        regressions=tally.regressions,
        said=", ".join(said),
        usd=usd,
        seconds=spent,
        missed=tally.missed,
        when=f"{datetime.now(UTC):%Y-%m-%d}",
    )


def _try_all(
    platform: Platform, preview: str, page: Page, wishes: dict[str, Wish], tally: Tally
) -> None:
    if not preview:
        for text in wishes:
            tally.take(text, "there is no app")
        return
    with visited(platform, preview, page) as app:
        for text, wish in wishes.items():
            tally.take(text, tried(wish, app))


def ending(events: list[dict[str, Any]]) -> str:
    last = events[-1] if events else {"type": "nothing"}
    return last["status"] if last["type"] == "agent_complete" else last["type"]


def _record(
    platform: Platform, task: Task, step: int, events: list[dict[str, Any]], folder: Path
) -> None:
    address = f"/api/projects/{task.name}/runs/{events[0]['run_id']}/cassette"
    with platform.client() as client:
        path = cassette_path(folder, task, step)
        path.write_bytes(client.get(address).raise_for_status().content)


if TYPE_CHECKING:

    def _proof(visit: Visit) -> Visitor:
        return visit
