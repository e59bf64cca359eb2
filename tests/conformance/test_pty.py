from typing import Any

import pytest
from e2b import CommandExitException, PtySize

from conformance.sdk import Terminal, until


async def test_a_terminal_knows_its_size_and_its_variables(sandbox: Any) -> None:
    terminal = await Terminal(sandbox).create(rows=31, cols=97, envs={"ABC": "a1"}, cwd="/tmp")
    await terminal.type("stty size; tty; echo $ABC$TERM; pwd; exit\n")
    assert (await terminal.ended()).exit_code == 0
    for expected in (b"31 97", b"/dev/pts/", b"a1xterm", b"/tmp"):
        assert expected in terminal.output


async def test_a_terminal_can_be_resized(sandbox: Any) -> None:
    terminal = await Terminal(sandbox).create()
    await sandbox.pty.resize(terminal.pid, PtySize(rows=40, cols=120))
    await terminal.type("stty size; exit\n")
    await terminal.ended()
    assert b"40 120" in terminal.output


async def test_a_second_client_sees_the_same_terminal(sandbox: Any) -> None:
    terminal = await Terminal(sandbox).create(envs={"SECRET": "pear"})
    second = await Terminal(sandbox).connect(terminal.pid)
    assert second.pid == terminal.pid
    await second.type("echo $SECRET; exit\n")
    assert (await second.ended()).exit_code == 0
    assert b"pear" in second.output


async def test_control_c_interrupts_a_program_in_the_terminal(sandbox: Any) -> None:
    terminal = await Terminal(sandbox).create(timeout=30)
    await terminal.type("sleep 4329\n")

    async def is_sleeping() -> bool:
        return (await sandbox.commands.run("pgrep -fxc 'sleep 4329' || true")).stdout == "1\n"

    await until(is_sleeping)
    await terminal.type("\x03")
    await terminal.type("echo st''ill here; exit\n")
    await terminal.ended()
    assert b"still here" in terminal.output


async def test_a_terminal_can_be_killed_once(sandbox: Any) -> None:
    terminal = await Terminal(sandbox).create()
    assert await sandbox.pty.kill(terminal.pid) is True
    with pytest.raises(CommandExitException):
        await terminal.ended()
    assert await sandbox.pty.kill(terminal.pid) is False
