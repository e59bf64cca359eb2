import asyncio
import json
from pathlib import Path

import pytest
from e2b import AsyncSandbox, SandboxException, SandboxInfo, SandboxQuery

from fixtures.engine_process import EngineProcess, running_engine
from fixtures.waiting import until
from stackwright.engine.config import PACKAGE_REGISTRIES

pytestmark = pytest.mark.integration


def waiting(engine: EngineProcess) -> set[str]:
    return {folder.name for folder in (engine.data_dir / "starting").iterdir()}


async def booted_ahead(engine: EngineProcess) -> str:
    async with asyncio.timeout(30):
        while not waiting(engine):  # noqa: ASYNC110 - a foreign process
            await asyncio.sleep(0.02)
    [found] = waiting(engine)
    return found


async def test_a_sandbox_booted_ahead_becomes_whoever_asks(tmp_path: Path) -> None:
    with running_engine(tmp_path / "data", warm_pool=1) as engine:
        first = await AsyncSandbox.create("base", **engine.options)
        ahead = await booted_ahead(engine)
        assert [info.sandbox_id for info in await listed(engine)] == [first.sandbox_id]
        second = await AsyncSandbox.create(
            "base", metadata={"a": "b"}, envs={"K": "v"}, timeout=77, **engine.options
        )
        third = await AsyncSandbox.create("base", envs={"F": "x"}, **engine.options)
        assert second.sandbox_id == ahead != third.sandbox_id
        assert (await second.get_info()).metadata == {"a": "b"}
        said = await second.commands.run("echo $K $E2B_SANDBOX_ID; ls; cat /proc/uptime | wc -l")
        assert said.stdout == f"v {ahead}\n1\n"
        assert (await third.commands.run("echo $K$F")).stdout == "x\n"
        await second.files.write("kept", "1")
        await second.pause(keep_memory=False)
        await second.connect()
        assert (await second.commands.run("cat kept; echo $K")).stdout == "1v\n"
    kept = {folder.name for folder in (tmp_path / "data/sandboxes").iterdir()}
    assert kept == {first.sandbox_id, second.sandbox_id, third.sandbox_id}
    assert list((tmp_path / "data/starting").iterdir()) == []


async def test_sandboxes_booted_ahead_share_no_secret_and_keep_network_rules(
    tmp_path: Path,
) -> None:
    with running_engine(tmp_path / "data", warm_pool=1) as engine:
        await AsyncSandbox.create("base", **engine.options)
        ahead = await booted_ahead(engine)
        closed = await AsyncSandbox.create("base", allow_internet_access=False, **engine.options)
        assert closed.sandbox_id == ahead
        asked = f"curl -sS -m 5 https://{PACKAGE_REGISTRIES[-1]}/ 2>&1; true"
        assert "403" in (await closed.commands.run(asked)).stdout
        records = (engine.data_dir / "sandboxes").glob("*/meta.json")
        tokens = [json.loads(record.read_text())["token"] for record in records]
        assert len(set(tokens)) == len(tokens) == 2


async def test_an_engine_whose_disk_refuses_new_folders_goes_on(tmp_path: Path) -> None:
    with running_engine(tmp_path / "data", warm_pool=1, may_complain=True) as engine:
        folder, aside = engine.data_dir / "starting", engine.data_dir / "aside"
        folder.rename(aside)
        with pytest.raises(SandboxException):
            await AsyncSandbox.create("base", **engine.options)
        await until(lambda: _said(engine, "warm_sandbox_not_booted"))
        aside.rename(folder)
        sandbox = await AsyncSandbox.create("base", **engine.options)
        assert (await sandbox.commands.run("echo here")).stdout == "here\n"


async def _said(engine: EngineProcess, what: str) -> bool:
    return what in engine.data_dir.with_suffix(".log").read_text()


async def listed(engine: EngineProcess) -> list[SandboxInfo]:
    return await AsyncSandbox.list(SandboxQuery(), **engine.options).next_items()
