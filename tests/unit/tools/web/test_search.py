import pytest

from stackwright.tools.base import ToolFailed
from stackwright.tools.web.guard import Page
from stackwright.tools.web.search import MAX_PAGE_CHARS, readable


def page(body: bytes, kind: str = "text/html", charset: str = "utf-8") -> Page:
    return Page("http://example.com/", 200, kind, charset, body, was_cut=False)


def test_only_the_words_of_a_page_are_read() -> None:
    html = (
        b"<title>T</title><script>alert(1)</script><p>Hello &amp; <b>you</b></p><style>a{}</style>"
    )

    assert readable(page(html)) == "T\nHello &\nyou"


def test_other_text_is_read_as_it_is_in_its_own_encoding() -> None:
    assert readable(page(b"caf\xe9", "text/plain", "latin-1")) == "café"
    assert readable(page(b"ok", "text/plain", "no-such-charset")) == "ok"
    assert readable(page(b'{"a": 1}', "application/json")) == '{"a": 1}'


def test_what_is_no_text_is_named() -> None:
    with pytest.raises(ToolFailed, match="image/png"):
        readable(page(b"\x89PNG", "image/png"))


def test_a_long_page_is_cut_with_a_line_that_says_so() -> None:
    shown = readable(page(b"x" * (MAX_PAGE_CHARS + 5), "text/plain"))

    assert shown.splitlines()[-1] == "[5 more characters left out.]"
