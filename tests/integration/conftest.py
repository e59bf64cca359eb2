"""What holds for integration tests: none may block an event loop out of our code."""

from collections.abc import Iterator

import pytest

from fixtures.blocking import nothing_blocks_the_loop

APART = {"console", "engine_attacks", "processes", "scaffold", "verify"}
"""Folders whose platform, engine or application runs in processes of its own, or beside a browser."""
BESIDE_A_BROWSER = {"test_app_tools.py", "test_preview_styles.py", "test_whole_builds.py"}


@pytest.fixture(autouse=True)
def _nothing_blocks_the_loop(request: pytest.FixtureRequest) -> Iterator[None]:
    if request.path.parent.name in APART or request.path.name in BESIDE_A_BROWSER:
        yield
        return
    with nothing_blocks_the_loop():
        yield
