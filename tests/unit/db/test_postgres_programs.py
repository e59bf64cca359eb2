import os
import pwd
from pathlib import Path

import pytest

from stackwright.db import postgres_programs
from stackwright.db.postgres_programs import EmbeddedPostgresFailed, reachable_home, service_account

SOMEBODY = pwd.getpwuid(os.getuid())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One below a folder that can be opened and closed; all folders above count as open."""
    below = tmp_path / "home" / "data"
    below.mkdir(parents=True)
    real = postgres_programs.is_reachable

    def is_reachable(path: Path) -> bool:
        return bool((tmp_path / "home").stat().st_mode & 0o001) if path == below else real(path)

    monkeypatch.setattr(postgres_programs, "is_reachable", is_reachable)
    return below


def test_without_an_account_of_its_own_the_server_uses_the_wanted_folder(folder: Path) -> None:
    folder.parent.chmod(0o700)
    assert reachable_home(folder, None) == folder


def test_where_the_servers_account_cannot_go_it_has_a_folder_elsewhere_always_the_same(
    folder: Path,
) -> None:
    folder.parent.chmod(0o755)
    assert reachable_home(folder, SOMEBODY) == folder
    folder.parent.chmod(0o700)
    elsewhere = reachable_home(folder, SOMEBODY)
    assert elsewhere.parent == postgres_programs.ROOT_HOME
    assert reachable_home(folder, SOMEBODY) == elsewhere
    assert folder.parent.stat().st_mode & 0o777 == 0o700


def test_only_root_needs_an_account_and_says_when_there_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert service_account() is None
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(
        postgres_programs, "SERVICE_ACCOUNTS", ("no-such-account", SOMEBODY.pw_name)
    )
    assert service_account() == SOMEBODY
    monkeypatch.setattr(postgres_programs, "SERVICE_ACCOUNTS", ("no-such-account",))
    with pytest.raises(EmbeddedPostgresFailed, match="set DATABASE_URL"):
        service_account()


def test_a_folder_below_a_closed_one_is_out_of_reach(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o700)
    assert not postgres_programs.is_reachable(tmp_path / "closed" / "data")
