"""Loading code in less time."""

import gc
from collections.abc import Generator
from contextlib import contextmanager

SELDOM = (50_000, 20, 100)
"""Thresholds of `gc.set_threshold`."""


@contextmanager
def to_stay() -> Generator[None]:
    """Load code during the block that stays until the process ends.

    Garbage collections, which would look again and again through what is loaded, are rare meanwhile:
    that saves a fifth of the time. Afterwards what is there is left out of them for good."""
    usual = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(*usual)
