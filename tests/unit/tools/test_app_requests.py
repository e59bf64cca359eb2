"""Which requests can be made, and how answers are told."""

import pytest
from aiohttp import CookieJar
from pydantic import ValidationError

from stackwright.sandbox.base import HttpAnswer
from stackwright.tools import app_requests as requests
from stackwright.tools.app_requests import HttpRequest


@pytest.mark.parametrize(
    "arguments",
    [
        {"path": "x"},
        {"path": "/", "method": "GET / HTTP/1.1\r\nX"},
        {"path": "/", "headers": {"x y": "1"}},
        {"path": "/", "headers": {"x": "1\r\ny: 2"}},
        {"path": "/", "headers": {"x": "é"}},
        {"path": "/", "files": [{"field": "f"}]},
    ],
)
def test_what_cannot_be_sent_is_refused(arguments: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        HttpRequest.model_validate(arguments)


@pytest.mark.parametrize(
    ("body", "content_type", "sent"),
    [
        ({"a": "é"}, "application/json", '{"a": "é"}'.encode()),
        ('{"a": 1}', "application/json", b'{"a": 1}'),
        ('{"a": ', "application/json", b'{"a": '),
        ("plain words", "text/plain; charset=utf-8", b"plain words"),
        ([1], "application/json", b"[1]"),
        (None, None, None),
    ],
)
def test_a_body_is_json_or_text(body: object, content_type: str | None, sent: bytes | None) -> None:
    request = HttpRequest(path="/", method="POST", body=body)
    headers, content = requests._with_body(request)  # pyright: ignore[reportPrivateUsage]
    assert (headers.get("content-type"), content) == (content_type, sent)


def test_given_headers_win_but_those_of_the_connection_are_ours() -> None:
    headers = {"Content-Type": "text/csv", "Host": "evil", "Content-Length": "7"}
    request = HttpRequest(path="/", body="a;b", headers=headers)
    assert requests._with_body(request)[0] == {"content-type": "text/csv"}  # pyright: ignore[reportPrivateUsage]


async def test_an_answer_tells_its_headers_and_whether_cookies_were_kept() -> None:
    answer = HttpAnswer(
        303, {"location": "/x", "date": "now", "set-cookie": "b=2"}, b"", ("a=1; Path=/", "b=2")
    )
    told = requests._headers(answer, CookieJar())  # pyright: ignore[reportPrivateUsage]
    assert told == ["location: /x", "set-cookie: a, b (kept)", ""]
    assert "not kept" in requests._headers(answer, None)[1]  # pyright: ignore[reportPrivateUsage]


@pytest.mark.parametrize(
    ("headers", "body", "told"),
    [
        ({"content-type": "image/png"}, b"\x89PNG\0", "(5 bytes of image/png)"),
        ({"content-type": "text/plain; charset=iso-8859-1"}, b"caf\xe9", "café"),
        ({"content-encoding": "gzip"}, b"x", "does not fit its Content-Encoding"),
        ({}, b"", ""),
    ],
)
def test_a_body_is_told_as_text_where_it_is_one(
    headers: dict[str, str], body: bytes, told: str
) -> None:
    answer = HttpAnswer(200, headers, body)
    assert told in requests._body(answer)  # pyright: ignore[reportPrivateUsage]
