"""What holds for all unit tests: none may block an event loop out of our code."""

from collections.abc import Iterator

import pytest
from blockbuster import blockbuster_ctx

MAY_BLOCK = [
    # reads the kernel's own files, /proc and control groups: no disk is asked
    "stackwright.engine.cgroups",
    "stackwright.engine.limits",
    "stackwright.engine.process_tree",
    # runs inside a sandbox, whose event loop is that sandbox's own
    "stackwright.engine.envd",
    # only for tests
    "stackwright.core.killpoints",
    "stackwright.testing",
]


@pytest.fixture(autouse=True)
def _nothing_blocks_the_loop() -> Iterator[None]:
    """A blocking call out of any other module raises BlockingError while a loop runs in its thread."""
    with blockbuster_ctx("stackwright", excluded_modules=MAY_BLOCK) as rules:
        # shutil looks for os.stat itself among the functions that follow links
        rules.functions["os.stat"].deactivate()
        yield
