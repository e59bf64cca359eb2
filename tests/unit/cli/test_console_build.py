from pathlib import Path

import pytest

from stackwright.cli.console_build import build_missing_console


def script(folder: Path, text: str) -> Path:
    build = folder / "build-console"
    build.write_text(f"#!/bin/sh\n{text}\n")
    build.chmod(0o755)
    return build


def test_a_checkout_without_a_console_builds_it_once(tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    build = script(tmp_path, f"echo built >>{page}")
    build_missing_console(page, build)
    build_missing_console(page, build)
    assert page.read_text() == "built\n"


def test_a_failed_build_and_an_installed_package_do_not_keep_it_from_starting(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build_missing_console(tmp_path / "index.html", script(tmp_path, "exit 1"))
    assert "without its console" in capsys.readouterr().err
    build_missing_console(tmp_path / "index.html", tmp_path / "no-such-script")
    assert capsys.readouterr().err == ""
