"""Lies that are refused before anything runs: by the tools, by the shape, by the comparison of tests.

The others need the app; `make prove` tries all of them in it.
"""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from prove.applications import application
from prove.lies import APP, HALF, LIES, REFUSED, WITNESSES, Lie

from stackwright.core.wishes import Wish
from stackwright.testing.memory_wishes import MemoryWishBook
from stackwright.tools.base import ToolContext, ToolFailed
from stackwright.tools.wishes import ChangeWish, SetWishes, change_wish, set_wishes
from stackwright.verify.environment_scripts.detection import detection_in
from stackwright.verify.weakening import is_watched, weakened
from stackwright.verify.witnesses.judging import Tried, untried_words
from stackwright.verify.witnesses.shape import (
    ACTORS,
    WitnessFile,
    actors_problems,
    read_witness,
    witnesses_of,
)

ONLY_BY_RUNNING = {
    *("any of many statuses", "shows a page of its own", "shows what was there before"),
    *("says nothing of the new message", "breaks an older wish"),
    *(lie.name for lie in (*REFUSED, *HALF)),
}


async def called(
    book: MemoryWishBook, run: str, message: str, calls: tuple[SetWishes | ChangeWish, ...]
) -> None:
    async def messages() -> list[str]:
        return [message]

    context = cast(ToolContext, SimpleNamespace(run_id=run, wishes=book, messages=messages))
    for call in calls:
        if isinstance(call, SetWishes):
            await set_wishes(call, context)
        else:
            await change_wish(call, context)


async def pinned() -> list[Wish]:
    book = MemoryWishBook(run_id="run-1", emit=lambda _: None)
    await called(book, "run-1", application(APP).message, (application(APP).wishes,))
    known = await book.read()
    return [one.model_copy(update={"state": "proven", "is_pinned": True}) for one in known.wishes]


async def refusals(lie: Lie, folder: Path) -> list[str]:
    run = "run-2" if lie.is_followup else "run-1"
    earlier = await pinned() if lie.is_followup else []
    book = MemoryWishBook(run_id=run, emit=lambda _: None, wishes=earlier)
    try:
        await called(book, run, lie.message, lie.calls)
    except ToolFailed as error:
        return [str(error)]
    known = await book.read()
    files = {path: text for path, text in {**application(APP).files, **lie.changes}.items() if text}
    reasons = [f"not understood: {part}" for part in known.not_understood]
    reasons += [f"{one.id} not built" for one in known.wishes if one.state == "not_built"]
    reasons += ["unagreed" for one in known.wishes if one.is_expectation_changed]
    reasons += ["no wish"] * (not known.wishes)
    reasons += witness_problems(files, known.wishes) + detection(files, folder)
    return reasons + (weaker(files, known.wishes, run) if lie.is_followup else [])


def witness_problems(files: dict[str, str], wishes: tuple[Wish, ...]) -> list[str]:
    read = [
        read_witness(path, text.encode())
        for path, text in files.items()
        if path.startswith("acceptance/test_")
    ]
    marked = {wish for file in read for test in file.tests for wish in test.wishes}
    return [
        *actors_problems(files.get(f"acceptance/{ACTORS}", "").encode()),
        *(problem for file in read for problem in file.problems),
        *(problem for file in read for test in file.tests for problem in test.problems),
        *(f"{one.id} has no witness" for one in wishes if one.is_to_prove and one.id not in marked),
        *(untried for one in wishes if one.is_to_prove and (untried := unnamed(read, one))),
    ]


def unnamed(read: list[WitnessFile], wish: Wish) -> str:
    return untried_words(wish, [Tried(file, test) for file, test in witnesses_of(read, wish.id)])


def detection(files: dict[str, str], folder: Path) -> list[str]:
    paths = [folder / path for path in files if path.startswith(("backend/", "frontend/"))]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files[str(path.relative_to(folder))])
    found = detection_in(paths, folder)
    return [found] if found else []


def weaker(files: dict[str, str], wishes: tuple[Wish, ...], run: str) -> list[str]:
    was, now = (
        {path: text.encode() for path, text in some.items() if is_watched(path)}
        for some in (application(APP).files, files)
    )
    return list(weakened(was, now, wishes, run))


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.name)
async def test_what_can_be_refused_before_anything_runs_is_refused(
    lie: Lie, tmp_path: Path
) -> None:
    found = await refusals(lie, tmp_path)
    assert bool(found) == (lie.name not in ONLY_BY_RUNNING), found


async def test_the_honest_wishes_and_witnesses_are_not_refused(tmp_path: Path) -> None:
    app = application(APP)
    assert await refusals(Lie("none", (app.wishes,), {}, app.message), tmp_path) == []
    assert WITNESSES in app.files
