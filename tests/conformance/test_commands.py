import asyncio
from typing import Any

import pytest
from e2b import (
    CommandExitException,
    InvalidArgumentException,
    NotFoundException,
    TimeoutException,
)

from conformance.sdk import until


async def test_a_command_returns_output_errors_and_exit_code(sandbox: Any) -> None:
    result = await sandbox.commands.run("echo out; echo err >&2; pwd; whoami")
    assert (result.exit_code, result.error) == (0, None)
    assert result.stdout == "out\n/home/user\nuser\n"
    assert result.stderr == "err\n"


@pytest.mark.parametrize("text", ["two\nlines", "!@#%^&*()_+", "grüße ☃", "'quoted'"])
async def test_any_text_is_echoed(sandbox: Any, text: str) -> None:
    quoted = text.replace("'", "'\\''")
    assert (await sandbox.commands.run(f"echo '{quoted}'")).stdout == f"{text}\n"


async def test_broken_utf8_becomes_a_replacement_character(sandbox: Any) -> None:
    result = await sandbox.commands.run("head -c 8191 /dev/zero | tr '\\0' a; printf '\\xe2'")
    assert result.stdout == "a" * 8191 + "�"


async def test_a_failing_command_raises_with_what_it_said(sandbox: Any) -> None:
    with pytest.raises(CommandExitException) as failure:
        await sandbox.commands.run("echo partial; echo why >&2; exit 7")
    assert failure.value.exit_code == 7
    assert (failure.value.stdout, failure.value.stderr) == ("partial\n", "why\n")


async def test_output_streams_while_the_command_runs(sandbox: Any, folder: str) -> None:
    out: list[str] = []
    err: list[str] = []
    command = f"echo one; echo no >&2; until [ -e {folder} ]; do sleep 0.05; done; echo two"
    running = asyncio.create_task(
        sandbox.commands.run(command, on_stdout=out.append, on_stderr=err.append)
    )
    await until(lambda: out == ["one\n"] and err == ["no\n"])
    await sandbox.files.make_dir(folder)
    assert (await running).stdout == "one\ntwo\n"
    assert "".join(out) == "one\ntwo\n"


async def test_environment_folder_and_user_can_be_given(sandbox: Any) -> None:
    result = await sandbox.commands.run("echo $COLOUR; pwd", envs={"COLOUR": "red"}, cwd="/tmp")
    assert result.stdout == "red\n/tmp\n"
    home = await sandbox.commands.run("echo $HOME $USER", user="user")
    assert home.stdout == "/home/user user\n"
    assert (await sandbox.commands.run("echo ok", user="root")).stdout == "ok\n"


async def test_variables_of_one_command_do_not_reach_the_next(sandbox: Any) -> None:
    await sandbox.commands.run("true", envs={"ONCE": "yes"})
    assert (await sandbox.commands.run("echo [$ONCE]")).stdout == "[]\n"


async def test_a_missing_folder_is_an_invalid_argument(sandbox: Any) -> None:
    with pytest.raises(InvalidArgumentException):
        await sandbox.commands.run("true", cwd="/no/such/folder")


async def test_a_timeout_kills_the_whole_process_group(sandbox: Any) -> None:
    with pytest.raises(TimeoutException):
        await sandbox.commands.run("sleep 7654 & sleep 7654", timeout=0.5)

    async def none_left() -> bool:
        return (await sandbox.commands.run("pgrep -fxc 'sleep 7654' || true")).stdout == "0\n"

    await until(none_left)


async def test_a_timeout_also_ends_what_still_writes_after_its_command(sandbox: Any) -> None:
    writer = "while echo still; do sleep 0.05; done; : 7655"
    with pytest.raises(TimeoutException):
        await sandbox.commands.run(f"bash -c '{writer}' & echo started", timeout=0.5)

    async def none_left() -> bool:
        return (await sandbox.commands.run("pgrep -fc '[:] 7655' || true")).stdout == "0\n"

    await until(none_left)


async def test_a_background_command_is_waited_for(sandbox: Any) -> None:
    command = await sandbox.commands.run("echo started; echo done", background=True)
    assert command.pid > 0
    result = await command.wait()
    assert (result.stdout, result.exit_code) == ("started\ndone\n", 0)


async def test_a_background_failure_is_raised_by_wait(sandbox: Any) -> None:
    command = await sandbox.commands.run("exit 3", background=True)
    with pytest.raises(CommandExitException) as failure:
        await command.wait()
    assert failure.value.exit_code == 3


async def test_running_commands_are_listed(sandbox: Any) -> None:
    command = await sandbox.commands.run("sleep 4321", background=True, envs={"A": "b"}, cwd="/tmp")
    [found] = [p for p in await sandbox.commands.list() if p.pid == command.pid]
    assert (found.cmd, found.args) == ("/bin/bash", ["-l", "-c", "sleep 4321"])
    assert (found.envs, found.cwd) == ({"A": "b"}, "/tmp")
    await command.kill()


async def test_a_command_can_be_connected_to_by_its_id(sandbox: Any, folder: str) -> None:
    command = await sandbox.commands.run(
        f"until [ -e {folder} ]; do sleep 0.05; done; echo end", background=True
    )
    again = await sandbox.commands.connect(command.pid)
    assert again.pid == command.pid
    await sandbox.files.make_dir(folder)
    assert (await again.wait()).stdout == "end\n"
    assert (await command.wait()).stdout == "end\n"


async def test_no_such_command(sandbox: Any) -> None:
    with pytest.raises(NotFoundException, match="process with pid 999999 not found"):
        await sandbox.commands.connect(999999)
    assert await sandbox.commands.kill(999999) is False


async def test_a_command_can_be_killed_once(sandbox: Any) -> None:
    command = await sandbox.commands.run("sleep 4321", background=True)
    assert await sandbox.commands.kill(command.pid) is True
    gone = await sandbox.commands.run(f"kill -0 {command.pid} || echo gone")
    assert gone.stdout == "gone\n"
    with pytest.raises(CommandExitException):
        await command.wait()
    assert await sandbox.commands.kill(command.pid) is False


async def test_a_client_that_leaves_does_not_end_its_command(sandbox: Any, folder: str) -> None:
    command = await sandbox.commands.run(
        f"until [ -e {folder} ]; do sleep 0.05; done; echo late > {folder}/result", background=True
    )
    await command.disconnect()
    assert command.pid in [process.pid for process in await sandbox.commands.list()]
    await sandbox.files.make_dir(folder)
    again = await sandbox.commands.connect(command.pid)
    await again.wait()
    assert await sandbox.files.read(f"{folder}/result") == "late\n"


async def test_a_daemon_that_keeps_the_output_open_does_not_hold_its_command(sandbox: Any) -> None:
    result = await sandbox.commands.run("(sleep 60 &) ; echo started", timeout=30)
    assert result.stdout == "started\n"


async def test_thirty_megabytes_of_output_arrive_whole(sandbox: Any) -> None:
    result = await sandbox.commands.run("yes 0123456789abcde | head -c 30000000", timeout=60)
    assert len(result.stdout) == 30_000_000
    assert result.stdout.startswith("0123456789abcde\n0123")


async def test_many_commands_run_at_once(sandbox: Any) -> None:
    results = await asyncio.gather(*(sandbox.commands.run(f"echo {n}") for n in range(20)))
    assert [result.stdout for result in results] == [f"{n}\n" for n in range(20)]


async def test_the_tools_of_the_base_template_are_there(sandbox: Any) -> None:
    result = await sandbox.commands.run(
        "python3 -c 'import ssl, sqlite3; print(1)' && node -p 1+1 && npm -v && uv --version"
    )
    assert result.exit_code == 0


async def test_programs_can_tell_the_distribution(sandbox: Any) -> None:
    named = await sandbox.commands.run('. /etc/os-release && echo "$ID"')
    inside = await sandbox.commands.run('. /usr/lib/os-release && echo "$ID"')
    assert named.stdout == inside.stdout != "\n"


async def test_sudo_runs_its_command_with_the_same_rights(sandbox: Any) -> None:
    command = "sudo -n -u root -E A=b -- sh -c 'echo $A; whoami'; sudo echo plain; sudo -v"
    assert (await sandbox.commands.run(command)).stdout == "b\nuser\nplain\n"


async def test_there_is_a_program_called_python(sandbox: Any) -> None:
    said = await sandbox.commands.run("python -c 'import sys; print(sys.version_info[0])'")
    assert said.stdout == "3\n"


async def test_a_package_installed_globally_brings_its_programs(own: Any) -> None:
    manifest = '{"name": "hello", "version": "1.0.0", "bin": {"hello": "hello.js"}}'
    await own.files.write("hello/package.json", manifest)
    await own.files.write("hello/hello.js", "#!/usr/bin/env node\nconsole.log(`here`)\n")
    await own.commands.run("npm install --global --no-audit ./hello", timeout=60)
    assert (await own.commands.run("hello")).stdout == "here\n"
