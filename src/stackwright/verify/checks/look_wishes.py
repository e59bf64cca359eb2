"""Wishes about the look that no witness tries: a person judges them, by pictures of before and after."""

from collections.abc import Sequence

from stackwright.core.events import Screenshot, WishProof
from stackwright.core.message_words import asks_for_look
from stackwright.verify.check import Subject
from stackwright.verify.environment import EnvironmentFailed
from stackwright.verify.visit import Visit

JUDGE = "No program can judge it: look at the pictures of before and after."
AS_BEFORE = "No witness tries it, and the first page looks as it did before."
WITHOUT_BEFORE = (
    "No witness tries it. Assert the styles that the wish asks for: there is no picture of before."
)


async def shown_to_judge(subject: Subject, proofs: Sequence[WishProof]) -> tuple[WishProof, ...]:
    """The proofs, with pictures where only a person can judge. Raises BrowserFailed, EnvironmentFailed."""
    if not any(map(_is_for_a_person, proofs)):
        return tuple(proofs)
    await subject.environment.start_replica()
    now = await subject.browser.visit(f"{subject.environment.replica.origin}/")
    before = await _before(subject)
    if before is None or before.png is None or now.png is None:
        update: dict[str, object] = {"state": "open", "reason": WITHOUT_BEFORE}
    elif before.png == now.png:
        update = {"state": "open", "reason": AS_BEFORE}
    else:
        pictures = (await _kept(subject, before, "before"), await _kept(subject, now, "now"))
        update = {"state": "yours_to_judge", "reason": JUDGE, "pictures": pictures}
    return tuple(
        proof.model_copy(update=update) if _is_for_a_person(proof) else proof for proof in proofs
    )


def _is_for_a_person(proof: WishProof) -> bool:
    is_undecided = proof.state == "yours_to_judge" or (
        proof.state == "open" and not proof.witnesses
    )
    return proof.kind == "look" and is_undecided and any(map(asks_for_look, proof.quotes))


async def _before(subject: Subject) -> Visit | None:
    """The first page of the last version that was verified."""
    try:
        if not await subject.environment.start_replica(is_last=True):
            return None
        return await subject.browser.visit(f"{subject.environment.replica.origin}/")
    except EnvironmentFailed:
        return None


async def _kept(subject: Subject, visit: Visit, name: str) -> Screenshot:
    assert visit.png is not None
    return await subject.keep(visit.png, name, visit.width, visit.height)
