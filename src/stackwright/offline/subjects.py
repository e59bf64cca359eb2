"""Whether what stands before 'has', 'with' or ':' is a kind of record whose fields follow."""

import re
from dataclasses import dataclass

from stackwright.offline import lexicon, unsupported
from stackwright.offline.draft import AppDraft
from stackwright.offline.field_types import is_attribute
from stackwright.offline.fields import is_field_name, is_hint
from stackwright.offline.heads import Head, read_head, split_items
from stackwright.offline.naming import (
    Place,
    first_noun,
    has_details,
    is_story,
    is_sure_field,
    lists_fields,
    lists_kinds,
)
from stackwright.offline.nouns import Noun

_SENTENCE = re.compile(r"(?:all|everything|they|it|these|those|we|i|that|this)(?: of (?:it|them|these|us))? (?:must|should|has to|have to|can|cannot|will|is|are) (?!no\b)[a-z]", re.IGNORECASE)  # fmt: skip
"""'Ropes and stretchers: all of it must be checked' lists no fields."""
_NEEDS = re.compile(r"(?:needs?|wants?)\b")


@dataclass(frozen=True)
class Subject:
    """A head, the connecting word behind it, and the first item of what follows."""

    head: Head
    word: str
    right: str

    @property
    def noun(self) -> Noun:
        return self.head.noun

    @property
    def is_colon(self) -> bool:
        return self.word in (":", "-", "")

    def is_header(self, app: AppDraft, place: Place) -> bool:
        """'Film production with scenes (…) and actors': what the app is about, then its kinds."""
        noun = self.noun
        if not place.first or app.find(noun.name) is not None or noun.each:
            return False
        first = first_noun(self.right)
        if self.is_colon and place.length > 1 and _are_all_bracketed((self.right, *place.rest)):
            return True
        if first is None or not lists_kinds(self.right) or app.find(first.name) is not None:
            return False
        detailed, usual = has_details(self.right), noun.name in lexicon.FIELDS_OF
        if self.is_group:
            return detailed or self.is_colon or not any(e.given for e in app.entities.values())
        if self.is_colon and (detailed or (place.length > 1 and not usual)):
            return detailed or not noun.many or not _are_mostly_fields(place.rest)
        if detailed and noun.single and _NEEDS.match(self.word):
            return True
        if self.is_colon and self.head.relations and "," not in self.right and not usual:
            return True  # 'Quotes for my carpentry: customers; quotes with …'
        bare = not (noun.many or noun.single or usual)
        return bare and (detailed or self.is_colon)

    @property
    def is_group(self) -> bool:
        """A place or the app itself, which holds kinds and no fields."""
        return self.noun.head in lexicon.PLACES | lexicon.CONTAINERS and not self.noun.many

    def is_kind(self, app: AppDraft, place: Place) -> bool:
        """Whether the noun is a kind of record and what follows are its fields."""
        noun = self.noun
        if noun.name in lexicon.USERS and not (noun.many and noun.name in ("person", "visitor")):
            return False
        if app.find(noun.name) is not None:
            return True
        if noun.many and not self._is_many(place):
            return False
        if not noun.many and not self._is_one(place):
            return False
        if self.is_colon:
            return not _SENTENCE.match(self.right)
        is_told = place.loose and not noun.each and is_story(self.right)
        first = first_noun(self.right)
        is_known = first is not None and app.find(first.name) is not None
        is_sure = noun.each or is_known or not unsupported.why_not_built(self.right)
        return not is_told and is_sure

    def _is_many(self, place: Place) -> bool:
        """'payments with a date' among the fields of a kind: fields must follow."""
        inside = is_attribute(self.noun.head) and place.owner is not None
        return not inside or self.is_colon or lists_fields(self.right)

    def _is_one(self, place: Place) -> bool:
        noun, right = self.noun, self.right
        if place.weak or right.startswith("<"):
            return False
        opens = self.is_colon and place.first and place.owner is None
        if opens and place.length < 2 and len(split_items(right)) < 2:
            return False
        held = read_head(right)
        if noun.head in lexicon.PLACES and held and held.noun.head in lexicon.CONTAINERS:
            return False
        fits = self.word == "has" or (opens and place.length > 1) or lists_kinds(right)
        if is_attribute(noun.head) and not fits:
            return False
        if place.owner is not None and (self.is_colon or not noun.single):
            return False
        return noun.each or noun.single or place.first


def _are_mostly_fields(items: tuple[str, ...]) -> bool:
    """'references: authors, title, year, pdf link': more of them are surely fields than not."""
    return len(items) > 2 and sum(is_sure_field(one) for one in items) * 2 > len(items)


def _are_all_bracketed(items: tuple[str, ...]) -> bool:
    """'turbine (name, location), visit (turbine, date)': kinds with their fields, each as one."""
    return all(re.fullmatch(r"[\w' -]+ \([^():<>]+,[^():<>]+\)", item) for item in items)


def has_fields_in_brackets(noun: Noun, parts: list[str], app: AppDraft, place: Place) -> bool:
    """Whether 'books (title, pages)' names a kind; 'price (in euros)' does not."""
    if len(parts) == 1 and (parts[0][0].isdigit() or is_hint(parts[0])):
        return False
    known = app.find(noun.name)
    if known is not None or noun.each:
        return known is not place.owner or noun.many
    if noun.many:
        return len(parts) > 1 or is_field_name(parts[0])
    is_field = is_attribute(noun.head)
    follows = place.kinds and not noun.head.endswith("ed")
    opens = place.owner is None and (place.first or follows)
    return not is_field and opens and len(parts) > 1
