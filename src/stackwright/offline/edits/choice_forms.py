"""What follow-ups ask of choices: more of them, others. A wording is a row."""

import re
from typing import Final

from stackwright.offline.edits import fields, values
from stackwright.offline.edits.field_forms import TYPE, listed
from stackwright.offline.edits.patterns import ADD, MAKE, F, Form, form
from stackwright.offline.edits.session import Said, Unclear
from stackwright.offline.fields import read_field
from stackwright.offline.words import ascii_words

TELLING: Final = frozenset(
    [
        "be",
        "is",
        "are",
        "was",
        "should",
        "must",
        "can",
        "not",
        "it",
        "them",
        "they",
        "that",
        "which",
        "please",
        "if",
        "when",
        "so",
        "because",
        "required",
        "optional",
        "unique",
        "mandatory",
        "instead",
        "again",
        "everywhere",
        "hidden",
        "shown",
        "bigger",
        "smaller",
        "first",
        "last",
        "have",
        "has",
    ]
)


def _add_choices(said: Said) -> bool:
    """'Add parrot and hamster to the species.'"""
    found = said.fields("f")
    if len(found) != 1:
        return False
    entity, field = found[0]
    new = [re.sub(r"^(?:an?|the|also|another)\s+|\s+(?:option|choice|value)s?$", "", one, flags=re.IGNORECASE) for one in listed(said.text("v"))]  # fmt: skip
    if not new or re.search(r"\b(?:field|column)\b", said.text("v"), re.IGNORECASE):
        return False
    if any(not 0 < len(one.split()) <= 4 or set(ascii_words(one)) & TELLING for one in new):  # fmt: skip
        return False
    if field.type == "boolean" or field.type in ("reference", "references"):
        return False
    if field.type != "enum":
        raise Unclear(
            f'"{field.label}" of {entity.label_plural.lower()} is {fields.kind_of(field)} and has no choices. '
            f"Say all of them, for example “{field.label.lower()} can be {new[0]} or other”."
        )
    return said.apply(values.add_choices(said.session.spec, entity, field, new))


def _all_enums(said: Said) -> bool:
    return all(one.type == "enum" for _, one in said.fields("f"))


def _have_choice(said: Said) -> bool:
    """'The status needs a cancelled option.'"""
    return _all_enums(said) and _add_choices(said)


def _add_quoted(said: Said) -> bool:
    """'Add status "cancelled"', where there is a status."""
    return _all_enums(said) and _add_choices(said)


def _add_beside(said: Said) -> bool:
    """'Add "edited" between recorded and published': in its place among the choices."""
    (entity, field, choice), *_ = said.choices("c")
    new = listed(said.text("v"))
    if any(set(ascii_words(one)) & TELLING for one in new):
        return False
    edit = values.add_choices(said.session.spec, entity, field, new)
    if not edit.done:
        return said.apply(edit)
    at = field.choices.index(choice) + (said.match["side"].lower() != "before")
    fresh = [one for one in new if one not in field.choices]
    order = (*field.choices[:at], *fresh, *field.choices[at:])
    return said.apply(values.in_order(edit, entity.name, field.name, order))


def _set_choices(said: Said) -> bool:
    """'The breed can be labrador, poodle or mixed.'"""
    found, new = said.fields("f"), listed(said.text("v"))
    if len(found) != 1 or any(not 0 < len(one.split()) <= 4 for one in new):
        return False
    if any(set(ascii_words(one)) & TELLING for one in new) or is_a_type(new):
        return False
    entity, field = found[0]
    if field.type == "enum" and ("also" in said.match[0].lower() or len(new) == 1):
        return said.apply(values.add_choices(said.session.spec, entity, field, new))
    if len(new) < 2 or field.type in ("reference", "references") or field.computed is not None:
        return False
    draft = read_field(f"{field.name.replace('_', ' ')} <{'|'.join(new)}>")
    if draft is None:
        return False
    if draft.choices == field.choices:
        return said.session.refuse(f'"{field.label}" of {entity.label_plural.lower()} has these choices already.')  # fmt: skip
    return said.apply(fields.retype(said.session.spec, entity, field, draft))


def is_a_type(words: list[str]) -> bool:
    return any(re.fullmatch(TYPE, one, re.IGNORECASE) for one in words)


_VALUES: Final = r"(?P<v>[^:]{1,300})"
OPTIONS: Final = (
    r"(?:options?|choices?|values?|possibilities|entries|states?|kinds?|types?|categor(?:y|ies))"
)
FORMS: Final[tuple[Form, ...]] = (
    form(rf"{ADD} (?:an? |the )?{_VALUES} (?P<side>between|after|before) (?P<c>@c\d+)(?: and @c\d+)?", _add_beside),
    form(rf"{ADD} (?:an? |the |another )?(?:new |more |possible )*{F}:? \"(?P<v>[^\"]+)\"", _add_quoted),
    form(rf"{ADD} (?:the )?(?:new |more |another |these |following |an? )*(?:{OPTIONS}:? )?{_VALUES} (?:to|as (?:new |an? |another |more )*(?:{OPTIONS})(?: (?:to|for|of|in))?|for|in|into) {F}(?: {OPTIONS}| list)?", _add_choices),
    form(rf"(?:{ADD}|have|want|need|(?:i|we) (?:also )?(?:want|need|have)) {_VALUES} as (?:an? |the |new |another |possible |one )*(?:{OPTIONS} (?:of|for|in) )?{F}(?: {OPTIONS})?", _add_choices),
    form(rf"{F} (?:should|could|must|can|may|needs?|has to|have to)(?: also| to)* (?:have|get|include|offer|allow|accept|know) (?:an? |the |also |another )*(?:(?:new |more )?{OPTIONS}:? )?{_VALUES}", _have_choice),
    form(rf"{F} (?:also )?needs? (?:also )?(?:an? |the |another |to have )*(?:new |more )?(?:{OPTIONS}:? )?{_VALUES}(?: {OPTIONS})?", _have_choice),
    form(rf"(?:there (?:should|must|could) be|(?:i|we) (?:also )?(?:need|want)|{ADD}) (?:an? |the |another |also )*(?:new )?{_VALUES} (?:option|choice|value|@f\d+) (?:for|in|to|of|on) {F}", _add_choices),
    form(rf"{F} (?:can|could|may|might|should|must) (?:also |sometimes |even )?be (?:also )?(?:an? |one of |either )*(?:choice|dropdown|drop-down|selection|select|pick list|list|enum)?(?: list| box)?(?: (?:of|with|between|from|out of|among))?:? ?(?:the (?:{OPTIONS}|following):? )?{_VALUES}", _set_choices),
    form(rf"(?:{MAKE}|turn|change) {F}(?: (?:to|into|be|as))* (?:an? |one of |either )*(?:choice|dropdown|drop-down|selection|select|pick list|list|enum)(?: list| box| field)?(?: (?:of|with|between|from|out of|among))?:? ?(?:the (?:{OPTIONS}|following):? )?{_VALUES}", _set_choices),
    form(rf"(?:change|set) {F} (?:to|into|as) (?P<v>[^,:]{{1,40}}(?:, | or ).{{1,200}})", _set_choices),
    form(rf"(?:set |change |make )?(?:the )?{OPTIONS} (?:of|for|in) {F} (?:should be|are|is|to|must be|be|:)+:? ?{_VALUES}", _set_choices),
    form(rf"(?:give|let) {F} (?:have )?(?:the |these )?(?:{OPTIONS}):? {_VALUES}", _set_choices),
    form(rf"{F}:? (?:is |are )?(?:one of|either):? {_VALUES}", _set_choices),
)  # fmt: skip
