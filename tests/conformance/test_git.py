"""The SDK's git helper: commands inside the sandbox, read by the client."""

import random
from typing import Any

import pytest
from e2b import GitUpstreamException, InvalidArgumentException

AUTHOR = {"author_name": "Ann", "author_email": "ann@example.com"}


@pytest.fixture
async def repository(sandbox: Any, folder: str) -> str:
    path = f"{folder}/repo"
    await sandbox.git.init(path, initial_branch="main")
    await sandbox.files.write(f"{path}/README.md", "hello\n")
    await sandbox.git.add(path, all=True)
    await sandbox.git.commit(path, message="First", **AUTHOR)
    return path


async def test_a_repository_tells_its_status_and_branches(sandbox: Any, repository: str) -> None:
    status = await sandbox.git.status(repository)
    assert (status.current_branch, status.is_clean) == ("main", True)
    await sandbox.files.write(f"{repository}/README.md", "changed\n")
    assert [f.name for f in (await sandbox.git.status(repository)).file_status] == ["README.md"]
    await sandbox.git.create_branch(repository, "feature")
    await sandbox.git.checkout_branch(repository, "main")
    branches = await sandbox.git.branches(repository)
    assert (sorted(branches.branches), branches.current_branch) == (["feature", "main"], "main")
    await sandbox.git.delete_branch(repository, "feature")
    assert (await sandbox.git.branches(repository)).branches == ["main"]


async def test_changes_are_reset_and_restored(sandbox: Any, repository: str) -> None:
    await sandbox.files.write(f"{repository}/README.md", "changed\n")
    await sandbox.git.restore(repository, paths=["README.md"])
    assert await sandbox.files.read(f"{repository}/README.md") == "hello\n"
    await sandbox.files.write(f"{repository}/README.md", "again\n")
    await sandbox.git.reset(repository, mode="hard", target="HEAD")
    assert (await sandbox.git.status(repository)).is_clean


async def test_settings_are_kept(sandbox: Any, repository: str) -> None:
    await sandbox.git.set_config("pull.rebase", "true", scope="local", path=repository)
    found = await sandbox.git.get_config("pull.rebase", scope="local", path=repository)
    assert found == "true"
    await sandbox.git.configure_user("Ann", "ann@example.com")
    assert await sandbox.git.get_config("user.name", scope="global") == "Ann"


async def test_commits_travel_to_a_remote_and_back(
    sandbox: Any, repository: str, folder: str
) -> None:
    await sandbox.commands.run(f"git init -q --bare --initial-branch=main {folder}/remote.git")
    port = random.randint(20000, 60000)
    daemon = await sandbox.commands.run(
        f"git daemon --reuseaddr --base-path={folder} --export-all --enable=receive-pack "
        f"--listen=127.0.0.1 --port={port}",
        background=True,
    )
    url = f"git://127.0.0.1:{port}/remote.git"
    await sandbox.commands.run(f"until git ls-remote {url}; do sleep 0.1; done")
    await sandbox.git.remote_add(repository, "origin", url)
    assert await sandbox.git.remote_get(repository, "origin") == url
    with pytest.raises(GitUpstreamException):
        await sandbox.git.push(repository, set_upstream=False)
    await sandbox.git.push(repository, remote="origin", branch="main", set_upstream=True)
    await sandbox.git.clone(url, f"{folder}/copy")
    assert await sandbox.files.read(f"{folder}/copy/README.md") == "hello\n"
    await sandbox.files.write(f"{repository}/new.txt", "new")
    await sandbox.git.add(repository, all=True)
    await sandbox.git.commit(repository, message="Second", **AUTHOR)
    await sandbox.git.push(repository)
    await sandbox.git.pull(f"{folder}/copy")
    assert await sandbox.files.exists(f"{folder}/copy/new.txt")
    await daemon.kill()


async def test_a_password_needs_a_user(sandbox: Any, folder: str) -> None:
    with pytest.raises(InvalidArgumentException):
        await sandbox.git.clone("https://example.com/a.git", folder, password="secret")
