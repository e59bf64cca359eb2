"""Lists with names over a real application: each is seen to hold what it says, and nothing else."""

import pytest

from fixtures.gate_world import application, spec_of
from stackwright.core.wishes import Wish
from stackwright.sandbox.base import WORKSPACE_ROOT
from stackwright.sandbox.endpoint import Endpoint
from stackwright.scaffold.spec import WishLink
from stackwright.scaffold.views import app_view
from stackwright.scaffold.word_witnesses import word_witness_files
from stackwright.verify.checks import WISHES

pytestmark = [pytest.mark.integration, pytest.mark.timeout(900), pytest.mark.asyncio]

SPEC = spec_of("tool_loans")
LISTS = [
    (entity.name, view.title)
    for entity in SPEC.entities
    for view in entity.views
    if view.view == "list"
]
LINKS = [
    WishLink(wish=f"w{number}", shows="listed", entity=entity, field=title)
    for number, (entity, title) in enumerate(LISTS, 1)
]

LINKS += [WishLink(wish="w20", shows="computed", entity="loan", field="share_of_minimum")]


async def test_lists_with_names_hold_what_they_say(endpoint: Endpoint) -> None:
    checks = ("python-parses", "services", "contract-tests", "proof-environment", WISHES)
    async with application(endpoint, "tool_loans", only=checks) as world:
        assert world.wishes is not None
        files = word_witness_files(app_view(SPEC), LINKS)
        await world.sandbox.write({f"{WORKSPACE_ROOT}/{path}": text.encode() for path, text in files.items()})  # fmt: skip
        wishes = [
            Wish(id=link.wish, text=link.field, kind="behaviour", quotes=(link.field,))
            for link in LINKS
        ]
        await world.wishes.set(wishes, ())
        report = await world.verify()
        found = {proof.id: (proof.state, proof.reason) for proof in report.wishes}
        assert found == dict.fromkeys((link.wish for link in LINKS), ("proven", ""))
        async with world.edited("backend/named_lists.py", "first, last = _days", "first, last = None, None  # _days"):  # fmt: skip
            broken = await world.verify()
        states = {proof.id: proof.state for proof in broken.wishes}
        assert states["w1"] == states["w3"] == "failing"
        assert states["w5"] == "proven"
