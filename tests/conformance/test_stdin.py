from typing import Any

import pytest

from conformance.sdk import Sdk, until


@pytest.mark.parametrize("text", ["Hello!", "two\nlines", "!@#$%^&*()_+", ""])
async def test_what_is_sent_reaches_the_command(sandbox: Any, text: str) -> None:
    command = await sandbox.commands.run("cat", background=True, stdin=True)
    await sandbox.commands.send_stdin(command.pid, text)
    await sandbox.commands.close_stdin(command.pid)
    assert (await command.wait()).stdout == text


async def test_a_handle_can_be_answered_while_it_runs(sdk: Sdk, sandbox: Any) -> None:
    heard: list[str] = []
    listening = {"on_stdout": heard.append} if sdk.is_async else {}
    command = await sandbox.commands.run(
        "echo name?; read name; echo hello $name", background=True, stdin=True, **listening
    )
    if sdk.is_async:
        await until(lambda: heard == ["name?\n"])
    await command.send_stdin("Ann\n")
    assert (await command.wait()).stdout == "name?\nhello Ann\n"


async def test_without_stdin_a_command_reads_nothing(sandbox: Any) -> None:
    assert (await sandbox.commands.run("cat; echo end", stdin=False)).stdout == "end\n"


async def test_input_can_be_streamed(sdk: Sdk, sandbox: Any) -> None:
    if not hasattr(sandbox.commands, "stream_input"):
        pytest.skip("this version of the SDK cannot stream input")
    command = await sandbox.commands.run("cat", background=True, stdin=True)
    if sdk.is_async:
        async with sandbox.commands.stream_input(command.pid) as typing:
            for part in ("one ", b"two ", "three"):
                await typing.send(part)
    else:
        await sandbox.commands.stream_input(command.pid, ["one ", b"two ", "three"])
    await sandbox.commands.close_stdin(command.pid)
    assert (await command.wait()).stdout == "one two three"
