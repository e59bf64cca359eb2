"""Reads groups of words ("loans with due dates") into drafts.

A sentence is a chain of groups parted by commas and "and". A stack of contexts says whose list a
group continues: a list that was closed by "and" takes no further members.
"""

import re
from dataclasses import dataclass, replace

from stackwright.offline import clause_relations, lexicon, unsupported
from stackwright.offline.clauses import Deed, read_deed
from stackwright.offline.draft import AppDraft, EntityDraft, FieldDraft
from stackwright.offline.event_nouns import occasion
from stackwright.offline.fields import is_attribute, read_field
from stackwright.offline.nouns import Noun, read_noun
from stackwright.offline.phrases import (
    FINITE,
    LINK,
    PREP,
    WITH,
    before_with,
    first_connector,
    mask_find,
    read_sure,
    relation,
    split_groups,
    target_and_rest,
)
from stackwright.offline.sentence_patterns import STRONG
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


_PRONOUN = re.compile(
    r"^(?:it|they|each(?: one| of them)?|every one|both|these|those|all of them|each record|each entry|every record|every entry|them|that|which|who|the following)?(?: also)?$",
    re.IGNORECASE,
)

_NOTED = re.compile(
    rf"^(?:i|we|you|they) (?:also |then |just |always )*(?:(?:want|need) to )?(?:{STRONG}|record|log|note|list|save|enter)(?: down)? (?=(?:the|an?|its|their|how|what)\b)",
    re.IGNORECASE,
)
"""'… and we note the due date': the date is what the list goes on with."""

_MANY = re.compile(
    r"(?:many|several|multiple|any number of|a number of|one or more|zero or more|more than one|lots of)\b",
    re.IGNORECASE,
)


def _is_part(group: str) -> bool:
    """'a budget with cost items' is a part of the head of its sentence, not of the last detail."""
    found = mask_find(WITH, group)
    if found is None or not re.match(r"(?:an?|one)\b", group, re.IGNORECASE):
        return False
    held = read_noun(group[found.end() :])
    return (
        held is not None and held.many and held.phrase not in lexicon.TAG_HEADS | lexicon.TEXT_HEADS
    )


class Grammar:
    """Reads chains into one `AppDraft`; `focus` is the entity last spoken of."""

    def __init__(self, app: AppDraft) -> None:
        self.app = app
        self.focus: EntityDraft | None = None
        self._stack: list[Context] = []

    def read_chain(self, text: str, owner: EntityDraft | None = None) -> None:
        """Read a list that belongs to `owner`, or to the application."""
        self._stack = [Context(owner)]
        for separator, group in split_groups(text):
            self._settle(separator, group)
            place = self._stack[-1]
            self._read_group(group)
            if "and" in separator or "or" in separator:
                place.closed = len(self._stack) > 1 or place.owner is not None

    def _settle(self, separator: str, group: str) -> None:
        """Leave the lists that this group does not continue."""
        while len(self._stack) > 1 and self._stack[-1].closed:
            self._stack.pop()
        top = self._stack[-1]
        starts_anew = (
            bool(mask_find(FINITE, group)) or bool(mask_find(WITH, group)) or group.endswith(")")
        )
        full = top.has_fields or top.linking
        if (len(self._stack) > 1 and starts_anew and full and self._subject_is_kind(group)) or (
            len(self._stack) > 1 and separator == "" and top.has_fields
        ):
            del self._stack[1:]
        elif separator == ", and" and len(self._stack) > 1 and top.has_fields and _is_part(group):
            del self._stack[1 if self._has_sibling(self._stack[1].owner) else 2 :]

    def _has_sibling(self, entity: EntityDraft | None) -> bool:
        """Whether a kind was named beside this one that is no part of it."""
        return entity is not None and any(
            e is not entity and not e.refers_to(entity.name) and not entity.refers_to(e.name)
            for e in self.app.entities.values()
        )

    def _subject_is_kind(self, group: str) -> bool:
        found = first_connector(group)
        left = group[: found.start()] if found else group.split("(")[0]
        noun = read_noun(left)
        return noun is not None and (noun.many or noun.each or self.app.find(noun.name) is not None)

    def _read_group(self, group: str) -> None:
        group = _NOTED.sub("", group)
        if not group or unsupported.is_built_in(group):
            return
        deed = read_deed(group)
        if deed is not None and deed.event and self._do(deed):
            return
        if unsupported.needs_model(group) and not re.match(r"^(?:an? |the )?<", group):
            self.app.ignored.append(group)
            return
        if (deed is not None and self._do(deed)) or self._read_parenthesis(group):
            return
        found = first_connector(group)
        if found is None:
            self._read_item(group)
            return
        left, right = group[: found.start()].strip(" ,"), group[found.end() :].strip()
        if LINK.fullmatch(found.group(0)) and not FINITE.fullmatch(found.group(0)):
            self._read_link(left, found.group(0), right)
        else:
            self._read_having(left, right, found.group(0))

    def _read_parenthesis(self, group: str) -> bool:
        found = re.search(r"^(.*?[\w'\"])\s*\(((?:[^()]|\([^()]*\))*)\)\s*(.*)$", group)
        if found is None:
            return False
        head, inside, rest = found.group(1), found.group(2), found.group(3)
        noun = read_noun(before_with(head))
        parts = [p for _, p in split_groups(inside)]
        if noun is None or (len(parts) < 2 and not (noun.many and parts and read_sure(parts[0]))):
            return False
        if is_attribute(noun.head) and not noun.many:
            return False
        self._read_group(head)
        owner = self.app.find(noun.name) or self.app.entity(noun.name)
        self.app.entities[owner.name].weak = False
        saved = self._stack
        self._drop_as_field(owner)
        self.read_chain(inside, owner)
        self._stack = saved
        self.focus = owner
        relation = PREP.match(rest)
        if relation:
            self._read_prep(owner, relation.group(1).lower(), rest[relation.end() :])
        elif rest:
            self._read_group(rest)
        return True

    def _drop_as_field(self, entity: EntityDraft) -> None:
        for other in self.app.entities.values():
            draft = other.given.get(entity.name)
            if draft is not None and not draft.sure:
                del other.given[entity.name]
                self._relate(entity, other)
        self.app.orphans = [f for f in self.app.orphans if f.name != entity.name]

    def _read_having(self, left: str, right: str, word: str) -> None:
        top = self._stack[-1]
        if self._is_header(left, right, word):
            owner = None
        elif _PRONOUN.match(left):
            owner = top.owner or self.focus
        elif self._field_with_hint(left, right, word):
            return
        else:
            owner = self._subject(left, word)
        if owner is None or owner is not self._stack[-1].owner:
            self._stack.append(Context(owner))
        if owner is not None:
            self.focus = owner
        if right:
            self._read_group(right)
            if owner is not None and _MANY.match(right):
                self._note_plenty(owner.name.replace("_", " "), right)

    def _is_header(self, left: str, right: str, word: str) -> bool:
        """'Restaurant reservations: guests …' or 'a conference with speakers': what it is about."""
        noun = read_noun(left)
        heading = ":" in word or "-" in word
        if self.app.entities or noun is None or noun.each or (noun.many and not heading):
            return False
        head = right.split("(")[0]
        cut = first_connector(head)
        first = read_noun(head[: cut.start()] if cut else head)
        kinds = (
            first is not None
            and first.many
            and (first.name in lexicon.FIELDS_OF or not read_sure(first.phrase))
        )
        if not kinds or (noun.name in lexicon.FIELDS_OF and not heading):
            return False
        self.app.phrase = self.app.phrase or noun.phrase
        return True

    def _field_with_hint(self, left: str, right: str, word: str) -> bool:
        """'status: <a|b>' and 'rating from 1 to 5' are one field, whatever stands between."""
        noun = read_noun(left)
        if noun is None or noun.many or self.app.find(noun.name) is not None:
            return False
        if (
            is_attribute(noun.head)
            and (right.startswith("<") or (word.strip() == ":" and len(right.split()) < 4))
            and not mask_find(WITH, right)
        ):
            self._read_item(f"{left} {right}" if right.startswith("<") else f"{left} ({right})")
            return True
        return False

    def _subject(self, left: str, word: str) -> EntityDraft | None:
        """The entity before 'has' or 'with'; placed in the list it stands in."""
        link = mask_find(LINK, left)
        noun = read_noun(left[: link.start()] if link else left)
        people = noun is not None and noun.many and noun.name in ("person", "visitor")
        described = people and word.strip() != ":"
        if noun is None or (noun.name in lexicon.USERS and not described):
            return self._stack[-1].owner or self.focus
        if described:
            return self.app.entity(noun.name)
        if (
            noun.head in lexicon.CONTAINERS | lexicon.PLACES
            and not noun.many
            and self.app.find(noun.name) is None
            and not noun.each
        ):
            return self._stack[-1].owner if "_" in noun.name else None
        if "with" not in word and ":" not in word:
            del self._stack[1:]
        known = self.app.find(noun.name)
        if known is not None and self._stack[-1].owner in (None, known):
            known.weak = False
            return known
        name = noun.name if noun.many else occasion(noun.name, left)
        self._read_item(left if name == noun.name else name.replace("_", " "), kind=True)
        return self.app.find(name)

    def _read_link(self, left: str, word: str, right: str) -> None:
        """'each loan belongs to a book', 'tasks assigned to a member'."""
        subject = self._stack[-1].owner or self.focus
        if not right or right.startswith(("(", "<")):
            self._give(self._stack[-1].owner, read_field(f"{left} {word} {right}"))
            return
        noun = read_noun(left)
        if noun is not None and not _PRONOUN.match(left) and noun.name not in lexicon.USERS:
            if is_attribute(noun.head) and not noun.many:
                self._read_item(left)
                return
            self._read_item(left, kind=True)
            subject = self.app.find(noun.name)
        target, rest = target_and_rest(right)
        if subject is None or target is None:
            if right:
                self._read_item(right)
            elif not left:
                self._give(subject, read_field(word))
            return
        self._link(subject, target, word)
        if self._stack[-1].owner is not subject or not self._stack[-1].linking:
            self._stack.append(Context(subject, linking=True))
        self.focus = subject
        if rest:
            told = subject if target.single and WITH.match(rest) else self.app.find(target.name)
            self._stack.append(Context(told))
            self._read_group(rest)

    def _do(self, deed: Deed) -> bool:
        """'students enroll in courses': who, a verb, and what."""
        if re.fullmatch(r"they|who|which|that|it", deed.who, re.IGNORECASE):
            spoken_of = self._stack[-1].owner or self.focus
            deed = replace(deed, who=spoken_of.name.replace("_", " ") if spoken_of else "we")
        holder, details = clause_relations.tell(self.app, deed)
        if holder is None:
            return True
        holder.weak = False
        self.focus = holder
        self._stack.append(Context(holder))
        if details:
            self._read_group(details)
        self._note_plenty(deed.who, deed.what)
        return True

    def _note_plenty(self, who: str, what: str) -> None:
        """'a book can have many authors', and the same the other way, makes connecting records."""
        actor, thing = read_noun(who), read_noun(what)
        one, other = (self.app.find(n.name) if n else None for n in (actor, thing))
        if one is None or other is None or one is other or thing is None or not thing.many:
            return
        self.app.plenty.add((one.name, other.name))
        if (other.name, one.name) in self.app.plenty and not self._connected(one, other):
            clause_relations.connect(self.app, one, other)

    def _connected(self, one: EntityDraft, other: EntityDraft) -> bool:
        return any(
            e.refers_to(one.name) and e.refers_to(other.name) for e in self.app.entities.values()
        )

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
