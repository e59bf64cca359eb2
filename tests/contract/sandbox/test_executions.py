"""Commands that are found again after their caller died, on both kinds of sandbox."""

import asyncio
from pathlib import Path

import pytest

from fixtures.engine import engine_sandbox
from fixtures.waiting import until
from stackwright.core.ids import RunId
from stackwright.sandbox.base import SandboxFileMissing
from stackwright.sandbox.endpoint import Endpoint
from stackwright.sandbox.executions import (
    ExecutionUnknown,
    end_processes,
    execution_id,
    look_up,
    run_recorded,
)
from stackwright.sandbox.http import SandboxHttp
from stackwright.testing.memory_sandbox import MemorySandbox

pytestmark = pytest.mark.integration

RUN = RunId("run-1")


async def test_a_command_that_ended_is_found_with_its_code_and_output(tmp_path: Path) -> None:
    sandbox = MemorySandbox(tmp_path)
    name = execution_id(RUN, "toolu_1")
    assert await look_up(sandbox, name, timeout_s=5) is None
    ran = await run_recorded(
        sandbox, name, "echo 'it''s'; echo no >&2; exit 3", run_id=RUN, timeout_s=9
    )
    found = await look_up(sandbox, name, timeout_s=5)
    assert found == ran
    assert (ran.exit_code, ran.stdout, ran.stderr) == (3, "its\n", "no\n")
    await sandbox.end()


async def test_a_program_left_in_the_background_holds_nobody_up(
    endpoint: Endpoint, http: SandboxHttp
) -> None:
    command = "sleep 60 & echo ready; exit 3"
    async with engine_sandbox(endpoint, http) as sandbox:
        async with asyncio.timeout(30):
            ran = await run_recorded(sandbox, "left", command, run_id=RUN, timeout_s=60, cwd="/")
        assert (ran.exit_code, ran.stdout, ran.timed_out) == (3, "ready\n", False)


async def test_a_killed_command_is_not_taken_for_one_that_ended(tmp_path: Path) -> None:
    sandbox = MemorySandbox(tmp_path)
    name = execution_id(RUN, "toolu_1")
    await run_recorded(sandbox, name, "sleep 60", run_id=RUN, timeout_s=0.5)
    with pytest.raises(ExecutionUnknown):
        await look_up(sandbox, name, timeout_s=5)
    await sandbox.end()


async def test_a_command_outlives_its_caller_and_runs_once(
    endpoint: Endpoint, http: SandboxHttp
) -> None:
    command = "echo begun >>$HOME/effects; while [ ! -e $HOME/go ]; do sleep 0.05; done; echo done"
    name = execution_id(RUN, "toolu_2")
    async with engine_sandbox(endpoint, http) as sandbox:

        async def has_begun() -> bool:
            try:
                return bool(await sandbox.read("/home/user/effects"))
            except SandboxFileMissing:
                return False

        caller = asyncio.create_task(run_recorded(sandbox, name, command, run_id=RUN, timeout_s=60))
        await until(has_begun)
        caller.cancel()
        await asyncio.wait([caller])
        waiting = asyncio.create_task(look_up(sandbox, name, timeout_s=30))
        await sandbox.write({"/home/user/go": b""})
        found = await waiting
        assert found is not None
        assert (found.exit_code, found.stdout) == (0, "done\n")
        assert await sandbox.read("/home/user/effects") == b"begun\n"


async def test_a_command_that_two_begin_runs_once_and_both_get_its_result(
    endpoint: Endpoint, http: SandboxHttp
) -> None:
    command = "echo begun >>$HOME/effects; sleep 0.5; echo done; exit 250"
    async with engine_sandbox(endpoint, http) as sandbox:
        ran = await asyncio.gather(
            *(
                run_recorded(sandbox, "both", command, run_id=RUN, timeout_s=30, cwd="/")
                for _ in range(4)
            )
        )
        assert {(each.exit_code, each.stdout) for each in ran} == {(250, "done\n")}
        assert await sandbox.read("/home/user/effects") == b"begun\n"


async def test_all_processes_of_a_run_are_ended_and_no_others(
    endpoint: Endpoint, http: SandboxHttp
) -> None:
    async with engine_sandbox(endpoint, http) as sandbox:

        async def sleeping() -> str:
            found = await sandbox.run("pgrep -af '^sleep' | sort -k3", cwd="/")
            return " ".join(line.split()[-1] for line in found.stdout.splitlines())

        await sandbox.start("exec sleep 7001", cwd="/")
        for_ever = "sleep 7002 & setsid sleep 7003 & (sleep 7004; true)"
        caller = asyncio.create_task(
            run_recorded(sandbox, "one", for_ever, run_id=RUN, timeout_s=60, cwd="/")
        )

        async def all_sleep() -> bool:
            return await sleeping() == "7001 7002 7003 7004"

        await until(all_sleep)
        await end_processes(sandbox, RUN)
        assert await sleeping() == "7001"
        assert (await caller).exit_code != 0
