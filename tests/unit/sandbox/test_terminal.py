from typing import Any, cast

import e2b
import pytest

from stackwright.sandbox.base import SandboxGone
from stackwright.sandbox.terminal import Terminal


class Shell:
    """A shell's handle, and the sandbox that it runs in."""

    pid = 7

    def __init__(self, ending: Exception | None = None) -> None:
        self.ending = ending
        self.killed = list[int]()
        self.pty = self

    async def wait(self) -> None:
        if self.ending is not None:
            raise self.ending

    async def kill(self, pid: int, *, request_timeout: float) -> None:
        assert request_timeout > 0
        self.killed.append(pid)


def terminal(shell: Shell) -> Terminal:
    return Terminal(cast("Any", shell), shell)


async def test_a_shell_that_ends_with_any_code_has_ended() -> None:
    left = e2b.CommandExitException(stdout="", stderr="", exit_code=130, error=None)
    for shell in (Shell(), Shell(left)):
        await terminal(shell).wait()


async def test_a_shell_whose_sandbox_is_gone_says_so_and_a_closed_one_is_killed() -> None:
    shell = Shell(e2b.NotFoundException("no such sandbox"))
    with pytest.raises(SandboxGone):
        await terminal(shell).wait()
    await terminal(shell).close()
    assert shell.killed == [7]
