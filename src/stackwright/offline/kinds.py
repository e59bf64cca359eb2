"""Kinds of record in a draft, and how they belong together."""

import re

from stackwright.offline import clause_relations, lexicon
from stackwright.offline.clauses import Deed
from stackwright.offline.draft import AppDraft, EntityDraft, FieldDraft
from stackwright.offline.field_types import infer, is_attribute
from stackwright.offline.heads import Head
from stackwright.offline.link_forms import refer_many
from stackwright.offline.naming import MANY, is_known_noun, may_be_target
from stackwright.offline.nouns import Noun, clean_noun
from stackwright.offline.verbs import occasion
from stackwright.offline.words import label, snake

_PASSIVE = re.compile(
    r"^(?:(?:that|which|who|and|is|are|was|were|can|should|must|may|be|being)\s+)*"
)
_AROUND = re.compile(r"(?:^|.*\b(?:held|taught|given|done|made|shown|played) )(?:by|for|in|at)$")
"""'A stay is by a guest in a bed': the bed is the stay's, too."""
_PLACED = ("for", "in", "at", "of", "from")


class Kinds:
    """Makes kinds and links in one `AppDraft`; `focus` is the kind last spoken of."""

    def __init__(self, app: AppDraft) -> None:
        self.app = app
        self.focus: EntityDraft | None = None
        self.deeds: list[Deed] = []
        """What people do with things that are described elsewhere, or not at all."""
        self.mentioned: list[tuple[EntityDraft, Noun]] = []
        """Many of something among the fields of a kind."""
        self.later: list[tuple[EntityDraft, str, Noun]] = []
        """What a kind stands in relation to, if that is told of later on."""
        self.lasting: list[tuple[EntityDraft, int]] = []
        """Kinds of which every record takes so many minutes."""

    def introduce(self, head: Head, *, weak: bool) -> EntityDraft:
        """The kind that a head names, with what it belongs to."""
        noun = head.noun
        short = re.sub(r"_(?:record|entry)$", "", noun.name)
        counted = noun.many or noun.each
        name = noun.name if counted else occasion(noun.name, noun.phrase)
        entity = (
            self.app.find(noun.name) or self.app.find(short) or self.app.entity(name, weak=weak)
        )
        if entity.weak and not weak and noun.many and entity.name.endswith(f"_{noun.name}"):
            self._rename(entity, noun.name)
        if not noun.phrase.isascii():
            entity.label = noun.phrase
        entity.weak = entity.weak and weak
        self.app.orphans = [f for f in self.app.orphans if f.name != entity.name]
        self.relate(entity, head)
        self.focus = entity
        return entity

    def _rename(self, entity: EntityDraft, name: str) -> None:
        """'I sell handmade candles. Candles: …' are candles."""
        if not any(e.refers_to(entity.name) for e in self.app.entities.values()):
            every = self.app.entities.values()
            entity.name = next((name for e in every if e is entity), entity.name)
            self.app.entities = {e.name: e for e in every}

    def relate(self, entity: EntityDraft, head: Head) -> None:
        """Point at what stands behind the prepositions of a head: 'of a project', 'per room'."""
        for word, phrase, noun in head.relations:
            known = self.app.find(noun.name)
            if known is None and self._is_no_kind(entity, word, phrase, noun):
                continue
            if noun.name in lexicon.USERS:
                continue
            entity.refer((known or self.app.entity(noun.name)).name)
            inside = word in ("of", "on", "under", "in") and entity.name in lexicon.PARTS
            if inside and entity.parent is None:
                entity.parent = (known or self.app.entity(noun.name)).name

    def _is_no_kind(self, entity: EntityDraft, word: str, phrase: str, noun: Noun) -> bool:
        """Whether an unknown noun is a place, a field or nothing that can be told."""
        if noun.head in lexicon.CONTAINERS and word not in ("of", "per", "by"):
            return True
        is_own = re.match(r"(?:my|our)\b", phrase, re.IGNORECASE)
        if noun.head in lexicon.PLACES and not (noun.each or is_own) and word in _PLACED:
            self.app.place = self.app.place or noun.phrase
            return True
        if word == "by" and not (noun.many or noun.single or noun.each):
            entity.put(FieldDraft(noun.name, sure=True))
            return True
        is_field = is_attribute(noun.head) and noun.name not in lexicon.FIELDS_OF
        if is_field and noun.single and word in ("for", "on", "at", "from", "until"):
            entity.put(infer(noun.name))
            return True
        is_unheard = not (noun.name in self.app.described or is_known_noun(noun))
        if word == "for" and is_unheard and " " in noun.phrase and re.match(r"an? ", phrase):
            self.app.unread.append(f"{word} {phrase}")
            return True  # 'signatures for a cycle path'
        if len(noun.phrase.split()) > 2 and re.match(r"an? ", phrase):
            self.app.unread.append(f"{word} {phrase}")
            return True  # 'repairs on an instrument cost money' tells of no such kind
        grouping = noun.many and noun.head in lexicon.GROUPERS
        fits = may_be_target(noun, "one" if word == "per" else phrase)
        if is_own or (is_field and not grouping) or not fits:
            if word == "of":
                self.later.append((entity, f"{word} {phrase}", noun))
            else:
                self.app.unread.append(f"{word} {phrase}")
            return True
        return False

    def link(self, subject: EntityDraft, target: Head, word: str, right: str) -> bool:
        """Point from one kind at another, as 'belongs to' or 'assigned to' says."""
        noun = target.noun
        by = _PASSIVE.sub("", word.lower())
        known = self.app.find(noun.name)
        if noun.name in lexicon.USERS:
            subject.put(FieldDraft(snake(by), "string", True))
            return True
        if not self.can_link(target, right):
            return False
        other = known or self.app.entity(noun.name)
        if known is not None and noun.many and MANY.match(right):
            self.note_many(subject, other)
            return True
        subject.refer(other.name, label_text=label(snake(by)) if by == "assigned to" else "")
        if "belong" in by:
            subject.parent = subject.parent or other.name
        self.relate(subject if _AROUND.match(by) else other, target)
        return True

    def can_link(self, target: Head, right: str) -> bool:
        """Whether what a record belongs to is a kind, or may be one; users are no records."""
        noun = target.noun
        if noun.name in lexicon.USERS or self.app.find(noun.name) is not None:
            return True
        is_field = is_attribute(noun.head) and noun.head not in lexicon.GROUPERS
        is_own = "'s " in right  # 'a list that lives in the chairwoman's head'
        return not (is_field or is_own) and may_be_target(noun, right)

    def hang(self, inner: EntityDraft, outer: EntityDraft, *, is_said: bool = False) -> None:
        """`outer` has many `inner`; groups and people are pointed at instead, unless it `is_said` so."""
        if inner is outer or self._are_tied(inner, outer):
            return
        last_inner, last_outer = inner.name.split("_")[-1], outer.name.split("_")[-1]
        groups = lexicon.GROUPERS | lexicon.PARTIES
        upward = last_inner in groups and inner.name not in lexicon.PARTS
        if upward and not is_said and last_outer not in groups | lexicon.PLACES | lexicon.PARTS:
            outer.refer(inner.name)
            return
        inner.refer(outer.name)
        inner.parent = inner.parent or outer.name

    def note_many(self, one: EntityDraft, other: EntityDraft, *, link: bool = True) -> None:
        """'a song can be in many playlists', and the same the other way: each has many of the other."""
        self.app.plenty.add((one.name, other.name))
        if (other.name, one.name) in self.app.plenty:
            if not self.app.connected(one.name, other.name):
                refer_many(one, other)
        elif link and not self._are_tied(one, other):
            other.refer(one.name)

    def finish(self) -> None:
        """Links that could be told only when all kinds were known."""
        for deed in self.deeds:
            actor, thing = clean_noun(deed.who), clean_noun(deed.what)
            one, other = (self.app.find(n.name) if n else None for n in (actor, thing))
            if one is None or other is None or one is other or self._are_tied(one, other):
                self.app.unread.append(f"{deed.who} {deed.what}")
            else:
                clause_relations.tell(self.app, deed)
        for owner, noun in self.mentioned:
            self._tie(owner, noun)
        for entity, words, noun in self.later:
            known = self.app.find(noun.name)
            if known is None or known is entity or self._are_tied(known, entity):
                self.app.unread.append(words)
            else:
                entity.refer(known.name)
        for entity, minutes in self.lasting:
            _give_length(entity, minutes)
        for entity in self.app.entities.values():
            _settle_ways(entity)
            _settle_moment(entity)
            _settle_ends(entity)
        self._drop_purchases()

    def _tie(self, owner: EntityDraft, noun: Noun) -> None:
        """'operations: date, vehicles' and 'vehicles: name': an operation has many of them."""
        other = self.app.find(noun.name)
        if other is None or not other.given:
            owner.put(FieldDraft(snake(noun.phrase), sure=True))
        elif other is not owner and not self._are_tied(owner, other):
            refer_many(owner, other)

    def _drop_purchases(self) -> None:
        """'members buy passes', and passes have a start date: the pass is what was bought."""
        for event in [e for e in self.app.entities.values() if e.event and e.name == "purchase"]:
            ends = [self.app.entities[f.target] for f in event.given.values() if f.target]
            dated = [e for e in ends if any(f.type == "date" for f in e.given.values())]
            if dated and len(event.given) == len(ends) == 2:
                dated[0].refer(next(e.name for e in ends if e is not dated[0]))
                del self.app.entities[event.name]

    def _are_tied(self, one: EntityDraft, other: EntityDraft) -> bool:
        if one.refers_to(other.name) or other.refers_to(one.name):
            return True
        every = self.app.entities.values()
        return any(e.refers_to(one.name) and e.refers_to(other.name) for e in every)


def _give_length(entity: EntityDraft, minutes: int) -> None:
    """What takes some minutes begins at a moment; how long it takes can be changed."""
    if {"end", "until", "to", "ends_at"} & {*entity.given}:
        return
    moments = [f for f in entity.given.values() if f.type in ("date", "datetime", "time")]
    if len(moments) == 1 and moments[0].type != "datetime":
        moments[0].type = "datetime"
    length = FieldDraft("duration", "integer", True, required=True, default=minutes, unit="min")
    length.minimum = 1
    entity.given["duration"] = length


def _settle_moment(entity: EntityDraft) -> None:
    """The time of a measurement that has no date is a moment, not a time of the day."""
    times = [f for f in entity.given.values() if f.type in ("date", "datetime", "time")]
    if len(times) != 1 or times[0].type != "time":
        return
    if times[0].name.startswith("time_") or (
        times[0].name == "time" and entity.name.endswith(_MEASURED)
    ):
        times[0].type = "datetime"


def _settle_ends(entity: EntityDraft) -> None:
    """'Books: title, started, finished': beside the day of a beginning, an end is a day, too."""
    came, gone = entity.given.get("arrived"), entity.given.get("left")
    if came is not None and gone is not None and {came.type, gone.type} <= {"boolean", "string"}:
        came.type = gone.type = "datetime"
    if "started" not in entity.given and "dropped_off" not in entity.given:
        return
    for name in ("finished", "ended", "completed", "stopped", "picked_up"):
        end = entity.given.get(name)
        if end is not None and end.type == "boolean":
            end.type = "date"


_MEASURED = ("reading", "measurement", "observation", "sample")


def _settle_ways(entity: EntityDraft) -> None:
    """'Rides: from, to, date, departure time' go from a place to another."""
    ends = [entity.given[name] for name in ("from", "to") if name in entity.given]
    others = {f.type for f in entity.given.values() if f not in ends}
    moments = sum(f.type == "datetime" for f in entity.given.values())
    if len(ends) == 2 and ({"date", "time"} <= others or moments > 1):
        for one in ends:
            one.type = "string"
