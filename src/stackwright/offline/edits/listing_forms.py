"""What follow-ups ask of lists: order, columns, filters, the order of fields. A wording is a row."""

import re
from typing import Final

from stackwright.offline.edits import lists
from stackwright.offline.edits.patterns import DROP, KIND, SHOWN, F, Form, form, is_not, one
from stackwright.offline.edits.session import Said
from stackwright.offline.mentions import Found
from stackwright.offline.places import DATES, NUMBERS, moment_of
from stackwright.scaffold.spec import EntitySpec

_UP: Final = r"alphabetically|ascending|asc|a-z|a to z|in alphabetical order|alphabetical"
_OLDEST: Final = (
    r"oldest|earliest|lowest|smallest|cheapest|least|shortest|soonest|first|next|fewest|upcoming"
)
_LATEST: Final = r"newest|latest|most recent|highest|biggest|largest|most|best|longest|most expensive|descending|desc|reversed?|z-a|z to a|last|youngest|top"
_WAY: Final = rf"(?:,? ?\(?(?:with )?(?:the )?(?:in )?(?P<way>{_OLDEST}|{_LATEST}|{_UP})(?: ones?)?(?: order)?(?: first| at the top| on top)?\)?)?"
_SORT: Final = r"(?:sort|order|list|arrange|rank|show|display|put)(?:ed)?"
_LIST: Final = r"(?: (?:in|on|from|of|to|into) (?:the |an? )?(?:(?:@e\d+(?:['\u2019]s?)? )?(?:list|table|overview|list view|list page|index)(?: (?:of|for|with) (?P<e>@e\d+))?))"
_SEE: Final = r"(?:show|display|list|see|view)"
_SEEN: Final = r"(?:shown|displayed|visible|listed|seen|in the list|on the list|there)"


def _is_late(way: str, found: Found) -> bool:
    """'Oldest first' begins with the highest age, but with the first date."""
    low = way.lower()
    if found[1].type in NUMBERS and low in ("oldest", "youngest"):
        return low == "oldest"
    return re.fullmatch(_LATEST, low) is not None and low != "youngest"


def _sort(said: Said) -> bool:
    found = said.fields("f")
    if said.match.groupdict().get("then"):
        said.session.unread.append(f"then by {said.text('then')}")
    for place in found[1:]:
        said.session.unread.append(f"then by {place[1].label.lower()}")
    way = said.match.groupdict().get("way") or ""
    is_late = _is_late(way, found[0])
    return said.apply(lists.sort(said.session.spec, *found[0], is_late=is_late))


def _sort_kind(said: Said) -> bool:
    """'Newest visits first' is by their date, 'members alphabetically' by what names them."""
    entity = said.entity()
    way = said.match["way"].lower()
    if entity is None:
        return False
    field = _field_of(entity, way)
    if field is None:
        return False
    is_late = _is_late(way, (entity, entity.field(field)))
    return said.apply(lists.sort(said.session.spec, entity, entity.field(field), is_late=is_late))


def _sort_either(said: Said) -> bool:
    return _sort_kind(said) if said.mentions("f")[0].letter == "e" else _sort(said)


def _field_of(entity: EntitySpec, way: str) -> str | None:
    if re.fullmatch(_UP, way):
        return entity.title_field
    if re.fullmatch(r"cheapest|most expensive", way):
        return next((f.name for f in entity.fields if f.type == "money"), None)
    if re.fullmatch(r"oldest|youngest", way) and (age := next((f.name for f in entity.fields if f.name == "age"), None)):  # fmt: skip
        return age
    if not re.fullmatch(
        r"newest|latest|oldest|earliest|most recent|soonest|next|upcoming|last", way
    ):
        return None
    moment = moment_of(entity)
    return moment.name if moment is not None and moment.type in DATES else None


def _unsort(said: Said) -> bool:
    entity = said.entity()
    if entity is None:
        sorted_ones = [one for one in said.session.spec.entities if one.sort]
        if len(sorted_ones) != 1:
            return False
        entity = sorted_ones[0]
    return said.apply(lists.unsort(said.session.spec, entity))


def _by_kind(found: list[Found]) -> dict[str, list[Found]]:
    kinds: dict[str, list[Found]] = {}
    for place in found:
        kinds.setdefault(place[0].name, []).append(place)
    return kinds


def _shown(said: Said, *, is_hidden: bool) -> bool:
    if any(not one.fields for one in said.mentions("f")):
        return False
    for name, found in _by_kind(said.fields("f")).items():
        entity = said.session.spec.entity(name)
        fields = [one[1] for one in found]
        said.apply(lists.show(said.session.spec, entity, fields, is_hidden=is_hidden))
    return True


def _show(said: Said) -> bool:
    return _shown(said, is_hidden=False)


def _hide(said: Said) -> bool:
    return _shown(said, is_hidden=True)


def _seen(said: Said) -> bool:
    return _shown(said, is_hidden=is_not(said))


def _unseen(said: Said) -> bool:
    is_about_lists = re.search(r"show|appear|stand|list|seen|visible|display", said.match[0])
    return is_about_lists is not None and _shown(said, is_hidden=True)


def _show_only(said: Said) -> bool:
    if any(not one.fields for one in said.mentions("f")):
        return False
    for name, found in _by_kind(said.fields("f")).items():
        entity = said.session.spec.entity(name)
        said.apply(lists.show_only(said.session.spec, entity, [one[1] for one in found]))
    return True


def _filter(said: Said) -> bool:
    if any(not one.fields for one in said.mentions("f")):
        return False
    for entity, field in said.fields("f"):
        said.apply(lists.add_filter(said.session.spec, entity, field))
    return True


def _no_filter(said: Said) -> bool:
    for entity, field in said.fields("f"):
        said.apply(lists.drop_filter(said.session.spec, entity, field))
    return True


def _move(said: Said) -> bool:
    (entity, field), *more = said.fields("f")
    side = said.match["side"].lower()
    beside = said.fields("g")[0] if said.has("g") else None
    if more or (beside is not None and beside[0].name != entity.name):
        return False
    if beside is not None and "come" in said.match[0] and field.type == beside[1].type and field.type in {*DATES, *NUMBERS}:  # fmt: skip
        return False  # a rule about what is entered
    is_before = side in ("before", "above", "in front of", "first", "to the top", "at the top", "on top", "to the front", "to the beginning", "at the beginning", "in the first place", "ahead of")  # fmt: skip
    neighbour = beside[1] if beside else None
    return said.apply(lists.move(said.session.spec, entity, field, neighbour, is_before=is_before))


_BESIDE: Final = (
    r"(?P<side>before|after|above|below|behind|in front of|ahead of|under|right after|right before)"
)
_END: Final = r"(?:to |at |in |on )?(?P<side>first|last|to the (?:top|front|beginning|bottom|end)|at the (?:top|bottom|end|beginning)|on top|in the first place)"
FORMS: Final[tuple[Form, ...]] = (
    form(
        rf"{_SORT} (?:list of |by default )*(?:(?P<e>@e\d+)(?: list| table)? )?(?:it |them |everything )?(?:always )?(?:in (?:the )?order of|by|according to|after) {F}{_WAY}(?:,? (?:and )?then (?:by )?(?P<then>.+))?",
        _sort,
    ),
    form(
        rf"(?:the |a )?(?:list of )?{KIND}(?: list)? (?:(?:should|must|are|is|to|be|have to) )*(?:be )?(?:always )?(?:sorted|ordered|listed|arranged|in order)(?: (?:by|of|after|according to))+ {F}{_WAY}",
        _sort,
    ),
    form(
        rf"{_SORT} {KIND}(?: list)? (?:with |so that )?(?:the )?(?:ones? with )?(?:the )?(?P<way>{_OLDEST}|{_LATEST}) {F}(?: (?:first|on top|at the top|comes? first))?",
        _sort,
    ),
    form(
        rf"(?:the )?(?:{_SORT} )?(?:the )?(?P<way>{_OLDEST}|{_LATEST}) {F} (?:should |must )?(?:be |come )?(?:first|on top|at the top)",
        _sort_either,
    ),
    form(rf"{F} (?P<way>{_OLDEST}|{_LATEST}) (?:first|on top|at the top)", _sort_either),
    form(
        rf"{_SORT} {KIND}(?: list)? (?:with the |by )?(?:the )?(?P<way>{_OLDEST}|{_LATEST}|{_UP})(?: ones?)?(?: (?:first|on top|at the top|order))?",
        _sort_kind,
    ),
    form(
        rf"{KIND} (?:should|must|are|to) (?:be )?(?:sorted |listed |ordered |shown |in )?(?:the )?(?P<way>{_OLDEST}|{_LATEST}|{_UP})(?: ones?)?(?: (?:first|on top|at the top|order))?",
        _sort_kind,
    ),
    form(
        r"(?:do not|stop|no longer|never) (?:sort|order|arrange|rank)(?:ing)? (?P<e>@e\d+)?(?: list)?(?: by @\w\d+)?",
        _unsort,
    ),
    form(
        rf"(?:{DROP}|reset|undo) (?:the )?(?:sort(?:ing)?|order(?:ing)?|sort order)(?: (?:of|for|by) @\w\d+)?",
        _unsort,
    ),
    form(rf"(?:{_SORT} )?only (?:show )?{F}{_LIST}?", _show_only),
    form(
        rf"(?:let |make |have )?(?:the |a )?(?:list of )?{KIND}(?: list| table| overview)? (?:(?:should|must|to|only|just) )*{SHOWN}s? (?:only|just|nothing but) {F}",
        _show_only,
    ),
    form(
        rf"(?:let |make |have )?(?:the |a )?(?:list of )?{KIND}(?: list| table| overview)? (?:should |must )?(?:only|just) {SHOWN}s? {F}",
        _show_only,
    ),
    form(rf"{SHOWN} (?:only|just|nothing but) {F}{_LIST}?", _show_only),
    form(
        rf"(?:hide|(?:do not|never|stop) (?:show(?:ing)?|display(?:ing)?|list(?:ing)?)|(?:i|we) (?:do not|never) (?:want|need) to (?:see|show)) {F}{_LIST}?",
        _hide,
    ),
    form(rf"{DROP} {F}(?: column| columns)?{_LIST}", _hide),
    form(rf"take {F} (?:out|off){_LIST}", _hide),
    form(rf"{DROP} {F} columns?", _hide),
    form(
        rf"{F} (?P<modal>(?:should|must|need|do|does|can|may|need) not)(?: have to| need to| to)? ?(?:be |appear |stand |show(?: up)?)?(?:{_SEEN}|hidden)?{_LIST}?",
        _unseen,
    ),
    form(
        rf"{F} (?P<modal>should|must|can|may|needs to|has to) (?:also )?(?:be )?(?:{_SEEN}|appear|show(?: up)?|stand){_LIST}?",
        _seen,
    ),
    form(rf"{F} (?:should|must|can|may) be hidden{_LIST}?", _hide),
    form(
        rf"(?:(?:i|we) (?:also )?(?:want|need|would like|like) to )?(?:also )?(?:{_SEE}|unhide) (?:also )?{F}{_LIST}?",
        _show,
    ),
    form(rf"(?:add|include|put|have) {F}(?: columns?)?{_LIST}", _show),
    form(
        rf"(?:(?:i|we) (?:also )?(?:want|need|would like) )?(?:add |have )?(?:an? )?column (?:for|with) {F}{_LIST}?",
        _show,
    ),
    form(
        rf"(?:the |a )?(?:list of )?{KIND}(?: list| table| overview)? (?:should|must|needs? to|has to|could|can) (?:also )?{_SEE} (?:also )?{F}",
        _show,
    ),
    form(
        rf"(?:add |include |create |have |let (?:me|us|people|users|them) |(?:i|we|people|users) (?:want|need|would like|can|should be able|could)(?: to)? |allow |make it possible to |be able to )*(?:an? )?(?:filter(?:s|ing)?|narrow(?: down)?) (?:(?:list of |list |out )?@e\d+(?: list)? )?(?:by|for|on|with|to) {F}",
        _filter,
    ),
    form(
        rf"(?:add |include |create |have |(?:i|we) (?:want|need) )*(?:an? )?{F} filter{_LIST}?",
        _filter,
    ),
    form(
        rf"{F} (?:should|must|can|could|may) be (?:filterable|filtered(?: (?:by|on|for))?|a filter)",
        _filter,
    ),
    form(rf"make {F} (?:filterable|a filter)", _filter),
    form(rf"{DROP} (?:the )?filter(?:s|ing)? (?:(?:of|for) @e\d+ )?(?:by|for|on) {F}", _no_filter),
    form(rf"{DROP} {F} filter", _no_filter),
    form(rf"(?:do not|stop) filter(?:ing)? (?:@e\d+ )?(?:by|for|on) {F}", _no_filter),
    form(
        rf"(?:move|put|place|show|bring|list|have) {F} (?:right |directly |just )?{_BESIDE} {one('g')}",
        _move,
    ),
    form(
        rf"{F} (?:should|must) (?:come|stand|be|go) (?:right |directly |just )?{_BESIDE} {one('g')}",
        _move,
    ),
    form(rf"(?:move|put|place|bring) {F} {_END}", _move),
    form(rf"{F} (?:should|must) (?:come|stand|be|go) {_END}(?: field)?", _move),
)
