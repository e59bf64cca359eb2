"""Which nouns of a message are told of as records of their own, found before anything is read.

'Companies have contacts, contacts have a name': that the second clause describes contacts is known when
the first is read."""

import re
from collections.abc import Iterable
from typing import Final

from stackwright.offline import lexicon
from stackwright.offline.field_types import is_attribute
from stackwright.offline.nouns import clean_noun

_OPENS: Final = r"(?:^|[.;:,] |\band )"
_NOUN: Final = r"(?P<noun>[a-z][\w'-]*(?: [a-z][\w'-]*){0,2}?)"
_FORMS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_OPENS}(?:(?:the|our|all) )?(?={_NOUN} (?:have|each have|consist of|contain) )",
        rf"{_OPENS}(?:an?|each|every|the|one) (?={_NOUN} (?:has|gets|consists of|contains|belongs to) )",
        rf"(?:^|[.;] )(?:the |our )?(?={_NOUN}: ?\w)",
        rf"{_OPENS}(?:the |our |their )?(?={_NOUN} ?\([^()]*,)",
    )
)


def described_kinds(statements: Iterable[str]) -> frozenset[str]:
    """The names, in snake_case, of what 'contacts have …', 'a deal has …' and 'Deals: …' describe."""
    names: set[str] = set()
    for statement in statements:
        for form in _FORMS:
            for found in form.finditer(statement):
                noun = clean_noun(found["noun"])
                if noun is not None and _is_kind(noun.name, is_many=noun.many):
                    names.add(noun.name)
    return frozenset(names)


def _is_kind(name: str, *, is_many: bool) -> bool:
    if name in lexicon.USERS:
        return False
    return is_many or not (is_attribute(name) or name.rsplit("_", 1)[-1] in lexicon.CONTAINERS)
