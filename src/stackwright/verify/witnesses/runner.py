"""Runs witnesses inside the sandbox, against the app in the proof environment.

Witnesses are code of the model, so they run where the app runs, with a library that the platform lays
out anew each time. One that does not end takes nothing with it: the others are run again without it.
"""

import asyncio
import json
import secrets
import shlex
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from stackwright.sandbox.base import CommandResult, Sandbox, SandboxFileMissing
from stackwright.verify.environment import AppAddress
from stackwright.verify.witnesses.results import NONE, WitnessResult, read_results

FOLDER = "/home/user/.proof/acceptance"
RESULTS = "/home/user/.proof/witness-results"
PYTHON = "/home/user/.acceptance/bin/python"
LIMIT_S = 20.0
"""For one witness under one fault."""
PATIENCE_MS = 5000
"""For one action or expectation."""
START_S = 25.0
"""For pytest, Playwright and the browser, on a busy machine."""
LOGIN_S = 60.0
"""For all people of an app to log in."""
MAX_LOGIN_BYTES = 200_000
MAX_RESULT_BYTES = 5_000_000
MAX_PICTURE_BYTES = 400_000
MAX_REPLAY_BYTES = 4_000_000
MAX_FILE_KB = 50_000
"""A witness that prints for ever reaches this limit, not that of the sandbox's disk."""
TOO_LONG = 70
"""Exit status of the plugin when a witness was still running at its limit."""


@dataclass(frozen=True, slots=True)
class WitnessTarget:
    """The app that is tried, the browser's debugging port, and the token with which the proof's proxy is
    told what fault to play."""

    app: AppAddress
    browser_port: int
    token: str


@dataclass(slots=True)
class WitnessRun:
    """What came of it. `trouble`: why witnesses could not be run, as far as they could not."""

    results: list[WitnessResult] = field(default_factory=list[WitnessResult])
    trouble: str = ""

    def replace(self, again: "WitnessRun") -> None:
        """Take over what was run once more."""
        anew = {result.id for result in again.results}
        self.results = [result for result in self.results if result.id not in anew] + again.results

    def under(self, fault: str) -> dict[str, WitnessResult]:
        """By path and name of the test."""
        return {result.id: result for result in self.results if result.fault == fault}


@dataclass(frozen=True, slots=True)
class WitnessRunner:
    """`library`: the files of the template's `acceptance/`, by path in it."""

    sandbox: Sandbox
    library: Mapping[str, bytes]
    marks: Mapping[str, str] = field(default_factory=dict[str, str])

    async def run(
        self,
        files: Mapping[str, bytes],
        tests: Collection[str],
        target: WitnessTarget,
        *,
        faults: Sequence[str] = (NONE,),
        patience: float = 1.0,
        goes_on: bool = False,
    ) -> WitnessRun:
        """Run `tests` (`test_x.py::test_y`) out of `files`, by name in `acceptance/`, under each fault.

        `patience` stretches every limit, for a machine that is busy. With `goes_on` each is run to its end,
        whatever fails on the way."""
        run = WitnessRun()
        await self._lay_out(files)
        left = sorted(tests)
        while left:
            results = f"{RESULTS}/{secrets.token_hex(4)}"
            ended = await self._pytest(left, results, target, faults, patience, goes_on=goes_on)
            found = await self._results(results)
            run.results += found
            known = {result.id for result in found if result.fault == NONE}
            blamed = _blamed(left, found, ended)
            if blamed:
                run.results.append(_unended(blamed, LIMIT_S * patience))
            before, left = left, [one for one in left if one not in known and one != blamed]
            if left and (len(left) == len(before) or not (blamed or ended.exit_code == TOO_LONG)):
                run.trouble = _trouble(ended)
                break
        return run

    async def log_in(self, files: Mapping[str, bytes], target: WitnessTarget) -> CommandResult:
        """Have each person of `actors.py` log in; prints a line of JSON for each."""
        await self._lay_out(files)
        command = f"ulimit -f {MAX_FILE_KB}; exec {PYTHON} -B -m witness.login"
        envs = {
            **self.marks,
            "WITNESS_ORIGIN": target.app.origin,
            "WITNESS_CDP_URL": f"http://127.0.0.1:{target.browser_port}",
        }
        return await self.sandbox.run(
            command, cwd=FOLDER, envs=envs, timeout_s=LOGIN_S, max_output_bytes=MAX_LOGIN_BYTES
        )

    async def read(self, path: str, max_bytes: int) -> bytes | None:
        """A file of the results; None when it is missing or larger than it may be."""
        try:
            return await self.sandbox.read(path, max_bytes=max_bytes)
        except (SandboxFileMissing, ValueError):
            return None

    async def _lay_out(self, files: Mapping[str, bytes]) -> None:
        await self.sandbox.run(
            f"rm -rf {FOLDER} && mkdir -p {FOLDER}", cwd="/home/user", timeout_s=20
        )
        mine = {name: content for name, content in self.library.items() if name not in files}
        everything = {**mine, **files}
        await self.sandbox.write({f"{FOLDER}/{name}": text for name, text in everything.items()})

    async def _pytest(
        self,
        tests: Sequence[str],
        results: str,
        target: WitnessTarget,
        faults: Sequence[str],
        patience: float,
        *,
        goes_on: bool,
    ) -> CommandResult:
        named = " ".join(shlex.quote(test) for test in tests)
        command = (
            f"ulimit -f {MAX_FILE_KB}; exec {PYTHON} -B -m pytest -c pytest.ini --rootdir . "
            f"-p no:cacheprovider -q --tb=short --color=no {named}"
        )
        envs = {
            **self.marks,
            "WITNESS_ORIGIN": target.app.origin,
            "WITNESS_DATABASE": target.app.database,
            "WITNESS_CDP_URL": f"http://127.0.0.1:{target.browser_port}",
            "WITNESS_RESULTS": results,
            "WITNESS_PROXY_TOKEN": target.token,
            "WITNESS_FAULTS": "" if tuple(faults) == (NONE,) else ",".join(faults),
            "WITNESS_LIMIT_S": str(LIMIT_S * patience),
            "WITNESS_PATIENCE_MS": str(PATIENCE_MS * patience),
            "WITNESS_SMTP_PORT": str(target.app.mail_port),
            "WITNESS_GOES_ON": "1" if goes_on else "",
        }
        limit_s = (START_S + LIMIT_S * len(tests) * len(faults)) * patience
        return await self.sandbox.run(
            command, cwd=FOLDER, envs=envs, timeout_s=limit_s, max_output_bytes=50_000
        )

    async def _results(self, folder: str) -> list[WitnessResult]:
        content = await self.read(f"{folder}/results.jsonl", MAX_RESULT_BYTES)
        found = read_results(content or b"")
        return [result.model_copy(update={"results": folder}) for result in found]


async def pictures_of(runner: WitnessRunner, result: WitnessResult) -> list[bytes]:
    """The JPEG of each step that has one, in order."""
    names = [step.picture for step in result.steps if step.picture]
    if result.folder is None or not names:
        return []
    paths = [f"{result.results}/{result.folder}/{name}" for name in names]
    read = await asyncio.gather(*(runner.read(path, MAX_PICTURE_BYTES) for path in paths))
    return [content for content in read if content is not None and content[:2] == b"\xff\xd8"]


async def replay_of(runner: WitnessRunner, result: WitnessResult) -> bytes | None:
    """The recording: a JSON list of `{"at": seconds, "jpeg": base64}`."""
    if result.folder is None:
        return None
    path = f"{result.results}/{result.folder}/frames.json"
    content = await runner.read(path, MAX_REPLAY_BYTES)
    return None if content is None else await asyncio.to_thread(_checked_replay, content)


def _checked_replay(content: bytes) -> bytes | None:
    """Only what a recording holds, whatever was written there."""
    try:
        frames = json.loads(content)
        clean = [{"at": float(one["at"]), "jpeg": str(one["jpeg"])} for one in frames]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return json.dumps(clean).encode() if clean else None


def _blamed(
    tests: Sequence[str], found: Sequence[WitnessResult], ended: CommandResult
) -> str | None:
    """The witness that ran when the limit of all of them was reached, whose own limit did not hold."""
    if not ended.timed_out:
        return None
    known = {result.id for result in found}
    return next((test for test in tests if test not in known), None)


def _unended(test: str, limit_s: float) -> WitnessResult:
    text = f"It did not end within {limit_s:.0f} s, and could not be interrupted."
    return WitnessResult(id=test, outcome="failed", kind="time", error=text, seconds=limit_s)


def _trouble(ended: CommandResult) -> str:
    said = "\n".join(part.strip() for part in (ended.stdout, ended.stderr) if part.strip())
    return f"The witnesses could not be run (exit status {ended.exit_code}).\n{said[-3000:]}"
