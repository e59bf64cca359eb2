"""What a forked process of the platform runs. Imported once by the fork server, so that a process
starts in a fraction of the time a new interpreter would take."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import stackwright.agent.models.anthropic
import stackwright.cache.redis
import stackwright.worker  # noqa: F401 (all three are loaded late by a platform that may not need them)
from stackwright.agent.state import MESSAGES
from stackwright.core.settings import load_settings
from stackwright.serving import run, serve, work

SNAPSHOT_EVERY = 5
"""Messages: so that every run stores its conversation anew and deletes what led to it, a few times."""


def be_api(overrides: Mapping[str, Any], output: Path) -> None:
    """`stackwright serve --no-worker`."""
    _begin(output)
    run(serve(load_settings(overrides), with_worker=False))


def be_both(overrides: Mapping[str, Any], output: Path) -> None:
    """`stackwright serve`."""
    _begin(output)
    run(serve(load_settings(overrides), expects_work=True))


def be_worker(overrides: Mapping[str, Any], output: Path) -> None:
    """`stackwright worker`."""
    _begin(output)
    run(work(load_settings(overrides)))


def _begin(output: Path) -> None:
    MESSAGES.snapshot_frequency = SNAPSHOT_EVERY
    file = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(file, 1)
    os.dup2(file, 2)
    os.close(file)
