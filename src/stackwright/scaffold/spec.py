"""What an application is, before any code exists: entities, fields and relations.

The offline builder reads a sentence into an `AppSpec`, Claude fills one through `scaffold_resource`,
and `scaffold.generate` turns it into files. It is stored in the workspace as `SPEC_PATH`.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, WithJsonSchema, model_validator

from stackwright.scaffold.kit_spec import KitUse
from stackwright.scaffold.word_checks import check_entity, check_links, check_mails
from stackwright.scaffold.words import (
    COMPUTED_SCHEMA,
    RULES_SCHEMA,
    VIEWS_SCHEMA,
    Computed,
    Rule,
    SpecModel,
    SumOf,
    View,
)

__all__ = [
    "SPEC_PATH",
    "AppSpec",
    "EntitySpec",
    "FieldSpec",
    "FieldType",
    "Shows",
    "SumOf",
    "WishLink",
]

SPEC_PATH = ".stackwright/app.json"
"""Where the spec lives, relative to the workspace root (`/home/user/code` in the sandbox)."""

FieldType = Literal[
    "string",
    "text",
    "integer",
    "number",
    "money",
    "boolean",
    "date",
    "datetime",
    "time",
    "email",
    "url",
    "phone",
    "enum",
    "tags",
    "reference",
    "references",
]
LINKS = frozenset({"reference", "references"})
"""Types of fields that point at one record, or at many."""

SNAKE = r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$"


class FieldSpec(SpecModel):
    """One attribute of an entity. `required` means that a form cannot be sent without it."""

    name: str = Field(
        pattern=SNAKE,
        max_length=60,
        description="snake_case; a reference ends in _id, references in _ids.",
    )
    label: str = Field(
        min_length=1, max_length=80, description="What people read, e.g. 'Due date'."
    )
    type: FieldType = "string"
    required: bool = False
    choices: tuple[str, ...] = Field(
        default=(), description="Values of an enum, as people read them."
    )
    default: str | int | float | bool | None = None
    unit: str | None = Field(
        default=None, max_length=20, description="Shown after a number, e.g. kg."
    )
    minimum: float | None = None
    maximum: float | None = None
    target: str | None = Field(
        default=None, description="Entity a reference points at, or many references."
    )
    on_delete: Literal["restrict", "cascade", "unlink"] = Field(
        default="restrict",
        description="When the referenced record is deleted.",
    )
    computed: Annotated[Computed | None, COMPUTED_SCHEMA] = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.type == "enum") != bool(self.choices):
            raise ValueError(f"field {self.name!r}: choices and type 'enum' go together")
        if len(set(self.choices)) != len(self.choices):
            raise ValueError(f"field {self.name!r}: choices repeat")
        if (self.type in LINKS) != (self.target is not None):
            raise ValueError(f"field {self.name!r}: target and type 'reference' go together")
        if self.type == "references" and (self.required or self.on_delete == "cascade"):
            raise ValueError(f"field {self.name!r}: references may be none; restrict or unlink")
        if self.computed is not None and self.type not in ("integer", "number", "money"):
            raise ValueError(f"field {self.name!r}: only a number can be computed")
        return self


class EntitySpec(SpecModel):
    """One kind of record. With a `parent` its records are listed and edited on the parent's page."""

    name: str = Field(pattern=SNAKE, max_length=60, description="Singular, e.g. line_item.")
    plural: str = Field(pattern=SNAKE, max_length=60, description="e.g. line_items; used in URLs.")
    label: str = Field(min_length=1, max_length=80)
    label_plural: str = Field(min_length=1, max_length=80)
    fields: tuple[FieldSpec, ...] = Field(min_length=1, max_length=40)
    title_field: str = Field(description="The field that names a record.")
    parent: str | None = Field(default=None, description="Entity that owns these records.")
    filters: tuple[str, ...] = Field(default=(), description="Fields that lists filter by.")
    columns: tuple[str, ...] = Field(
        default=(), description="Fields that lists show beside the title; the first five if empty."
    )
    sort: str = Field(default="", description="The list's order, e.g. date or -date.")
    ordered: str = Field(
        default="",
        description="A reference on whose page people move these.",
    )
    rules: Annotated[tuple[Rule, ...], RULES_SCHEMA] = Field(default=(), max_length=20)
    views: Annotated[tuple[View, ...], VIEWS_SCHEMA] = Field(default=(), max_length=8)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [f.name for f in self.fields]
        if len(set(names)) != len(names):
            raise ValueError(f"entity {self.name!r}: two fields share a name")
        for wanted in (self.title_field, *self.filters):
            if wanted not in names:
                raise ValueError(f"entity {self.name!r}: no field {wanted!r}")
        if self.field(self.title_field).type == "references":
            raise ValueError(f"entity {self.name!r}: references name no record")
        if self.parent is not None and not any(f.target == self.parent for f in self.fields):
            raise ValueError(f"entity {self.name!r}: no reference to its parent {self.parent!r}")
        check_entity(self)
        return self

    def field(self, name: str) -> FieldSpec:
        """The field called `name`; raises KeyError."""
        for candidate in self.fields:
            if candidate.name == name:
                return candidate
        raise KeyError(name)


_KITS = {"type": "array", "description": "Left out, those of add_kit stay."}


class AppSpec(SpecModel):
    """A record-keeping application."""

    title: str = Field(min_length=1, max_length=80)
    description: str = Field(default="", max_length=500)
    entities: tuple[EntitySpec, ...] = Field(min_length=1, max_length=30)
    kits: Annotated[tuple[KitUse, ...], WithJsonSchema(_KITS)] = Field(default=(), max_length=10)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [e.name for e in self.entities]
        if len({kit.name for kit in self.kits}) != len(self.kits):
            raise ValueError("two kits share a name")
        for kit in self.kits:
            if unknown := sorted(kit.entities() - set(names)):
                raise ValueError(f"kit {kit.name!r}: there is no entity {unknown[0]!r}")
        _check_public_forms(self)
        if len(set(names)) != len(names) or len({e.plural for e in self.entities}) != len(names):
            raise ValueError("two entities share a name")
        for entity in self.entities:
            for field in entity.fields:
                if field.target is not None and field.target not in names:
                    raise ValueError(f"{entity.name}.{field.name}: no entity {field.target!r}")
        for entity in self.entities:
            check_links(self, entity)
        check_mails(self)
        return self

    def entity(self, name: str) -> EntitySpec:
        """The entity called `name`; raises KeyError."""
        for candidate in self.entities:
            if candidate.name == name:
                return candidate
        raise KeyError(name)

    def kit(self, name: str) -> KitUse | None:
        """How the application uses the kit called `name`, if it does."""
        return next((one for one in self.kits if one.name == name), None)


def _check_public_forms(app: AppSpec) -> None:
    """Strangers see no records that they could refer to."""
    use = app.kit("public")
    for form in use.settings().forms if use else ():
        needed = [one for one in app.entity(form.entity).fields if one.target and one.required]
        if needed:
            raise ValueError(f"{form.entity}: a public form cannot ask for {needed[0].name!r}")


Shows = Literal[
    "records",
    "field",
    "limits",
    "choices",
    "required",
    "filter",
    "search",
    "gone",
    "no_records",
    "title",
    "about",
    "login",
    "right",
    "rule",
    "computed",
    "chart",
    "board",
    "calendar",
    "links",
    "ordered",
    "inline",
    "mail",
    "sorted",
    "column",
    "listed",
    "import",
    "export",
    "print",
    "files",
    "look",
    "public",
]
"""What a witness of a wish looks at; described in `WishLink`."""


class WishLink(SpecModel):
    """Which part of the application a wish is about; a witness of it is generated."""

    wish: str = Field(pattern=r"^w[1-9]\d{0,4}$", description="e.g. w1")
    shows: Shows = Field(
        description="records: added, changed, deleted. field: filled in and kept. limits: out of bounds "
        "is refused. choices: just these are offered. required: cannot be left out. filter: narrows the "
        "list. search: finds by it. gone: no such field. no_records: no such kind of record. title: the app's name. about: "
        "the start page says it. login, right: of accounts. rule: what breaks it is refused. computed: "
        "the figure is right. chart, board, calendar: that page. links: many to many. ordered: moved by "
        "hand. inline: on its parent's page. mail: it comes. sorted: the list's order. column: in the "
        "list or not. listed: by title. import, export, print: of exchange. files: a slot of files. "
        "public: a form of that kit, or its landing page. "
        "look: of the kit look."
    )
    entity: str = Field(default="", max_length=60)
    field: str = Field(
        default="",
        max_length=80,
        description="Its label if gone; 'add change' of a right; a rule as unique_number; of a look style, accent, text, menu, appearance or logo.",
    )
