"""What a sentence says of 'them', or of nothing that it names, is said of what the sentence before named."""

import re
from typing import Final

from stackwright.offline.definitions import definitions
from stackwright.offline.heads import split_items
from stackwright.offline.naming import is_sure_field, lists_fields
from stackwright.offline.nouns import clean_noun
from stackwright.offline.words import is_plural, singular_word

_THEM: Final = re.compile(
    r"\b(?P<how>of|for|about|with|per) (?:each|every|every one|each one|all|any|every single one) of (?:them|these|those)\b",
    re.IGNORECASE,
)
_NOTES: Final = re.compile(
    r"(?:so |here )?(?:we|i) (?:also |usually |just )?(?P<verb>track|note|record|log|store|register|write down|note down) (?P<fields>(?!down\b).+,.+)",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_MAX_LOOKED_AT: Final = 12


def with_names(statements: list[str]) -> list[str]:
    """The statements, each with the name of what it is about."""
    named: list[str] = []
    for statement in statements:
        kind = _last_kind(named[-1]) if named else ""
        is_about = kind or _THEM.search(statement)
        named += definitions(_about(statement, kind) if is_about else statement, kind)
    return named


def _about(statement: str, kind: str) -> str:
    if found := _THEM.search(statement):
        meant = _last_kind(statement[: found.start()]) or kind
        return _THEM.sub(rf"\g<how> each {meant}", statement) if meant else statement
    found = _NOTES.match(statement)
    items = split_items(found["fields"]) if found else []
    if found is None or not lists_fields(found["fields"]) or not all(map(is_sure_field, items[:2])):
        return statement
    return f"For each {kind} we {found['verb']} {found['fields']}"


def _last_kind(statement: str) -> str:
    """The last noun in the plural that the statement ends with, in its singular."""
    plain = re.sub(r"\([^()]*\)|<[^<>]*>", " ", statement)
    for word in _WORD.findall(plain)[: -_MAX_LOOKED_AT - 1 : -1]:
        noun = clean_noun(word) if is_plural(word.lower()) else None
        if noun is not None and noun.many:
            return singular_word(word.lower())
    return ""
