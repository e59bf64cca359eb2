"""Reads groups of words ("loans with due dates") into drafts.

A sentence is a chain of groups parted by commas and "and". A stack of contexts says whose list a
group continues: a list that was closed by "and" takes no further members.
"""

import re
from dataclasses import replace

from stackwright.offline import clause_relations, lexicon, unsupported
from stackwright.offline.clauses import Deed, read_deed
from stackwright.offline.draft import EntityDraft
from stackwright.offline.event_nouns import occasion
from stackwright.offline.fields import is_attribute, read_field
from stackwright.offline.items import Context, Items
from stackwright.offline.nouns import read_noun
from stackwright.offline.phrases import (
    FINITE,
    LINK,
    PREP,
    WITH,
    before_with,
    first_connector,
    mask_find,
    read_sure,
    split_groups,
    target_and_rest,
)
from stackwright.offline.sentence_patterns import STRONG

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


class Grammar(Items):
    """Reads chains into one `AppDraft`; `focus` is the entity last spoken of."""

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
