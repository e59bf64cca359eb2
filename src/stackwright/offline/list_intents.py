"""Lists with names, their order, and what is hidden, by key words in any order."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from stackwright.offline.asked import Built, Made, with_view
from stackwright.offline.list_conditions import CUES, Told, dates_of, says, states_left
from stackwright.offline.phrase import Phrase, phrase_of
from stackwright.offline.places import DATES, lower, moment_of, only, with_entity
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec
from stackwright.scaffold.words import Condition, NamedList

_SHOWS: Final = re.compile(
    r" (?:show|shows|display|see|view|lists?|table|overview|find|know|which|who|everything|anything|report|what)(?= )"
)
_WARNS: Final = re.compile(
    r" (?:warn|alert|tell|warns|a warning|warning|an alert)(?: (?:me|us|them|people|the staff))?(?: (?:when|if|of|about|which|for|as soon as|once))?(?= )"
)
_HIDES: Final = re.compile(
    r" (?:hide|hides|don't show|do not show|leave out|should be hidden|are hidden|hidden)(?: (?:by default|from the list|in the list|from lists))?(?= )"
)
_HOME: Final = re.compile(
    r" (?:on|at) (?:the |my |our )?(?:start|home|front|main|first) ?page(?= )| on the (?:dashboard|overview)(?= )"
)
_ORDER: Final = re.compile(
    r" (?:,? ?(?:with the |the )?)(?P<side>newest|latest|most recent|oldest|earliest|soonest|longest)(?: ones?)? (?:first|on top|at the top)(?= )"
)
_QUOTED: Final = re.compile(
    r"[\"“'](?P<title>[^\"”']{3,50})[\"”'] list|list (?:called|named) [\"“']?(?P<other>[^\"”']{3,50})[\"”']?|\ba (?P<bare>to be [a-z]{3,20}) list",
    re.IGNORECASE,
)
_OTHER: Final = re.compile(
    r" (?:show up|shows up|appear|appears|be shown|be listed|end up|go|come up|in an?)(?= )"
)


@dataclass(frozen=True)
class _Read:
    entity: EntitySpec
    told: tuple[Told, ...]
    sort: str


def named_list(spec: AppSpec, words: str, spoken: EntitySpec | None = None) -> Made | None:
    """A part of a list that a clause asks for; None where anything in it is not understood."""
    quoted = _QUOTED.search(words)
    title = next((one for one in quoted.groups() if one), "") if quoted else ""
    plain = words.replace(quoted[0], " list ") if quoted else words
    phrase = phrase_of(spec, plain)
    hides = phrase.take(_HIDES) is not None
    warns = phrase.take(_WARNS) is not None
    is_home = phrase.take(_HOME) is not None
    phrase.take(_OTHER)
    asks = warns or hides or title or _SHOWS.search(phrase.text)
    named = [token.kind for token in phrase.names if token.kind is not None]
    kinds = list({one.name: one for one in named}.values())
    if len(kinds) > 1:
        return None
    every = kinds or list(spec.entities)
    read = [one for entity in every if (one := _read(phrase.copy(), entity)) is not None]
    mine = [one for one in read if spoken is not None and one.entity.name == spoken.name]
    found = only(read) or only(mine)
    if found is None or not (asks or kinds or _is_sure(found)):
        return None
    return _built(spec, found, title, hides=hides, is_told_first=warns or is_home)


def _is_sure(read: _Read) -> bool:
    """'Not collected, oldest first' says that it is a list by its words alone."""
    return any(
        one.before.startswith(("not ", "overdue", "expired", "un")) or one.behind
        for one in read.told
    )


def _read(phrase: Phrase, entity: EntitySpec) -> _Read | None:
    told: list[Told] = []
    order = phrase.take(_ORDER)
    for form, make in CUES:
        found = phrase.take(form)
        if found is None:
            continue
        made = make(phrase, entity, found)
        if made is None:
            return None
        told.append(made)
    for token in phrase.names:
        if token.kind is not None and token.kind.name == entity.name:
            phrase.drop(token)
    told += states_left(phrase, entity)
    if not told or not phrase.is_explained:
        return None
    sort = ""
    if order is not None:
        date = _moment(entity)
        if date is None:
            return None
        sort = ("-" if order["side"] in ("newest", "latest", "most recent") else "") + date.name
    return _Read(entity, tuple(told), sort)


def _built(
    spec: AppSpec, read: _Read, title: str, *, hides: bool, is_told_first: bool
) -> Made | None:
    entity = read.entity
    where = list(_merged(entity, read.told))
    if hides:
        where = [turned for one in where if (turned := _turned(entity, one)) is not None]
        if len(where) != 1 or len(read.told) != 1:
            return None
    nouns = lower(entity.label_plural)
    before = " ".join(one.before for one in read.told if one.before)
    behind = ", ".join(one.behind for one in read.told if one.behind)
    made = " ".join(part for part in (before, nouns, behind) if part)
    made = f"not {made}" if hides else made
    made = title or made
    title = (made[:1].upper() + made[1:])[:60].strip()
    sort = read.sort or _usual_order(where)
    view = NamedList(view="list", title=title, where=tuple(where), sort=sort, first=hides)
    known = [one for one in entity.views if not (one.view == "list" and one.title == title)]
    entity = with_view(entity.model_copy(update={"views": tuple(known)}), view)
    told = " and ".join(says(entity, one) for one in where)
    how = "open with a list" if hides else "have a list"
    text = (
        f"{entity.label_plural} {how} \u201c{title}\u201d: those whose {told}{_by(entity, sort)}."
    )
    if is_told_first:
        text += " The start page says how many there are."
    return with_entity(spec, entity), Built(text, "listed", entity.name, title)


def _by(entity: EntitySpec, sort: str) -> str:
    if not sort:
        return ""
    return f", by {lower(entity.field(sort.lstrip('-')).label)}{' (the last first)' if sort.startswith('-') else ''}"


def in_order(spec: AppSpec, built: Built, *, is_late: bool) -> Made | None:
    """'Not collected', 'oldest first': the second half belongs to the list of the first."""
    entity = spec.entity(built.entity)
    date = _moment(entity)
    view = next(
        one for one in entity.views if isinstance(one, NamedList) and one.title == built.field
    )
    if date is None:
        return None
    turned = view.model_copy(update={"sort": ("-" if is_late else "") + date.name})
    views = tuple(turned if one is view else one for one in entity.views)
    entity = entity.model_copy(update={"views": views})
    text = built.text.partition(", by ")[0].removesuffix(".") + f"{_by(entity, turned.sort)}."
    return with_entity(spec, entity), Built(text, "listed", entity.name, built.field)


def _moment(entity: EntitySpec) -> FieldSpec | None:
    """The date by which records are new or old."""
    date = moment_of(entity)
    return date if date is not None and date.type in DATES else next(iter(dates_of(entity)), None)


def _usual_order(where: list[Condition]) -> str:
    """What is overdue or comes up stands by its date."""
    return next(
        (one.field for one in where if one.from_day is not None or one.to_day is not None), ""
    )


def _merged(entity: EntitySpec, told: tuple[Told, ...]) -> Iterator[Condition]:
    """'Done but not invoiced yet': of one choice, what both leave."""
    every = [one for each in told for one in each.where]
    for name in dict.fromkeys(one.field for one in every):
        mine = [one for one in every if one.field == name]
        valued = [one for one in mine if one.values]
        if len(valued) > 1:
            left = set(valued[0].values).intersection(*(one.values for one in valued[1:]))
            known = entity.field(name).choices or (True, False)
            values = tuple(one for one in known if one in left)
            if values:
                yield valued[0].model_copy(update={"values": values})
        else:
            yield from mine[:1]


def _turned(entity: EntitySpec, one: Condition) -> Condition | None:
    """The others."""
    if one.values:
        known = entity.field(one.field).choices or (True, False)
        others = tuple(c for c in known if c not in one.values)
        return (
            one.model_copy(
                update={"values": others, "empty": entity.field(one.field).type == "enum"}
            )
            if others
            else None
        )
    if one.to_day is not None and one.from_day is None:
        return Condition(field=one.field, from_day=one.to_day + 1)
    return None
