from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from fixtures.tool_bench import Bench
from stackwright.sandbox.base import ServiceStatus
from stackwright.testing.memory_sandbox import MemorySandbox
from stackwright.tools.base import Illustrated, ToolFailed
from stackwright.tools.browser_actions import BrowserAction


@dataclass
class KeptCalls:
    """Sessions that only note what they are asked for."""

    calls: list[tuple[str, list[str], Mapping[str, bytes], bool]] = field(default_factory=list)

    async def act(
        self,
        session: str,
        actions: Sequence[BrowserAction],
        *,
        uploads: Mapping[str, bytes],
        accepts_dialogs: bool,
    ) -> Illustrated:
        self.calls.append((session, [one.do for one in actions], uploads, accepts_dialogs))
        return Illustrated("done")


@pytest.fixture
def bench() -> Bench:
    made = Bench(cast("MemorySandbox", None))
    made.browser = KeptCalls()
    return made


async def call(bench: Bench, **arguments: Any) -> Any:
    return await bench.call("browser", **arguments)


async def test_actions_reach_the_named_session_with_the_files_they_upload(bench: Bench) -> None:
    bench.files.contents["logo.png"] = b"png"
    upload = {"do": "upload", "label": "Logo", "value": "logo.png"}
    opened = {"do": "open", "route": "/"}
    await call(bench, session="ann", actions=[opened, upload], dialogs="dismiss")
    assert bench.browser.calls == [("ann", ["open", "upload"], {"logo.png": b"png"}, False)]


async def test_the_app_runs_with_its_present_code_before_it_is_used(bench: Bench) -> None:
    await call(bench, actions=[{"do": "click", "text": "Add"}])
    assert bench.services.wanted == ["all"]
    said = "backend does not answer on port 8000. Its log ends:\nSyntaxError"
    bench.services.crashed = [ServiceStatus("backend", "crashed", 8000, None, said)]
    with pytest.raises(ToolFailed, match="SyntaxError"):
        await call(bench, actions=[{"do": "open", "route": "/"}])
    assert len(bench.browser.calls) == 1


async def test_a_file_that_is_not_there_is_told(bench: Bench) -> None:
    upload = {"do": "upload", "label": "Logo", "value": "nope.png"}
    with pytest.raises(ToolFailed, match=r"nope\.png.*upload sends files of the workspace"):
        await call(bench, actions=[upload])
    assert bench.browser.calls == []


async def test_uploads_are_bounded(bench: Bench) -> None:
    bench.files.contents["big.bin"] = b"x" * 5_000_001
    with pytest.raises(ToolFailed, match="5000000 bytes at most"):
        await call(bench, actions=[{"do": "upload", "label": "Logo", "value": "big.bin"}])


@pytest.mark.parametrize(
    "arguments",
    [
        {"actions": []},
        {"actions": [{"do": "read"}] * 26},
        {"actions": [{"do": "read"}], "session": "a b"},
        {"actions": [{"do": "type", "label": "Title", "value": "\ud800"}]},
        {"actions": "open /"},
    ],
)
async def test_arguments_of_a_wrong_shape_are_refused(
    bench: Bench, arguments: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match="1 validation error"):
        await call(bench, **arguments)


async def test_an_interrupted_call_says_that_the_session_is_gone(bench: Bench) -> None:
    with pytest.raises(ToolFailed, match="Session 'main' begins anew with `open`"):
        await bench.look_up("browser", 0, actions=[{"do": "read"}])
