"""Gives witnesses the fixture `app`. See usage.md."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

pytest_plugins = ["witness.plugin"]
