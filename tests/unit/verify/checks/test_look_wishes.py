from types import SimpleNamespace
from typing import cast

import pytest

from stackwright.core.events import Screenshot, WishProof
from stackwright.core.wishes import WishKind, WishState
from stackwright.verify.check import Subject
from stackwright.verify.checks.look_wishes import AS_BEFORE, WITHOUT_BEFORE, shown_to_judge
from stackwright.verify.visit import Visit


class Pages:
    """An app whose first page looks as given, in this version and in the last one."""

    def __init__(self, now: bytes, before: bytes | None) -> None:
        self.shown, self.now, self.before = now, now, before
        self.replica = SimpleNamespace(origin="http://app")
        self.browser = self.environment = self

    async def visit(self, url: str) -> Visit:
        assert url == "http://app/"
        return Visit((), self.shown)

    async def start_replica(self, *, is_last: bool = False) -> bool:
        self.shown = (is_last and self.before) or self.now
        return not is_last or self.before is not None

    async def keep(self, png: bytes, route: str, width: int, height: int) -> Screenshot:
        return Screenshot(route=route, url=route, sha256=png.hex(), width=width, height=height)


def proof(
    kind: WishKind = "look", state: WishState = "open", quote: str = "make it darker"
) -> WishProof:
    return WishProof(id="w1", text=quote, kind=kind, quotes=(quote,), state=state, reason="none")


async def judged(pages: Pages, one: WishProof) -> WishProof:
    (found,) = await shown_to_judge(cast(Subject, pages), [one])
    return found


async def test_a_look_that_changed_is_shown_before_and_now() -> None:
    found = await judged(Pages(b"dark", b"light"), proof())
    assert found.state == "yours_to_judge"
    assert [picture.route for picture in found.pictures] == ["before", "now"]


@pytest.mark.parametrize(
    ("before", "reason"), [(b"dark", AS_BEFORE), (None, WITHOUT_BEFORE)], ids=["same", "none"]
)
@pytest.mark.parametrize("state", ["open", "yours_to_judge"])
async def test_without_a_difference_it_stays_open(
    before: bytes | None, reason: str, state: WishState
) -> None:
    found = await judged(Pages(b"dark", before), proof(state=state))
    assert (found.state, found.reason) == ("open", reason)


@pytest.mark.parametrize(
    "other",
    [
        proof(kind="behaviour"),
        proof(quote="people get a reminder"),
        proof().model_copy(update={"witnesses": ("acceptance/test_x.py::test_y",)}),
        proof(state="proven"),
    ],
)
async def test_what_a_program_can_judge_is_left_alone(other: WishProof) -> None:
    assert await judged(Pages(b"dark", b"light"), other) == other
