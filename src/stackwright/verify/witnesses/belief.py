"""Whether a witness can fail: decided from how it ended under faults and on the version before.

A witness that passes whatever the app does proves nothing. The faults are those of what it uses: writes
that are refused, and writes that are answered and not stored; for one that only reads, answers that do
not come, queries that are not heard, pages without content, clicks that do nothing. Where a rule refuses
something, a success in its place has to be noticed.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from stackwright.core.wishes import WishKind
from stackwright.verify.witnesses.results import AGAIN, NONE, WitnessResult
from stackwright.verify.witnesses.telling import failure_in_words

FAULTS = (
    *(NONE, "writes_refused", "writes_swallowed", "reads_refused", "queries_ignored"),
    *("pages_emptied", "styles_dropped", "actions_ignored", "refusals_accepted", "records_lost"),
    "records_changed",
    AGAIN,
)
"""In the order in which a new witness meets them."""

_OF_ALL = frozenset({NONE, "writes_refused", "writes_swallowed", "queries_ignored", AGAIN})
_OF_KIND: Mapping[WishKind, frozenset[str]] = {
    "look": frozenset({"styles_dropped", "pages_emptied"}),
    "words": frozenset({"pages_emptied", "reads_refused"}),
}
_OF_OTHERS = frozenset({"reads_refused", "actions_ignored", "records_lost"})

_IN_WORDS = {
    "writes_refused": "every write was refused with HTTP 503",
    "writes_swallowed": "every write was answered as if it had worked, and nothing was stored",
    "reads_refused": "the API answered no read",
    "queries_ignored": "the API ignored every search, filter, order and page",
    "pages_emptied": "every page came without content",
    "styles_dropped": "every page came without its styles",
    "actions_ignored": "every click and key did nothing",
    "records_lost": "the records that it had made before were gone",
    "records_changed": "the numbers of the records that it had made before were others, and there were more of them",
    "refusals_accepted": "what the app refused was answered as if it had worked",
}
_LATE = frozenset({"assertion", "action"})
"""How a witness fails for a reason that is the app's: something was not as expected, or could not be
done. Another exception is a mistake in the witness."""


STILL = (
    "It looks at a page that stays as it is, whatever happens: do what the wish is about and assert what "
    "comes of it. A sentence on a page shows no more than the sentence."
)


def faults_for(
    asked: Iterable[tuple[WishKind, bool]], *, has_figures: bool = False
) -> tuple[str, ...]:
    """Those that say something about witnesses of such wishes; each is a kind, and whether it is a rule.
    `has_figures`: whether one of them asks for figures that the app works out."""
    wanted = {*_OF_ALL, *(["records_changed"] if has_figures else [])}
    for kind, is_rule in asked:
        wanted |= _OF_KIND.get(kind, _OF_OTHERS) | ({"refusals_accepted"} if is_rule else set())
    return tuple(fault for fault in FAULTS if fault in wanted)


def reason_not_to_believe(
    results: Sequence[WitnessResult],
    kind: WishKind,
    *,
    is_rule: bool = False,
    has_figures: bool = False,
) -> str:
    """Empty when the witness can fail. `results` are of one witness that passed without a fault;
    `is_rule`: whether what it tries forbids something; `has_figures`: whether it has figures that the app
    works out."""
    seen = {result.fault: result for result in results}
    sound = seen[NONE]
    again = seen.get(AGAIN)
    if again is not None and not again.passed:
        return (
            f"It passed and then failed although nothing had changed: {failure_in_words(again)} Wait for "
            "what each action leads to before the next."
        )
    if is_rule and sound.was_refused and (reason := _blind_to(seen, "refusals_accepted")):
        return reason
    if sound.writes:
        return _blind_to(seen, "writes_refused", "writes_swallowed")
    # What these are about stands on a page that may ask for much else.
    if kind == "words":
        return _blind_to_all(seen, "pages_emptied", "reads_refused")
    if kind == "look":
        return _blind_to_all(seen, "styles_dropped", "pages_emptied")
    if reason := _blind_to(seen, *(["queries_ignored"] * bool(sound.queries))):
        return reason
    if not sound.reads and not sound.actions:
        return STILL
    if sound.setups and not is_rule and (reason := _unmoved_by(seen, "records_lost")):
        return reason
    if sound.setups and has_figures and (reason := _unmoved_by(seen, "records_changed")):
        return reason
    moving = ["reads_refused"] * bool(sound.reads) + ["actions_ignored"] * bool(sound.actions)
    return _blind_to_all(seen, *moving)


def reason_of_the_version_before(result: WitnessResult | None) -> str:
    """Empty when the witness failed on the version before this run, as it must."""
    if result is None or not result.passed:
        return ""
    return (
        "It passes on the version before this run as well, so it does not show what was asked. If the app did "
        "that already, tell the person: call set_wishes with `not_built` for it, and say that it was there."
    )


def _unmoved_by(seen: Mapping[str, WitnessResult], fault: str) -> str:
    """A page that shows the same whatever was recorded is a picture. However it failed with other records or
    none, even by a mistake of its own, it has noticed."""
    under = seen.get(fault)
    return "" if under is not None and not under.passed else _not_noticed(under, fault)


def reason_of_old_refusals(now: WitnessResult, before: WitnessResult | None) -> str:
    """Empty when something was refused that the version before took, or the other way round. `before` is
    of a run to the end, whatever failed on the way."""
    if before is None or not now.refusals or Counter(now.refusals) != Counter(before.refusals):
        return ""
    told = ", ".join(dict.fromkeys(one.partition(" ")[2] for one in now.refusals))
    return (
        f"All that was refused while it ran was refused on the version before this run as well ({told}): try "
        "what only the new rule forbids."
    )


def _blind_to(seen: Mapping[str, WitnessResult], *faults: str) -> str:
    """Each of these faults has to be noticed."""
    return next(
        (reason for fault in faults if (reason := _not_noticed(seen.get(fault), fault))), ""
    )


def _blind_to_all(seen: Mapping[str, WitnessResult], *faults: str) -> str:
    """One of these faults has to be noticed."""
    reasons = [_not_noticed(seen.get(fault), fault) for fault in faults]
    return "" if any(not reason for reason in reasons) else reasons[0]


def _not_noticed(result: WitnessResult | None, fault: str) -> str:
    if result is None:
        return f"It was not tried while {_IN_WORDS[fault]}."
    if result.passed:
        return f"It still passed while {_IN_WORDS[fault]}: assert what a person would see then."
    if result.kind not in _LATE:
        return (
            f"While {_IN_WORDS[fault]} it ended by a mistake of its own: {_last_line(result.error)}"
        )
    return ""


def _last_line(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1].strip()[:300] if lines else "it said nothing"
