from typing import Any

import pytest

from stackwright.api.preview_headers import request_headers, response_headers
from stackwright.sandbox.base import PortAddress

ROUTED = PortAddress(
    "http://127.0.0.1:49999", {"E2b-Sandbox-Id": "mine", "E2b-Sandbox-Port": "3000"}
)
NAMED = PortAddress("https://3000-mine.e2b.app")


def visit(*headers: tuple[str, str]) -> dict[str, Any]:
    raw = [(name.lower().encode(), value.encode()) for name, value in headers]
    return {"headers": raw, "scheme": "http", "client": ("10.0.0.9", 1234)}


def test_the_application_believes_that_it_is_at_localhost() -> None:
    scope = visit(("Host", "3000-x.localhost:8000"), ("Origin", "http://3000-x.localhost:8000"))
    headers = dict(request_headers(scope, 3000, ROUTED))
    assert headers["Host"] == "localhost:3000"
    assert headers["Origin"] == "http://localhost:3000"
    assert headers["X-Forwarded-Host"] == "3000-x.localhost:8000"


@pytest.mark.parametrize("own", ["http://3000-x.localhost:8000", "https://3000-x.localhost"])
def test_a_page_of_the_application_is_told_from_one_of_another_site(own: str) -> None:
    scope = visit(("Origin", own), ("Host", "3000-x.localhost:8000"))
    headers = dict(request_headers(scope, 3000, ROUTED))
    assert (headers["Origin"], headers["X-Forwarded-Origin"]) == ("http://localhost:3000", own)
    for foreign in ("https://evil.example", "http://3000-y.localhost:8000", "null", "http://["):
        scope = visit(("Origin", foreign), ("Host", "3000-x.localhost:8000"))
        headers = dict(request_headers(scope, 3000, ROUTED))
        assert (headers["Origin"], headers["X-Forwarded-Origin"]) == (foreign, foreign)


def test_a_visitor_cannot_speak_for_a_proxy() -> None:
    spoken = ("X-Forwarded-Origin", "X-Forwarded-Proto", "Forwarded", "X-Real-IP")
    scope = visit(("Host", "3000-x.localhost"), *((name, "made up") for name in spoken))
    assert "made up" not in dict(request_headers(scope, 3000, ROUTED)).values()


def test_an_application_cannot_change_more_than_itself() -> None:
    kept = [(b"cache-control", b"no-store")]
    raw = [
        *kept,
        (b"Clear-Site-Data", b'"cookies"'),
        (b"Strict-Transport-Security", b"max-age=63072000; includeSubDomains"),
        (b"Alt-Svc", b'h3=":443"'),
        (b"X-Accel-Redirect", b"/internal/secret"),
        (b"X-Sendfile", b"/etc/passwd"),
    ]
    headers = response_headers(raw, (), is_browser=True)
    ours = {b"content-security-policy", b"referrer-policy"}
    assert [header for header in headers if header[0] not in ours] == kept


def test_a_sandbox_that_is_found_by_name_keeps_its_name() -> None:
    assert "Host" not in dict(request_headers(visit(("Host", "3000-x.localhost")), 3000, NAMED))


def test_a_visitor_cannot_choose_another_sandbox() -> None:
    scope = visit(
        ("E2b-Sandbox-Id", "yours"), ("e2b-sandbox-port", "22"), ("X-Forwarded-For", "1.1.1.1")
    )
    headers = request_headers(scope, 3000, ROUTED)
    said = [(name.lower(), value) for name, value in headers]
    assert [value for name, value in said if name == "e2b-sandbox-id"] == ["mine"]
    assert [value for name, value in said if name == "e2b-sandbox-port"] == ["3000"]
    assert [value for name, value in said if name == "x-forwarded-for"] == ["10.0.0.9"]


def test_cookies_of_the_platform_stay_here_and_the_applications_own_pass() -> None:
    scope = visit(
        ("Cookie", "session=1; stackwright_session=secret; __Host-stackwright=s; theme=dark")
    )
    assert dict(request_headers(scope, 3000, ROUTED))["Cookie"] == "session=1; theme=dark"


def test_an_application_can_be_framed_by_the_console_and_by_nobody_else() -> None:
    raw = [
        (b"X-Frame-Options", b"DENY"),
        (b"Content-Security-Policy", b"default-src 'self'; frame-ancestors 'none'"),
    ]
    headers = response_headers(raw, ("http://localhost:8000",), is_browser=True)
    policies = [value for name, value in headers if name == b"content-security-policy"]
    assert policies == [b"default-src 'self'", b"frame-ancestors 'self' http://localhost:8000"]
    assert b"x-frame-options" not in dict(headers)


def test_logins_of_an_application_work_in_the_frame() -> None:
    raw = [(b"set-cookie", b"sid=1; Path=/; HttpOnly; SameSite=Lax; Domain=localhost")]
    headers = dict(response_headers(raw, (), is_browser=True))
    assert headers[b"set-cookie"] == b"sid=1; Path=/; HttpOnly; SameSite=None; Secure; Partitioned"


def test_a_program_gets_cookies_that_it_can_send_back() -> None:
    raw = [(b"set-cookie", b"sid=1; Path=/; SameSite=Lax; Domain=localhost")]
    assert (
        dict(response_headers(raw, (), is_browser=False))[b"set-cookie"]
        == b"sid=1; Path=/; SameSite=Lax"
    )
