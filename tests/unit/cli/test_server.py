import socket

import pytest
import typer

from stackwright.cli.server import refuse_taken_port
from stackwright.core.setting_groups import ServerSettings
from stackwright.core.settings import load_settings


def at(port: int) -> ServerSettings:
    return load_settings({"host": "127.0.0.1", "port": port}).server


def test_a_port_in_use_is_told_with_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(typer.Exit):
            refuse_taken_port(at(port))
    said = capsys.readouterr().err
    assert f"Port {port} is in use" in said
    assert f"PORT={port + 1}" in said
    refuse_taken_port(at(port))
