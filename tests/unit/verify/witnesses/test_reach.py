import ast

import pytest

from stackwright.verify.witnesses.reach import forbidden


def found(source: str, *, may_catch: bool = False) -> str:
    return "; ".join(forbidden(ast.parse(source), may_catch=may_catch))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("from uuid import os", "cannot import os"),
        ("from random import _os as system", "cannot import _os"),
        ("from time import sleep", "cannot import sleep"),
        ("import urllib.request", "cannot import urllib.request"),
        ("import urllib.parse\nurllib.request.urlopen('/')", "cannot use urlopen"),
        ("from playwright._impl import _page", "cannot import playwright._impl"),
        ("from playwright.sync_api import sync_playwright", "cannot import sync_playwright"),
        ("import dataclasses\ndataclasses.inspect", "cannot use inspect"),
        ("from typing import get_type_hints", "cannot import get_type_hints"),
        (
            "import string\nstring.Formatter().get_field('0._world', app, {})",
            "cannot use get_field",
        ),
        ("from pytest import skip", "cannot import skip"),
        ("@pytest.fixture\ndef app():\n    return 1", "cannot define app anew"),
        ("app = pytest.fixture(print)", "cannot define app anew"),
        ("@pytest.fixture(name='app')\ndef it():\n    return 1", "fixtures of another name"),
        ("try:\n    pass\nexcept AssertionError:\n    pass", "cannot catch what fails"),
        ("with pytest.raises(AssertionError):\n    pass", "cannot use raises"),
        ("page.screenshot(path='/home/user/code/x')", "cannot write a file by screenshot"),
        ("download.save_as('/home/user/code/x')", "cannot use save_as"),
        ("page.context.browser.close()", "cannot use browser"),
        ("page.add_style_tag(content='h1 {}')", "cannot use add_style_tag"),
    ],
)
def test_ways_around_the_app_are_refused(source: str, said: str) -> None:
    assert said in found(source)


def test_who_logs_in_may_go_on_after_something_failed() -> None:
    assert found("try:\n    pass\nexcept KeyError:\n    pass", may_catch=True) == ""


@pytest.mark.parametrize(
    "script",
    [
        "document.body.innerHTML = 'Sent'",
        "document.title += 'Sent'",
        "document.body.append('Sent')",
        "document.body?.insertAdjacentHTML('beforeend', 'Sent')",
        "document.body['app' + 'end']('Sent')",
        "const f = document.write; f.call(document, 'Sent')",
        "eval('document.body.append(1)')",
        "setTimeout('document.body.append(1)')",
        "localStorage.setItem('sent', '1')",
        "document.body.\\u0061ppend('Sent')",
        "document.querySelector('button').click()",
        "fetch('/api/mails', {method: 'POST'})",
    ],
)
def test_a_script_that_changes_the_page_is_refused(script: str) -> None:
    assert "cannot change the page by a script" in found(f"page.evaluate({script!r})")


@pytest.mark.parametrize(
    "script",
    [
        "() => document.querySelectorAll('tr[data-kind=\"a\"]').length >= 2",
        "() => { const rows = [...document.querySelectorAll('tr')]; return rows.map(r => r.innerText) }",
        "element => getComputedStyle(element)['color'] === 'rgb(0, 0, 0)'",
        "() => localStorage.getItem('theme')",
        "() => document.querySelector('table').closest('section').scrollWidth <= window.innerWidth",
        "() => document.body.innerText.replace(/\\s+/g, ' ').split(',')[0]",
    ],
)
def test_a_script_may_look(script: str) -> None:
    assert found(f"page.evaluate({script!r})") == ""


def test_a_script_is_written_where_it_is_used() -> None:
    assert "made while it runs" in found("page.evaluate(script)")
    long = "a[" * 30_000
    assert found(f"page.evaluate({long!r})") == ""
