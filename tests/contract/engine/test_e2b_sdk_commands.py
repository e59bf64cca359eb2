import asyncio

import pytest
from e2b import AsyncSandbox, CommandExitException, Sandbox, TimeoutException
from e2b.sandbox.commands.command_handle import PtySize

from fixtures.engine_process import EngineProcess

pytestmark = pytest.mark.integration


async def test_a_command_returns_its_output_and_exit_code(sandbox: AsyncSandbox) -> None:
    result = await sandbox.commands.run("echo out; echo err >&2; pwd; whoami")
    assert result.exit_code == 0
    assert result.stdout == "out\n/home/user\nuser\n"
    assert result.stderr == "err\n"


async def test_a_failing_command_raises_with_its_exit_code(sandbox: AsyncSandbox) -> None:
    with pytest.raises(CommandExitException) as failure:
        await sandbox.commands.run("echo partial; exit 7")
    assert failure.value.exit_code == 7
    assert failure.value.stdout == "partial\n"


async def test_output_streams_while_the_command_runs(sandbox: AsyncSandbox) -> None:
    first_line = asyncio.Event()

    async def heard(text: str) -> None:
        if "one" in text:
            first_line.set()

    command = await sandbox.commands.run(
        "echo one; read answer; echo got $answer", background=True, stdin=True, on_stdout=heard
    )
    async with asyncio.timeout(5):
        await first_line.wait()
    await sandbox.commands.send_stdin(command.pid, "blue\n")
    assert (await command.wait()).stdout == "one\ngot blue\n"


async def test_stdin_can_be_closed(sandbox: AsyncSandbox) -> None:
    command = await sandbox.commands.run("cat; echo done", background=True, stdin=True)
    await sandbox.commands.send_stdin(command.pid, "text")
    await sandbox.commands.close_stdin(command.pid)
    assert (await command.wait()).stdout == "textdone\n"


async def test_a_timeout_kills_the_whole_process_group(sandbox: AsyncSandbox) -> None:
    with pytest.raises(TimeoutException):
        await sandbox.commands.run("sleep 4321 & sleep 4321", timeout=0.5)
    result = await sandbox.commands.run(
        "for i in $(seq 50); do pgrep -x sleep > /dev/null || break; sleep 0.05; done; pgrep -xc sleep || true"
    )
    assert result.stdout.strip() == "0"


async def test_a_client_that_leaves_does_not_end_its_command(sandbox: AsyncSandbox) -> None:
    command = await sandbox.commands.run(
        "mkfifo /tmp/go; echo ready; read x < /tmp/go; echo $x > /tmp/result", background=True
    )
    await command.disconnect()
    assert command.pid in [process.pid for process in await sandbox.commands.list()]
    await sandbox.commands.run("echo finished > /tmp/go")
    again = await sandbox.commands.connect(command.pid)
    await again.wait()
    assert await sandbox.files.read("/tmp/result") == "finished\n"


async def test_a_background_command_can_be_killed(sandbox: AsyncSandbox) -> None:
    command = await sandbox.commands.run("sleep 4321", background=True)
    assert await command.kill() is True
    with pytest.raises(CommandExitException):
        await command.wait()
    assert await sandbox.commands.kill(command.pid) is False


async def test_five_megabytes_of_output_arrive_whole(sandbox: AsyncSandbox) -> None:
    result = await sandbox.commands.run("yes 0123456789abcde | head -c 5000000", timeout=30)
    assert len(result.stdout) == 5_000_000
    assert result.stdout.startswith("0123456789abcde\n0123")


async def test_a_daemon_that_keeps_the_output_open_does_not_hold_its_command(
    sandbox: AsyncSandbox,
) -> None:
    result = await sandbox.commands.run("(sleep 4321 &) ; echo started", timeout=5)
    assert result.stdout == "started\n"


async def test_environment_and_folder_can_be_given(sandbox: AsyncSandbox) -> None:
    result = await sandbox.commands.run("echo $COLOUR; pwd", envs={"COLOUR": "red"}, cwd="/tmp")
    assert result.stdout == "red\n/tmp\n"


async def test_a_terminal_knows_its_size_and_echoes(sandbox: AsyncSandbox) -> None:
    output = bytearray()

    async def heard(data: bytes) -> None:
        output.extend(data)

    terminal = await sandbox.pty.create(PtySize(rows=31, cols=97), on_data=heard, timeout=10)
    await sandbox.pty.send_stdin(terminal.pid, b"stty size; tty; exit\n")
    await terminal.wait()
    assert b"31 97" in output
    assert b"/dev/pts/" in output


async def test_a_terminal_can_be_resized(sandbox: AsyncSandbox) -> None:
    output = bytearray()

    async def heard(data: bytes) -> None:
        output.extend(data)

    terminal = await sandbox.pty.create(PtySize(rows=24, cols=80), on_data=heard, timeout=10)
    await sandbox.pty.resize(terminal.pid, PtySize(rows=40, cols=120))
    await sandbox.pty.send_stdin(terminal.pid, b"stty size; exit\n")
    await terminal.wait()
    assert b"40 120" in output


async def test_many_commands_run_at_once(sandbox: AsyncSandbox) -> None:
    results = await asyncio.gather(*(sandbox.commands.run(f"echo {n}") for n in range(30)))
    assert [result.stdout for result in results] == [f"{n}\n" for n in range(30)]


async def test_python_node_npm_and_uv_are_there(sandbox: AsyncSandbox) -> None:
    result = await sandbox.commands.run(
        "python3 -c 'import ssl, sqlite3; print(1)' && node -p 1+1 && npm -v && uv --version"
    )
    assert result.exit_code == 0


def test_the_synchronous_client_works_too(engine: EngineProcess) -> None:
    with Sandbox.create("base", timeout=60, **engine.options) as sandbox:
        sandbox.files.write("a.txt", "text")
        assert sandbox.commands.run("cat a.txt").stdout == "text"
        assert sandbox.is_running()
