import os
import sys
import threading
from pathlib import Path

import pytest

from stackwright.testing.platform_process import free_port
from stackwright.verify.environment_scripts.instance import Instance, Place, StartFailed


def instance(root: Path) -> Instance:
    ports = {name: free_port() for name in ("proxy", "frontend", "backend", "server_side", "mail")}
    return Instance(Place(root, "proof_1", **ports), root / "notes", threading.Event())


def test_an_app_without_a_backend_is_told(tmp_path: Path) -> None:
    with pytest.raises(StartFailed, match="no folder 'backend'"):
        instance(tmp_path)


def test_its_programs_find_a_database_and_a_backend_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "backend").mkdir()
    monkeypatch.setenv("MONGODB_URL", "mongodb://127.0.0.1:1/app")
    monkeypatch.setenv("PYTHONPATH", "/platform")
    first, second = instance(tmp_path), instance(tmp_path)
    one, other = first.environment(), second.environment()
    first.close()
    second.close()
    assert one["MONGODB_DB"] == "proof_1"
    assert one["MONGODB_URL"] != other["MONGODB_URL"]  # each through a guard of its own
    assert one["BACKEND_URL"] != other["BACKEND_URL"]
    assert "PYTHONPATH" not in one


def test_a_backend_that_ends_at_its_start_is_told_with_what_it_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "backend").mkdir()
    (tmp_path / "backend/main.py").write_text("raise SystemExit('out of milk')\n")
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    started = instance(tmp_path)
    started.start_backend()
    try:
        with pytest.raises(StartFailed, match=r"ends at its start(.|\n)*out of milk"):
            started.open("token", {})
    finally:
        started.close()
    assert not started.was_asked()
