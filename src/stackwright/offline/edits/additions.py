"""Requests that add something: kinds of record, fields, links. Names that are new stand in them as the
person wrote them, so that these wordings know no tokens."""

import re
from collections.abc import Callable
from typing import Final

from stackwright.offline import lexicon
from stackwright.offline.choices import choose_item
from stackwright.offline.draft import FieldDraft
from stackwright.offline.edits import entities, fields, lookup, values
from stackwright.offline.edits.session import Session
from stackwright.offline.fields import is_field_name, read_field
from stackwright.offline.heads import split_items
from stackwright.offline.mentions import ground, keys_of
from stackwright.offline.naming import MANY, plain_name
from stackwright.offline.nouns import read_noun
from stackwright.offline.questions import plain_question
from stackwright.offline.words import plural, singular
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec

_Rule = tuple[re.Pattern[str], Callable[[Session, re.Match[str]], bool]]


def _text(words: str) -> str:
    return words.replace("\u2423", " ").strip(" \"'.,")


_NO_TITLE: Final = re.compile(r"(?:be )?(?:required|optional|mandatory|unique|bigger|smaller|an? |long text|whole number)", re.IGNORECASE)  # fmt: skip


def title(session: Session, found: re.Match[str]) -> bool:
    new = _text(found["new"])
    is_it = re.match(r"[\w-]+ it\b", found[0]) is not None
    if is_it and session.spoken.entity and (found[0][:2] == "re" or new == new.lower()):
        return False
    if not new or len(new.split()) > 8 or _NO_TITLE.match(new):
        return False
    session.apply(entities.retitle(session.spec, new))
    return True


def _named_title(session: Session, found: re.Match[str]) -> bool:
    """'The title should be Paws & Claws' names the app; 'the title should be short' does not."""
    return _text(found["new"])[:1].isupper() and title(session, found)


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


def _have(session: Session, found: re.Match[str]) -> bool:
    entity = lookup.find_entity(session.spec, _text(found.group("entity")))
    if entity is None:
        return _describes_kind(session, found)
    if many := MANY.match(found.group("what")):
        what = found.group("what")[many.end() :].strip()
        first, joint, rest = what.partition(" with ")
        kind = f"{first} of a {entity.label.lower()}{joint}{rest}"
        return lookup.find_entity(session.spec, first) is None and _add_kind(session, kind)
    return _add_to(session, entity, found.group("what"))


def _describes_kind(session: Session, found: re.Match[str]) -> bool:
    """'A shelf has a code and a number of places': a new kind, with its fields."""
    told = re.match(r"(?:an?|each|every) (?P<noun>[\w-]+(?: [\w-]+)?) (?:has|have) (?=an? )", found[0], re.IGNORECASE)  # fmt: skip
    noun = read_noun(told["noun"]) if told else None
    if noun is None:
        return False
    return _add_kind(session, f"{plural(noun.name).replace('_', ' ')} with {found['what']}")


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
        more = [found["more"]] if "more" in found.groupdict() else []
        return all(_add_to(session, t, w) for t in targets if t is not None for w in (what, *more))
    if elsewhere := _ELSEWHERE.search(what):
        kinds = ", ".join(one.label_plural.lower() for one in session.spec.entities)
        told = f"There are no “{_text(elsewhere[1])}” in this app; it keeps {kinds}."
        return session.refuse(told)
    if kind := _with_kind_in_list(session.spec, what):
        return _add_kind(session, kind)
    return (
        _joins_choices(session, what) or _add_kind(session, what) or _add_somewhere(session, what)
    )


def _add_somewhere(session: Session, what: str) -> bool:
    """Without a word about where: to the kind that the new name speaks of, or that is spoken of."""
    known = lookup.find_field(session.spec, what, None, None)
    owners = ground(session.spec, what).owners
    target = session.entity(None)
    if target is None:
        return False
    if len(owners) == 1 and len(what.split()) > 2:
        target = session.spec.entity(owners[0].name)
    elif field := _may_be_choice(target, what):
        return session.refuse(
            f"Is “{what}” another choice of {field.lower()}, or a new field? Say “add {what} to {field.lower()}” "
            f"or “add a {what} field to {target.label_plural.lower()}”."
        )
    is_main = session.focus is None and target.name == session.spec.entities[0].name
    if is_main and known and known[0].name != target.name:
        return session.refuse(
            f'{known[0].label_plural} already have "{known[1].label}". Say to which records it is added, '
            f'for example "add {_text(what)} to {target.label_plural.lower()}".'
        )
    return _add_to(session, target, what)


def _with_kind_in_list(spec: AppSpec, what: str) -> str:
    """'The watering: bed, day and litres' lists what a watering has, since there are beds."""
    found = re.fullmatch(
        r"(?:the |an? )?(?P<noun>[\w-]+(?: [\w-]+)?)(?::? ?<(?P<list>[^<>]+)>|: (?P<plain>.+))",
        what,
    )
    listed = (
        (found["list"] or found["plain"].replace(" and ", ", ").replace(", ", "|")) if found else ""
    )
    items = [one.strip() for one in listed.split("|") if one.strip()]
    if found is None or not any(lookup.find_entity(spec, one) for one in items):
        return ""
    return f"{plural(singular(found['noun'])).replace('_', ' ')} with {', '.join(items)}"


def _joins_choices(session: Session, what: str) -> bool:
    """'Clay is now called heavy clay, and add peat': another one of those that this message changed."""
    spoken, last = session.spoken, session.operations[-1:]
    is_of_choices = any(one.startswith("The choice ") or " can now also be " in one for one in last)
    if not is_of_choices or not re.fullmatch(r"[\w-]+", what):
        return False
    entity = session.spec.entity(spoken.entity)
    session.apply(values.add_choices(session.spec, entity, entity.field(spoken.field), [what]))
    return True


_ELSEWHERE: Final = re.compile(r"\b(?:to|into|onto) (?:the|each|every|all(?: the)?|my|our) ([\w -]{2,40})$", re.IGNORECASE)  # fmt: skip


def _may_be_choice(entity: EntitySpec, what: str) -> str:
    """'Add sparkling', where wines are red or white: the field whose choice it may be."""
    choices = [one.label for one in entity.fields if one.type == "enum"]
    is_quality = what.lower().endswith(("ing", "ed")) or what.lower() in lexicon.ADJECTIVES
    return choices[0] if len(what.split()) == 1 and is_quality and choices else ""


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
    groups = map(_typed_for, split_items(what))
    drafts = [(g, _draft_of(g, entity.name)) for g in groups]
    if not all(is_field_name(plain_name(g), asked=True) for g, _ in drafts):
        return False
    if any(d is None or (not d.sure and len(g.split()) > 5) for g, d in drafts):
        return False
    if any(_tells_more(session.spec, entity, group, draft) for group, draft in drafts):
        return False
    for group, draft in drafts:
        assert draft is not None
        target = lookup.find_entity(session.spec, draft.name) if read_noun(group) else None
        current = lookup.find_entity(session.spec, entity.name) or entity
        points = draft.type in ("string", "tags", "text")
        known = twin_of(current, draft)
        if target is not None and target.name != entity.name and points:
            session.apply(entities.relate(session.spec, current, target))
        elif known is not None and known.name != draft.name:
            session.refuse(f'{current.label_plural} already have "{known.label}".')
        else:
            session.apply(fields.add_field(session.spec, current, draft))
    return True


def twin_of(entity: EntitySpec, draft: FieldDraft) -> FieldSpec | None:
    """The field that is called the same in other words: 'email address' where there is an email."""
    new = fields.as_spec(draft)
    return next(
        (f for f in entity.fields if f.type == new.type and keys_of(f) & keys_of(new)), None
    )


def _tells_more(spec: AppSpec, entity: EntitySpec, group: str, draft: FieldDraft | None) -> bool:
    """'Tags to tasks home', 'two parents at most' and 'status cancelled', where there is a status, are no
    names of fields: the message was not understood."""
    for kind in spec.entities:
        if re.search(rf"\bto (?:the )?{re.escape(kind.label_plural)}\b", group, re.IGNORECASE):
            return True
    if not re.search(r"\d|<", group) and _BOUNDS.search(group):
        return True
    first = re.match(r"@f(\d+) \w", (grounded := ground(spec, group)).text)
    is_of_entity = first is not None and any(
        one[0].name == entity.name and one[1].type == "enum"
        for one in grounded.mentions[int(first[1])].fields
    )
    return is_of_entity and draft is not None and not draft.sure


_BOUNDS: Final = re.compile(r"\b(?:at most|at least|maximum|between|more than|less than|no more|rather than|instead of|in case|as soon as)\b", re.IGNORECASE)  # fmt: skip


def _draft_of(group: str, owner: str) -> FieldDraft | None:
    group = group.replace("\u2423", " ").replace('"', "")
    chosen = choose_item(plain_question(group))
    words = re.sub(r"\b(?:field|column|attribute|option|checkbox)\b", "", chosen)
    draft = read_field(words if len(group.split()) > 1 else group, owner)
    is_name = draft is not None and draft.name.split("_")[0] not in _NO_STARTS
    return draft if is_name and draft is not None and draft.name not in _NO_NAMES else None


def _typed_for(group: str) -> str:
    """'A date for the next visit' as 'next visit (date)'."""
    typed = _TYPED_FOR.match(group)
    if typed is None:
        return group
    return f"{typed['name']} ({'yes/no' if '|' in typed['kind'] else typed['kind']})"


_TYPED_FOR: Final = re.compile(
    r"(?:an? |the )?(?P<kind>yes/no|<yes\|no>|checkbox|tick ?box|flag|date|number|text|time|email|phone|link)(?: field| question)? (?:for|called|named|whether|if|that says whether) (?:being |it is |they are |it was |the )?(?P<name>.+)",
    re.IGNORECASE,
)
"""'A yes/no for being covered.'"""
_NO_STARTS: Final = frozenset({"more", "less", "another", "else", "better", "fewer"})
_NO_NAMES: Final = frozenset({"field", "column", "attribute", "record", "thing", "something"})


def _rule(pattern: str, act: Callable[[Session, re.Match[str]], bool]) -> _Rule:
    return re.compile(pattern, re.IGNORECASE), act


_APP: Final = (
    r"(?:the |this |my |our )?(?:whole )?(?:app(?:lication)?|site|website|project|tool)(?:'s)?"
)
_TITLE: Final = rf"(?:the )?(?:{_APP} (?:title|name)|(?:title|name) (?:of|for) {_APP})"
_NEW: Final = r"(?P<new>.{1,80})$"
TITLES: Final[tuple[_Rule, ...]] = (
    _rule(rf"(?:call|name|title|rename|re-?name) (?:it|{_APP})(?: to| as| into)? {_NEW}", title),
    _rule(rf"(?:change|set|rename|make) (?:{_TITLE}|{_APP}|(?:the )?title) (?:to|into|as|be)(?: be)? {_NEW}", title),
    _rule(rf"(?:the )?title (?:should be|is now|must be|becomes|is) {_NEW}", _named_title),
    _rule(rf"(?:{_TITLE}) (?:should be|is now|must be|becomes|is) {_NEW}", title),
    _rule(rf"(?:{_APP}) (?:should|must|has to|needs to) be (?:called|named|titled|renamed(?: to)?) {_NEW}", title),
    _rule(rf"give {_APP} (?:the |a new )?(?:title|name) {_NEW}", title),
)  # fmt: skip
_ONE: Final = r"(?:the |each |every |all |any |my |our |an? )*"
RULES: Final[tuple[_Rule, ...]] = (
    _rule(r"(?:link|connect|relate|attach|assign|tie) (?:the |each |every )?(?P<one>[\w -]+?) (?:to|with) (?:an? |the |their |each )?(?P<other>[\w -]+)$", _relate),
    _rule(r"(?:let |make )?(?:an? |the |each |every )?(?P<one>[\w -]+?) (?:should |must |can |now |to )*(?:belongs?|be assigned|is assigned|are assigned|refers?|be linked|points?) to (?:an? |the |one |some )?(?P<other>[\w -]+)$", _relate),
    _rule(r"(?:the |each |every |all )?(?P<entity>[\w-]+(?: [\w-]+)??) (?:should |must |can |could |will |may |also |now )*(?:have|has|need|needs|get|gets|include|includes|carry) (?:also |to have )?(?P<what>.+)$", _have),
    _rule(r"(?:give|let) (?:the |each |every |all )?(?P<entity>[\w-]+(?: [\w-]+)??) (?:have )?(?P<what>(?:an? |the |optional |required ).+)$", _have),
    _rule(r"(?:for|on|in|to) (?:the |each |every |all )?(?P<entity>[\w -]+?),? (?:please )?(?:add|track|record|store|include|show|note|keep) (?P<what>.+)$", _add),
    _rule(rf"(?:add|include|introduce|append|insert|put|attach|track|record|store|show) (?P<what>.+) (?:to|for|on|in|into|of) {_ONE}(?P<entity>[\w-]+(?: [\w-]+)?(?:(?:,| and) [\w-]+)*)$", _add),
    _rule(rf"(?:add|include|append|insert|put) (?P<what>.+?) (?:to|for|on|into) {_ONE}(?P<entity>[\w-]+(?: [\w-]+)?),? (?:and|plus) (?P<more>.+)$", _add),
    _rule(r"(?:add|include|introduce|create|insert|track|record|store|keep|note|log) (?P<what>.+)$", _add),
)  # fmt: skip
