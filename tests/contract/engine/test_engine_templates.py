import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from e2b import AsyncSandbox, SandboxException

from fixtures.engine_process import running_engine

pytestmark = pytest.mark.integration


def template(folder: Path, **fields: Any) -> None:
    folder.mkdir(parents=True)
    (folder / "template.json").write_text(json.dumps({"name": folder.name, **fields}))


def entries(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_a_template_is_built_once_and_shared_read_only(tmp_path: Path) -> None:
    template(
        tmp_path / "templates/small",
        env={"SHAPE": "round"},
        path=["/home/user/bin"],
        steps=[
            {
                "name": "install",
                "run": "mkdir dep && echo 1 > dep/x && date +%N > built",
                "cwd": "/home/user/app",
            },
            {"name": "sources", "copy": [{"from": "src", "to": "/home/user/app/src"}]},
            {
                "name": "tidy",
                "run": "rm -r app/dep && mkdir bin && printf '#!/bin/sh\\necho hi' > bin/hi && chmod +x bin/hi",
            },
        ],
        start="echo started > /tmp/started; echo said",
    )
    (tmp_path / "templates/small/src").mkdir()
    (tmp_path / "templates/small/src/main.py").write_text("print('x')")
    with running_engine(
        tmp_path / "data", with_bun=False, templates_dir=str(tmp_path / "templates")
    ) as engine:
        one = await AsyncSandbox.create("small", **engine.options)
        two = await AsyncSandbox.create("small", **engine.options)
        assert (await one.commands.run("hi; echo $SHAPE; ls app app/src")).stdout == (
            "hi\nround\napp:\nbuilt\nsrc\n\napp/src:\nmain.py\n"
        )
        built = await one.files.read("app/built")
        await one.files.write("app/built", "changed")
        await one.commands.run("rm -r app/src; until test -e /tmp/started; do sleep 0.01; done")
        assert await two.files.read("app/built") == built
        assert await two.files.read("app/src/main.py") == "print('x')"
        assert await one.files.read(".start.log") == "said\n"
        await one.files.rename("app", "renamed")
        assert await one.files.read("renamed/built") == "changed"


async def test_whatever_lies_where_start_logs_it_runs_and_the_sandbox_too(tmp_path: Path) -> None:
    template(tmp_path / "templates/small", start="echo said; date +%N > started")
    with running_engine(
        tmp_path / "data", with_bun=False, templates_dir=str(tmp_path / "templates")
    ) as engine:
        sandbox = await AsyncSandbox.create("small", **engine.options)
        for change in ("mkfifo .start.log", "mkdir .start.log", "ln -s missing/log .start.log"):
            await sandbox.commands.run(
                f"until test -s started; do sleep 0.01; done; rm -r .start.log started; {change}"
            )
            await sandbox.pause(keep_memory=False)
            await sandbox.connect()
        await sandbox.commands.run("until test -s started; do sleep 0.01; done", timeout=20)


async def test_a_failing_step_tells_its_last_lines_and_leaves_no_layer(tmp_path: Path) -> None:
    template(
        tmp_path / "templates/broken",
        steps=[
            {"name": "fine", "run": "echo ok"},
            {"name": "bad", "run": "echo the reason >&2; false"},
        ],
    )
    with running_engine(
        tmp_path / "data", with_bun=False, templates_dir=str(tmp_path / "templates")
    ) as engine:
        with pytest.raises(SandboxException, match=r"(?s)step 'bad'.*status 1.*the reason"):
            await AsyncSandbox.create("broken", **engine.options)
        assert len(entries(engine.data_dir / "layers")) == 1
        assert entries(engine.data_dir / "builds") == []


def test_a_template_is_built_by_hand_with_progress(tmp_path: Path) -> None:
    template(tmp_path / "templates/plain", steps=[{"name": "greet", "run": "echo hi > hi"}])
    command = [
        *(sys.executable, "-m", "stackwright.engine", "build", "--without-bun", "plain"),
        *("--data-dir", str(tmp_path / "data"), "--templates-dir", str(tmp_path / "templates")),
    ]
    first = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "plain: step 1/1 greet ..." in first.stderr
    again = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "step 1/1" not in again.stderr


def test_the_doctor_finds_this_host_capable() -> None:
    found = subprocess.run(
        [sys.executable, "-m", "stackwright.engine", "doctor"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout
    for name in ("bubblewrap", "namespaces", "overlay", "seccomp", "node", "python"):
        assert f"ok   {name}:" in found.stdout


def test_without_bubblewrap_the_engine_refuses_with_the_fix(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    for name in ("node", "unshare", "sh", "mount", "touch"):
        for folder in ("/usr/bin", "/bin", "/usr/local/bin"):
            if Path(folder, name).exists():
                (tmp_path / "bin" / name).symlink_to(Path(folder, name))
                break
    refused = subprocess.run(
        [sys.executable, "-m", "stackwright.engine"],
        input=json.dumps({"data_dir": str(tmp_path / "data"), "api_key": "k"}) + "\n",
        env={"PATH": str(tmp_path / "bin")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert "apt-get install bubblewrap" in refused.stderr
