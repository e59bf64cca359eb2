from types import SimpleNamespace
from typing import Any, cast

import pytest

from stackwright.verify.check import Subject
from stackwright.verify.checks.pages import look_at
from stackwright.verify.visit import Visit

CUT = "uncaught error: Invalid or unexpected token"
WRONG = "uncaught error: tasks is undefined"


class Browser:
    def __init__(self, *problems: str) -> None:
        self.left = list(problems)

    async def visit(self, _url: str) -> Visit:
        problem = self.left.pop(0)
        return Visit((problem,) if problem else (), None)


@pytest.mark.parametrize(
    ("seen", "told"),
    [((CUT, ""), ()), ((CUT, CUT), (CUT,)), ((CUT, WRONG), (WRONG,)), ((WRONG,), (WRONG,))],
)
async def test_only_a_script_that_does_not_parse_is_asked_for_again(
    seen: tuple[str, ...], told: tuple[str, ...]
) -> None:
    browser = Browser(*seen)
    subject: Any = SimpleNamespace(browser=browser)
    looked = await look_at(cast("Subject", subject), "/tasks", "/tasks")
    assert looked.problems == told
    assert not browser.left
