import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from fixtures.tool_bench import Bench
from stackwright.scaffold.generate import Manifest, generate
from stackwright.scaffold.spec import SPEC_PATH, AppSpec
from stackwright.tools.base import ToolFailed

if TYPE_CHECKING:
    from stackwright.testing.memory_sandbox import MemorySandbox

GYM = json.loads((Path(__file__).parents[2] / "data/kits/gym.json").read_text())
ACCOUNTS = GYM["kits"][0]["options"]


class Disk:
    """Takes what a sandbox would be given."""

    async def write(self, files: dict[str, bytes]) -> None:
        """The workspace keeps them."""

    async def remove(self, paths: list[str]) -> None:
        """The workspace forgets them."""


@pytest.fixture
def bench() -> Bench:
    made = Bench(cast("MemorySandbox", Disk()))
    made.findings = cast("Any", None)
    plain = AppSpec.model_validate({**GYM, "kits": ()})
    made.files.contents = {path: text.encode() for path, text in generate(plain).items()}
    return made


def stored(bench: Bench) -> AppSpec:
    return Manifest.model_validate_json(bench.files.contents[SPEC_PATH]).spec


async def test_a_kit_is_added_changed_and_removed(bench: Bench) -> None:
    before = dict(bench.files.contents)
    told = await bench.call("add_kit", name="accounts", options=ACCOUNTS)
    assert "CurrentPerson" in told
    assert stored(bench) == AppSpec.model_validate(GYM)
    assert "backend/accounts/routes.py" in bench.files.contents
    again = await bench.call("add_kit", name="accounts", options={"roles": ["guest"]})
    assert "CurrentPerson" not in again
    assert b'"guest"' in bench.files.contents["backend/accounts/rights.py"]
    await bench.call("add_kit", name="accounts", remove=True)
    left = dict(bench.files.contents)
    assert stored(bench).kits == ()
    assert "backend/accounts/routes.py" not in left
    assert {path: left[path] for path in before if path != SPEC_PATH}.items() <= before.items()


async def test_a_specification_without_kits_keeps_those_that_are_there(bench: Bench) -> None:
    await bench.call("add_kit", name="accounts", options=ACCOUNTS)
    entities = [one for one in GYM["entities"] if one["name"] == "course"]
    await bench.call("scaffold_app", spec={"title": "Gym", "entities": entities})
    assert stored(bench).kits[0].entities() == {"course"}


async def test_options_that_do_not_fit_are_told_with_the_notes(bench: Bench) -> None:
    wrong = {"rights": [{"entity": "course", "add": "boss"}]}
    with pytest.raises(ToolFailed, match=r"no role 'boss'(?s:.*)add_kit\("):
        await bench.call("add_kit", name="accounts", options=wrong)


async def test_kits_need_a_name_that_is_known_and_an_app(bench: Bench) -> None:
    with pytest.raises(ToolFailed, match="There are: accounts"):
        await bench.call("add_kit", name="login")
    bench.files.contents.clear()
    with pytest.raises(ToolFailed, match="scaffold_app first"):
        await bench.call("add_kit", name="accounts")
