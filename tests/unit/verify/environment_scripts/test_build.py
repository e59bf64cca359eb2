import json
from pathlib import Path

import pytest

from stackwright.verify.environment_scripts.build import (
    BuildFailed,
    copy_built,
    move_backend,
    refuse_detours,
)

OWN = "http://127.0.0.1:18000/api/:path*"


def built(frontend: Path, *, destination: str = OWN, script: str = "fetch('/api/tasks')") -> Path:
    (frontend / ".next/static/chunks").mkdir(parents=True)
    (frontend / ".next/static/chunks/a.js").write_text(script)
    manifest = {"rewrites": {"afterFiles": [{"source": "/api", "destination": destination}]}}
    (frontend / ".next/routes-manifest.json").write_text(json.dumps(manifest))
    return frontend


def test_an_app_that_takes_the_address_of_its_backend_from_outside_is_let_through(
    tmp_path: Path,
) -> None:
    refuse_detours(built(tmp_path))


def test_a_rewrite_to_the_persons_backend_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BuildFailed, match=r"http://localhost:8000/.*BACKEND_URL"):
        refuse_detours(built(tmp_path, destination="http://localhost:8000/api/:path*"))


@pytest.mark.parametrize("address", ["http://localhost:8000", "http://127.0.0.1:8000/api"])
def test_a_call_of_the_persons_backend_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(BuildFailed, match=r"calls (localhost|127\.0\.0\.1):8000 by itself"):
        refuse_detours(built(tmp_path, script=f'fetch("{address}/tasks")'))


FALLBACK = 'let b=process.env.BACKEND_URL??"http://127.0.0.1:8000";fetch(b)'


def test_what_runs_on_the_server_may_fall_back_to_the_usual_address(tmp_path: Path) -> None:
    frontend = built(tmp_path)
    (frontend / ".next/server/chunks").mkdir(parents=True)
    chunk = frontend / ".next/server/chunks/page.js"
    chunk.write_text(FALLBACK)
    refuse_detours(frontend)
    chunk.write_text(FALLBACK + ';fetch("http://127.0.0.1:8000/api/tasks")')
    with pytest.raises(BuildFailed, match=r"calls 127\.0\.0\.1:8000 by itself"):
        refuse_detours(frontend)


def test_but_a_browser_knows_no_variable_of_the_server(tmp_path: Path) -> None:
    with pytest.raises(BuildFailed, match="by itself"):
        refuse_detours(built(tmp_path, script=FALLBACK))


@pytest.mark.parametrize("script", ["x = '127.0.0.1:80001'", "y = 'https://example.com:8000'"])
def test_other_addresses_are_none_of_its_business(tmp_path: Path, script: str) -> None:
    refuse_detours(built(tmp_path, script=script))


def test_a_copy_of_what_was_built_asks_a_backend_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "app/frontend/.next/cache").mkdir(parents=True)
    built(tmp_path / "app/frontend")
    (tmp_path / "replica").mkdir()
    copy_built(tmp_path / "app", tmp_path / "replica")
    frontend = tmp_path / "replica/frontend"
    move_backend(frontend, 18000, 18010)
    manifest = (frontend / ".next/routes-manifest.json").read_text()
    assert "http://127.0.0.1:18010/api/:path*" in manifest
    assert "18000" not in manifest
    assert "18000" in (tmp_path / "app/frontend/.next/routes-manifest.json").read_text()
    assert not (frontend / ".next/cache").exists()
