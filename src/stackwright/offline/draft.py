"""What the reader knows so far: entities and fields that may still change, before they are a spec."""

from dataclasses import dataclass, field

from stackwright.offline.unsupported import Unbuilt
from stackwright.offline.words import label, plural, singular, snake
from stackwright.scaffold.spec import FieldType


@dataclass
class FieldDraft:
    """A field as read. `sure` says that its words or hints name an attribute, not a kind of record."""

    name: str
    type: FieldType = "string"
    sure: bool = False
    label: str = ""
    required: bool | None = None
    choices: tuple[str, ...] = ()
    default: str | int | float | bool | None = None
    unit: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    target: str | None = None

    def __post_init__(self) -> None:
        bare = self.name.removesuffix("_id") if self.target else self.name
        self.label = self.label or label(bare)


@dataclass
class EntityDraft:
    """A kind of record as read. `given` holds what the text says, in its order."""

    name: str
    given: dict[str, FieldDraft] = field(default_factory=dict[str, FieldDraft])
    parent: str | None = None
    label: str = ""
    """What people read, if it has letters that a name cannot have."""
    weak: bool = False
    complete: bool = False
    """A colon or brackets opened the list of its fields: nothing is left to guess."""
    event: bool = False
    """A verb implied it, as 'borrow' does a loan."""
    joins: bool = False
    """It does nothing but connect two kinds: no field is guessed."""

    def put(self, draft: FieldDraft) -> None:
        """Add a field; a second mention may only make it more exact."""
        known = self.given.get(draft.name)
        if known is None or (draft.sure and (draft.choices or not known.sure)):
            self.given[draft.name] = draft
        elif draft.required:
            known.required = True

    def refer(self, target: str, *, label_text: str = "", required: bool | None = None) -> None:
        """Point at another entity, once."""
        if target == self.name or any(f.target == target for f in self.given.values()):
            return
        name = f"{target}_id"
        text = label_text or label(target)
        self.given[name] = FieldDraft(
            name, "reference", True, text, required=required, target=target
        )

    def refer_as(self, role: str, target: str) -> None:
        """Point at another entity in a role: a match has a home club and an away club."""
        name = f"{snake(role)}_id"
        self.given[name] = FieldDraft(name, "reference", True, label(snake(role)), target=target)

    def refer_many(self, target: str) -> None:
        """Point at any number of records of another entity."""
        name, text = f"{target}_ids", plural_label(target)
        self.given[name] = FieldDraft(name, "references", True, text, target=target)

    def refers_to(self, target: str) -> bool:
        """Whether a field points at `target`."""
        return any(f.target == target for f in self.given.values())


@dataclass
class AppDraft:
    """The application as read so far."""

    entities: dict[str, EntityDraft] = field(default_factory=dict[str, EntityDraft])
    orphans: list[FieldDraft] = field(default_factory=list[FieldDraft])
    implied: str | None = None
    title: str | None = None
    phrase: str | None = None
    calls_it: str = ""
    """The phrase as the message has it, with its adjectives."""
    place: str | None = None
    filters: list[str] = field(default_factory=list[str])
    unbuilt: list[Unbuilt] = field(default_factory=list[Unbuilt])
    unread: list[str] = field(default_factory=list[str])
    """Words that no form fits."""
    described: frozenset[str] = frozenset()
    """Kinds that the message describes somewhere, which may be further on."""
    plenty: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    """(a, b): the text says that one a has many b."""

    def entity(self, phrase: str, *, weak: bool = False) -> EntityDraft:
        """The entity a noun phrase names, made when new. A longer or shorter name may be the same."""
        name = singular(phrase)
        found = self.find(name)
        if found is not None:
            found.weak = found.weak and weak
            return found
        draft = EntityDraft(name, weak=weak)
        self.entities[name] = draft
        return draft

    def find(self, name: str) -> EntityDraft | None:
        """The entity called `name`, or the only one whose last word is `name`."""
        if name in self.entities:
            return self.entities[name]
        ending = name if len(name) > 3 else f"_{name}"
        longer = [e for key, e in self.entities.items() if key.endswith(ending)]
        return longer[0] if len(longer) == 1 else None

    def is_kind(self, name: str) -> bool:
        """Whether records are called so, by now or further on in the message."""
        return name in self.described or self.find(name) is not None

    def connected(self, one: str, other: str) -> bool:
        """Whether records of a third kind connect the two."""
        return any(
            e.event and e.refers_to(one) and e.refers_to(other) for e in self.entities.values()
        )


def plural_label(name: str) -> str:
    """'line_item' -> 'Line items'."""
    return label(plural(name))
