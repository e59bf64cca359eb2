"""RELOAD=true: the server runs in a child process that is started anew when the platform's code changes."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from uvicorn import Config
from uvicorn.supervisors.statreload import StatReload

PACKAGE = Path(__file__).resolve().parents[1]
NO_APP = "stackwright.cli.reloading:PACKAGE"
"""Uvicorn's supervisor takes a configuration for its folders only; the child makes its own."""


def serve_reloading(serve: Callable[[], None]) -> None:
    """Return on SIGINT or SIGTERM. `serve` is pickled: a function of a module, or a partial of one."""
    config = Config(NO_APP, reload=True, reload_dirs=[str(PACKAGE)], log_config=None)
    StatReload(config, target=partial(_in_child, serve), sockets=[]).run()


def _in_child(serve: Callable[[], None], sockets: object) -> None:
    del sockets  # the child opens its own
    serve()
