import json
from typing import Any, cast

import pytest

from stackwright.cache.memory import MemoryCache
from stackwright.core.errors import Conflict
from stackwright.core.ids import ProjectId, UserId
from stackwright.runs.preview_actors import PreviewActors, entry_of, told_of

TOKEN = "t" * 43


class NoSandboxes:
    async def find(self, *_: object) -> None:
        return None


def said(**fields: Any) -> str:
    return json.dumps({"roles": ["a"], "cookie": "session", "token": TOKEN, **fields})


@pytest.mark.parametrize(
    "output",
    [
        "",
        "nonsense",
        "[]",
        said(roles="admin"),
        said(roles=["a"] * 31),
        said(cookie="a; Domain=x"),
        said(cookie="a\r\nb"),
        said(token="short"),
        said(token=TOKEN + "\n"),
        said(refused="x" * 301),
        said(accounts=-1),
    ],
)
def test_what_an_app_says_is_not_trusted(output: str) -> None:
    with pytest.raises(Conflict, match="in its own way"):
        entry_of(told_of(output))


def test_the_last_line_counts_and_a_refusal_is_passed_on() -> None:
    entry = entry_of(told_of(f"loading…\n{said()}\n"))
    assert (entry.cookie, entry.token) == ("session", TOKEN)
    assert told_of("{}").roles == []
    with pytest.raises(Conflict, match="has no accounts"):
        entry_of(told_of("{}"))
    with pytest.raises(Conflict, match="no such role"):
        entry_of(told_of(said(refused="The app has no such role any more.")))


async def test_an_app_that_sleeps_is_not_asked() -> None:
    asleep = PreviewActors(cast("Any", NoSandboxes()), MemoryCache())
    with pytest.raises(Conflict, match="asleep"):
        await asleep.roles(UserId("u"), ProjectId("p"))
