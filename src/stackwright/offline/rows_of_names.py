"""Names of fields that stand in a row without commas: 'name phone email rent amount deposit'."""

import re
from typing import Final

from stackwright.offline.field_types import is_attribute
from stackwright.offline.words import word_set

_ROW: Final = re.compile(r"(?:(?:the|their|its|an?) )?[a-z][a-z'-]*(?: [a-z][a-z'-]*){2,13}", re.IGNORECASE)  # fmt: skip
_JOINTS: Final = word_set(
    "of per at for in by from to on with and or as is are was the a an i we they it who what when where which how if whether that not no can must should than between before after"
)
_SECOND: Final = {
    "number": word_set("phone serial model order account room table house frame mobile part item member"),
    "amount": word_set("rent deposit total tax fee cost price"),
    "address": word_set("email home street"),
    "date": word_set("due expiry birth start end"),
    "time": word_set("start end"),
    "price": word_set("unit cost"),
    "note": word_set("delivery"),
}  # fmt: skip
"""Attributes that name one field together with the attribute before them."""
_FEWEST: Final = 3
_LONGEST_ITEM: Final = 200
_LONGEST_NAME: Final = 3


def names_in_row(item: str) -> list[str]:
    """The names, or nothing where the item may be one name, or tells something."""
    if len(item) > _LONGEST_ITEM or not _ROW.fullmatch(item):
        return []
    words = re.sub(r"^(?:the|their|its|an?) ", "", item, flags=re.IGNORECASE).split()
    if any(word.lower() in _JOINTS for word in words):
        return []
    names: list[list[str]] = [[]]
    for word in words:
        low = word.lower()
        if low in _SECOND and len(names) > 1 and not names[-1] and names[-2][-1] in _SECOND[low]:
            names[-2].append(low)
            continue
        names[-1].append(low)
        if is_attribute(low):
            names.append([])
    if names.pop() or len(names) < _FEWEST or any(len(name) > _LONGEST_NAME for name in names):
        return []
    return [" ".join(name) for name in names]
