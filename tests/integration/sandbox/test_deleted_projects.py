"""What is left of deleted projects when nobody can bring them back any more."""

from dataclasses import replace
from pathlib import Path

import pytest

from fixtures.sandbox_managers import ANN, Managers
from stackwright.checkpoint.service import CheckpointService
from stackwright.db.notifications import RunNotifications
from stackwright.projects.service import ProjectService
from stackwright.runs.context import RunResources
from stackwright.runs.evidence import EvidenceStore
from stackwright.runs.preview_apps import PreviewApps
from stackwright.runs.service import RunService
from stackwright.sandbox.template import load_template
from stackwright.verify.browser import Browsers

pytestmark = pytest.mark.integration


async def test_all_conversations_are_forgotten_although_the_engine_refuses(
    managers: Managers, checkpoints: CheckpointService, signals: RunNotifications, tmp_path: Path
) -> None:
    projects, fetch = ProjectService(managers.database), managers.database.fetch
    gone = [await managers.row(ANN, await managers.project()) for _ in range(2)]
    for one in gone:
        thread = {"thread": one.thread_id, "project": one.id}
        said = "INSERT INTO checkpoints (thread_id, checkpoint_id, checkpoint) VALUES (%(thread)s, 'x', '{}')"
        await fetch(said, thread)
        await projects.delete(ANN, one.id)
        long_ago = (
            "UPDATE projects SET deleted_at = now() - interval '11 minutes' WHERE id = %(project)s"
        )
        await fetch(long_ago, thread)
    refused = replace(managers.endpoint, api_key="e2b_" + "2" * 40)
    resources = RunResources(
        database=managers.database,
        sandboxes=managers(endpoint=refused),
        projects=projects,
        evidence=EvidenceStore(managers.database),
        browsers=Browsers(),
        template=load_template(tmp_path, "base"),
        preview_url=lambda _label, _port: "",
    )
    apps = PreviewApps(resources, RunService(managers.database, signals), checkpoints)
    await apps.remove_deleted()
    threads = {"threads": [one.thread_id for one in gone]}
    assert (
        await fetch("SELECT 1 FROM checkpoints WHERE thread_id = ANY(%(threads)s)", threads) == []
    )
