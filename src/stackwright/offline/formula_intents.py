"""Figures out of other fields of a record: 'profit is price minus cost', 'focal ratio = focal length divided by aperture'."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from stackwright.offline.asked import Made
from stackwright.offline.figure_forms import add_field
from stackwright.offline.phrase import IDLE, SIGN, Phrase, phrase_of
from stackwright.offline.places import (
    DATES,
    NUMBERS,
    only,
    required,
    span_of,
    with_entity,
    with_field,
)
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


_NIGHTS: Final = frozenset({"night", "nights", "day", "days"})
"""How long a record lasts: from the day of its beginning to that of its end."""
_PRICE: Final = frozenset({"price", "rate", "fee", "cost"})
"""The only amount of money that may be meant, whatever its field is called."""


@dataclass(frozen=True)
class _Term:
    """A number of the record, or of the record that its field `link` refers to; `span` is made for the formula."""

    field: FieldSpec
    link: str = ""
    span: FieldSpec | None = None

    @property
    def path(self) -> str:
        return f"{self.link}.{self.field.name}" if self.link else self.field.name


@dataclass(frozen=True)
class _Read:
    entity: EntitySpec
    operation: Operation
    terms: tuple[_Term, ...]

    @property
    def fields(self) -> tuple[FieldSpec, ...]:
        return tuple(term.field for term in self.terms)


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
        [
            one
            for each in spec.entities
            if (one := _of(spec, each, phrase, names, operation)) is not None
        ]
    )
    name = _name_of(phrase, words, left)
    if read is None or not name:
        return None
    if is_sum_of_lines:
        return _of_lines(spec, phrase, read, name, left)
    linked = {read.entity.field(term.link).target for term in read.terms if term.link}
    if kinds - {read.entity.name} - linked:
        return None
    computed = Formula(formula=read.operation, fields=tuple(term.path for term in read.terms))
    spec = _prepared(spec, read)
    return _with(spec, spec.entity(read.entity.name), name, read, computed)


def _prepared(spec: AppSpec, read: _Read) -> AppSpec:
    """With the lengths that the formula needs; what it refers to must be there."""
    entity = read.entity
    for term in read.terms:
        if term.span is not None and all(f.name != term.field.name for f in entity.fields):
            entity = with_field(entity, term.field)
        if term.link:
            entity = required(entity, term.link)
    return with_entity(spec, entity)


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
        elif word in _NIGHTS | _PRICE and len(names) == len(signs):
            names.append(word)
        elif SIGN.fullmatch(word):
            names.append(word[1:])
        elif word in _SIGNS and len(names) == len(signs) + 1:
            signs.append(word)
        elif word not in IDLE and not (word == "by" and signs):
            return [], [], set()
    return names, signs, kinds


def _is_name(words: list[str], place: int) -> bool:
    return place < len(words) and SIGN.fullmatch(words[place]) is not None


def _of(
    spec: AppSpec, entity: EntitySpec, phrase: Phrase, names: list[str], operation: Operation
) -> _Read | None:
    terms = [_term(spec, entity, phrase, name) for name in names]
    known = tuple(one for one in terms if one is not None)
    if len(known) < len(names) or len({one.path for one in known}) < len(known):
        return None
    if operation == "quotient" and len(known) != 2:
        return None
    linked = [one for one in known if one.link]
    moneys = {one.field.type == "money" for one in known}
    if len(linked) == len(known) or (
        linked and operation in ("sum", "difference") and len(moneys) > 1
    ):
        return None  # 'price minus aperture' of another record is no figure
    return _Read(entity, operation, known)


def _term(spec: AppSpec, entity: EntitySpec, phrase: Phrase, name: str) -> _Term | None:
    low = name if name in _NIGHTS else phrase.token(name).low if name.isdigit() else ""
    if low in _NIGHTS and (length := _length(entity, low)):
        return length
    if name in _NIGHTS:
        return None
    if name in _PRICE:
        found = [(e, f) for e, _ in _near(spec, entity) for f in e.fields if f.type == "money"]
    else:
        found = [(e, f) for e, f in phrase.token(name).fields if f.type in NUMBERS]
    own = only([f for e, f in found if e.name == entity.name])
    if own is not None:
        return _Term(own)
    linked = only(
        [
            (f, link)
            for near, link in _near(spec, entity)
            for e, f in found
            if link and near.name == e.name and f.computed is None
        ]
    )
    return _Term(linked[0], linked[1]) if linked else None


def _near(spec: AppSpec, entity: EntitySpec) -> list[tuple[EntitySpec, str]]:
    """The records themselves, and those that each of them refers to, with the field that does."""
    links = [f for f in entity.fields if f.type == "reference" and f.target]
    return [(entity, ""), *((spec.entity(f.target or ""), f.name) for f in links)]


def _length(entity: EntitySpec, name: str) -> _Term | None:
    span = span_of(entity)
    if span is None or span[0].type not in DATES:
        return None
    days = Formula(formula="days", fields=(span[0].name, span[1].name))
    known = only([f for f in entity.fields if f.computed == days])
    many = f"{name.removesuffix('s')}s"
    made = FieldSpec(name=many, label=many.capitalize(), type="integer", computed=days)
    return _Term(known or made, span=made)


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
