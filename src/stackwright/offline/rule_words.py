"""What the rules in the words of people share: numbers in words, and how a rule is added."""

from stackwright.offline.asked import Built, Made, with_rule
from stackwright.offline.places import with_entity
from stackwright.scaffold.spec import AppSpec, EntitySpec
from stackwright.scaffold.words import Rule, key_of

_NUMBERS = {word: number for number, word in enumerate(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], start=1)}  # fmt: skip
NUMBER = rf"(?:\d{{1,5}}|{'|'.join(_NUMBERS)})"


def number_in(words: str) -> int:
    """Of '4' or 'four'."""
    return _NUMBERS.get(words.lower()) or int(words)


def with_made_rule(spec: AppSpec, entity: EntitySpec, rule: Rule, text: str) -> Made:
    entity = with_rule(entity, rule)
    return with_entity(spec, entity), Built(text, "rule", entity.name, key_of(rule))
