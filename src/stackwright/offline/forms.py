"""Reads statements into drafts: one table of forms, tried in order on each item of a list.

A statement is a list of items. What no form fits is kept as unread, with its words; nothing becomes a
record or a field because it was left over.
"""

import itertools
import re
from collections.abc import Callable
from dataclasses import replace

from stackwright.offline import clause_relations, lexicon, unsupported
from stackwright.offline import form_patterns as patterns
from stackwright.offline.choices import choose_item
from stackwright.offline.clauses import HANDED, Deed, read_deed
from stackwright.offline.draft import AppDraft, EntityDraft, FieldDraft
from stackwright.offline.field_types import is_attribute
from stackwright.offline.fields import is_field_name, is_hint, read_field
from stackwright.offline.heads import (
    CONNECTOR,
    LINK,
    Head,
    listed_items,
    mask,
    read_head,
    split_items,
    without_relative,
)
from stackwright.offline.kinds import Kinds
from stackwright.offline.link_forms import note_order, refer_many
from stackwright.offline.look_forms import is_about_look
from stackwright.offline.naming import (
    MANY,
    PRONOUN,
    THEIR,
    Place,
    does_something,
    has_details,
    is_detail,
    is_known_noun,
    is_part,
    is_sure_field,
    may_be_target,
    names_many,
    plain_name,
    told_of,
)
from stackwright.offline.nouns import Noun, clean_noun
from stackwright.offline.questions import plain_question
from stackwright.offline.relations import MEASURED
from stackwright.offline.subjects import Subject, has_fields_in_brackets
from stackwright.offline.units import is_unit
from stackwright.offline.unsupported import Unbuilt
from stackwright.offline.verbs import EVENTS, KNOWN, RECORDING, lemma
from stackwright.offline.words import is_plural, singular_word, snake


class FormReader:
    """Reads lists into one `AppDraft`."""

    def __init__(self, app: AppDraft) -> None:
        self.app = app
        self.kinds = Kinds(app)
        self._forms: tuple[Callable[[str, Place], bool], ...] = (
            self._built_in,
            self._asked,
            self._lasting,
            self._stages,
            self._in_order,
            self._enclosed,
            self._having,
            self._unbuilt,
            self._told,
            self._more_things,
            self._linked,
            self._marked,
            self._linked_too,
            self._field,
            self._kind,
        )
        """The one place where a rule is added. Each takes an item or leaves it to the next."""

    def read_list(self, text: str, place: Place) -> None:
        """Read a list item by item; the first form that fits takes the item."""
        items = listed_items(text)
        place.length = place.length or len(items)
        place.rest = place.rest or tuple(item for _, item in items[1:])
        for last, said in items:
            item, outer = patterns.WHERE.sub("", said), place.outer
            before = len(self.app.unread)
            if any(form(item, place) for form in self._forms):
                place.lost = (
                    _lost(item, place) if place.unbuilt and len(self.app.unread) > before else ""
                )
            else:
                self.app.unread.append(item)
                place.lost = _lost(item, place)
                told = place.kinds and _tells_of_things(item)
                place.unbuilt = place.unbuilt or ((place.loose or told) and place.owner is None)
            place.first = place.fresh = False
            if last and outer is not None and place.outer is outer:
                place.owner, place.outer = place.outer, None

    # The forms, in order.

    def _built_in(self, item: str, place: Place) -> bool:
        """'with search': every application has it."""
        if place.owner is None and item.split()[0].lower() in ("a", "an") and is_about_look(item):
            self.app.unread.append(item)
            return True
        return False

    def _asked(self, item: str, place: Place) -> bool:
        """'the time I took it' among the fields of a kind, whatever its verb could tell by itself."""
        asked = plain_question(item)
        is_asked = asked != item and "(" not in item and not asked.endswith("(unique)")
        return is_asked and place.owner is not None and self._field(item, place)

    def _lasting(self, item: str, place: Place) -> bool:
        """'a booking takes 60 minutes': a length that a new one has; it begins at a moment."""
        found = patterns.LASTS.match(item)
        who = clean_noun(found["who"]) if found and found["who"] else None
        kind = self.app.find(who.name) if who else place.owner or self.kinds.focus
        if kind is None and who is not None and is_known_noun(who):
            kind = self.app.entity(who.name)
        if found is None or kind is None:
            return False
        place.owner = self.kinds.focus = kind
        number, unit = found["number"], found["unit"].lower()
        self.kinds.lasting.append((kind, int(number) * (60 if unit.startswith("h") else 1)))
        self.app.unread.append(item)
        return True

    def _stages(self, item: str, place: Place) -> bool:
        """'it goes from open to in review to closed': a status, and the way through it."""
        found = patterns.GOES.match(item)
        who = clean_noun(found["who"]) if found and found["who"] else None
        kind = self.app.find(who.name) if who else place.owner or self.kinds.focus
        if found is None or kind is None:
            return False
        stages = re.split(r" to | then ", found["stages"])
        draft = read_field(f"status <{'|'.join(stages)}>")
        if draft is None or "status" in kind.given:
            return False
        kind.put(draft)
        self.app.unread.append(item)
        return True

    def _enclosed(self, item: str, place: Place) -> bool:
        """'books (title, pages) of an author': a kind with its fields in brackets."""
        found = patterns.BRACKETS.match(item)
        if found is None:
            return False
        said, inside, after = found.groups()
        before = patterns.IN_THEM.sub("", said)
        cut = CONNECTOR.search(mask(before))
        head = read_head(before) if cut is None else None
        parts = split_items(inside, semicolons=";" in inside)
        if head is None and cut is None and len(parts) > 1 and (kept := told_of(before)):
            self.app.unread.append(before.removesuffix(kept.phrase).strip())
            head = Head(kept)
        is_question = cut is None and patterns.ASKED.match(before)
        if head is None and is_question and place.owner and _name_fields(parts):
            self.read_list(inside, Place(place.owner))  # 'what I caught (species, length)'
            return True
        if head is None or not has_fields_in_brackets(head.noun, parts, self.app, place):
            return False
        theirs = THEIR.match(item) or before != said
        outer = self.kinds.focus if theirs else place.owner
        entity = self.kinds.introduce(head, weak=place.weak)
        if outer is not None and (theirs or is_part(head.noun)):
            self.kinds.hang(entity, outer)
        entity.complete, inner = True, Place(entity, closed_list=True)
        for part in _with_choices(parts):
            self.read_list(part, inner)
        if after and (self._deed(f"{head.noun.phrase} {after}")):
            self._told(f"{head.noun.phrase} {after}", place)
        elif after:
            self._read_after(entity, after)
        place.unbuilt = False
        return True

    def _in_order(self, item: str, place: Place) -> bool:
        """'a setlist of songs in order' among the fields of a gig."""
        owner = place.owner
        if owner is None or not note_order(
            self.app, f"each {owner.name.replace('_', ' ')} has {item}"
        ):
            return False
        self.app.unread[-1] = item
        return True

    def _read_after(self, entity: EntityDraft, after: str) -> None:
        """'… of a volunteer', '… with a note': what follows the brackets."""
        if LINK.match(mask(after)) and self._linked(after, Place(entity)):
            return
        head = read_head(f"{entity.name.replace('_', ' ')} {after}")
        if head is not None:
            self.kinds.relate(entity, head)
        else:
            self.read_list(after, Place(entity))

    def _having(self, item: str, place: Place) -> bool:
        """'each task has a title', 'tasks with title', 'Tasks: title': the list goes on with its fields."""
        found = CONNECTOR.search(mask(item))
        if found is None or (place.closed_list and patterns.HAS_ONE.match(item)):
            return False
        left = without_relative(item[: found.start()].strip(" ,"))
        right = item[found.end() :].strip(" ,")
        if patterns.ASKING.search(item[: found.start()]):
            return False  # 'a flag whether they need a car'
        word = found[0].strip(" ,").lower()
        if (not right and word[:1].isalpha()) or left.lower() in patterns.DO:
            return False
        if (
            patterns.SPOKEN_OF.fullmatch(right)
            or right.lower() == "them"
            or patterns.MOST.match(right)
        ):
            return False  # 'who has them', 'the pupil with the most pages wins'
        if PRONOUN.match(left) or patterns.HAPPENS.match(left):
            lost = "" if left or patterns.IT_HAS.match(word) else place.lost
            owner = self._subject_of(lost, place) or (None if lost else self.implied())
            if not left and (owner is None or (place.deferred and place.owner is None)):
                return False
            place.owner = owner
        elif not self._take_subject(left, right, word, place):
            return False
        place.unbuilt = place.first = place.linking = False
        place.needing = word.startswith(("get", "need"))
        if right:
            self.read_list(right, place)
        return True

    def _subject_of(self, lost: str, place: Place) -> EntityDraft | None:
        """Of whom 'and has a date' speaks: of the subject of the words before, though they were not understood."""
        if not lost:
            return place.owner or self.kinds.focus
        words = lost.split()[:5]
        for end in range(1, len(words)):
            noun = clean_noun(" ".join(words[:end]))
            is_told = (
                noun is not None
                and words[end].islower()
                and (noun.many or words[end].endswith("s"))
            )
            is_user = noun is not None and noun.name in lexicon.USERS
            if (
                noun is None
                or is_user
                or not is_told
                or not (noun.single or noun.each or noun.many)
            ):
                continue
            self.kinds.focus = self.app.entity(noun.name)
            return self.kinds.focus
        return place.owner or (self.kinds.focus if patterns.SPOKEN_OF.match(lost) else None)

    def _take_subject(self, left: str, right: str, word: str, place: Place) -> bool:
        """Make what stands before 'has' or 'with' the owner of the fields that follow."""
        if LINK.search(mask(left)) and not HANDED.match(left):
            return self._linked(left, place)
        is_one = re.match(r"(?:an?|the|one) ", left) is not None
        if place.linking and is_one and word.startswith("with") and self._linked_too(left, place):
            return True
        left = _plain_deed(left, word, right)
        if self._deed(left):
            has_name = word.startswith("with") and patterns.NAME.match(right)
            is_listed = word.startswith("with") and is_field_name(plain_name(right), asked=True)
            return self._told(f"{left} with name" if has_name else left, place, is_listed=is_listed)
        head = read_head(left)
        if head is None:
            return False
        subject = Subject(head, word, right)
        if subject.is_header(self.app, place):
            self._note_header(subject)
            place.owner, place.kinds, place.loose = None, True, False
            return True
        if not subject.is_kind(self.app, place):
            return False
        if self._is_of_story(subject, left, place):
            return False
        theirs = THEIR.match(left) is not None
        outer = place.owner or (self.kinds.focus if theirs else None)
        if outer is not None and self._take_lines(head, left, outer, place):
            return True
        entity = self._introduced(head, left, place)
        if (of := place.whole or outer) not in (None, entity):
            self._relate_inside(head.noun, entity, of or entity, word, place, theirs=theirs)
        place.owner, place.loose, place.fresh = entity, False, True
        place.closed_list = subject.is_colon
        entity.complete = entity.complete or subject.is_colon
        return True

    def _relate_inside(
        self,
        noun: Noun,
        entity: EntityDraft,
        outer: EntityDraft,
        word: str,
        place: Place,
        *,
        theirs: bool,
    ) -> None:
        """How a kind in the list of another is related to it: 'dogs with an owner with a phone'."""
        is_of = is_part(noun) and not _belongs_elsewhere(noun, outer)
        if is_of or theirs or place.fresh or place.whole:
            self.kinds.hang(entity, outer, is_said=place.whole is not None)
            place.outer = outer
            place.whole = outer if place.fresh or place.whole else None
            place.within = word.startswith("with") and entity.name in lexicon.PARTS
        elif noun.single and word.startswith("with") and outer is place.owner:
            outer.refer(entity.name)

    def _is_of_story(self, subject: Subject, left: str, place: Place) -> bool:
        """'my cousin has a laptop and a printer' names no field for sure; 'a good app has …' is none."""
        comes = subject.word.startswith("come")
        if self.app.find(subject.noun.name) is not None or not (subject.noun.single or comes):
            return False
        if subject.noun.head in patterns.APPS and not (subject.is_colon or subject.noun.each):
            return True
        if subject.is_colon or not (place.weak or comes or patterns.DEFINITE.match(left)):
            return False
        items = (subject.right, *place.rest)
        return sum(map(is_sure_field, items)) * 2 < len(items)

    def _introduced(self, head: Head, said: str, place: Place) -> EntityDraft:
        if patterns.COUNTED.match(said):
            self.app.entity(head.noun.name, weak=place.weak)  # 'a tuning' is no tuning session
        return self.kinds.introduce(head, weak=place.weak)

    def _take_lines(self, head: Head, left: str, outer: EntityDraft, place: Place) -> bool:
        """'Orders have several plants with quantity': lines of an order, each of one plant."""
        thing = self.app.find(head.noun.name)
        if thing is None and head.noun.name in self.app.described and MANY.match(left):
            thing = self.app.entity(head.noun.name)
        is_told = thing is not None and (bool(thing.given) or thing.name in self.app.described)
        if thing is None or thing is outer or not MANY.match(left) or not is_told:
            return False
        line = self.app.entity(f"{outer.name}_item")
        line.refer(outer.name, required=True)
        line.refer(thing.name, required=True)
        line.parent, line.joins = outer.name, True
        place.owner, place.outer, place.loose, place.fresh = line, outer, False, True
        return True

    def _note_header(self, subject: Subject) -> None:
        noun = subject.noun
        self.app.phrase = noun.phrase if subject.is_group else self.app.phrase or noun.phrase

    def _unbuilt(self, item: str, place: Place) -> bool:
        """What this builder cannot make, and the items that go on about it."""
        named = clean_noun(item)
        if named is not None and place.owner is not None and self.app.find(named.name):
            return False  # 'rentals with board' are of one of the boards
        asked = plain_question(item)
        name = asked.removesuffix("(unique)").strip()
        if name != asked and is_field_name(name):
            self.app.unbuilt.append(Unbuilt(item, unsupported.why_not_built("unique")))
            return self._field(name, place)
        noun = named if place.kinds and place.after_kind else None
        if (noun is not None and noun.many) or (place.owner is not None and asked != item):
            return False
        if (unique := patterns.UNIQUE.match(item)) and is_field_name(unique[1]):
            words = f"unique {unique[1]}"
            self.app.unbuilt.append(Unbuilt(words, unsupported.why_not_built("unique")))
            return self._field(unique[1], place)
        if patterns.ADDRESS.match(item) and place.owner is not None:
            return self._field(item, place)
        copy = patterns.COPY.match(item)
        if (copy or patterns.FILE.match(item)) and place.owner is not None:
            name = f"{copy['of']} {copy['file']}" if copy else re.sub(r"^(?:an?|the) ", "", item)
            place.owner.put(FieldDraft(snake(name), "url", True))
            return True
        if reason := unsupported.why_not_built(patterns.ASIDE.sub(" ", item)):
            about = place.owner.name if place.owner else ""
            self.app.unbuilt.append(Unbuilt(item, reason, about))
            place.unbuilt = True
            return True
        if not place.unbuilt or (place.owner is not None and is_field_name(item)):
            return False
        if self.app.unbuilt and not place.loose:
            return False
        self.app.unread.append(item)
        return True

    def _deed(self, item: str) -> Deed | None:
        deed = read_deed(item)
        if deed is not None and patterns.LONG.search(deed.what):
            return None
        return deed if deed is not None and (deed.event or deed.verb in patterns.TELLING) else None

    def _told(self, item: str, place: Place, *, is_listed: bool = False) -> bool:
        """'students enroll in courses', 'a member can book a class'. `is_listed`: fields of the thing follow."""
        deed = self._deed(item)
        if deed is None:
            return False
        if re.fullmatch(r"they|who|which|that|it", deed.who, re.IGNORECASE):
            spoken_of = place.owner or self.kinds.focus
            deed = replace(deed, who=spoken_of.name.replace("_", " ") if spoken_of else "we")
        actor, thing = clean_noun(deed.who), clean_noun(deed.what)
        if actor is None or thing is None or thing.name in lexicon.USERS:
            return False
        if actor.name in lexicon.USERS and not (deed.event or self.app.find(actor.name)):
            if is_listed and not is_part(thing):
                place.owner = self.kinds.introduce(Head(thing), weak=False)
                return True
            return thing.many and is_part(thing) and self._left_behind(thing, place)
        is_known = self.app.find(thing.name) is not None
        own = re.match(r"(?:our|my)\b", deed.who, re.IGNORECASE)
        logs = actor.many and deed.verb in RECORDING and thing.head in clause_relations.AMOUNTS
        is_place = actor.head in lexicon.PLACES and self.app.find(actor.name) is None
        is_offer = own and deed.event is not None and bool(self.app.described & lexicon.LINKS)
        if (own or (actor.single and is_place)) and not (deed.event or is_known or logs):
            return False
        if is_offer and thing.single:
            return False  # 'our club rents out its hall', and further on: 'bookings: …'
        described = any(e.given for e in self.app.entities.values())
        is_known = is_known or self.app.find(actor.name) is not None
        if place.weak and not is_known:
            return False
        if described and place.loose and not is_known and deed.event is None and not is_listed:
            self.kinds.deeds.append(deed)
            place.deferred = True
        else:
            self._tell(deed, actor, thing, place)
        return True

    def _left_behind(self, thing: Noun, place: Place) -> bool:
        """'Visitors can leave comments': they belong to what was spoken of, and their fields follow."""
        outer = self.kinds.focus
        if outer is None or not (place.kinds or place.loose or place.owner is outer):
            return False
        entity = self.kinds.introduce(Head(thing), weak=False)
        self.kinds.hang(entity, outer)
        place.owner = entity
        return True

    def _more_things(self, item: str, place: Place) -> bool:
        """'customers rent skis, boots and poles': the poles are no field of the rental."""
        noun = clean_noun(item) if place.things else None
        place.things = noun is not None and noun.many and not is_detail(noun)
        if not place.things or noun is None or self.app.find(noun.name) is not None:
            return False
        self.app.unread.append(item)
        return True

    def _tell(self, deed: Deed, actor: Noun, thing: Noun, place: Place) -> None:
        holder, details = clause_relations.tell(self.app, deed)
        if holder is None:
            return
        holder.weak = False
        place.owner = self.kinds.focus = holder
        one, other = self.app.find(actor.name), self.app.find(thing.name)
        if one is not None and other is not None and one is not other and thing.many:
            self.kinds.note_many(one, other, link=False)
        place.things = thing.many and deed.event is not None
        if details:
            self.read_list(details, place)

    def _linked(self, item: str, place: Place) -> bool:
        """'each loan belongs to a book', 'tasks assigned to a member'."""
        found = LINK.search(mask(item))
        if found is None:
            return False
        left, right = item[: found.start()].strip(), item[found.end() :].strip()
        target = read_head(right) if right else None
        if target is None:
            return False
        subject = place.owner or self.kinds.focus
        if left and not PRONOUN.match(left):
            head = read_head(left)
            if head is None or not self._may_link(head.noun, target, right, place, left):
                return False
            if not self.kinds.can_link(target, right):
                return False
            subject = self._introduced(head, left, place)
        if subject is None or not self.kinds.link(subject, target, found[0].strip(), right):
            return False
        place.owner = self.kinds.focus = subject
        place.linking = True
        return True

    def _may_link(self, noun: Noun, target: Head, right: str, place: Place, left: str) -> bool:
        known = self.app.find(noun.name) is not None
        of_known = patterns.COUNTED.match(left) and self.app.find(target.noun.name) is not None
        if is_attribute(noun.head) and not (noun.many or noun.each or known or of_known):
            return False
        if noun.head in lexicon.PLACES and patterns.DEFINITE.match(left) and not known:
            return False  # 'The churchyard is divided into sections'
        if not (noun.many or noun.single or known) or (place.weak and not known):
            return False
        return not place.loose or self._may_target(target.noun, right)

    def _may_target(self, noun: Noun, phrase: str) -> bool:
        if noun.name in lexicon.USERS:
            return False
        return self.app.find(noun.name) is not None or may_be_target(noun, phrase)

    def _linked_too(self, item: str, place: Place) -> bool:
        """'… belongs to a book and a member': the second of them."""
        head = read_head(item) if place.linking else None
        if head is None or place.owner is None or not self._may_target(head.noun, item):
            place.linking = False
            return False
        return self.kinds.link(place.owner, head, "", item)

    def _marked(self, item: str, place: Place) -> bool:
        """'tasks can be marked as done': a field of what is marked."""
        found = patterns.MARKED.search(item)
        if found is None:
            return False
        before = clean_noun(re.split(r" can | may ", item[: found.start()])[0])
        named = self.app.find(before.name) if before else None
        subject = named or place.owner or self.kinds.focus
        if subject is not None and named is None and subject.parent in self.app.entities:
            subject = self.app.entities[str(subject.parent)]
        is_tone = not found[1].strip() and re.search(
            r"(?:marked|flagged)\s*$", found[0], re.IGNORECASE
        )
        if is_tone and re.search(r"\b(?:are|is|should|must|that)\b", item[: found.start()]):
            return False  # 'games that are out should be marked'
        if patterns.ASKED.match(found[1]) or (
            found.start() and re.match(r"(?:an?|the|its|their) [\w ]*mark \w+$", item)
        ):
            return False  # 'we tick off who was there'
        text = found[1].strip() or patterns.FAVOURITE.get(found[0].split()[-1].lower(), "done")
        if subject is None or not is_field_name(patterns.ASIDE.sub("", text) or "status"):
            return False
        dated = {f"{snake(text)}_{ending}" for ending in ("on", "at", "date")}
        if dated & {*subject.given}:
            self.app.unread.append(item)  # 'mark loans as returned' fills in 'returned on'
            return True
        if any(text.lower() in map(str.lower, f.choices) for f in subject.given.values()):
            self.app.unread.append(item)  # 'mark a room as clean' takes one of the choices
            return True
        draft = read_field(f"status {text}" if text.startswith("<") else f"{text} (boolean)")
        if draft is not None:
            subject.put(draft)
        return True

    def _field(self, item: str, place: Place) -> bool:
        """One field of the kind that the list is about."""
        asked = plain_question(item)
        told = asked == item and self._deed(item)
        if told or patterns.ONE_EACH.match(item) or self._is_of_other(item, place):
            return False
        item = patterns.HAS_ONE.sub(r"has \1 (boolean)", item)
        owner = place.owner or (self.kinds.focus if THEIR.match(item) else None)
        if owner is not None:
            item = re.sub(rf"^(?:the|an?|their|his|her) {re.escape(owner.name)}'s ", "", item)
        text = choose_item(plain_question(item))
        bare = patterns.ASIDE.sub(" ", text).strip(" :")
        noun = clean_noun(bare)
        if (
            "<" not in text
            and not patterns.HINTED.search(text)
            and self._names_kind(noun, bare, item, owner, place)
        ):
            return False
        if not is_field_name(bare, asked="<" in text or "(" in text):
            return False
        if owner is not None and (side := patterns.SIDE.match(bare)) and self._is_side(side, owner):
            return True
        draft = read_field(text, owner.name if owner else "")
        if draft is None:
            return False
        place.after_kind = False
        if owner is None:
            return self._orphan(draft, noun, item, place)
        if place.owner is None and place.kinds and draft.choices:
            place.owner = owner  # 'members, their level, start date'
        owner.put(draft)
        self._span(owner, draft)
        return True

    def _is_side(self, side: re.Match[str], owner: EntityDraft) -> bool:
        """'Matches: player 1, player 2' refer to two players, where players are told of."""
        kind = side["kind"].lower()
        known = self.app.find(kind)
        if not self.app.is_kind(kind) or known is owner:
            return False
        owner.refer_as(side[0].lower(), (known or self.app.entity(kind)).name)
        return True

    def _is_of_other(self, item: str, place: Place) -> bool:
        """'when a key was handed out' is told of keys, not of who gets them."""
        if patterns.WHEN_ONE.match(place.lost) and patterns.WHEN_IT.match(item):
            return True
        figure = patterns.FIGURE_OF.match(item) if place.loose else None
        if figure is not None and self.app.find(figure["kind"].lower()) is not None:
            return True
        found = patterns.WHEN_ONE.match(item)
        told = self.app.find(found[1].lower()) if found else None
        return told is not None and place.owner not in (None, told)

    def _names_kind(
        self, noun: Noun | None, bare: str, item: str, owner: EntityDraft | None, place: Place
    ) -> bool:
        """Whether a kind of record is meant where a field could stand."""
        if noun is not None:
            known = self.app.find(noun.name) if noun.many else None
            told = noun.many and owner is not None and self._is_described(noun, owner)
            return told or known not in (None, owner) or names_many(noun, item, owner, place)
        head = read_head(bare)
        if head is not None and head.noun.single and self._is_per_known(head):
            return True
        if head is None or not head.noun.many or is_detail(head.noun):
            return False
        return owner is None or any(may_be_target(n, said) for _, said, n in head.relations)

    def _is_described(self, noun: Noun, owner: EntityDraft) -> bool:
        """'Companies have contacts', and further on contacts are told of."""
        return noun.name in self.app.described and noun.name != owner.name

    def _orphan(self, draft: FieldDraft, noun: Noun | None, item: str, place: Place) -> bool:
        """A field of which nobody said yet whose it is."""
        focus = self.kinds.focus
        if (
            place.weak
            or place.unbuilt
            or (place.kinds and any(e.given for e in self.app.entities.values()))
        ):
            return False
        if place.loose:
            if (
                place.lost
                or patterns.IS_QUESTION.match(item)
                or "_per_" in draft.name
                or patterns.HOW_MANY.match(item)
            ):
                return False  # 'hours per project' asks for a figure
            if draft.sure and focus is not None:
                having = [e for e in self.app.entities.values() if draft.name in e.given]
                (having[0] if len(having) == 1 else focus).put(draft)
            return draft.sure and focus is not None
        if place.length == 1 and (noun is None or noun.many):
            return False  # 'I coordinate the lost children'
        if not draft.sure:
            is_kind = noun is not None and (noun.many or noun.single)
            if is_kind or place.first or not self.app.orphans:
                return False
        if all(f.name != draft.name for f in self.app.orphans):
            self.app.orphans.append(draft)
        return True

    def _span(self, owner: EntityDraft, draft: FieldDraft) -> None:
        """'date, from, to' are times of the day; 'from, until' without a date are days."""
        if draft.name in patterns.SPAN_ENDS and draft.type in ("string", "date"):
            others = [f.type for f in owner.given.values() if f.name not in patterns.SPAN_ENDS]
            dated = "date" in others or "datetime" in others
            is_timed = owner.name.rsplit("_", 1)[-1] in patterns.TIMED
            draft.type = "string" if "time" in others else "time" if dated else "datetime" if is_timed else "date"  # fmt: skip

    def _kind(self, item: str, place: Place) -> bool:
        """One or more kinds of record, with what they belong to: 'tasks of a project'."""
        head = read_head(item)
        is_own = head is not None and self._is_per_known(head)
        if (
            head is None
            or (place.owner is not None and head.noun.single and not is_own)
            or self._deed(item)
        ):
            return False
        if is_own:
            self.kinds.introduce(head, weak=False)
            return True
        if self.app.find(head.noun.name) is None and not self._is_new_kind(head, item, place):
            return False
        if place.owner is not None:
            place.after_kind = self._kind_among_fields(head, item, place)
            return place.after_kind
        outer, place.after_kind = self.kinds.focus, True
        entity = self.kinds.introduce(head, weak=place.weak)
        if outer is not None and THEIR.match(item):
            self.kinds.hang(entity, outer)
        return True

    def _is_per_known(self, head: Head) -> bool:
        """'a message thread per project': one for each of what is known."""
        per = [noun for word, _, noun in head.relations if word == "per"]
        is_span = any(noun.head in patterns.SPANS_OF_TIME for noun in per)
        return (
            any(self.app.is_kind(noun.name) for noun in per)
            and not is_span
            and not is_attribute(head.noun.head)
        )

    def _is_new_kind(self, head: Head, item: str, place: Place) -> bool:
        noun = head.noun
        places = lexicon.PLACES | lexicon.CONTAINERS
        is_money = noun.head in lexicon.MONEY_HEADS and noun.many
        is_money = is_money and all(one.head in places for _, _, one in head.relations)
        if is_money and self.app.described and not place.rest and not has_details(item):
            return False  # 'we want to share costs', and the expenses are told of
        if patterns.BEST.match(noun.phrase.lower()):
            return False  # 'a list of my hardest routes' asks for an order of the routes
        if place.unbuilt and (noun.name not in lexicon.FIELDS_OF or item.startswith("the ")):
            return False  # 'when it rains the roof leaks, the carpet smells'
        if noun.name in lexicon.USERS or (is_unit(noun.phrase) and not is_known_noun(noun)):
            return False
        if not noun.many:
            usual = (
                is_known_noun(noun)
                and not is_attribute(noun.head)
                and not patterns.WHICH.search(item)
            )
            return usual and not (place.weak or place.loose)
        if place.loose and noun.head != noun.name and self.app.find(noun.head) is not None:
            return False  # 'tag recipes' tells what to do with them
        told = bool(head.relations) or is_known_noun(noun) or THEIR.match(item) is not None
        return not place.loose or (told and len(noun.phrase.split()) < 4)

    def _kind_among_fields(self, head: Head, item: str, place: Place) -> bool:
        owner, noun = place.owner, head.noun
        many = MANY.match(item) is not None
        described = owner is not None and self._is_described(noun, owner)
        usual = described or many or is_known_noun(noun) or (place.after_kind and place.kinds)
        known = self.app.find(noun.name) is not None
        if owner is None or not noun.many or not (known or usual or head.relations):
            return False
        part = noun.name in lexicon.PARTS or THEIR.match(item) or head.relations
        if place.closed_list and not part:
            self.kinds.mentioned.append((owner, noun))
            return True
        entity = self.kinds.introduce(head, weak=place.weak)
        self.kinds.focus = owner if place.closed_list or many else entity
        if place.kinds and not part and not place.fresh:
            place.owner = None
        elif many:
            is_person = noun.head in lexicon.PARTIES or does_something(noun)
            if is_person and (place.needing or (known and not _is_person(owner))):
                refer_many(owner, entity)
            else:
                self.kinds.note_many(owner, entity)
        elif patterns.THEY_CAN.match(item):
            refer_many(owner, entity)
        elif not head.relations:
            is_beside = place.within and noun.name in lexicon.PARTS
            self.kinds.hang(entity, place.outer or owner if is_beside else owner)
        return True

    def implied(self) -> EntityDraft | None:
        """The kind that the app's own name implies: 'a running log' holds runs."""
        return self.app.entity(self.app.implied) if self.app.implied else None


def _is_person(entity: EntityDraft) -> bool:
    return entity.name.rsplit("_", 1)[-1] in lexicon.PARTIES


def _name_fields(parts: list[str]) -> bool:
    return len(parts) > 1 and all(is_field_name(plain_name(one), asked=True) for one in parts)


def _belongs_elsewhere(noun: Noun, owner: EntityDraft | None) -> bool:
    """'players with a name, and training sessions': not of one player; nor is a treatment of a weight."""
    if owner is None:
        return False
    last = owner.name.rsplit("_", 1)[-1]
    is_of_group = last in lexicon.PARTIES and noun.head == "session" and noun.name != noun.head
    return is_of_group or last in MEASURED


def _plain_deed(left: str, word: str, right: str) -> str:
    """'People sign up with …' as the signups, 'employees open tickets' as what people make."""
    if (signing := patterns.SIGNING.match(left)) and word.startswith("with"):
        who = clean_noun(left.split()[0])
        if (
            who is not None
            and who.many
            and (
                who.name not in lexicon.USERS | lexicon.PARTIES | {"attendee"}
                or re.match(rf"(?:an? |the |their )?{who.name} name\b", right)
            )
        ):
            return who.phrase  # 'choirs register with a name' tells of the choirs
        return f"{EVENTS[lemma((signing[1] or signing[2]).lower())]}s"
    if (doing := patterns.PEOPLE_DO.match(left)) and _is_deed_of_people(doing):
        return f"{doing[1]} make {doing[3]}"
    return left


def _lost(item: str, place: Place) -> str:
    return place.lost if place.lost and patterns.GOES_ON.match(item) else item


def _is_deed_of_people(found: re.Match[str]) -> bool:
    """'employees open tickets': no verb that is known, but people before it and things behind."""
    nouns = lexicon.KNOWN_NOUNS | lexicon.ADJECTIVES
    if lemma(found[2].lower()) in EVENTS:
        return False  # 'members borrow books' leaves loans behind
    is_verb = found[2].lower() not in nouns - {"open"} and not is_attribute(found[2])
    return is_verb and singular_word(found[1].lower()) in lexicon.PARTIES


def _with_choices(parts: list[str]) -> list[str]:
    """'(name, voice: soprano, alto, bass, email)': what follows a colon are choices, up to a sure field."""
    done: list[str] = []
    choices = 0
    for part in parts:
        head, colon, first = part.partition(": ")
        sure = (
            (is_sure_field(part) and not (choices and _may_be_choice(part)))
            or ":" in part
            or "<" in part
            or "(" in part
        )
        if colon and not is_hint(first) and is_field_name(head) and "<" not in part:
            done.append(f"{head} <{first}>")
            choices = len(done)
        elif choices and not sure:
            done[choices - 1] = f"{done[choices - 1][:-1]}|{part}>"
        else:
            done.append(part)
            choices = 0
    return done


def _may_be_choice(part: str) -> bool:
    """'material' among the causes of a fault, though it could name a field."""
    draft = read_field(part)
    return draft is not None and draft.type == "string" and " " not in part.strip()


def _tells_of_things(item: str) -> bool:
    """'donations come in from supermarkets' is a sentence, and so is what goes on with it."""
    words = item.lower().split()
    return any(word in KNOWN and is_plural(before) for before, word in itertools.pairwise(words))
