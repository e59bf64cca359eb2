"""What the rules in the words of people share: how they refuse, whom they count, what they add."""

from stackwright.offline.asked import Built, Made, with_rule
from stackwright.offline.places import (
    with_entity,
)
from stackwright.scaffold.spec import AppSpec, EntitySpec
from stackwright.scaffold.words import (
    Rule,
    key_of,
)

PEOPLE = frozenset(
    {"participant", "people", "person", "attendee", "student", "member", "guest", "player", "kid"}
    | {"child", "pupil", "visitor", "volunteer", "signup", "registration", "booking", "place"}
)


NOT = (
    r"(?:can ?not|can['\u2019]t|can not|must not|mustn['\u2019]t|may not|should not|shouldn['\u2019]t|(?:can |may |must |should )?never"
    r"|do(?:es)? not|do(?:es)?n['\u2019]t|(?:is|are) (?:not|never) (?:allowed|permitted) to)"
)
_NUMBERS = {word: number for number, word in enumerate(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], start=1)}  # fmt: skip
NUMBER = rf"(?:\d{{1,5}}|{'|'.join(_NUMBERS)})"


def number_in(words: str) -> int:
    """Of '4' or 'four'."""
    return _NUMBERS.get(words.lower()) or int(words)


EACH = r"(?:an?|each|every|any|the|no|one)"


def with_made_rule(spec: AppSpec, entity: EntitySpec, rule: Rule, text: str) -> Made:
    entity = with_rule(entity, rule)
    return with_entity(spec, entity), Built(text, "rule", entity.name, key_of(rule))
