"""Programs in the background, on real processes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fixtures.waiting import until
from stackwright.sandbox.base import ServiceFailed, ServiceStatus
from stackwright.sandbox.detached import STATE_DIR
from stackwright.sandbox.services import SandboxServices
from stackwright.testing.memory_sandbox import MemorySandbox

pytestmark = pytest.mark.integration


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[MemorySandbox]:
    made = MemorySandbox(tmp_path)
    yield made
    await made.end()


def services_of(sandbox: MemorySandbox) -> SandboxServices:
    return SandboxServices(sandbox, [], emit=lambda _: None, preview_url=str)


async def test_a_job_ends_with_a_code_and_its_output_can_be_read(sandbox: MemorySandbox) -> None:
    services = services_of(sandbox)
    assert await services.start("import", command="echo imported 3; exit 4") == ServiceStatus(
        "import", "running", None, None
    )

    async def has_ended() -> bool:
        (job,) = await services.status()
        return job.detail == "ended with exit code 4" and job.state == "stopped"

    await until(has_ended)
    assert await services.logs("import") == "imported 3\n"
    assert await services_of(sandbox).logs("import") == "imported 3\n"  # a later run
    assert await services.ensure_all() == []


async def test_a_job_is_stopped_and_started_anew(sandbox: MemorySandbox) -> None:
    services = services_of(sandbox)

    async def runs() -> bool:
        (job,) = await services.status()
        return job.state == "running" and job.pid is not None

    await services.start("watch", command="exec sleep 600")
    await until(runs)
    await services.stop("watch")
    (job,) = await services.status()
    assert (job.state, job.detail) == ("stopped", "stopped before its end")
    await services.start("watch", command="exec sleep 600")
    await until(runs)
    await services.stop("watch")


async def test_what_nobody_started_is_told(sandbox: MemorySandbox) -> None:
    with pytest.raises(ServiceFailed, match="There is no service 'other'"):
        await services_of(sandbox).logs("other")


async def test_strange_files_of_the_sandbox_are_no_jobs(sandbox: MemorySandbox) -> None:
    await sandbox.write(
        {f"{STATE_DIR}/pids/$(x) \n.job": b"1", f"{STATE_DIR}/pids/a.job": b"x" * 999}
    )
    assert await services_of(sandbox).status() == []
