"""Figures and charts by key words in any order: what is added up, averaged or counted, and for what each.

'Total of unpaid fees per member', 'how many bookings each month', 'a bar chart of sales by region': the measure,
the group and the records that count are slots, filled from the names of the clause.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from stackwright.offline.asked import Built, Made, with_view
from stackwright.offline.figure_forms import add_figure
from stackwright.offline.list_conditions import states_told
from stackwright.offline.phrase import IDLE, Phrase, phrase_of
from stackwright.offline.places import DATES, NUMBERS, board_of, lower, moment_of, only, with_entity
from stackwright.offline.slots import Token
from stackwright.offline.units import words_of_unit
from stackwright.offline.verbs import PARTICIPLES
from stackwright.offline.words import singular_word, word_set
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec
from stackwright.scaffold.words import Chart, Condition, Only

Period = Literal["day", "week", "month", "year"]
Measure = Literal["count", "sum", "average"]
PERIODS: Final[dict[str, Period]] = {
    **dict.fromkeys(("day", "daily"), "day"),
    **dict.fromkeys(("week", "weekly"), "week"),
    **dict.fromkeys(("month", "monthly", "time"), "month"),
    **dict.fromkeys(("year", "yearly", "annual", "annually"), "year"),
}
MONEY: Final = word_set(
    "sale sales revenue revenues income turnover spending expense expenses cost costs money amount amounts total totals"
    " donation donations payment payments earning earnings taking takings earn earned spend spent raised"
)
_TOLD: Final = word_set(
    "made make sold taken came come went gone there all we our drove earn spent is"
)
_CHART: Final = re.compile(
    r" (?:(?:bar|line|pie|column|simple|little) )?(?P<kind>charts?|graphs?|diagrams?|plots?|curves?|statistics|stats)(?: (?:of|showing|with|for|on|about|that shows|how))?(?= )|(?P<line> over time(?= ))"
)
_AVERAGE: Final = re.compile(r" (?:averages?|mean|avg)(?: of)?(?= )")
_SUM: Final = re.compile(
    r" (?:sums?|totals?|grand totals?|altogether|in total|overall|how much|all together|added up|adds up)(?: of)?(?= )"
)
_COUNT: Final = re.compile(r" (?:numbers?|counts?|how many|how often)(?: of)?(?= )")
_GROUP: Final = re.compile(
    r" (?:per|by|for each|for every|for a|of each|of every|each|every|over|grouped by|broken down by|in each|in every|within each|from each) (?:the |a |an |single )?(?P<group>@\d+|day|week|month|year|time|column|lane)(?= )"
)
_PERIODICAL: Final = re.compile(r" (?P<group>monthly|weekly|yearly|daily|annual)(?= )")

_CARDS: Final = re.compile(r" cards?(?= )")


@dataclass(frozen=True)
class _Asked:
    """`measure` as it is said, if it is."""

    phrase: Phrase
    measure: Measure | None
    groups: tuple[Token | Period, ...]
    is_chart: bool
    is_line: bool
    is_over_time: bool


@dataclass(frozen=True)
class _Subject:
    entity: EntitySpec
    measure: Measure
    of: FieldSpec | None
    only: Only | None = None
    word: str = ""


def figure(spec: AppSpec, words: str, spoken: EntitySpec | None = None) -> Made | None:
    """A figure of each record, or a chart; None where anything in the clause is not understood."""
    asked = _asked(spec, words)
    if asked is None or len(asked.groups) > 1:
        return None
    group = asked.groups[0] if asked.groups else None
    made = [one for each in _subjects(asked, group) if (one := _made(spec, asked, each, group))]
    firm = [one for one, is_firm in made if is_firm]
    return only(firm) or only([one for one, _ in made])


def _asked(spec: AppSpec, words: str) -> _Asked | None:
    phrase = phrase_of(spec, words)
    chart = phrase.take(_CHART)
    more = phrase.take(_CHART)
    is_line = any(
        found is not None and (found["line"] or "line" in found[0] or "curve" in found[0])
        for found in (chart, more)
    )
    is_over_time = any(found is not None and bool(found["line"]) for found in (chart, more))
    measure: Measure | None = None
    if phrase.take(_AVERAGE):
        measure = "average"
        phrase.take(_SUM)
    elif phrase.take(_COUNT):
        measure = "count"
    elif phrase.take(_SUM):
        measure = "sum"
        phrase.take(_SUM)
    groups: list[Token | Period] = []
    while (found := phrase.take(_GROUP) or phrase.take(_PERIODICAL)) is not None:
        said = found["group"]
        is_over_time = is_over_time or said == "time"
        groups.append(_group(phrase, said))
    said = [*phrase.text.split(), *(one.low for one in phrase.names)]
    has_words = any(word in MONEY for word in said) and bool(groups)
    if chart is None and measure is None and not has_words:
        return None
    return _Asked(
        phrase, measure, tuple(groups), chart is not None, is_line or is_over_time, is_over_time
    )


def _group(phrase: Phrase, said: str) -> Token | Period:
    return (
        phrase.token(said[1:]) if said.startswith("@") else PERIODS.get(said) or Token(said, 0, 0)
    )


def _subjects(
    asked: _Asked, group: Token | Period | None
) -> Iterator[tuple[_Subject, Token | Period | None]]:
    """What may be meant, with the group of each, and nothing left over."""
    for entity in asked.phrase.spec.entities:
        phrase = asked.phrase.copy()
        own = _take_kind(phrase, entity)
        mine = group or _take_owner(phrase, entity, is_named=own)
        numbers = _numbers(phrase, entity)
        for token, _ in numbers:
            phrase.drop(token)
        states = list(states_told(phrase, entity))
        pick = _only(states[0].where) if len(states) == 1 else None
        fields = {one.name: one for _, one in numbers}
        found = next(iter(fields.values()), None) or _by_words(asked, phrase, entity)
        if len(fields) > 1 or (states and pick is None) or not _is_explained(phrase, entity):
            continue
        measure, of = _measure(asked, entity, found, is_named=own)
        is_told = own or found is not None or _has_group(entity, mine)
        if is_told and (measure == "count" or of is not None):
            yield _Subject(entity, measure, of, pick, states[0].before if states else ""), mine


def _take_kind(phrase: Phrase, entity: EntitySpec) -> bool:
    """Whether the records are named; what stands on a board may be called its cards."""
    own = [one for one in phrase.names if one.kind is not None and one.kind.name == entity.name]
    for token in own:
        phrase.drop(token)
    return bool(own) or (board_of(entity) is not None and phrase.take(_CARDS) is not None)


def _take_owner(phrase: Phrase, entity: EntitySpec, *, is_named: bool) -> Token | None:
    """'The score on the film', 'how many invoices a client has': what it belongs to is the group."""
    others = [
        one
        for one in phrase.names
        if one.kind and _refers(entity, one.kind) and not _number_of(one, entity)
    ]
    if len(others) != 1 or not (is_named or _numbers(phrase, entity)):
        return None
    phrase.drop(others[0])
    return others[0]


def _measure(
    asked: _Asked, entity: EntitySpec, found: FieldSpec | None, is_named: bool
) -> tuple[Measure, FieldSpec | None]:
    if asked.measure == "count":
        return "count", None
    if asked.measure == "average":
        return "average", found or only(
            [f for f in entity.fields if f.type in NUMBERS and f.computed is None]
        )
    if found is not None:
        return ("average" if asked.is_over_time and found.type != "money" else "sum"), found
    money = only([f for f in entity.fields if f.type == "money"])
    if asked.measure == "sum" and money is not None:
        return "sum", money
    if not is_named:
        return "sum", money  # 'the total pledged' counts nothing
    return "count", None


def _by_words(asked: _Asked, phrase: Phrase, entity: EntitySpec) -> FieldSpec | None:
    """'Kilos donated', 'the revenue': a number by its unit, or the only money."""
    words = [word for word in phrase.text.split() if word[0].isalpha()]
    for word in words:
        units = [
            f
            for f in entity.fields
            if f.unit and f.type in NUMBERS and word in words_of_unit(f.unit)
        ]
        if len(units) == 1:
            phrase.text = phrase.text.replace(f" {word} ", " ", 1)
            return units[0]
    is_bare = asked.measure == "sum" and not phrase.names and all(one in IDLE for one in words)
    if is_bare or any(word in MONEY for word in words):
        return only([f for f in entity.fields if f.type == "money"])
    return None


def _is_explained(phrase: Phrase, entity: EntitySpec) -> bool:
    known = IDLE | MONEY | _TOLD | {entity.label[:5].lower()}
    return all(
        word in known or singular_word(word) in known or word.endswith("ed") or word in PARTICIPLES
        for word in phrase.text.split()
        if word[0].isalnum() or word[0] in "@#%*/+=<>"
    )


def _refers(entity: EntitySpec, target: EntitySpec) -> bool:
    return entity.name != target.name and any(f.target == target.name for f in entity.fields)


def _number_of(token: Token, entity: EntitySpec) -> bool:
    return any(e.name == entity.name and f.type in NUMBERS for e, f in token.fields)


def _numbers(phrase: Phrase, entity: EntitySpec) -> list[tuple[Token, FieldSpec]]:
    return [
        (token, field)
        for token in phrase.names
        if (
            field := only(
                [f for e, f in token.fields if e.name == entity.name and f.type in NUMBERS]
            )
        )
        is not None
    ]


def _only(where: tuple[Condition, ...]) -> Only | None:
    """Figures count those with a value; what is empty or lies before a date is no value."""
    one = where[0] if len(where) == 1 else None
    if one is not None and one.values:
        return Only(field=one.field, values=one.values)
    return None


def _has_group(entity: EntitySpec, group: Token | Period | None) -> bool:
    if group is None or isinstance(group, str):
        return False
    return _by(entity, group) is not None or (
        group.kind is not None and _refers(entity, group.kind)
    )


def _by(entity: EntitySpec, group: Token | Period) -> FieldSpec | None:
    if isinstance(group, str):
        dates = [one for one in entity.fields if one.type in DATES]
        date = moment_of(entity) or next(iter(dates), None)
        return date if date is not None and date.type in DATES else None
    if group.low in ("column", "columns", "lane", "lanes"):
        return board_of(entity)
    named = [
        f
        for e, f in group.fields
        if e.name == entity.name and f.type in ("enum", "reference", "boolean")
    ]
    linked = [
        f
        for f in entity.fields
        if group.kind and f.type == "reference" and f.target == group.kind.name
    ]
    return only(named) or only(linked)


def _made(
    spec: AppSpec,
    asked: _Asked,
    read: tuple[_Subject, Token | Period | None],
    said: Token | Period | None,
) -> tuple[Made, bool] | None:
    subject, group = read
    entity = subject.entity
    is_firm = any(
        t.kind is not None and t.kind.name == entity.name for t in asked.phrase.tokens
    ) or any(
        e.name == entity.name for t in asked.phrase.tokens for e, f in t.fields if f.type in NUMBERS
    )
    made: Made | None = None
    if group is None:
        made = _whole(spec, asked, subject)
    elif not isinstance(group, str) and group.kind is not None and not asked.is_chart:
        if _refers(entity, group.kind):
            made = add_figure(
                spec,
                spec.entity(group.kind.name),
                entity,
                subject.measure,
                subject.of,
                subject.only,
                subject.word,
            )
    elif (by := _by(entity, group)) is not None and subject.only is None:
        period: Period = group if isinstance(group, str) else "month"
        if asked.is_over_time and subject.of is not None and subject.of.type != "money":
            period = "day"  # a weight or a temperature is measured, not added up
        made = _chart(spec, asked, subject, by, period)
    return (made, is_firm) if made is not None else None


def _whole(spec: AppSpec, asked: _Asked, subject: _Subject) -> Made | None:
    """Without a group: over time, or by the field that says which count."""
    if subject.only is not None and not asked.is_chart:
        by = subject.entity.field(subject.only.field)
        return _chart(spec, asked, subject, by, "month")
    by = _by(subject.entity, "month") if asked.is_chart else None
    if by is None or subject.only is not None:
        return None
    is_measured = subject.of is not None and subject.of.type != "money"
    if is_measured and asked.measure is None:
        subject = _Subject(subject.entity, "average", subject.of)
    return _chart(spec, asked, subject, by, "day" if is_measured else "month", is_line=is_measured)


def _chart(
    spec: AppSpec,
    asked: _Asked,
    subject: _Subject,
    by: FieldSpec,
    period: Period,
    *,
    is_line: bool = False,
) -> Made:
    entity, of = subject.entity, subject.of
    shape: Literal["bars", "line"] = "line" if asked.is_line or is_line else "bars"
    view = Chart(
        view="chart",
        by=by.name,
        period=period,
        measure=subject.measure,
        of=of.name if of else "",
        shape=shape,
    )
    nouns = lower(entity.label_plural)
    per = period if by.type in DATES else lower(by.label)
    what = f"{lower(of.label)} of {nouns}" if of else nouns
    how = {"count": "how many", "sum": "the total", "average": "the average"}[subject.measure]
    text = f"A chart shows {how} {what} per {per}"
    if by.type in DATES and sum(one.type in DATES for one in entity.fields) > 1:
        text += f", by {lower(by.label)}"
    if subject.only is not None:
        values = [
            "yes" if one is True else "no" if one is False else str(one)
            for one in subject.only.values
        ]
        text += f"; {subject.word} means {lower(by.label)} {' or '.join(values)}"
    return with_entity(spec, with_view(entity, view)), Built(
        f"{text}.", "chart", entity.name, by.name
    )
