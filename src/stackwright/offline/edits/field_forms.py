"""What follow-ups ask of fields: to be filled in, unique, within limits, of a type. A wording is a row."""

import re
from typing import Final

from stackwright.offline.edits import fields, values
from stackwright.offline.edits.patterns import (
    DROP,
    FOR_KIND,
    KIND,
    MAKE,
    MODAL,
    WORDS,
    F,
    Form,
    form,
    is_not,
    number,
    number_of,
)
from stackwright.offline.edits.session import Said
from stackwright.offline.fields import read_field
from stackwright.offline.heads import split_items
from stackwright.offline.places import NUMBERS
from stackwright.scaffold.spec import EntitySpec, FieldSpec

_NEEDED: Final = r"(?:required|mandatory|compulsory|obligatory|necessary|needed|filled(?: in| out)?|given|entered|provided|specified|a must|there|present|known)"
_FREE: Final = r"(?:optional|voluntary|empty|blank|missing|unknown|(?:left )?(?:empty|blank|out|open|away)|skipped|omitted)"


def _require(said: Said) -> bool:
    """'Not optional' and 'required' are the same, 'need not be given' and 'may be empty' too."""
    is_required = re.fullmatch(_FREE, said.match["pred"], re.IGNORECASE) is None
    return _required(said, is_required=is_required != is_not(said))


def _required(said: Said, *, is_required: bool) -> bool:
    for entity, field in said.fields("f"):
        said.apply(fields.require(said.session.spec, entity, field, is_required=is_required))
    return True


def _always(said: Said) -> bool:
    return _required(said, is_required=True)


def _never(said: Said) -> bool:
    return _required(said, is_required=False)


def _have_known(said: Said) -> bool:
    """'Members need an email', where they have one: it is to be filled in."""
    if is_not(said) or any(not one.fields for one in said.mentions("f")):
        return False
    return _required(said, is_required=True)


def _unique(said: Said) -> bool:
    if is_not(said):
        return _not_unique(said)
    for entity, field in said.fields("f"):
        said.apply(values.make_unique(said.session.spec, entity, [field]))
    return True


def _repeated(said: Said) -> bool:
    return _unique_if(said, is_unique=is_not(said))


def _unique_if(said: Said, *, is_unique: bool) -> bool:
    for entity, field in said.fields("f"):
        make = values.make_unique(said.session.spec, entity, [field])
        said.apply(make if is_unique else values.drop_unique(said.session.spec, entity, field))
    return True


def _is_unique(said: Said) -> bool:
    return _unique_if(said, is_unique=True)


def _spoken_unique(said: Said) -> bool:
    """'No two can be the same': what was spoken of last."""
    spoken, spec = said.session.spoken, said.session.spec
    entity = next((one for one in spec.entities if one.name == spoken.entity), None)
    if entity is None or all(one.name != spoken.field for one in entity.fields):
        return False
    return said.apply(values.make_unique(spec, entity, [entity.field(spoken.field)]))


def _not_unique(said: Said) -> bool:
    return _unique_if(said, is_unique=False)


def _default(said: Said) -> bool:
    value = said.text("v")
    for entity, field in said.fields("f"):
        said.apply(values.set_default(said.session.spec, entity, field, value))
    return True


def _default_choice(said: Said) -> bool:
    """'New books begin as "to read"': the field is the one that has this choice."""
    for entity, field, choice in said.choices("c"):
        said.apply(values.set_default(said.session.spec, entity, field, choice))
    return True


def _no_default(said: Said) -> bool:
    for entity, field in said.fields("f"):
        said.apply(values.drop_default(said.session.spec, entity, field))
    return True


_TYPES: Final = {
    "short text": r"(?:free |plain |simple |normal |short |an? )*(?:text|string|words|free form)(?: (?:field|input|box))?",
    "long text": r"(?:an? )?(?:long|longer|multi-?line|big|larger?|bigger) (?:text|description|note)s?(?: (?:field|box|area))?|text ?area|paragraphs?|several lines",
    "whole number": r"(?:an? )?(?:whole numbers?|integers?|counts?)",
    "decimal": r"(?:an? )?(?:decimals?(?: numbers?)?|numbers? with (?:a )?(?:decimals?|fractions?|comma)|fraction)",
    "number": r"(?:an? )?(?:numbers?|numeric|numerical|figure)(?: only)?",
    "date": r"(?:an? |real |proper |calendar )*(?:dates?|day)(?: (?:field|picker))?",
    "date-time": r"(?:an? )?(?:date and (?:an? )?time|date-time|datetime|date with (?:an? |the )?time|timestamp)",
    "time": r"(?:an? )?(?:time|clock time|time of day)(?: (?:field|picker))?",
    "yes/no": r"(?:an? |simple )*(?:yes ?(?:/|or|-) ?no(?: (?:question|field|answer))?|checkbox|check box|tick ?box|tick box|toggle|on/off(?: switch)?|flag|boolean)",
    "email": r"(?:an? )?e-?mails?(?: address(?:es)?)?",
    "phone": r"(?:an? )?(?:tele)?phone(?: numbers?)?",
    "url": r"(?:an? )?(?:url|link|web ?address|website(?: address)?|web link)",
    "money": r"(?:an? )?(?:money|amount of money|currency|price|monetary amount|money amount)",
    "tags": r"(?:an? )?(?:list of )?tags",
}  # fmt: skip
TYPE: Final = rf"(?P<type>{'|'.join(_TYPES.values())})"
_BETWEEN: Final = (
    rf"(?:between|from|of)?(?: |^)*{number('low')} ?(?:and|to|-|through|\.\.) ?{number('high')}"
)


def _type(said: Said) -> bool:
    if "modal" in said.match.groupdict() and is_not(said):
        return False
    told = said.match["type"]
    kind = next(name for name, known in _TYPES.items() if re.fullmatch(known, told, re.IGNORECASE))
    groups = said.match.groupdict()
    for place in said.fields("f"):
        if not (groups.get("low") and kind == "number" and place[1].type in NUMBERS):
            said.apply(_typed(said, *place, f"({kind})"))
        if groups.get("low"):
            low, high = (number_of(groups[n]) for n in ("low", "high"))
            now = said.session.current(place)
            said.apply(values.limit(said.session.spec, *now, low, high))
    return True


def _longer(said: Said) -> bool:
    """'The description can be quite long.'"""
    for entity, field in said.fields("f"):
        if field.type not in ("string", "text"):
            return False
        said.apply(_typed(said, entity, field, "(long text)"))
    return True


def _typed(said: Said, entity: EntitySpec, field: FieldSpec, kind: str) -> fields.Edit:
    spec = said.session.spec
    draft = read_field(f"{field.name.replace('_', ' ')} {kind}")
    if draft is None or field.type in ("reference", "references") or field.computed is not None:
        told = f'"{field.label}" of {entity.label_plural.lower()} cannot be of another type.'
        return fields.refused(spec, told)
    is_number = kind == "(number)" and field.type in NUMBERS
    if (
        (is_number or draft.type == field.type)
        and not draft.choices
        and (draft.unit or "") in ("", field.unit)
    ):
        told = (
            f'"{field.label}" of {entity.label_plural.lower()} is {fields.kind_of(field)} already.'
        )
        return fields.refused(spec, told)
    if draft.type == field.type:
        draft.minimum, draft.maximum = field.minimum, field.maximum
    return fields.retype(spec, entity, field, draft)


def _unit(said: Said) -> bool:
    """'Change the price to dollars', 'the weight is in grams'."""
    unit = said.text("unit")
    for entity, field in said.fields("f"):
        draft = read_field(f"{field.name.replace('_', ' ')} in {unit}")
        if draft is None or draft.unit is None or field.type not in NUMBERS:
            return False
        said.apply(_typed(said, entity, field, f"in {unit}"))
    return True


def listed(text: str) -> list[str]:
    """'Red, white or blue' is three values."""
    parts = split_items(re.sub(r"\s*(?:,? (?:or|and|&)|/|\|) +|\s*[/|]\s*", ", ", text))
    return [one.strip(" \"'.()") for one in parts if one.strip(" \"'.()")]


_ANY_FREE: Final = rf"(?P<pred>{_NEEDED}|{_FREE})"


FORMS: Final[tuple[Form, ...]] = (
    form(rf"{F} (?P<modal>not )?(?P<pred>required|mandatory|optional)", _require),
    form(rf"{F} (?P<modal>not )?unique", _unique),
    form(rf"{MAKE} {F}{FOR_KIND} (?:as |to be )?(?P<modal>not )?{_ANY_FREE}{FOR_KIND}", _require),
    form(rf"{F} {MODAL} {_ANY_FREE}{FOR_KIND}", _require),
    form(rf"(?:require|always ask for|insist on|do not (?:allow|accept) (?:an? )?(?:empty|missing|blank)) {F}{FOR_KIND}", _always),
    form(rf"(?:everybody|everyone|people|users?|you|we|they|i|@e\d+) (?:must|has to|have to|should|needs? to)(?: always)? (?:fill (?:in|out)|enter|give|provide|specify|type in|set) {F}{FOR_KIND}", _always),
    form(rf"(?:an? |no )?@e\d+ without {F} (?:is|are|should be|must be|can|may|must|should|makes?|cannot)?.*(?:not|no sense|useless|forbidden|impossible|invalid).*", _always),
    form(rf"(?:nobody|no one|people|you|users?) (?:can|may|must|should)(?: not)? (?:leave|skip) {F}(?: empty| blank| out)?", _always),
    form(rf"(?:do not (?:require|ask for|insist on)|stop requiring|allow (?:an? )?(?:empty|missing|blank)) {F}{FOR_KIND}", _never),
    form(rf"(?:it )?(?:should be|must be|is) (?:possible|fine|ok|okay) to (?:leave|skip) {F}(?: empty| blank| out)?", _never),
    form(rf"{KIND} (?P<modal>(?:must|need|needs|have to|has to|should)(?: always| also)?(?: to)?(?: have)?) {F}", _have_known),
    form(rf"{F} {MODAL} (?:unique|different(?: (?:for|in|on) (?:each|every|all)? ?@e\d+)?|distinct|one of a kind){FOR_KIND}", _unique),
    form(rf"{MAKE} {F}{FOR_KIND} (?P<modal>not )?(?:to be )?(?:unique|different|distinct){FOR_KIND}", _unique),
    form(rf"{F} {MODAL} (?:the same|identical|repeated?|repeats?|(?:used|given|taken|entered|there|occur|appear|exist|come up) (?:twice|more than once|several times|again)|duplicated?|reused)(?: (?:for|in|on) .*)?", _repeated),
    form(rf"(?:no|never) (?:two|2) {KIND} (?:should |must |can |may |could )?(?:ever )?(?:have|share|with|get) (?:the )?same {F}", _is_unique),
    form(r"(?:no|never) (?:two|2)(?: of (?:them|these))? (?:may |can |must |should |are |have )?(?:ever )?(?:be )?(?:the )?(?:same|equal|alike|identical|repeated?)(?: one)?", _spoken_unique),
    form(rf"(?:no|never|forbid|prevent|refuse|avoid|do not allow|no more) (?:two |any )?(?:duplicates? (?:of |in )?|duplicated |double |repeated |the same ){F}{FOR_KIND}", _is_unique),
    form(rf"{KIND} (?:must |should |has to |have to |needs? to )?(?:have|has|gets?) (?:its|their|an?|his|her) (?:own|different|unique|distinct) {F}", _is_unique),
    form(rf"(?:two|several|many|different|multiple) {KIND} (?:can|may|could|should be able to|should be allowed to) (?:now )?(?:have|share) (?:the )?same {F}", _not_unique),
    form(rf"(?:allow|permit) (?:duplicates? (?:of |in )?|duplicated |double |repeated |the same ){F}{FOR_KIND}", _not_unique),
    form(rf"{DROP} (?:the )?(?:rule|check|requirement|condition|restriction)(?: that| on| about)? {F} (?:is|are|must be|has to be|have to be|should be|being)? ?unique", _not_unique),
    form(rf"(?:make |set |let )?(?:the )?(?:default|initial|usual|standard|starting)(?: value)? (?:of |for )?{F} (?:should be|must be|is|be|to|=|:) (?P<v>{WORDS}|@c\d+)", _default),
    form(rf"{F} (?:should |must |will |can |may )?(?:be |have |get )?(?:defaults?|starts?|begins?|initially|preset|set|filled(?: in)?)(?: (?:to|as|with|at|out|off|be|on|the value))+ (?P<v>{WORDS}|@c\d+)(?: by default)?", _default),
    form(rf"{MAKE} {F}(?: to| as)? (?P<v>{WORDS}|@c\d+) (?:by default|as (?:the |a )?default|initially|at first|at the start)", _default),
    form(rf"{F} (?:should be|must be|is|are) (?P<v>{WORDS}|@c\d+) (?:by default|initially|at first|at the start|to begin with|unless .*)", _default),
    form(rf"{F} (?:is|are|costs?|will be|should be) (?:usually|normally|mostly|typically|generally|most often) (?P<v>{WORDS}|@c\d+)", _default),
    form(rf"by default,? {F} (?:should be|must be|is|are) (?P<v>{WORDS}|@c\d+)", _default),
    form(rf"(?:use|preselect|take|set|fill in) (?P<v>{WORDS}|@c\d+) as (?:the |a )?(?:default|standard)(?: value)? (?:for|of|in) {F}", _default),
    form(r"(?:(?:every |any |each )?new )?(?:@e\d+|ones?) (?:should |must |will |can )?(?:always )?(?:be|is|are|get|starts?|begins?|(?:enter|come) in)(?: (?:out|off|life|as|at|with|in|by default|on|the status|set to|to be))* (?P<c>@c\d+)(?: (?:by default|at first|initially))?", _default_choice),
    form(rf"{DROP} (?:the )?(?:default|preset|initial)(?: value)? (?:of|for|from|in) {F}", _no_default),
    form(rf"{F} (?:should|must|does|do|need|needs) not (?:to )?have (?:an? |any )?default(?: value)?", _no_default),
    form(rf"(?:{MAKE}|i (?:want|need|prefer)|we (?:want|need|prefer)) {F}(?: (?:to be|to|into|be|as|from))* (?:an? )?{TYPE}(?: {_BETWEEN})?", _type),
    form(rf"{F} {MODAL} (?:as )?(?:an? )?{TYPE}(?: {_BETWEEN})?", _type),
    form(rf"{F} (?:should|must|can|may) (?:only )?(?:contain|hold|accept|allow|take|have|be entered as)(?: only)? {TYPE}", _type),
    form(rf"(?:use|take) (?:an? )?{TYPE} for {F}", _type),
    form(rf"{F} {MODAL}(?: (?:quite|very|really|pretty|rather|often|usually|several|sometimes|a bit|too|get))* (?:long(?:er)?|lines|more room|more space)(?: texts?)?", _longer),
    form(rf"(?:give|leave|make) (?:me |us )?more (?:room|space) (?:for|in) {F}", _longer),
    form(rf"give {F} more (?:room|space)", _longer),
    form(rf"(?:{MAKE}|measure|record|store|show|enter|count|display|give|express|track) {F}(?: to| into| from [a-z]+ to| in)+ (?P<unit>[a-z\u20ac$\u00a3%\u00b0/\u00b2\u00b3 ]{{1,20}})", _unit),
    form(rf"{F} {MODAL}(?: (?:measured|given|recorded|entered|counted|shown|stored))? in (?P<unit>[a-z\u20ac$\u00a3%\u00b0/\u00b2\u00b3 ]{{1,20}})", _unit),
)  # fmt: skip
