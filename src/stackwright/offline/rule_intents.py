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
        if made is not None and not _takes_away(spec, made[0]):
            return made
    return None


def _takes_away(before: AppSpec, after: AppSpec) -> bool:
    """Whether one rule would be lost for another of the same name: a record has one rule of overlaps. A
    limit that is told anew is meant to change."""
    return any(
        rule not in after.entity(one.name).rules
        for one in before.entities
        for rule in one.rules
        if rule.rule in ("no_overlap", "unique")
    )
