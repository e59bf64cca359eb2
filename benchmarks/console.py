"""The console in Chromium: how soon it shows, how long it holds a person up, and its memory over an hour of streaming.

The events come from memory (`tests/fixtures`), so that the browser is measured and not the platform behind it.
"""

import asyncio
import shutil
import statistics
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from playwright.async_api import Page, async_playwright, expect

from benchmarks.options import Options, progress
from stackwright.core.events import AgentThinking, Event, ServiceLog
from stackwright.runs.app_logs import AppLogs
from stackwright.sandbox.base import PortAddress

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from fixtures.api_twins import DIAGNOSIS_ONLY, Twin, running
from fixtures.console import FLAGS, Console, application
from fixtures.console_story import begins, ends, writes

USER = "local"
REPEATED = 5
HISTORY_EVENTS = 10_000
FILES = 120
TOKENS_A_SECOND = 2000
PIECES_A_SECOND = 50
FAST_S = 15
LARGE_FILE = "frontend/large.ts"
LARGE_FILE_BYTES = 300_000
HOUR_S = 3600
QUICK_S = 40
WORDS = "The pages follow the records that they show. "
TABS = ("Wishes", "Code", "Changes", "Logs", "History", "Settings", "Preview")
LONG_TASKS = """() => {
  window.longest = 0;
  new PerformanceObserver(list => { for (const one of list.getEntries()) window.longest = Math.max(window.longest, one.duration); })
    .observe({ type: 'longtask', buffered: false });
}"""
SWITCH = """async name => {
  const began = performance.now();
  const tab = [...document.querySelectorAll('[role=tab]')].find(one => one.textContent === name);
  tab.dispatchEvent(new MouseEvent('mousedown', { bubbles: true, button: 0 }));
  tab.click();
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  if (tab.dataset.state !== 'active') throw new Error(`${name} is not shown`);
  return performance.now() - began;
}"""


def measure_console(options: Options) -> dict[str, Any]:
    """Times in milliseconds, memory in MB; `longest_task` is the longest that the page could not answer."""
    return asyncio.run(_measured(QUICK_S if options.is_quick else HOUR_S))


async def _measured(long_run_s: int) -> dict[str, Any]:
    async with _opened() as console:
        told: dict[str, Any] = {"first_paint_ms": await _first_paint(console)}
        progress("a long history")
        told["history_of_10000_events_ms"] = await _long_history(console)
        progress("a fast stream, a large file, the tabs")
        told["fast_stream_longest_task_ms"] = await _fast_stream(console)
        told["large_file_longest_task_ms"] = await _large_file(console)
        told["tabs_slowest_ms"] = await _tabs(console)
        progress(f"{long_run_s} s of streaming")
        return {**told, **await _hour(console, long_run_s)}


class _Asleep:
    """The log's place: no app runs."""

    async def find(self, user_id: str, project_id: str) -> None:
        return None


@asynccontextmanager
async def _opened() -> AsyncGenerator[Console]:
    executable: Any = shutil.which("chromium") or shutil.which("chromium-browser")
    sandboxes: Any = _Asleep()
    workbench = replace(DIAGNOSIS_ONLY, logs=AppLogs(sandboxes, ["backend"]))
    async with (
        async_playwright() as playwright,
        application() as app,
        running(workbench=workbench) as api,
    ):
        browser = await playwright.chromium.launch(executable_path=executable, args=FLAGS)
        api.twin.address_of_all = PortAddress(app, {"E2b-Sandbox-Id": "mine"})
        yield Console(api, browser)
        await browser.close()


async def _run(console: Console, project: str) -> str:
    accept = console.api.services.runs.accept
    run = (await accept(user_id=USER, project_id=project, message="A library")).run_id
    await console.api.twin.emit(run, *begins(project))
    return run


async def _watched(console: Console, project: str, tab: str = "preview") -> Page:
    """The project's page, whose long tasks are counted from now on."""
    page = await console.open(f"/projects/{project}/{tab}")
    await page.get_by_role("button", name="Stop").wait_for()
    await page.evaluate(LONG_TASKS)
    return page


async def _first_paint(console: Console) -> float:
    times: list[float] = []
    paint = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
    for _ in range(REPEATED):
        page = await console.open("/")
        await page.wait_for_function(paint)
        times.append(await page.evaluate(paint))
        await page.context.close()
    return round(statistics.median(times))


async def _long_history(console: Console) -> float:
    run = await _run(console, "history")
    steps = [event for n in range(HISTORY_EVENTS // 4) for event in _step(n)]
    await console.api.twin.emit(
        run, *steps[:HISTORY_EVENTS], *ends(console.api.twin, "history", run)
    )
    page = await console.open("/projects/history")
    began = time.perf_counter()
    await page.reload()
    await expect(page.get_by_label("Result")).to_be_visible(timeout=60_000)
    spent = time.perf_counter() - began
    await page.context.close()
    return round(spent * 1000)


async def _fast_stream(console: Console) -> float:
    run = await _run(console, "fast")
    page = await _watched(console, "fast")
    piece = (WORDS * 4)[: 4 * TOKENS_A_SECOND // PIECES_A_SECOND]
    for number in range(FAST_S * PIECES_A_SECOND):
        end = "\n\n" if number % PIECES_A_SECOND == 0 else ""
        await console.api.twin.emit(run, AgentThinking(token=piece + end))
        await asyncio.sleep(1 / PIECES_A_SECOND)
    return await _longest(page)


async def _large_file(console: Console) -> float:
    await _run(console, "large")
    text = "".join(f"export const value{n} = {{ name: 'value', at: {n} }};\n" for n in range(6000))
    console.api.twin.files["large"] = {LARGE_FILE: text[:LARGE_FILE_BYTES].encode()}
    page = await _watched(console, "large", "code")
    await page.get_by_role("treeitem", name="frontend").click()
    await page.get_by_role("treeitem", name="large.ts").click()
    editor = page.get_by_label(f"Text of {LARGE_FILE}")
    await editor.click(timeout=30_000)
    await page.keyboard.type("// by hand")
    return await _longest(page)


async def _tabs(console: Console) -> float:
    await _run(console, "tabs")
    page = await _watched(console, "tabs")
    for name in TABS:  # each part is loaded once
        await page.get_by_role("tab", name=name).click()
    slowest = max([await page.evaluate(SWITCH, name) for name in TABS])
    await page.context.close()
    return round(slowest)


async def _longest(page: Page) -> float:
    longest = await page.evaluate("window.longest")
    await page.context.close()
    return round(longest)


async def _hour(console: Console, seconds: int) -> dict[str, Any]:
    """A message that is worked on all the time: text, steps and the app's log, ten pieces a second."""
    run = await _run(console, "hour")
    page = await _watched(console, "hour")
    heap: list[dict[str, float]] = []
    began = time.monotonic()
    tick = 0
    while (passed := time.monotonic() - began) < seconds:
        await _tell(console.api.twin, run, tick)
        tick += 1
        if passed >= seconds * (len(heap) + 1) / 7:
            heap.append({"after_s": round(passed), "heap_mb": await _heap_mb(page)})
            progress(f"{heap[-1]}")
        await asyncio.sleep(max(0.0, began + tick / 10 - time.monotonic()))
    longest = await _longest(page)
    return {"streamed_s": seconds, "heap": heap, "streamed_longest_task_ms": longest}


async def _tell(twin: Twin, run: str, tick: int) -> None:
    events: list[Event] = [AgentThinking(token=WORDS if tick % 30 else WORDS + "\n\n")]
    if tick % 50 == 0:
        events += writes(f"frontend/app/page-{tick // 50 % 40}.tsx", f"t{tick}")
    if tick % 10 == 0:
        events.append(ServiceLog(service="backend", text=f"GET /api/books?page={tick} 200"))
    await twin.emit(run, *events)


def _step(number: int) -> list[Event]:
    return [
        AgentThinking(token=WORDS + "\n\n"),
        *writes(f"backend/file_{number % FILES}.py", f"h{number}"),
    ]


async def _heap_mb(page: Page) -> float:
    session = await page.context.new_cdp_session(page)
    await session.send("HeapProfiler.collectGarbage")
    used = await session.send("Runtime.getHeapUsage")
    await session.detach()
    return round(used["usedSize"] / 1e6, 1)
