"""The specification with every derived name and list that the file templates need."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from stackwright.scaffold import names
from stackwright.scaffold.fields import (
    NUMERIC,
    SEARCHED,
    TEXT_LIKE,
    FieldView,
    field_views,
    python_literal,
)
from stackwright.scaffold.layout import Group, call
from stackwright.scaffold.rule_samples import rule_samples
from stackwright.scaffold.spec import LINKS, AppSpec, EntitySpec
from stackwright.scaffold.word_checks import refuse_impossible_figures
from stackwright.scaffold.words import Calendar

DONE_WORDS = frozenset(
    [
        "done",
        "completed",
        "complete",
        "finished",
        "checked",
        "bought",
        "packed",
        "resolved",
        "closed",
        "ticked",
        "achieved",
        "solved",
    ]
)
POSITION = "record_position"
"""The place of a record in an order that people choose."""
SORTABLE_EXCEPTIONS = frozenset({"reference", "references", "tags", "text"})


@dataclass(frozen=True)
class Filter:
    """One query parameter of a list."""

    param: str
    key: str
    operator: str
    python_type: str | Group
    schema: dict[str, Any]
    field: FieldView

    @property
    def argument(self) -> str:
        return f"by_{self.param}"

    @property
    def parameter(self) -> str:
        """Its line in the signature of the list's function."""
        kind = self.python_type
        optional = f"{kind} | None" if isinstance(kind, str) else kind
        alias = f"Query(alias={python_literal(self.param)})"
        return call(f"{self.argument}: Annotated[", (optional, alias), "] = None,", "    ")


@dataclass(frozen=True)
class Child:
    """Records elsewhere that refer to this entity through `key`."""

    entity: str
    slug: str
    key: str
    param: str
    label_plural: str
    is_part: bool
    goes_along: bool
    """Whether they are deleted together with the record that they refer to."""
    unlinks: bool = False
    """Whether they stay and only lose one of many links."""


@dataclass(frozen=True)
class EntityView:
    spec: EntitySpec
    cls: str
    plural_cls: str
    slug: str
    module: str
    fields: tuple[FieldView, ...]
    filters: tuple[Filter, ...]
    shown_filters: tuple[FieldView, ...]

    @property
    def name(self) -> str:
        return self.spec.name

    @property
    def noun(self) -> str:
        return in_sentence(self.spec.label)

    @property
    def nouns(self) -> str:
        return in_sentence(self.spec.label_plural)

    @property
    def inputs(self) -> list[FieldView]:
        return [field for field in self.fields if not field.is_computed]

    @property
    def references(self) -> list[FieldView]:
        return [field for field in self.fields if field.type == "reference"]

    @property
    def links(self) -> list[FieldView]:
        """References to one record, or to many."""
        return [field for field in self.fields if field.type in LINKS]

    @property
    def title(self) -> FieldView:
        return next(field for field in self.fields if field.spec.name == self.spec.title_field)

    @property
    def search(self) -> list[str]:
        return [field.key for field in self.fields if field.type in SEARCHED]

    @property
    def sorts(self) -> list[str]:
        keys = [
            field.key
            for field in self.fields
            if field.type not in SORTABLE_EXCEPTIONS and not field.is_computed
        ]
        place = [POSITION] if self.spec.ordered else []
        return [*keys, *place, "created_at", "updated_at"]

    @property
    def ordered_key(self) -> str:
        """The reference within whose record people move these records; "" where they do not."""
        return self.by_name(self.spec.ordered).key if self.spec.ordered else ""

    @property
    def sort_values(self) -> list[str]:
        return [value for key in self.sorts for value in (key, f"-{key}")]

    @property
    def done_key(self) -> str | None:
        """The boolean that ticks a record off, as in a to-do list."""
        for field in self.fields:
            if field.type == "boolean" and field.spec.name.removeprefix("is_") in DONE_WORDS:
                return field.key
        return None

    @property
    def quick_add(self) -> bool:
        """Whether typing a title is enough to add a record."""
        others = [field for field in self.fields if field.is_needed and field is not self.title]
        return self.done_key is not None and self.title.type == "string" and not others

    @property
    def resource(self) -> str:
        return self.plural_cls[0].lower() + self.plural_cls[1:] + "Resource"

    @property
    def indexed(self) -> list[str]:
        keys = [field.key for field in self.links]
        keys += [field.key for field in self.shown_filters if field.type not in NUMERIC]
        return list(dict.fromkeys(keys))

    def by_name(self, name: str) -> FieldView:
        return next(field for field in self.fields if field.spec.name == name)


@dataclass(frozen=True)
class AppView:
    spec: AppSpec
    entities: tuple[EntityView, ...]

    def entity(self, name: str) -> EntityView:
        return next(entity for entity in self.entities if entity.name == name)

    @property
    def has_accounts(self) -> bool:
        return self.spec.kit("accounts") is not None

    @property
    def has_messages(self) -> bool:
        return self.spec.kit("messages") is not None

    @property
    def head_role(self) -> str:
        """The role that may do everything; "" where nobody logs in."""
        use = self.spec.kit("accounts")
        return use.settings().roles[-1] if use is not None else ""

    def has_makers(self, entity: EntityView) -> bool:
        """Whether it matters who added a record, so that lists show it."""
        use = self.spec.kit("accounts")
        rights = use.settings().rights if use is not None else ()
        mine = [one for one in rights if one.entity == entity.name]
        return any("own" in (one.read, one.change, one.delete) for one in mine)

    def children(self, entity: EntityView) -> list[Child]:
        """Who refers to `entity`: its own parts first."""
        found = [
            Child(
                entity=other.name,
                slug=other.slug,
                key=field.key,
                param=next(f.param for f in other.filters if f.field is field),
                label_plural=other.spec.label_plural,
                is_part=other.spec.parent == entity.name,
                goes_along=field.spec.on_delete == "cascade",
                unlinks=field.type == "references" and field.spec.on_delete == "unlink",
            )
            for other in self.entities
            for field in other.links
            if field.spec.target == entity.name
        ]
        return sorted(found, key=lambda child: not child.is_part)


def app_view(spec: AppSpec) -> AppView:
    """Everything the templates ask for. Raises ValueError for figures that cannot be computed."""
    refuse_impossible_figures(spec)
    examples = rule_samples(spec)
    classes = names.class_names(spec.entities)
    taken: set[str] = set()
    slugs: set[str] = set()
    entities: list[EntityView] = []
    for entity in spec.entities:
        fields = tuple(field_views(entity, examples))
        slug = names.slug_of(entity, spec.entities)
        while slug in slugs:
            slug += "_records"
        slugs.add(slug)
        shown = tuple(
            field for field in fields if field.spec.name in entity.filters and not field.is_computed
        )
        entities.append(
            EntityView(
                spec=entity,
                cls=classes[entity.name],
                plural_cls=names.plural_class(entity, taken),
                slug=slug,
                module=names.module_of(slug),
                fields=fields,
                filters=tuple(_filters(fields, (*shown, *_of_calendars(entity, fields)))),
                shown_filters=tuple(field for field in shown if field.type != "time"),
            )
        )
    return AppView(spec=spec, entities=tuple(entities))


def _of_calendars(entity: EntitySpec, fields: tuple[FieldView, ...]) -> Iterator[FieldView]:
    """Calendars ask for the records of a month or a week."""
    wanted = {view.day or view.start for view in entity.views if isinstance(view, Calendar)}
    yield from (field for field in fields if field.spec.name in wanted)


def _filters(fields: tuple[FieldView, ...], shown: tuple[FieldView, ...]) -> list[Filter]:
    taken: set[str] = set()
    wanted = [field for field in fields if field in shown or field.type in LINKS]
    return [one for field in wanted for one in _filters_of(field, taken)]


def _filters_of(field: FieldView, taken: set[str]) -> list[Filter]:
    def add(suffix: str, operator: str, python_type: str | Group, schema: dict[str, Any]) -> Filter:
        param = names.query_key(field.key + suffix, taken)
        return Filter(param, field.key, operator, python_type, schema, field)

    text = {"type": "string"}
    number = {"type": "integer" if field.type == "integer" else "number"}
    match field.type:
        case "enum":
            choices = {"type": "string", "enum": list(field.spec.choices)}
            return [add("", "is", field.output_type(), choices)]
        case "boolean":
            return [add("", "is", "bool", {"type": "boolean"})]
        case "reference" | "references":
            return [add("", "is", "RecordId", text)]
        case "date" | "datetime":
            kind = "dt.date" if field.type == "date" else "Moment"
            return [add("_from", "from", kind, text), add("_to", "to", kind, text)]
        case "integer" | "number" | "money":
            kind = "Whole" if field.type == "integer" else "Decimals"
            return [add("_from", "from", kind, number), add("_to", "to", kind, number)]
        case kind if kind in TEXT_LIKE or kind in ("email", "url", "tags"):
            return [add("", "is" if kind == "tags" else "has", "Line", text)]
        case _:
            return []


def in_sentence(label: str) -> str:
    """A label inside a sentence: lower case at the start, unless it is an abbreviation."""
    return label if len(label) > 1 and label[1].isupper() else label[0].lower() + label[1:]
