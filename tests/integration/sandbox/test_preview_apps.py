"""An app is woken for a visitor, or for `POST …/restore` without a version: over a real engine."""

from collections.abc import Callable

import pytest

from fixtures.sandbox_managers import ANN, Managers
from stackwright.checkpoint.service import CheckpointService
from stackwright.core.events import Event
from stackwright.core.ids import ProjectId
from stackwright.db.notifications import RunNotifications
from stackwright.projects.service import ProjectService
from stackwright.projects.workspace import ProjectWorkspace
from stackwright.runs.context import RunResources
from stackwright.runs.evidence import EvidenceStore
from stackwright.runs.preview_apps import PreviewApps
from stackwright.runs.service import RunService
from stackwright.sandbox.base import WORKSPACE_ROOT
from stackwright.sandbox.manager import SandboxManager
from stackwright.sandbox.template import Ready, ServiceSpec, Template
from stackwright.verify.browser import Browsers

pytestmark = pytest.mark.integration

SHOP = ServiceSpec(
    name="backend",
    command="exec python3 -m http.server --bind 127.0.0.1 8000",
    cwd=WORKSPACE_ROOT,
    port=8000,
    ready=Ready(path="/"),
)


@pytest.fixture
def apps_of(
    managers: Managers, checkpoints: CheckpointService, signals: RunNotifications
) -> Callable[[SandboxManager], PreviewApps]:
    def make(manager: SandboxManager) -> PreviewApps:
        resources = RunResources(
            database=managers.database,
            sandboxes=manager,
            projects=ProjectService(managers.database),
            evidence=EvidenceStore(managers.database),
            browsers=Browsers(),
            template=Template(name="base", services=(SHOP,)),
            preview_url=lambda _label, _port: "",
        )
        return PreviewApps(resources, RunService(managers.database, signals), checkpoints)

    return make


async def stored(managers: Managers, manager: SandboxManager, project: ProjectId) -> None:
    events: list[Event] = []
    files = ProjectWorkspace(
        database=managers.database,
        user_id=ANN,
        project_id=project,
        sandbox=lambda: manager.get(ANN, project),
        emit=events.append,
    )
    await files.lay_out(await manager.get(ANN, project))
    await files.apply({"page.txt": b"the shop"})


@pytest.mark.parametrize("is_lost", [False, True], ids=["paused", "lost"])
async def test_a_woken_project_has_its_files_in_place_its_sandbox_awake_and_its_services_up(
    managers: Managers, apps_of: Callable[[SandboxManager], PreviewApps], is_lost: bool
) -> None:
    manager, project = managers(), await managers.project()
    await stored(managers, manager, project)
    if is_lost:
        await manager.end(ANN, project)
    else:
        await manager.put_away(ANN, project)
    assert await managers.running() == 0
    await apps_of(managers()).wake(ANN, project)
    sandbox = await manager.find(ANN, project)
    assert sandbox is not None
    assert (await sandbox.request(8000, "GET", "/page.txt")).body == b"the shop"


async def test_a_project_that_a_run_works_on_is_left_to_the_run(
    managers: Managers,
    apps_of: Callable[[SandboxManager], PreviewApps],
    signals: RunNotifications,
) -> None:
    manager, project = managers(), await managers.project()
    runs = RunService(managers.database, signals)
    accepted = await runs.accept(user_id=ANN, project_id=project, message="go")
    claimed = await runs.claim(accepted.run_id, worker="w")
    assert claimed is not None
    await apps_of(manager).wake(ANN, project)
    assert await managers.running() == 0
    await runs.hand_over(claimed.lease)
