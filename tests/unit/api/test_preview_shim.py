from collections.abc import AsyncIterator

import pytest
from starlette.datastructures import Headers

from stackwright.api.preview_shim import SEARCHED_BYTES, TAG, is_framed, is_page, with_script


async def sent(page: bytes, size: int) -> bytes:
    async def chunks() -> AsyncIterator[bytes]:
        for at in range(0, len(page), size):
            yield page[at : at + size]

    return b"".join([chunk async for chunk in with_script(chunks())])


@pytest.mark.parametrize("size", [1, 7, 1000])
@pytest.mark.parametrize("head", [b"<head>", b'<HEAD data-x="1">'])
async def test_the_script_stands_first_in_the_head_however_the_page_comes(
    head: bytes, size: int
) -> None:
    page = b"<!doctype html><html>" + head + b"<title>x</title></head><header>y</header>"
    assert await sent(page, size) == page.replace(head, head + TAG, 1)


@pytest.mark.parametrize("page", [b"", b"<header>no head</header>", b"x" * (SEARCHED_BYTES + 9)])
async def test_a_page_without_a_head_goes_out_as_it_is(page: bytes) -> None:
    assert await sent(page, 1000) == page


def test_only_plain_pages_for_a_frame_are_changed() -> None:
    html = {"content-type": "text/html; charset=utf-8"}
    assert is_page(200, Headers(html))
    assert not is_page(404, Headers(html))
    assert not is_page(200, Headers({**html, "content-encoding": "gzip"}))
    assert not is_page(200, Headers({"content-type": "application/json"}))
    assert is_framed(Headers({"sec-fetch-dest": "iframe"}))
    assert not is_framed(Headers({"sec-fetch-dest": "document"}))
