"""The requests a follow-up can make: their wording, and the edits that fulfil them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from stackwright.offline.choices import choose_item
from stackwright.offline.draft import FieldDraft
from stackwright.offline.edits import entities, fields, lookup
from stackwright.offline.edits.fields import Edit, Rename
from stackwright.offline.fields import is_field_name, read_field
from stackwright.offline.fulfilled import Fulfilled
from stackwright.offline.heads import split_items
from stackwright.offline.naming import MANY, plain_name
from stackwright.offline.nouns import read_noun
from stackwright.offline.places import only, stems
from stackwright.offline.questions import plain_question
from stackwright.scaffold.kit_spec import FileSlot
from stackwright.scaffold.spec import AppSpec, EntitySpec


@dataclass
class Session:
    spec: AppSpec
    operations: list[str] = field(default_factory=list[str])
    renames: list[Rename] = field(default_factory=list[Rename])
    refused: list[str] = field(default_factory=list[str])
    fulfilled: list[Fulfilled] = field(default_factory=list[Fulfilled])
    focus: str | None = None

    def apply(self, edit: Edit) -> None:
        """Take one edit over; a later clause speaks of the same entity."""
        self.spec = edit.spec
        (self.operations if edit.done else self.refused).append(edit.sentence)
        self.renames.extend(edit.renames)
        self.focus = edit.entity or self.focus

    @property
    def has_removed(self) -> bool:
        """Whether the last edit took something away."""
        return bool(self.operations) and self.operations[-1].startswith("Removed ")

    def entity(self, phrase: str | None) -> EntitySpec | None:
        """The entity a phrase names; without a phrase the one spoken of, or the main one."""
        if phrase and phrase.strip().lower() not in _THE_ONE_SPOKEN_OF:
            return lookup.find_entity(self.spec, phrase)
        return lookup.find_entity(self.spec, self.focus) if self.focus else self.spec.entities[0]

    def field(self, name: str, where: str = "", *, refusal: str = "") -> lookup.Found | None:
        """The field of that name and its entity; when there is none, the refusal is told."""
        found = lookup.find_field(
            self.spec, name, self.entity(where) if where else None, self.focus
        )
        if found is None and refusal:
            self.refused.append(refusal.format(name))
        return found


_THE_ONE_SPOKEN_OF = frozenset({"it", "them", "they", "this", "the app", "app", "that"})
_NO_FIELD = 'There is no field "{}".'
_Rule = tuple[re.Pattern[str], Callable[["Session", re.Match[str]], bool]]


def _text(words: str) -> str:
    return words.replace("\u2423", " ").strip(" \"'.,")


def _where(found: re.Match[str]) -> str:
    return _text(found.groupdict().get("entity") or "")


def _values(listed: str) -> list[str]:
    return [_text(one) for one in split_items(re.sub(r",?\s+or\s+", ", ", listed))]


def title(session: Session, found: re.Match[str]) -> bool:
    session.apply(entities.retitle(session.spec, _text(found.group("new"))))
    return True


_THE_APP = re.compile(
    r"(?:the |this |my )?(?:app|application|title|site|website|project|app'?s? (?:title|name)|name of the app)",
    re.IGNORECASE,
)


def _rename(session: Session, found: re.Match[str]) -> bool:
    old, new, where = _text(found.group("old")), _text(found.group("new")), _where(found)
    if _THE_APP.fullmatch(old):
        return title(session, found)
    if "," in new:  # 'change the status to new, packed, sent' gives choices, not a name
        return _retyped(session, session.field(old, where), f"<{'|'.join(_values(new))}>")
    if len(new.split()) > 6:
        return False
    entity = lookup.find_entity(session.spec, old)
    if entity is not None and not where:
        session.apply(entities.rename_entity(session.spec, entity, new))
    elif place := session.field(old, where, refusal='There is no "{}" to rename.'):
        session.apply(fields.rename_field(session.spec, *place, new))
    return True


def _retype(session: Session, found: re.Match[str]) -> bool:
    """'make quantity a whole number', 'rating should go from 1 to 10'."""
    kind = _text(found["kind"])
    is_whole = kind.startswith(("<", "(", "from ", "at ", "in "))
    return _retyped(session, session.field(_text(found["what"])), kind if is_whole else f"({kind})")


def _retyped(session: Session, place: lookup.Found | None, kind: str) -> bool:
    """Give a field the type, choices or range that the words say."""
    draft = read_field(f"{place[1].name.replace('_', ' ')} {kind}") if place else None
    if place is None or draft is None or not draft.sure or place[1].type == "reference":
        return False
    session.apply(fields.retype(session.spec, *place, draft))
    return True


def _default(session: Session, found: re.Match[str]) -> bool:
    if place := session.field(_text(found["field"]), refusal=_NO_FIELD):
        session.apply(fields.set_default(session.spec, *place, _text(found["value"])))
    return True


def _remove_view(session: Session, found: re.Match[str]) -> bool:
    """'remove the chart', 'remove the calendar of orders'."""
    kind = found["kind"].lower().removesuffix("s")
    kind = kind.replace("graph", "chart").replace("kanban", "board")
    named = lookup.find_entity(session.spec, found["entity"]) if found["entity"] else None
    is_entity = lookup.find_entity(session.spec, found["kind"]) is not None
    if is_entity or (found["entity"] and not named):
        return False
    kinds = [named] if named else session.spec.entities
    holders = [one for one in kinds if any(view.view == kind for view in one.views)]
    if not holders:
        session.refused.append(f"There is no {kind} to remove.")
    for entity in holders:
        session.apply(fields.remove_views(session.spec, entity, kind))
    return True


def _not_unique(session: Session, found: re.Match[str]) -> bool:
    if place := session.field(_text(found["field"]), refusal=_NO_FIELD):
        session.apply(fields.drop_unique(session.spec, *place))
    return True


_REMOVED = re.compile(
    r"^(?:the|all|every|any)\s+|\s+(?:fields?|columns?|attributes?|propert(?:y|ies)|resources?|entit(?:y|ies)|tables?|section|pages?)$",
    re.IGNORECASE,
)


def _remove(session: Session, found: re.Match[str]) -> bool:
    where = _where(found)
    if found.group("what").lower() in ("it", "them") and session.has_removed:
        return True
    for group in split_items(found.group("what")):
        name = _REMOVED.sub("", _text(group))
        entity = lookup.find_entity(session.spec, name) if not where else None
        if entity is not None:
            session.apply(entities.remove_entity(session.spec, entity))
        elif place := session.field(name, where):
            session.apply(fields.remove_field(session.spec, *place))
        elif slot := _uploads(session, name, where):
            session.apply(fields.remove_files(session.spec, slot))
        else:
            session.refused.append(f'There is no "{name}" to remove.')
    return True


def _uploads(session: Session, name: str, where: str) -> FileSlot | None:
    """'remove the photo from members': what is uploaded is no field of the record."""
    known = session.spec.kit("files")
    owner = session.entity(where) if where else None
    return only(
        [
            one
            for one in (known.settings().slots if known else ())
            if stems(one.label) == stems(name) and (owner is None or owner.name == one.entity)
        ]
    )


def _require(session: Session, found: re.Match[str]) -> bool:
    is_required = not re.search(r"optional|not|n't", found.group("flag"), re.IGNORECASE)
    for group in split_items(found.group("what")):
        name = re.sub(r"\s+fields?$", "", _text(group))
        if place := session.field(name, _where(found), refusal=_NO_FIELD):
            session.apply(fields.require(session.spec, *place, is_required=is_required))
    return True


def _filter(session: Session, found: re.Match[str]) -> bool:
    for group in split_items(found.group("what")):
        refusal = 'There is no field "{}" to filter by.'
        if place := session.field(_text(group), _where(found), refusal=refusal):
            session.apply(fields.add_filter(session.spec, *place))
    return True


def _relate(session: Session, found: re.Match[str]) -> bool:
    names = [_text(found.group("one")), _text(found.group("other"))]
    one, other = map(session.entity, names)
    if one is None and other is not None and lookup.find_field(session.spec, names[0], None, None):
        return False
    if one is None or other is None:
        session.refused.append(f'There is no "{names[one is not None]}" to relate.')
    else:
        session.apply(entities.relate(session.spec, one, other))
    return True


_REQUIREMENTS = frozenset({"required", "optional", "mandatory"})


def choice(session: Session, found: re.Match[str]) -> bool:
    place = session.field(_text(found.group("field")), _where(found))
    if place is None or place[1].type != "enum":
        return False
    values = _values(_text(found.group("values")))
    if any(len(v.split()) > 3 or v.lower() in _REQUIREMENTS for v in values):
        return False
    session.apply(fields.add_choices(session.spec, *place, values))
    return True


def _have(session: Session, found: re.Match[str]) -> bool:
    entity = lookup.find_entity(session.spec, _text(found.group("entity")))
    if entity is not None and (many := MANY.match(found.group("what"))):
        what = found.group("what")[many.end() :].strip()
        first, joint, rest = what.partition(" with ")
        kind = f"{first} of a {entity.label.lower()}{joint}{rest}"
        return lookup.find_entity(session.spec, first) is None and _add_kind(session, kind)
    return entity is not None and _add_to(session, entity, found.group("what"))


def _add(session: Session, found: re.Match[str]) -> bool:
    what, where = found.group("what"), found.groupdict().get("entity")
    if re.match(r"(?:it|this|that|everything)\b", what, re.IGNORECASE):
        return False
    if where:
        names = [_text(g) for g in split_items(where)]
        targets = [lookup.find_entity(session.spec, n) for n in names]
        if any(t is None for t in targets):
            return False
        if len(targets) == 1 and targets[0] and entities.names_kind(what):
            return _add_kind(session, f"{what} for {targets[0].label_plural.lower()}")
        return all(_add_to(session, t, what) for t in targets if t is not None)
    if _add_kind(session, what):
        return True
    known = lookup.find_field(session.spec, what, None, None)
    target = session.entity(None)
    if session.focus is None and known and target and known[0].name != target.name:
        session.refused.append(
            f'{known[0].label_plural} already have "{known[1].label}". Say to which records it is added, '
            f'for example "add {_text(what)} to {target.label_plural.lower()}".'
        )
        return True
    return _add_to(session, target, what)


def _add_kind(session: Session, what: str) -> bool:
    """'add comments', 'add suppliers with name and phone', 'add a supplier resource'."""
    edit = entities.add_entities(session.spec, what)
    if edit is None:
        return False
    session.apply(edit)
    return True


def _add_to(session: Session, entity: EntitySpec | None, what: str) -> bool:
    if entity is None:
        return False
    what = re.sub(
        r"^(?:fields?|columns?|attributes?)\s*(?:for|called|named|:)\s*",
        "",
        re.sub(r"^(?:an?|the|new)\s+(?=(?:new\s+)?(?:field|column|attribute)s?\b)", "", what),
        flags=re.IGNORECASE,
    )
    drafts = [(g, _draft_of(g, entity.name)) for g in split_items(what)]
    if not all(is_field_name(plain_name(g), asked=True) for g, _ in drafts):
        return False
    if any(d is None or (not d.sure and len(g.split()) > 5) for g, d in drafts):
        return False
    if any(_names_kind_of_record(session.spec, group) for group, _ in drafts):
        return False
    for group, draft in drafts:
        assert draft is not None
        target = lookup.find_entity(session.spec, draft.name) if read_noun(group) else None
        current = lookup.find_entity(session.spec, entity.name) or entity
        points = draft.type in ("string", "tags", "text")
        if target is not None and target.name != entity.name and points:
            session.apply(entities.relate(session.spec, current, target))
        else:
            session.apply(fields.add_field(session.spec, current, draft))
    return True


def _names_kind_of_record(spec: AppSpec, group: str) -> bool:
    """'tags to tasks home' is no field's name: the message was not understood."""
    return any(
        re.search(rf"\bto (?:the )?{re.escape(kind.label_plural)}\b", group, re.IGNORECASE)
        for kind in spec.entities
    )


def _draft_of(group: str, owner: str) -> FieldDraft | None:
    chosen = choose_item(plain_question(group))
    words = re.sub(r"\b(?:field|column|attribute|option|checkbox)\b", "", chosen)
    draft = read_field(words if len(group.split()) > 1 else group, owner)
    return None if draft is None or draft.name in _NO_NAMES else draft


_NO_NAMES: Final = frozenset({"field", "column", "attribute", "record", "thing", "something"})


def _rule(pattern: str, act: Callable[[Session, re.Match[str]], bool]) -> _Rule:
    return re.compile(pattern, re.IGNORECASE), act


_APP = r"(?:the |this |my )?(?:app(?:lication)?|site|website|project|tool)(?:'s)?"


_TYPE = r"(?P<kind>(?:whole|decimal) numbers?|numbers?|integers?|texts?|long texts?|dates?|date and time|times?|yes/no|yes or no|checkbox|e-?mail|url|link|money|amount of money)"
RULES: Final[tuple[_Rule, ...]] = (
    _rule(rf"(?:make|turn|convert|change|set) (?:the )?(?P<what>[\w -]+?) (?:to be |into |to )?(?:an? )?{_TYPE}$", _retype),
    _rule(rf"(?:the )?(?P<what>[\w -]+?) (?:should|must|has to|needs to) be an? {_TYPE}$", _retype),
    _rule(r"(?:make |set |let )?(?:the )?default (?:value )?(?:of |for )?(?:the )?(?P<field>[\w -]+?)(?: (?:should be|must be|is|be|to|=)|:) (?P<value>[\w .-]{1,60})$", _default),
    _rule(r"(?:remove|delete|drop|take away|get rid of) (?:the |all |every )?(?P<kind>calendars?|boards?|kanban|charts?|graphs?)(?: view| page)?(?: (?:of|for|from|with) (?:the )?(?P<entity>[\w -]+))?$", _remove_view),
    _rule(r"(?:the |an? )?(?P<field>[\w -]+?) (?:no longer (?:has|have|needs?) to be|(?:does not|doesn't|do not|don't) (?:have|need) to be|need not be|needn't be|may be not|is not|no longer needs to be) unique(?: any ?more)?$", _not_unique),
    _rule(r"(?:remove|delete|drop) the rule that (?:the |an? )?(?P<field>[\w -]+?) (?:is|are|must be|has to be) unique$", _not_unique),
    _rule(rf"(?:call|name) (?:it|{_APP}) (?P<new>.{{1,80}})$", title),
    _rule(r"(?:the )?(?:app'?s? )?title (?:should be|is now|must be|becomes) (?P<new>.{1,80})$", title),
    _rule(r"(?:rename|turn|change(?: the name of)?) (?:the )?(?:field |column )?(?P<old>.+?)(?: field| column)?(?: (?:in|on|of|for|from) (?:the )?(?P<entity>[\w -]+?))? (?:to|into|as|=>|->) (?:the name )?(?P<new>(?!(?:be )?(?:required|optional|mandatory|an? )\b)[^<]{1,60})$", _rename),
    _rule(r"(?:call|name) (?:the )?(?P<old>.+?) (?P<new>\"[^\"]+\"|\w+)(?: instead)?$", _rename),
    _rule(r"(?:rename|replace) (?:the )?(?P<old>.+?) (?:with|by) (?P<new>[^<]{1,60})$", _rename),
    _rule(r"(?:remove|delete|drop|get rid of|take away|take out|eliminate) (?P<what>.+?)(?: (?:from|of|in|on) (?:the |all |each |every )?(?P<entity>[\w -]+))?$", _remove),
    _rule(r"(?:we |i )?(?:do not|don't|no longer) (?:need|want) (?P<what>.+?)(?: (?:from|of|in|on|for) (?:the |all |each )?(?P<entity>[\w -]+?))?(?: any ?more| any longer)?$", _remove),
    _rule(r"(?:make|mark|set) (?:the )?(?P<what>.+?)(?: (?:in|on|of|for) (?:the |each |every )?(?P<entity>[\w -]+?))? (?:as |to )?(?P<flag>required|mandatory|compulsory|obligatory|optional|not required|non-required)$", _require),
    _rule(r"(?:the )?(?P<what>[\w -]+?)(?: (?:in|on|of|for) (?:the |each |every )?(?P<entity>[\w -]+?))? (?:should be|must be|is|are|needs to be|has to be) (?P<flag>required|mandatory|optional|not required)$", _require),
    _rule(r"(?:add|create|include|let (?:me|us|users)|allow(?: (?:me|us|users))?(?: to)?|i want to|make it possible to)?\s*(?:an? |the )?filter(?:s|ing)? (?P<entity>(?!by|for|on)[\w -]+?)? ?(?:by|for|on) (?:the |their |its )?(?P<what>[^<]+)$", _filter),
    _rule(r"(?:add|include|allow) (?:an? |the )?(?:new )?(?:choices?|options?|values?)? ?(?P<values>.+?) (?:to|as (?:an? )?(?:choices?|options?|values?) (?:to|for|of)|for) (?:the )?(?P<field>[\w ]+?)(?: (?:of|in|on) (?:the )?(?P<entity>[\w -]+))?(?: choices| options| values)?$", choice),
    _rule(r"(?:the )?(?P<field>[\w ]+?)(?: (?:of|in|on|for) (?:the |an? |each )?(?P<entity>[\w -]+?))? (?:can|could|may|might|should) (?:also |sometimes )?be (?:an? )?(?P<values>[^<]+)$", choice),
    _rule(r"(?:link|connect|relate|attach|assign|tie) (?:the |each |every )?(?P<one>[\w -]+?) (?:to|with) (?:an? |the |their |each )?(?P<other>[\w -]+)$", _relate),
    _rule(r"(?:let |make )?(?:an? |the |each |every )?(?P<one>[\w -]+?) (?:should |must |can |now |to )*(?:belongs?|be assigned|is assigned|are assigned|refers?|be linked|points?) to (?:an? |the |one |some )?(?P<other>[\w -]+)$", _relate),
    _rule(r"(?:the )?(?P<what>[\w ]+?)(?: should| must| can| may)? (?:be|go|lie|range)? ?(?P<kind>from \d+ ?(?:-|to) ?\d+|at (?:least|most) \d+|\(.*\))$", _retype),
    _rule(r"(?:the |each |every |all )?(?P<entity>[\w-]+(?: [\w-]+)??) (?:should |must |can |could |will |may |also |now )*(?:have|has|need|needs|get|gets|include|includes|carry) (?:also |to have )?(?P<what>.+)$", _have),
    _rule(r"(?:give|let) (?:the |each |every |all )?(?P<entity>[\w-]+(?: [\w-]+)??) (?:have )?(?P<what>(?:an? |the |optional |required ).+)$", _have),
    _rule(r"(?:for|on|in|to) (?:the |each |every |all )?(?P<entity>[\w -]+?),? (?:please )?(?:add|track|record|store|include|show) (?P<what>.+)$", _add),
    _rule(r"(?:add|include|introduce|append|insert|put|attach|track|record|store|show) (?P<what>.+) (?:to|for|on|in|into|of) (?:the |each |every |all |my |our )?(?P<entity>[\w-]+(?: [\w-]+)?(?:(?:,| and) [\w-]+)*)$", _add),
    _rule(r"(?:add|include|introduce|create|insert|track|record|store|keep|note|log) (?P<what>.+)$", _add),
)  # fmt: skip
