"""Fixtures that every folder of tests may use."""

import os
from pathlib import Path

from hypothesis import settings

SOURCES = str(Path(__file__).parents[1] / "src")
# pytest finds the package by its own setting; the programs that tests start find it by this.
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [SOURCES, os.environ.get("PYTHONPATH")]))

# One example may be slow on a busy machine; each test has its own limit.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")

pytest_plugins = ["fixtures.postgres", "fixtures.engine"]
