"""Reads one item of a list: a field, a kind of record, or what happens to it; and relates it."""

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass

from stackwright.offline import lexicon
from stackwright.offline.draft import AppDraft, EntityDraft, FieldDraft
from stackwright.offline.fields import is_attribute, read_field
from stackwright.offline.nouns import Noun, read_noun
from stackwright.offline.phrases import (
    PREP,
    read_sure,
    relation,
    target_and_rest,
)
from stackwright.offline.words import UNCOUNTABLE, label, singular, snake

_ACT = re.compile(
    r"\b(?:can|may|could|will|should|want to|wants to|need to)\s+(?:then\s+|also\s+|each\s+)?([a-z]+)\s+(?:up |for |in |to |into |on |out )*(?:an? |the |their |our |many |several )?",
    re.IGNORECASE,
)


_MARKED = re.compile(
    r"\b(?:marked|flagged|ticked off|checked off|mark (?:them|it|\w+)|flag (?:them|it|\w+)|tick(?: them| it)? off)\s*(?:as\s+)?(.*)$",
    re.IGNORECASE,
)


@dataclass
class Context:
    """A list being read. `owner` None is the application itself."""

    owner: EntityDraft | None
    closed: bool = False
    has_fields: bool = False
    linking: bool = False


class Items(ABC):
    """What a list adds to one `AppDraft`; `focus` is the entity last spoken of."""

    def __init__(self, app: AppDraft) -> None:
        self.app = app
        self.focus: EntityDraft | None = None
        self._stack: list[Context] = []

    def _link(self, subject: EntityDraft, target: Noun, word: str) -> None:
        if (
            target.head in lexicon.USERS and target.name not in lexicon.FIELDS_OF
        ) or target.name in ("someone", "somebody"):
            verb = re.sub(
                r"^(?:(?:that|which|who|and|is|are|was|were|can|should|must|may|be|being)\s+)*",
                "",
                word.strip(),
            )
            subject.put(FieldDraft(snake(verb), "string", True))
            return
        if (
            is_attribute(target.head)
            and self.app.find(target.name) is None
            and target.head not in lexicon.GROUPERS
        ):
            subject.put(FieldDraft(snake(target.phrase), sure=True))
            return
        owner = self.app.entity(target.name)
        verb = re.sub(r"^.*\b(?=assigned to\b)", "", word.strip().lower())
        subject.refer(owner.name, label_text=label(snake(verb)) if verb == "assigned to" else "")
        if "belong" in word:
            subject.parent = subject.parent or owner.name

    def _read_item(self, group: str, *, kind: bool = False) -> None:
        top = self._stack[-1]
        if top.linking and not kind and top.owner is not None:
            noun = read_noun(group)
            if (
                noun is not None
                and not is_attribute(noun.head)
                and (noun.single or self.app.find(noun.name))
            ):
                self._link(top.owner, noun, "")
                return
            self._stack.pop()
        if not kind and self._read_action(group):
            return
        if kind or not self._read_as_field(group):
            self._read_as_kind(group, kind=kind)

    def _read_action(self, group: str) -> bool:
        """'members can borrow books' is a relation; 'tasks can be marked as done' a field."""
        if marked := _MARKED.search(group):
            self._read_mark(group, marked)
            return True
        act = _ACT.search(group)
        if act is None:
            return False
        actor, thing = read_noun(group[: act.start()]), read_noun(group[act.end() :])
        if thing is None:
            return True
        target = self.app.find(thing.name)
        if target is None and (thing.many or thing.single):
            target = self.app.entity(thing.name)
        if actor is None or target is None or actor.name in lexicon.USERS:
            return True
        if self.app.find(actor.name) or actor.head in lexicon.PARTIES:
            target.refer(self.app.entity(actor.name).name)
        return True

    def _read_mark(self, group: str, marked: re.Match[str]) -> None:
        """'tasks can be marked as done', 'flag it as urgent': a field of what is marked."""
        named = read_noun(group[: marked.start()].split(" can ")[0]) if " can " in group else None
        subject = self.app.find(named.name) if named else None
        text = marked.group(1).strip() or "done"
        draft = read_field(text if "<" in text else f"{text} (boolean)")
        if draft is not None and draft.type == "enum" and draft.name in ("with", ""):
            draft.name, draft.label = "status", "Status"
        self._give(subject or self._stack[-1].owner or self.focus, draft)

    def _read_as_field(self, group: str) -> bool:
        top = self._stack[-1]
        owner_word = re.search(
            r"^(.*?)\s+(?:of|for|per)\s+(?:each|every|the|an?|all|our|my)\s+([\w -]+?)(?=\s*<|\s*$)(.*)$",
            group,
            re.IGNORECASE,
        )
        owner = top.owner or self._possessor(group)
        if (
            owner_word
            and (named := self.app.find(singular(owner_word.group(2))))
            and read_sure(owner_word.group(1))
        ):
            group, owner = f"{owner_word.group(1)} {owner_word.group(3)}", named
        if self._is_kind_in_kind(group):
            return False
        draft = read_field(group, owner.name if owner else "")
        if draft is None:
            return True
        noun = read_noun(group)
        listed = noun is not None and noun.head in UNCOUNTABLE and self._among_fields(noun)
        many = noun is None or (noun.many and not listed)
        if not draft.sure and (noun is None or many or self._names_entity(noun, owner)):
            return False
        if noun is not None and noun.many and self._plural_kind(noun, draft):
            return False
        if not draft.sure and len(group.split()) > 5:
            self.app.ignored.append(group)
            return True
        if noun is not None and draft.sure is False and PREP.search(group):
            return False
        self._give(owner, draft)
        return True

    def _among_fields(self, noun: Noun) -> bool:
        """'lessons with date and homework': without a plural, a word among fields is a field."""
        top = self._stack[-1]
        return top.owner is not None and top.has_fields and self.app.find(noun.name) is None

    def _possessor(self, group: str) -> EntityDraft | None:
        """'customers, their bikes': the bikes are those of the customers."""
        return self.focus if re.match(r"(?:all )?(?:their|its)\b", group, re.IGNORECASE) else None

    def _is_kind_in_kind(self, group: str) -> bool:
        """'posts in topics': many of one kind inside another, whatever the last word may name."""
        prep = relation(group)
        if prep is None or "<" in group:
            return False
        inner, outer = read_noun(group[: prep.start()]), read_noun(group[prep.end() :])
        if inner is None or outer is None or not inner.many or is_attribute(inner.head):
            return False
        return outer.many and (
            self.app.find(outer.name) is not None or outer.head in lexicon.GROUPERS
        )

    def _plural_kind(self, noun: Noun, draft: FieldDraft) -> bool:
        """Plural words that could be fields ("pages") are kinds when listed beside kinds."""
        grouping = draft.type == "tags" and noun.name in ("topic", "role", "skill", "instrument")
        if grouping and self._stack[-1].owner is None and not self.app.orphans:
            return True
        alone = self._stack[-1].owner is None and not self.app.orphans
        if alone and draft.type == "text" and snake(noun.phrase) not in lexicon.TEXT_HEADS:
            return True
        if (
            draft.type in ("enum", "boolean", "tags", "text", "date", "datetime", "email", "time")
            or draft.unit
        ):
            return False
        top = self._stack[-1]
        if self.app.find(noun.name) is not None:
            return True
        kinds_here = top.owner is None and not self.app.orphans
        return kinds_here and (
            noun.name in lexicon.FIELDS_OF or draft.type in ("string", "money", "phone")
        )

    def _names_entity(self, noun: Noun, owner: EntityDraft | None) -> bool:
        return owner is None and noun.single and not noun.bare

    def _give(self, owner: EntityDraft | None, draft: FieldDraft | None) -> None:
        if draft is None:
            return
        self._stack[-1].has_fields = True
        if owner is not None:
            owner.put(draft)
        elif all(f.name != draft.name for f in self.app.orphans):
            self.app.orphans.append(draft)

    def _read_as_kind(self, group: str, *, kind: bool) -> None:
        prep = relation(group)
        head = group[: prep.start()] if prep else group
        noun = read_noun(head)
        if noun is None or noun.name in lexicon.USERS:
            if prep:
                self._read_as_kind(group[prep.end() :], kind=kind)
            return
        if (
            noun.head in ("list", "collection", "set", "number", "variety", "record", "overview")
            and prep
            and prep.group(1).lower() == "of"
        ):
            self._read_item(group[prep.end() :], kind=kind)
            return
        top = self._stack[-1]
        entity = self.app.find(noun.name) or self.app.entity(
            noun.name, weak=not kind and not noun.many
        )
        outer = top.owner or self._possessor(group)
        if outer is not None and outer is not entity:
            self._relate(entity, outer)
        self.focus = entity
        if prep:
            self._read_prep(entity, prep.group(1).lower(), group[prep.end() :])

    def _relate(self, inner: EntityDraft, outer: EntityDraft) -> None:
        """`outer` has many `inner`; groups and people are pointed at instead."""
        if inner.refers_to(outer.name) or outer.refers_to(inner.name):
            return
        if self.app.connected(inner.name, outer.name):
            return
        last_inner, last_outer = inner.name.split("_")[-1], outer.name.split("_")[-1]
        upward = (
            last_inner in lexicon.GROUPERS | lexicon.PARTIES and inner.name not in lexicon.PARTS
        )
        if (
            upward
            and last_outer
            not in lexicon.GROUPERS | lexicon.PARTIES | lexicon.PLACES | lexicon.PARTS
        ):
            outer.refer(inner.name)
            return
        inner.refer(outer.name)
        inner.parent = inner.parent or outer.name

    def _read_prep(self, entity: EntityDraft, word: str, right: str) -> None:
        if "<" in right and (choice := read_field(right)) is not None:
            entity.put(choice)
            return
        target, rest = target_and_rest(right)
        if target is None or target.name in lexicon.USERS or target.head in lexicon.CONTAINERS:
            return
        known = self.app.find(target.name)
        if known is None and not self._names_kind(target, word):
            return
        if (
            is_attribute(target.head)
            and known is None
            and target.name not in lexicon.GROUPERS
            and target.name not in lexicon.FIELDS_OF
        ):
            if word == "by":
                entity.put(FieldDraft(target.name, sure=True))
            return
        other = known or self.app.entity(target.name)
        entity.refer(other.name)
        if (
            word in ("on", "of", "under", "inside", "within", "about")
            and entity.parent is None
            and entity.name in lexicon.PARTS
        ):
            entity.parent = other.name
        self._read_onward(entity, other, right, rest)

    def _names_kind(self, target: Noun, word: str) -> bool:
        """Whether what stands behind a preposition is a kind, not the place it all happens in."""
        if target.many or target.each:
            return True
        if target.head in lexicon.PLACES:
            self.app.place = self.app.place or target.phrase
            return False
        return target.single and word in ("on", "about", "by", "per", "under", "against")

    def _read_onward(self, entity: EntityDraft, other: EntityDraft, right: str, rest: str) -> None:
        """'ascents by climbers on routes': a second relation of the same kind, or its details."""
        if again := relation(right):
            self._read_prep(entity, again.group(1).lower(), right[again.end() :])
        elif rest:
            self._stack.append(Context(other))
            self._read_group(rest)

    @abstractmethod
    def _read_group(self, group: str) -> None:
        """Read a whole group, with the words that connect its parts."""
