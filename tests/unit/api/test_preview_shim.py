from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.datastructures import Headers

from stackwright.api.preview_shim import (
    SEARCHED_BYTES,
    TAG,
    is_framed,
    is_page,
    serve_entry,
    serve_forgetting,
    with_script,
)
from stackwright.runs.preview_actors import Entry


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


async def test_a_visitor_is_forgotten_cookie_by_cookie_and_never_beyond_this_app() -> None:
    sent = list[Any]()

    async def send(message: Any) -> None:
        sent.append(message)

    cookies = b"session=a=b; odd name=1; \xff=2; theme=dark; session=c; =x"
    await serve_forgetting({"type": "http", "headers": [(b"cookie", cookies)]}, send)
    headers = sent[0]["headers"]
    ended = [value for name, value in headers if name == b"set-cookie"]
    assert [value.split(b"=")[0] for value in ended] == [b"session"] * 2 + [b"theme"] * 2
    assert all(b"Max-Age=0" in value and b"omain" not in value for value in ended)
    assert (b"clear-site-data", b'"storage"') in headers


async def test_a_visitor_becomes_a_person_and_keeps_nothing_of_who_they_were() -> None:
    sent = list[Any]()

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "headers": [(b"cookie", b"session=old; theme=dark")]}
    await serve_entry(scope, send, Entry(cookie="session", token="t" * 43))
    cookies = [value.decode() for name, value in sent[0]["headers"] if name == b"set-cookie"]
    assert cookies[-1] == (
        f"session={'t' * 43}; HttpOnly; Path=/; Secure; SameSite=None; Partitioned"
    )
    assert [one.split(";")[0] for one in cookies[:-1]] == ["session=", "theme=", "theme="]
    await serve_entry(scope, send, None)
    assert all(b"Max-Age=0" in v for name, v in sent[2]["headers"] if name == b"set-cookie")
