"""What rules ask for, by a few key words in any order. To recognise another intent, add a row to `INTENTS`."""

from stackwright.offline.asked import Made
from stackwright.offline.bound_forms import BOUND, bounded
from stackwright.offline.capacity_rules import CAPACITY, capacity
from stackwright.offline.compare_rules import COMPARED, STEPS, compare, steps
from stackwright.offline.slots import clause_of
from stackwright.offline.time_rules import IN_TIME, OVERLAP, in_time, no_overlap_of
from stackwright.offline.unique_rules import UNIQUE, unique
from stackwright.scaffold.spec import AppSpec, EntitySpec

INTENTS = (
    (OVERLAP, no_overlap_of),
    (IN_TIME, in_time),
    (UNIQUE, unique),
    (COMPARED, compare),
    (BOUND, bounded),
    (CAPACITY, capacity),
    (STEPS, steps),
)
"""Key words, and what builds the rule if every other word of the clause fits; in the order of trial."""


def rule_of(spec: AppSpec, words: str, spoken: EntitySpec | None = None) -> Made | None:
    """The rule that a clause asks for; None where it speaks of anything that is not there."""
    clause = clause_of(spec, words, spoken)
    for cue, build in INTENTS:
        made = build(clause) if cue.search(clause.low) else None
        if made is not None:
            return made
    return None
