"""A command that ruins its sandbox costs the project no more than that sandbox."""

import pytest

from fixtures.run_contexts import Play, Played
from fixtures.sandbox_managers import ANN, Managers
from stackwright.core.errors import SandboxUnavailable
from stackwright.core.ids import ProjectId
from stackwright.projects.paths import LeadsOut
from stackwright.projects.scan import MARKER
from stackwright.projects.service import ProjectService
from stackwright.sandbox.base import WORKSPACE_ROOT, Sandbox, SandboxFileMissing
from stackwright.sandbox.health import works

pytestmark = pytest.mark.integration

RUINOUS = {
    "no users": "rm -f /etc/passwd",
    "closed home": "chmod -R 000 /home/user",
    "file as workspace": "rm -rf /home/user/code; touch /home/user/code",
    "link as workspace": "mv /home/user/code /tmp/elsewhere; ln -s /tmp/elsewhere /home/user/code",
    "own profile ends": "echo exit 3 >>~/.profile",
    "profile of all ends": "echo exit 3 >>/etc/profile",
    "profile prints": "echo 'echo welcome' >>~/.profile",
    "no configuration": "rm -rf /etc/*",
    "other users": "ln -s /etc/passwd users; echo x >users",
}
FILES = {"src/main.py": b"print()\n", "README.md": b"# app\n"}


@pytest.fixture(params=RUINOUS.values(), ids=RUINOUS.keys())
def ruinous(request: pytest.FixtureRequest) -> str:
    return request.param


async def ruined(played: Played, command: str) -> Sandbox:
    """The project's sandbox after its files were written and the command was run."""
    sandbox = await played.context.sandbox()
    await played.context.files.apply(FILES)
    await sandbox.run(command)
    played.told.clear()
    return sandbox


async def failure(played: Played) -> str:
    """What the tool says whose command ruined the sandbox."""
    with pytest.raises(SandboxUnavailable) as raised:
        await played.context.files.capture()
    return str(raised.value)


async def contents(sandbox: Sandbox) -> dict[str, bytes]:
    return {path: await sandbox.read(f"{WORKSPACE_ROOT}/{path}") for path in FILES}


async def test_the_next_message_gets_a_working_sandbox_with_the_files(
    play: Play, managers: Managers, ruinous: str
) -> None:
    before = await play()
    broken = await ruined(before, ruinous)
    await before.context.close()
    await before.hand_over()
    after = await play(before.project)
    sandbox = await after.context.sandbox()
    assert sandbox.id != broken.id
    assert await contents(sandbox) == FILES
    assert (await sandbox.run("echo ok")).stdout == "ok\n"
    assert len(after.details("replaced")) == 1
    assert "replaced by a new one" in after.context.preparation.take_news()
    assert after.context.preparation.take_news() == ""
    assert not (await managers.listed())[broken.id].is_running


async def test_a_run_that_ruins_its_sandbox_goes_on_in_another(
    played: Played, ruinous: str
) -> None:
    broken = await ruined(played, ruinous)
    assert "Traceback" not in await failure(played)
    sandbox = await played.context.sandbox()
    assert sandbox.id != broken.id
    assert await contents(sandbox) == FILES
    assert "replaced" in played.states()


async def test_one_process_ruins_a_sandbox_that_another_holds(
    play: Play, managers: Managers
) -> None:
    first = await play()
    broken = await ruined(first, "true")
    await first.context.close()
    await first.hand_over()
    other = await managers().get(ANN, first.project)
    await other.run("rm -rf /home/user/code; touch /home/user/code")
    again = await play(first.project, first.manager)
    sandbox = await again.context.sandbox()
    assert sandbox.id != broken.id
    assert await contents(sandbox) == FILES


async def test_one_that_only_needs_a_boot_is_not_replaced(play: Play) -> None:
    before = await play()
    hog = "(exec -a hog sleep 300) & echo 'grep -qsz ^hog$ /proc/[0-9]*/cmdline && exit 3' >>~/.profile"
    sandbox = await ruined(before, hog)
    assert not await works(sandbox)
    await before.context.close()
    await before.hand_over()
    after = await play(before.project)
    assert (await after.context.sandbox()).id == sandbox.id
    assert after.details("replaced") == []


async def test_a_full_disk_is_no_reason_to_be_replaced(managers: Managers) -> None:
    sandbox = await managers().get(ANN, await managers.project())
    await sandbox.run("echo 'ulimit -f 0' >>~/.profile", cwd="/")
    assert (await sandbox.run("trap '' XFSZ; echo x >/tmp/x", cwd="/")).exit_code != 0
    assert await works(sandbox)


async def test_nothing_is_written_through_a_link_out_of_the_workspace(played: Played) -> None:
    sandbox, files = await played.context.sandbox(), played.context.files
    users = await sandbox.read("/etc/passwd")
    await sandbox.run("ln -s /etc/passwd users; ln -s /etc etc; mkdir in; ln -s in inside")
    await files.capture()
    for path in ("users", "etc/passwd"):
        with pytest.raises(LeadsOut, match="Remove the link first"):
            await files.apply({"fine.txt": b"", path: b"gone"})
        with pytest.raises(LeadsOut):
            await files.apply({path: None})
    assert await sandbox.read("/etc/passwd") == users
    with pytest.raises(SandboxFileMissing):
        await sandbox.read(f"{WORKSPACE_ROOT}/fine.txt")
    assert await files.apply({"inside/a.txt": b"a"}) == ["inside/a.txt"]
    await sandbox.run("rm users")
    await files.capture()
    assert await files.apply({"users": b"mine"}) == ["users"]
    assert await sandbox.read(f"{WORKSPACE_ROOT}/users") == b"mine"


async def test_nor_through_one_that_a_program_made_since_the_last_look(played: Played) -> None:
    sandbox = await played.context.sandbox()
    users = await sandbox.read("/etc/passwd")
    await sandbox.run("ln -s /etc/passwd users; ln -s /etc etc")
    for path in ("users", "etc/passwd", "etc/new"):
        with pytest.raises(SandboxUnavailable, match="leads out of"):
            await played.context.files.apply({path: b"gone"})
    assert await sandbox.read("/etc/passwd") == users


async def test_the_mark_of_the_workspace_is_not_written_through_a_link(played: Played) -> None:
    sandbox = await played.context.sandbox()
    users = await sandbox.read("/etc/passwd")
    await sandbox.run(f"ln -sf /etc/passwd {MARKER}")
    with pytest.raises(SandboxUnavailable, match="leads out of"):
        await played.context.files.apply(FILES)
    await played.context.files.capture()
    await played.context.files.apply({"another": b""})
    assert await contents(sandbox) == FILES
    assert await sandbox.read("/etc/passwd") == users


async def test_a_disk_is_kept_aside_for_a_while_and_one_for_a_project(
    played: Played, managers: Managers
) -> None:
    first = await ruined(played, "echo kept >~/data; rm -f /etc/passwd")
    await failure(played)
    second = await played.context.sandbox()
    assert set(await managers.listed()) == {first.id, second.id}
    await played.manager.tend()
    assert set(await managers.listed()) == {first.id, second.id}
    assert (await played.manager.counts())["paused"] == 0
    await second.run("rm -f /etc/passwd")
    await failure(played)
    third = await played.context.sandbox()
    assert set(await managers.listed()) == {second.id, third.id}
    await age_aside(managers, played.project)
    await played.manager.tend()
    assert set(await managers.listed()) == {third.id}
    aside = [one for one in await managers.registry().aside() if one.owner[1] == played.project]
    assert aside == []


async def test_a_deleted_projects_disk_is_not_kept_aside(
    played: Played, managers: Managers
) -> None:
    await ruined(played, "rm -f /etc/passwd")
    await failure(played)
    await played.context.sandbox()
    await played.context.close()
    assert len(await managers.listed()) == 2
    await ProjectService(managers.database).delete(ANN, played.project)
    await played.manager.end(ANN, played.project)
    assert await managers.listed() == {}


async def age_aside(managers: Managers, project: ProjectId) -> None:
    async with managers.database.transaction() as transaction:
        await transaction.exec_driver_sql(
            "UPDATE projects SET sandbox_broke_at = now() - interval '2 days' WHERE id = %s",
            (project,),
        )
