"""A version that is written in several places is the same in all of them."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "templates/next-fast-mongo-pre-v2"


def test_the_database_is_the_same_in_the_sandbox_in_an_export_and_here() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    texts = [
        *project["optional-dependencies"]["mongo"],
        (TEMPLATE / "template.json").read_text(),
        (TEMPLATE / "tools/installing.py").read_text(),
    ]
    versions = [re.findall(r"secantusdb==([\w.]+)", text) for text in texts]
    assert versions == [versions[0]] * 3
    assert len(versions[0]) == 1
