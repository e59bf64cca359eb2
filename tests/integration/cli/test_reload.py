"""RELOAD=true: a change of the code starts the server anew, and Ctrl-C ends all of it."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures.waiting import eventually
from stackwright.testing.platform_process import Platform

ROOT = Path(__file__).parents[3]

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]


@pytest.fixture
def checkout() -> Iterator[Path]:
    """A copy of the package that a test may change, beside what it needs of the repository."""
    # Not pytest's folder: the account of the embedded PostgreSQL may not pass through it.
    folder = Path(tempfile.mkdtemp(prefix="stackwright-reload-"))
    folder.chmod(0o755)
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("templates", "migrations", "alembic.ini"):
        (folder / name).symlink_to(ROOT / name)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_a_change_of_the_code_starts_the_server_anew(checkout: Path) -> None:
    data_dir = checkout / "data"
    data_dir.mkdir()
    environment = {"RELOAD": "true", "PYTHONPATH": str(checkout / "src")}
    platform = Platform(data_dir, environment=environment)
    platform.start()
    try:
        greeted = "Stackwright is ready"
        eventually(lambda: platform.output().count(greeted) == 1, within_s=60)
        changed = checkout / "src" / "stackwright" / "__init__.py"
        changed.write_text(changed.read_text().replace("__version__ = ", "__version__ = 'new' or "))
        os.utime(changed, (2_000_000_000, 2_000_000_000))
        eventually(lambda: platform.output().count(greeted) == 2, within_s=120)
        with platform.client() as client:
            assert client.get("/api/version").json()["version"] == "new"
    finally:
        assert platform.stop(signal.SIGTERM, limit_s=60) == 0
