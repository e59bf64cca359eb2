"""Tests that a run made say less: deleted, skipped, emptied, with assertions taken away.

Compares the sources with those of the version before the run. Nothing is run.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from stackwright.core.message_words import unsaid
from stackwright.core.wishes import Wish
from stackwright.scaffold.generate import Manifest, source_files
from stackwright.scaffold.spec import SPEC_PATH
from stackwright.verify.assertions import AppTest, read_tests

FOLDERS = ("acceptance/", "backend/tests/")
CONFIGURATION = frozenset(
    f"{folder}{name}"
    for folder in ("backend/", "acceptance/")
    for name in ("conftest.py", "pytest.ini", "pyproject.toml", "setup.cfg", "tox.ini")
)
MAX_TOLD = 30

_LEAVES_OUT = re.compile(
    r"--deselect|--ignore|collect_ignore|pytest_collection_modifyitems|pytest_ignore_collect"
    r"|pytest_runtest|pytest_pyfunc_call|norecursedirs|testpaths|python_files|python_functions"
    r"|python_classes|addopts|__test__"
)
Files = Mapping[str, bytes]


def is_watched(path: str) -> bool:
    """Whether a file of the workspace belongs to the comparison."""
    is_test = path.startswith(FOLDERS) and path.endswith(".py") and "/witness/" not in path
    return is_test or path in CONFIGURATION or path == SPEC_PATH


def weakened(before: Files, after: Files, wishes: Sequence[Wish], run_id: str) -> tuple[str, ...]:
    """What was weakened, a sentence each. What the message of this run asked to change
    (`change_wish` with a quote) is left out, and so is what the scaffold generates by itself."""
    asked = [wish for wish in wishes if wish.run_id == run_id and wish.is_taken_over]
    pinned = {wish.id for wish in wishes if wish.is_pinned}
    old, new = _tests(before), _tests(after)
    changed = [path for path in before if before[path] != after.get(path)]
    generated = _generated(before, after, changed)
    told = [
        sentence
        for path in changed
        if path not in generated
        for sentence in _in_file(path, before, after, old, new, pinned)
        if not _is_asked_for(sentence, asked)
    ]
    sentences = [f"{one.subject} {one.what}" for one in told]
    more = len(sentences) - MAX_TOLD
    return (*sentences[:MAX_TOLD], *([f"and {more} more"] if more > 0 else ()))


@dataclass(frozen=True, slots=True)
class _Loss:
    subject: str
    what: str
    wishes: frozenset[str] = frozenset()


_Tests = Mapping[str, Mapping[str, AppTest]]
"""By path, then by name; a file that is no Python is missing."""


def _is_asked_for(loss: _Loss, asked: Sequence[Wish]) -> bool:
    """A witness by its marks, another test by its name."""
    if loss.wishes:
        return loss.wishes <= {wish.id for wish in asked}
    words = re.sub(r"[^\w]|_", " ", loss.subject)
    return any(len(unsaid(words, [wish.text])) == 0 for wish in asked)


def _in_file(
    path: str, before: Files, after: Files, old: _Tests, new: _Tests, pinned: Collection[str]
) -> Iterator[_Loss]:
    if path in CONFIGURATION or path.endswith("conftest.py"):
        yield from _in_configuration(path, before[path], after.get(path, b""))
    if path not in old:
        return
    if path in after and path not in new:
        yield _Loss(path, "cannot be read any more")
        return
    present = new.get(path, {})
    for name, test in old[path].items():
        now = present.get(name) or _moved(test, old, new)
        subject = f"{path}::{name}"
        if now is None:
            yield _Loss(subject, "was deleted", test.wishes)
        else:
            what = _less(test, now, is_pinned=not test.wishes.isdisjoint(pinned))
            if what:
                yield _Loss(subject, what, test.wishes)


def _in_configuration(path: str, before: bytes, after: bytes) -> Iterator[_Loss]:
    was, now = (
        Counter(_LEAVES_OUT.findall(text.decode(errors="replace"))) for text in (before, after)
    )
    for word in now - was:
        yield _Loss(path, f"may leave tests out now ({word})")


def _less(was: AppTest, now: AppTest, *, is_pinned: bool) -> str:
    """How `now` says less than `was`; empty when it does not."""
    if now.is_skipped and not was.is_skipped:
        return "is skipped now"
    if gone := was.wishes - now.wishes:
        return f"is not marked for {', '.join(sorted(gone))} any more"
    if now.weight < was.weight:
        return f"asserts less: {now.weight} instead of {was.weight}"
    if is_pinned and (lost := Counter(was.assertions) - Counter(now.assertions)):
        return f"does not assert any more: {next(iter(lost))[:160]}"
    return ""


def _moved(test: AppTest, old: _Tests, new: _Tests) -> AppTest | None:
    """The test under another name or in another file, which was not there before."""
    for path, tests in new.items():
        for name, now in tests.items():
            is_new = name not in old.get(path, {})
            if is_new and (
                now.body == test.body or (now.name == test.name and now.wishes >= test.wishes)
            ):
                return now
    return None


def _generated(before: Files, after: Files, paths: Sequence[str]) -> frozenset[str]:
    """Those of the changed files that are as the scaffold makes them, and were."""
    if not paths:
        return frozenset()
    was, now = _sources(before.get(SPEC_PATH)), _sources(after.get(SPEC_PATH))
    return frozenset(
        path
        for path in paths
        if before[path].decode(errors="replace") == was.get(path)
        and (after[path].decode(errors="replace") if path in after else None) == now.get(path)
    )


def _sources(manifest: bytes | None) -> Mapping[str, str]:
    try:
        known = Manifest.model_validate_json(manifest or b"")
        return source_files(known.spec, known.migrations, known.wishes)
    except ValueError:
        return {}


def _tests(files: Files) -> dict[str, dict[str, AppTest]]:
    return {
        path: tests
        for path, content in files.items()
        if path.startswith(FOLDERS) and path.endswith(".py")
        if (tests := read_tests(content)) is not None
    }
