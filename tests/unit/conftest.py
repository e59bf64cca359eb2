"""What holds for all unit tests: none may block an event loop out of our code."""

from collections.abc import Iterator

import pytest

from fixtures.blocking import nothing_blocks_the_loop


@pytest.fixture(autouse=True)
def _nothing_blocks_the_loop() -> Iterator[None]:
    with nothing_blocks_the_loop():
        yield
