"""Figures out of a record and one it refers to, over a real application: the witness sees them, and sees them broken."""

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

LINKS = [
    WishLink(wish=f"w{number}", shows="computed", entity="stay", field=field)
    for number, field in enumerate(("nights", "total"), 1)
]


async def test_a_total_is_made_of_the_nights_and_the_price_of_the_room(endpoint: Endpoint) -> None:
    checks = ("python-parses", "services", "contract-tests", "proof-environment", WISHES)
    async with application(endpoint, "inn", only=checks) as world:
        assert world.wishes is not None
        files = word_witness_files(app_view(spec_of("inn")), LINKS)
        await world.sandbox.write({f"{WORKSPACE_ROOT}/{path}": text.encode() for path, text in files.items()})  # fmt: skip
        wishes = [
            Wish(id=link.wish, text=link.field, kind="behaviour", quotes=(link.field,))
            for link in LINKS
        ]
        await world.wishes.set(wishes, ())
        report = await world.verify()
        found = {proof.id: (proof.state, proof.reason) for proof in report.wishes}
        assert found == {"w1": ("proven", ""), "w2": ("proven", "")}
        async with world.edited("backend/links.py", "numbers.get(document.get(reference))", "1"):
            broken = await world.verify()
        states = {proof.id: proof.state for proof in broken.wishes}
        assert states == {"w1": "proven", "w2": "failing"}
