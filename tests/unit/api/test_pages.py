from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from stackwright.api.pages import NOT_BUILT, install
from stackwright.core.settings import load_settings


def client(console: Path) -> httpx.AsyncClient:
    app = FastAPI(docs_url=None, redoc_url=None)
    install(app, load_settings({}).server, console)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://testserver")


@pytest.fixture
def console(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<title>Console</title>")
    (tmp_path / "assets" / "index-1.js").write_text("1")
    return tmp_path


@pytest.mark.parametrize(
    "path", ["/", "/projects/books", "/projects/books/wishes", "/platform", "/platform/costs"]
)
async def test_every_address_of_the_console_serves_its_page(console: Path, path: str) -> None:
    async with client(console) as browser:
        answer = await browser.get(path)
    assert "Console" in answer.text
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", ["/api/nothing", "/projects/books/wishes/more", "/assets/no.js"])
async def test_other_addresses_stay_unknown(console: Path, path: str) -> None:
    async with client(console) as browser:
        assert (await browser.get(path)).status_code == 404


async def test_files_named_by_their_content_are_kept_by_browsers(console: Path) -> None:
    async with client(console) as browser:
        answer = await browser.get("/assets/index-1.js")
        assert "immutable" in answer.headers["cache-control"]
        assert (await browser.get("/")).headers["cache-control"] == "no-cache"


async def test_a_console_that_is_not_built_says_how_to_build_it(tmp_path: Path) -> None:
    async with client(tmp_path) as browser:
        answer = await browser.get("/")
    assert (answer.status_code, answer.text) == (503, NOT_BUILT)
