"""The pictures of docs/tour.md can be made from the console as it is."""

import re
from pathlib import Path

import pytest
from PIL import Image

from fixtures import console as fixture
from fixtures.console import Console
from fixtures.console_tour import APP, story

pytestmark = pytest.mark.integration

DOCS = Path(__file__).parents[3] / "docs"


async def test_each_picture_of_the_tour_is_made(
    console: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fixture, "APP", APP)
    await story(console, tmp_path)
    check_pictures(tmp_path)


def check_pictures(folder: Path) -> None:
    """Those that the tour shows, as large as the kept ones, and none of them blank."""
    named = set(re.findall(r"pictures/(tour-[a-z-]+\.png)", (DOCS / "tour.md").read_text()))
    made = {path.name: Image.open(path) for path in folder.iterdir()}
    assert (len(named), made.keys()) == (10, named)
    for name, picture in made.items():
        with Image.open(DOCS / "pictures" / name) as kept:
            assert picture.size == kept.size, name
        assert len(picture.convert("L").getcolors() or []) > 20, name
