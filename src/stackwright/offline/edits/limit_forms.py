"""What follow-ups ask of numbers and dates: limits, and not in the past. A wording is a row."""

import re
from typing import Final

from stackwright.offline.asked import with_rule
from stackwright.offline.edits import fields, values
from stackwright.offline.edits.patterns import (
    DROP,
    FOR_KIND,
    KIND,
    MAKE,
    MODAL,
    F,
    Form,
    form,
    is_not,
    number,
    number_of,
)
from stackwright.offline.edits.session import Said
from stackwright.offline.mentions import Found
from stackwright.offline.places import NUMBERS, lower, moment_of
from stackwright.scaffold.words import InTime, key_of


def _limit(said: Said) -> bool:
    """'At least 1', 'not more than 10', 'between 0 and 5'."""
    groups = said.match.groupdict()
    low, high = (number_of(groups[n]) if groups.get(n) else None for n in ("low", "high"))
    beyond = {n: number_of(groups[n]) for n in ("over", "under") if groups.get(n)}
    if groups.get("zero"):
        beyond = {"under": 0.0}
    is_forbidden = "modal" in groups and is_not(said)
    for entity, field in said.fields("f"):
        if field.type not in NUMBERS:
            return False
        step = 1 if field.type == "integer" else 0.01
        at_least, at_most = low, high
        if is_forbidden and (low is not None or high is not None):
            # 'must not be at least 3': nobody says so.
            return False
        if "over" in beyond:
            at_least, at_most = (None, beyond["over"]) if is_forbidden else (beyond["over"] + step, None)  # fmt: skip
        if "under" in beyond:
            at_least, at_most = (beyond["under"], None) if is_forbidden else (None, beyond["under"] - step)  # fmt: skip
        if groups.get("zero") and not is_forbidden:
            said.apply(values.without_limits(said.session.spec, entity, field, high=False))
            continue
        said.apply(values.limit(said.session.spec, entity, field, at_least, at_most))
    return True


def _positive(said: Said) -> bool:
    for entity, field in said.fields("f"):
        if field.type not in NUMBERS:
            return False
        low = 1 if field.type == "integer" else 0.01
        said.apply(values.limit(said.session.spec, entity, field, low, None))
    return True


def _no_limit(said: Said) -> bool:
    which = (said.match.groupdict().get("which") or "").lower()
    is_low, is_high = which[:3] in ("min", "low"), which[:3] in ("max", "upp", "hig")
    for entity, field in said.fields("f"):
        edit = values.without_limits(
            said.session.spec, entity, field, low=not is_high, high=not is_low
        )
        said.apply(edit)
    return True


_HOW_MUCH: Final = {
    "age": r"older|younger", "length": r"longer|shorter", "duration": r"longer|shorter",
    "weight": r"heavier|lighter", "height": r"taller|higher|lower|shorter",
    "price": r"more expensive|cheaper|dearer", "cost": r"more expensive|cheaper|dearer",
}  # fmt: skip


def _compared(said: Said) -> bool:
    """'Dogs cannot be older than 25' speaks of their age."""
    entity = said.entity()
    how = said.match["how"].lower()
    for field in entity.fields if entity is not None else ():
        known = next((f for name, f in _HOW_MUCH.items() if name in field.name.split("_")), "")
        if entity is None or not known or not re.fullmatch(known, how) or field.type not in NUMBERS:
            continue
        bound = number_of(said.match["n"])
        is_most = is_not(said) == (how in ("older", "longer", "heavier", "taller", "higher", "more expensive", "dearer"))  # fmt: skip
        low, high = (None, bound) if is_most else (bound, None)
        return said.apply(values.limit(said.session.spec, entity, field, low, high))
    return False


def _in_time(said: Said) -> bool:
    """'A repair cannot be brought in in the future': its date."""
    side = said.match["side"].lower()
    mentions = said.mentions("f")
    places: list[Found] = []
    for mention in mentions:
        if mention.fields and (mention.entity is None or mention.owner is not None):
            places.append(said.field_of(mention))
        elif mention.entity is not None:
            entity = said.session.spec.entity(mention.entity.name)
            moment = moment_of(entity)
            if moment is None:
                return False
            places.append((entity, moment))
    for entity, field in places:
        if field.type not in ("date", "datetime"):
            return False
        rule = InTime(rule="not_past" if side.startswith(("past", "before")) else "not_future", field=field.name)  # fmt: skip
        text = f"{field.label} of {lower(entity.label_plural)} is not in the {'past' if rule.rule == 'not_past' else 'future'}."
        if is_not(said) == (rule in entity.rules):
            told = (
                f"{text} That is so already."
                if is_not(said)
                else f"Nothing says that {lower(text)}"
            )
            said.session.refuse(told)
            continue
        if is_not(said):
            edit = fields.changed(said.session.spec, with_rule(entity, rule), text, field=field.name, shows="rule", named=key_of(rule))  # fmt: skip
        else:
            kept = tuple(one for one in entity.rules if one != rule)
            text = f"{field.label} of {lower(entity.label_plural)} may be in the {side} again."
            edit = fields.changed(said.session.spec, entity.model_copy(update={"rules": kept}), text, field=field.name)  # fmt: skip
        said.apply(edit)
    return True


_MIN: Final = r"(?:min(?:imum)?|lowest|smallest|least|lower)"
_MAX: Final = r"(?:max(?:imum)?|highest|biggest|largest|most|upper|top)"
_MORE: Final = (
    r"(?:more|greater|higher|bigger|larger|longer|older|above|over|beyond|past)(?: than)?"
)
_LESS: Final = r"(?:less|lower|smaller|fewer|shorter|younger|below|under|beneath)(?: than)?"
_PAST: Final = r"(?P<side>past|future|before today|after today)"
_LEAST: Final = rf"(?:at least|no less than|not less than|{_MIN}(?: of)?) {number('low')}(?: (?:or more|and up))?"
_MOST: Final = rf"(?:at most|no more than|not more than|up to|{_MAX}(?: of)?) {number('high')}"
FORMS: Final[tuple[Form, ...]] = (
    form(rf"{F} {MODAL} {_LEAST}", _limit),
    form(rf"{F} {MODAL} {number('low')} (?:or more|or higher|and up|upwards|minimum|at least)", _limit),
    form(rf"{F} {MODAL} ?{_MOST}", _limit),
    form(rf"{F} {MODAL} {number('high')} (?:or less|or fewer|or lower|maximum|at most)", _limit),
    form(rf"{F}(?: {MODAL})?(?: (?:between|from|range|ranges|run|runs|go|goes|lie|lies|limited to|in the range|on a scale))*(?: (?:of|from|between))? {number('low')} ?(?:and|to|-|through|\.\.) ?{number('high')}(?: only)?", _limit),
    form(rf"{MAKE} {F} (?:be |go )?(?:from|between|range from)? ?{number('low')} ?(?:and|to|-) ?{number('high')}", _limit),
    form(rf"(?:limit|restrict|cap|bound) {F} (?:to|at|from|between) {number('low')} ?(?:and|to|-) ?{number('high')}", _limit),
    form(rf"(?:limit|restrict|cap) {F} (?:to|at) {number('high')}", _limit),
    form(rf"{F} {MODAL} {_MORE} {number('over')}", _limit),
    form(rf"{F} {MODAL} {_LESS} {number('under')}", _limit),
    form(rf"{F} {MODAL} exceed {number('over')}", _limit),
    form(rf"{F} {MODAL}(?: ?be| go| get)? ?(?P<zero>negative|minus|(?:below|under|less than|lower than|smaller than) (?:zero|0|nothing))", _limit),
    form(rf"(?P<modal>no) (?P<zero>negative) {F}{FOR_KIND}", _limit),
    form(rf"(?P<modal>allow) (?P<zero>negative) {F}{FOR_KIND}", _limit),
    form(rf"{F} {MODAL} (?:positive|more than zero|above zero|greater than zero|greater than 0)", _positive),
    form(rf"{KIND} {MODAL}(?: ?have| hold| last| take| cost| weigh)? {_MORE} {number('over')}(?: of)? {F}", _limit),
    form(rf"(?:set |make |let )?(?:the )?{_MAX} (?:value |number )?(?:of |for )?{F} (?:is|be|to|at|should be|must be|becomes?|=|:)? ?{number('high')}", _limit),
    form(rf"(?:set |make |let )?(?:the )?{_MIN} (?:value |number )?(?:of |for )?{F} (?:is|be|to|at|should be|must be|becomes?|=|:)? ?{number('low')}", _limit),
    form(rf"(?:set|raise|increase|lower|change|move|bring) (?:the )?(?:{_MAX}|limit|cap) (?:value |number )?(?:of|for|on) {F} (?:up |down )?to {number('high')}", _limit),
    form(rf"(?:set|raise|increase|lower|change) (?:the )?{_MIN} (?:value |number )?(?:of|for|on) {F} (?:up |down )?to {number('low')}", _limit),
    form(rf"{DROP} (?:the |any |all )?(?:(?P<which>{_MIN}|{_MAX}) ?)?(?:value|limits?|range|bounds?|restrictions?|minimum|maximum|cap)?(?: value)? (?:of|on|for|from) {F}", _no_limit),
    form(rf"{F} (?:(?:can|may|should|could) (?:now )?(?:be|have|take|hold) (?:any (?:number|value)|anything|unlimited|as (?:high|big|much|many) as .*)|(?:must|should|need|do|does) not (?:have|need) (?:an? |any )?(?:limit|(?P<which>maximum|minimum))s?|{MODAL} unlimited)", _no_limit),
    form(rf"{KIND} {MODAL} (?P<how>older|younger|longer|shorter|heavier|lighter|taller|higher|lower|more expensive|cheaper|dearer) than {number('n')}", _compared),
    form(rf"{F} {MODAL}(?: (?:[a-z]+|@f\d+)){{0,3}}?(?: in)? (?:in )?(?:the )?{_PAST}", _in_time),
    form(rf"(?P<modal>no|never) {F} in the {_PAST}", _in_time),
    form(rf"(?P<modal>allow|permit) {F} (?:to be |that are |which are )?in the {_PAST}", _in_time),
    form(rf"{F} in the {_PAST} {MODAL} ?(?:allowed|ok|okay|fine|possible|permitted)?", _in_time),
)  # fmt: skip
