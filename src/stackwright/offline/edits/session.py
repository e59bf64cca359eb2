"""What a follow-up has changed so far, and what it spoke of last."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from re import Match
from typing import Final

from stackwright.offline.edits import lookup
from stackwright.offline.edits.fields import Edit, Rename
from stackwright.offline.fulfilled import Fulfilled
from stackwright.offline.mentions import TOKEN, Choice, Found, Grounded, Mention
from stackwright.offline.places import lower
from stackwright.scaffold.spec import AppSpec, EntitySpec

_THE_ONE_SPOKEN_OF = frozenset({"it", "them", "they", "this", "the app", "app", "that"})


@dataclass(frozen=True)
class Spoken:
    """By name, since what is spoken of may have changed since."""

    entity: str = ""
    field: str = ""
    choice: str = ""


NOTHING: Final = Spoken()


@dataclass
class Session:
    spec: AppSpec
    operations: list[str] = field(default_factory=list[str])
    renames: list[Rename] = field(default_factory=list[Rename])
    refused: list[str] = field(default_factory=list[str])
    fulfilled: list[Fulfilled] = field(default_factory=list[Fulfilled])
    unread: list[str] = field(default_factory=list[str])
    """Clauses that nothing understood."""
    focus: str | None = None
    """The kind of record that this message spoke of."""
    spoken: Spoken = NOTHING
    """What 'it' means; also out of the message before."""
    earlier: Sequence[AppSpec] = ()
    """The versions before, the last one last."""
    last: str = ""
    """The last request that was fulfilled, in which 'the same for the price' puts another name."""
    again: str = ""
    """A request that is to be read next."""

    def copied(self) -> "Session":
        """To try something on."""
        lists = ("operations", "renames", "refused", "fulfilled", "unread")
        return replace(self, **{name: list(getattr(self, name)) for name in lists})

    def take(self, other: "Session") -> None:
        """Become what the other is."""
        self.__dict__.update(other.__dict__)

    def apply(self, edit: Edit, *, words: str = "") -> None:
        """Take one edit over; a later clause speaks of the same entity."""
        is_done = edit.done and edit.spec != self.spec
        is_told = edit.done and not is_done
        self.spec = edit.spec
        sentence = f"{edit.sentence} That is so already." if is_told else edit.sentence
        (self.operations if is_done else self.refused).append(sentence)
        self.renames.extend(edit.renames)
        if edit.entity:
            self.focus = edit.entity
            self.spoken = Spoken(edit.entity, edit.field)
        if is_done and edit.shows is not None:
            self.fulfilled.append(
                Fulfilled(
                    words, edit.sentence, edit.shows, edit.entity or "", edit.named or edit.field
                )
            )

    def refuse(self, sentence: str) -> bool:
        """Say why nothing was done. True: the words were understood."""
        self.refused.append(sentence)
        return True

    @property
    def has_removed(self) -> bool:
        """Whether the last edit took something away."""
        return bool(self.operations) and self.operations[-1].startswith("Removed ")

    def entity(self, phrase: str | None) -> EntitySpec | None:
        """The entity a phrase names; without a phrase the one spoken of, or the main one."""
        if phrase and phrase.strip().lower() not in _THE_ONE_SPOKEN_OF:
            return lookup.find_entity(self.spec, phrase)
        return lookup.find_entity(self.spec, self.focus) if self.focus else self.spec.entities[0]

    def field(self, name: str, where: str = "", *, refusal: str = "") -> Found | None:
        """The field of that name and its entity; when there is none, the refusal is told."""
        found = lookup.find_field(
            self.spec, name, self.entity(where) if where else None, self.focus
        )
        if found is None and refusal:
            self.refused.append(refusal.format(name))
        return found

    def current(self, found: Found) -> Found:
        """The field as earlier edits of this message left it."""
        entity = next((one for one in self.spec.entities if one.name == found[0].name), None)
        fields = entity.fields if entity is not None else ()
        field = next((one for one in fields if one.name == found[1].name), None)
        if entity is None or field is None:
            raise Unclear(f"There is no “{found[1].label}” any more.")
        return entity, field


class Unclear(Exception):
    """A name stands for several fields, or for none of the kind that was meant; says so."""


class NotMeant(Exception):
    """The form is about fields, and the words name something else."""


@dataclass(frozen=True)
class Said:
    """One request: its form matched, with what its tokens name."""

    session: Session
    grounded: Grounded
    match: Match[str]
    words: str
    """The request as the person wrote it."""

    def text(self, group: str) -> str:
        """In the words of the person; '' if it is not there."""
        part = self.match.groupdict().get(group) or ""
        return self.grounded.restored(part).strip(" \"'.,")

    def has(self, group: str) -> bool:
        return bool(self.match.groupdict().get(group))

    def mentions(self, group: str) -> list[Mention]:
        part = self.match.groupdict().get(group) or ""
        return [self.grounded.mentions[int(found[2])] for found in TOKEN.finditer(part)]

    def fields(self, group: str) -> list[Found]:
        """Raises Unclear and NotMeant."""
        return [self.field_of(one) for one in self.mentions(group)]

    def field_of(self, mention: Mention) -> Found:
        """The one field that a mention is: of the kind that is named, or else that is spoken of."""
        if not mention.fields:
            raise NotMeant
        owners = {one.name for one in self.grounded.owners}
        said = self.entity("e") if self.has("e") else None
        places = [one for one in mention.fields if said and one[0].name == said.name]
        places = places or [one for one in mention.fields if one[0].name in owners]
        if not places and len(owners) == 1 and not mention.owner and mention.letter == "f":
            owner = self.grounded.owners[0]
            raise Unclear(f'{owner.label_plural} have no "{mention.words}".')
        places = places or list(mention.fields)
        if len(places) > 1 and self.session.focus:
            places = [one for one in places if one[0].name == self.session.focus] or places
        elif len(places) > 1:
            spoken = self.session.spoken.entity
            places = [one for one in places if one[0].name == spoken] or places
        if len(places) > 1:
            kinds = " and ".join(one[0].label_plural.lower() for one in places)
            example = f"the {lower(places[0][1].label)} of {places[0][0].label_plural.lower()}"
            raise Unclear(
                f"“{mention.words}” is a field of {kinds}: say which, for example “{example}”."
            )
        return self.session.current(places[0])

    def entity(self, group: str = "e") -> EntitySpec | None:
        """The first kind that the group names, or else the only one of the request."""
        named = [one.entity for one in self.mentions(group) if one.entity is not None]
        kinds = named or list(self.grounded.owners)
        every = self.session.spec.entities
        return next((one for one in every if kinds and one.name == kinds[0].name), None)

    def choices(self, group: str) -> list[Choice]:
        """The choices of the one field that has them. Raises Unclear."""
        found: list[Choice] = []
        for mention in self.mentions(group):
            places = list(mention.choices)
            owners = {one.name for one in self.grounded.owners}
            places = [one for one in places if one[0].name in owners] or places
            fields = {(e.name, f.name) for m in self.grounded.mentions for e, f in m.fields}
            places = [one for one in places if (one[0].name, one[1].name) in fields] or places
            spoken = self.session.spoken
            places = [one for one in places if one[0].name == spoken.entity] or places
            if len(places) != 1:
                names = " and ".join(
                    f"“{f.label}” of {e.label_plural.lower()}" for e, f, _ in places
                )
                raise Unclear(f"“{mention.words}” is a choice of {names}: say of which.")
            entity, one = self.session.current((places[0][0], places[0][1]))
            found.append((entity, one, places[0][2]))
        return found

    def apply(self, edit: Edit) -> bool:
        self.session.apply(edit, words=self.words)
        return True


def about(mention: Mention) -> Spoken:
    """What a later 'it' means when this was named without a request."""
    if mention.choices and not mention.fields and mention.entity is None:
        entity, one, choice = mention.choices[0]
        return Spoken(entity.name, one.name, choice)
    if mention.entity is not None and mention.owner is None:
        return Spoken(mention.entity.name)
    entity, one = mention.fields[0]
    return Spoken(entity.name, one.name)


def changed_last(before: AppSpec, after: AppSpec) -> Spoken:
    """What a message spoke of that made `after` of `before`: its only new or changed field, or kind."""
    known = {entity.name: entity for entity in before.entities}
    changed = [one for one in after.entities if known.get(one.name) != one]
    if len(changed) != 1:
        fresh = [one for one in changed if one.name not in known]
        return Spoken(fresh[0].name) if len(fresh) == 1 else Spoken()
    former = known.get(changed[0].name)
    if former is None:
        return Spoken(changed[0].name)
    fields = [one for one in changed[0].fields if one not in former.fields]
    return Spoken(changed[0].name, fields[-1].name if fields else "")
