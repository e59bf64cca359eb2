"""The way back from an attempt that does not work: in the sandbox, in the database and back again."""

from fixtures.run_contexts import Play
from fixtures.sandbox_managers import ANN, Managers
from stackwright.core.ids import RunId
from stackwright.db.run_records import Lease
from stackwright.projects.restore_points import RestorePoints
from stackwright.runs.way_back import RunHistory


async def test_an_attempt_gives_way_to_what_was_verified_and_can_come_back(
    play: Play, managers: Managers
) -> None:
    points = RestorePoints(managers.database)
    played = await play()
    files, project = played.context.files, played.project
    await files.apply({"app.py": b"works\n", "old.py": b"old\n"})
    await points.create(ANN, project, played.context.run_id, title="built", status="verified")

    later = RunId("later-run")
    lease = Lease(
        run_id=later, project_id=project, user_id=ANN, token="t", attempt=1, last_seq=0
    )  # fmt: skip
    history = RunHistory(points, lease, "make it blue", played.context)
    assert await history.changes() == "This run changed no file."
    await files.apply({"app.py": b"broken\n", "old.py": None, "new.py": b"new\n"})
    assert "-works\n+broken" in await history.changes()
    assert await history.has_way_back()
    manifest = {file.path: file.sha256 for file in await files.list()}

    await managers.database.fetch(
        "INSERT INTO runs (id, project_id, user_id, number, input)"
        " VALUES (%(run)s, %(project)s, %(user)s, 99, 'x')",
        {"run": later, "project": project, "user": ANN},
    )
    back = await history.go_back()
    assert back is not None
    assert await files.read("app.py") == b"works\n"
    sandbox = await played.context.sandbox()
    assert await sandbox.read("/home/user/code/old.py") == b"old\n"
    assert "new.py" not in {file.path for file in await files.list()}

    await history.bring_back(back.attempt)
    assert {file.path: file.sha256 for file in await files.list()} == manifest
    (newest, *_) = await points.list_of(ANN, project)
    assert (newest.version, newest.run_id, newest.status) == (back.attempt, later, "unverified")

    await history.bring_back(back.version)
    ended = await points.create(ANN, project, later, title="end", status="unverified")
    assert ended.version == back.attempt + 1
    assert (await points.list_of(ANN, project))[1].run_id is None
