"""Figures out of other fields of a record: 'profit is price minus cost', 'focal ratio = focal length divided by aperture'."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from stackwright.offline.asked import Made
from stackwright.offline.figure_forms import add_field
from stackwright.offline.phrase import IDLE, SIGN, Phrase, phrase_of
from stackwright.offline.places import NUMBERS, only
from stackwright.offline.words import snake
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec, FieldType
from stackwright.scaffold.words import Computed, Formula, SumOf

Operation = Literal["sum", "difference", "product", "quotient"]
_SIGNS: Final[dict[str, Operation]] = {
    **dict.fromkeys(("times", "*", "x", "multiplied", "\u00d7"), "product"),
    **dict.fromkeys(("minus", "-", "less", "\u2212", "\u2013"), "difference"),
    **dict.fromkeys(("plus", "+", "and"), "sum"),
    **dict.fromkeys(("divided", "/", "\u00f7", "over"), "quotient"),
}
_IS: Final = re.compile(
    r" (?:is|are|=|equals|be|gets?|:|should be|must be)(?: (?:worked out|calculated|computed)(?: (?:by itself|automatically|as|from|like this))*)?(?: (?:as|:|=|automatically|simply|just|the))*(?= )"
)
_SUM: Final = re.compile(r" (?:the )?(?:sum|total) of(?= )")
_NAME: Final = re.compile(
    r"^(?:(?:please|also|and|i|we|want|need|show|see|with|to|calculate|the|an?|each|every|its|my|our) )+| (?:of|for|per) .*$| (?:should|must|can|to)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Read:
    entity: EntitySpec
    operation: Operation
    fields: tuple[FieldSpec, ...]


def formula(spec: AppSpec, words: str, spoken: EntitySpec | None = None) -> Made | None:
    """A calculated field; None where a word of the formula is no number of one kind of record."""
    phrase = phrase_of(spec, words)
    parts = _IS.split(phrase.text, maxsplit=1)
    if len(parts) < 2:
        return None
    left, right = parts
    is_sum_of_lines = _SUM.search(right) is not None
    names, signs, kinds = _expression(phrase, _SUM.sub(" ", right))
    operations: set[Operation] = {_SIGNS[one] for one in signs}
    if len(names) != len(signs) + 1 or len(operations) != 1:
        return None
    operation = operations.pop()
    read = only(
        [one for each in spec.entities if (one := _of(each, phrase, names, operation)) is not None]
    )
    name = _name_of(phrase, words, left)
    if read is None or not name:
        return None
    if is_sum_of_lines:
        return _of_lines(spec, phrase, read, name, left)
    if kinds - {read.entity.name}:
        return None
    computed = Formula(formula=read.operation, fields=tuple(f.name for f in read.fields))
    return _with(spec, read.entity, name, read, computed)


def _expression(phrase: Phrase, right: str) -> tuple[list[str], list[str], set[str]]:
    """The names, the signs between them, and kinds of record said beside them; no names where a word is not understood."""
    names: list[str] = []
    signs: list[str] = []
    kinds: set[str] = set()
    words = right.split()
    for place, word in enumerate(words):
        kind = phrase.token(word[1:]).kind if SIGN.fullmatch(word) else None
        if kind is not None and (
            len(names) > len(signs)
            or not phrase.token(word[1:]).fields
            or _is_name(words, place + 1)
        ):
            kinds.add(kind.name)
        elif SIGN.fullmatch(word):
            names.append(word[1:])
        elif word in _SIGNS and len(names) == len(signs) + 1:
            signs.append(word)
        elif word not in IDLE and not (word == "by" and signs):
            return [], [], set()
    return names, signs, kinds


def _is_name(words: list[str], place: int) -> bool:
    return place < len(words) and SIGN.fullmatch(words[place]) is not None


def _of(entity: EntitySpec, phrase: Phrase, names: list[str], operation: Operation) -> _Read | None:
    fields = [
        only(
            [f for e, f in phrase.token(name).fields if e.name == entity.name and f.type in NUMBERS]
        )
        for name in names
    ]
    known = tuple(one for one in fields if one is not None)
    if len(known) < len(names) or len({one.name for one in known}) < len(known):
        return None
    if operation == "quotient" and len(known) != 2:
        return None
    return _Read(entity, operation, known)


def _name_of(phrase: Phrase, words: str, left: str) -> str:
    """What stands before the equals sign, in the words of the person."""
    tokens = [one for one in left.split() if one[0].isalnum() or one[0] in "@#"]
    said = " ".join(phrase.token(one[1:]).text if one.startswith("@") else one for one in tokens)
    name = _NAME.sub("", f"{said} ".strip()).strip()
    return name if 0 < len(name.split()) <= 4 and re.fullmatch(r"[A-Za-z][\w '-]*", name) else ""


def _of_lines(spec: AppSpec, phrase: Phrase, read: _Read, name: str, left: str) -> Made | None:
    """'The total of a repair is the sum of quantity times unit price of its parts'."""
    targets = {f.target for f in read.entity.fields if f.target}
    owners = [phrase.token(one).kind for one in SIGN.findall(left)]
    owner = only([one for one in owners if one is not None and one.name in targets])
    if owner is None or read.operation != "product":
        return None
    computed = SumOf(child=read.entity.name, factors=tuple(f.name for f in read.fields))
    return _with(
        spec,
        spec.entity(owner.name),
        "total" if name.lower() in ("amount", "sum") else name,
        read,
        computed,
    )


def _with(
    spec: AppSpec, entity: EntitySpec, name: str, read: _Read, computed: Computed
) -> Made | None:
    types, units = {f.type for f in read.fields}, {f.unit for f in read.fields if f.unit}
    kind: FieldType = "money" if "money" in types else "number"
    kind = "integer" if types == {"integer"} and read.operation != "quotient" else kind
    if read.operation == "quotient":
        kind = (
            "money"
            if read.fields[0].type == "money" and read.fields[1].type != "money"
            else "number"
        )
    is_same = len(units) == 1 and read.operation in ("sum", "difference")
    unit = next(iter(units)) if is_same or (len(units) == 1 and "money" in types) else None
    return add_field(spec, entity, snake(name), name, kind, computed, unit)
