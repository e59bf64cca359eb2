"""Witnesses of what a specification brings: one file per kind of record, one for the title.

They act through the pages as a person would and then look at what came of it; see the template's
`acceptance/usage.md`.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from stackwright.scaffold import samples
from stackwright.scaffold.fields import NUMERIC, FieldView, python_literal
from stackwright.scaffold.render import python_value, render
from stackwright.scaffold.rule_samples import beyond
from stackwright.scaffold.spec import LINKS, WishLink
from stackwright.scaffold.views import AppView, EntityView
from stackwright.scaffold.words import Compare, NoOverlap, fields_of

SHOWN_TITLES = frozenset({"string", "text", "email", "phone", "enum"})
"""Types whose values stand in a list as they were typed."""
_PLAIN = frozenset(
    {"string", "text", "email", "phone", "enum", "boolean", "integer", "number", "money", "date"}
)
"""Types whose values come back from the API as they were sent."""


@dataclass(frozen=True)
class FilledField:
    """A field with a value: what a person does in the form, and what the API says afterwards."""

    field: FieldView
    value: Any

    @property
    def action(self) -> str:
        """Python that fills the field in. References were made before, under their own names."""
        find = f"app.field({python_literal(self.field.label)})"
        match self.field.type:
            case "reference":
                return f'{find}.select_option({self.field.spec.name}["id"])'
            case "enum":
                return f"{find}.select_option({python_literal(self.value)})"
            case "boolean":
                return f"{find}.set_checked({self.value})"
            case "datetime":
                return f"{find}.fill({python_literal(str(self.value)[:16])})"
            case "tags":
                return f"{find}.fill({python_literal(', '.join(self.value))})"
            case _:
                return f"{find}.fill({python_literal(str(self.value))})"

    @property
    def is_plain(self) -> bool:
        return self.field.type in _PLAIN


def witness_files(app: AppView, links: Sequence[WishLink]) -> dict[str, str]:
    """Path relative to the workspace root -> text. Links to what is not there are passed over."""
    files: dict[str, str] = {}
    for entity in app.entities:
        mine = [link for link in links if link.entity == entity.name and link.shows in _OF_ENTITIES]
        if mine:
            path = f"acceptance/test_{module_name(entity.slug)}.py"
            files[path] = _entity_file(app, entity, mine)
    whole = [link for link in links if link.shows in ("title", "about", "no_records")]
    if whole:
        files["acceptance/test_application.py"] = render(
            "acceptance/test_application.py.jinja",
            app=app,
            titles=[link for link in whole if link.shows == "title"],
            abouts=[link for link in whole if link.shows == "about"],
            gone=[link for link in whole if link.shows == "no_records"],
            module_name=module_name,
        )
    return files


def module_name(slug: str) -> str:
    return re.sub(r"\W", "_", slug)


def _entity_file(app: AppView, entity: EntityView, links: Sequence[WishLink]) -> str:
    filled = [
        FilledField(field, _sample(field)) for field in entity.inputs if field.type != "references"
    ]
    whole = [link for link in links if link.shows == "records"]
    parts = [(link, field) for link in links if (field := _find(entity, link)) is not None]
    gone = [link for link in links if link.shows == "gone" and _find(entity, link) is None]
    return render(
        "acceptance/test_entity.py.jinja",
        app=app,
        entity=entity,
        name=module_name(entity.slug),
        needs=needs_of(app, entity),
        required_needs=needs_of(app, entity, only_required=True),
        filled=filled,
        whole=whole,
        change=change_of(entity),
        parts=[(link, FilledField(field, _sample(field))) for link, field in parts],
        outside=_outside,
        filter_of=partial(filter_trial, entity),
        search_of=partial(search_trial, entity),
        gone=gone,
        title_is_shown=entity.title.type in SHOWN_TITLES,
        title_value=_sample(entity.title),
        value_of=_sample,
        body_of=body_of,
    )


def _find(entity: EntityView, link: WishLink) -> FieldView | None:
    inputs = [field for field in entity.inputs if field.type != "references"]
    # Who asks for a search and names no field means what the records are called by.
    name = link.field or (entity.title.spec.name if link.shows == "search" else "")
    found = [field for field in inputs if field.spec.name == name]
    return found[0] if found and link.shows in _OF_FIELDS else None


@dataclass(frozen=True)
class FilterTrial:
    """A list is asked with `param` = `query`: it holds the record with the value `wanted`, and not the
    one with the value `other`."""

    param: str
    query: Any
    wanted: Any
    other: Any


@dataclass(frozen=True)
class SearchTrial:
    """Who types `text` sees the record with `wanted` by its title `shown`, and not the other one."""

    text: str
    wanted: dict[str, str]
    other: dict[str, str]
    shown: str
    hidden: str


def filter_trial(entity: EntityView, field: FieldView) -> FilterTrial | None:
    """None when the list is not filtered by this field, or when it can have one value only."""
    found = next((one for one in entity.filters if one.field is field), None)
    if found is None or field.type in LINKS:
        return None
    wanted, other = _sample(field), _other(field)
    if field.type in NUMERIC:
        other = other if other != wanted else samples.number_within(field, field.bounds[0])
    if wanted == other or other is None:
        return None
    if found.operator == "from":  # the list holds what is as large or larger
        wanted, other = max(wanted, other), min(wanted, other)
    return FilterTrial(found.param, wanted[0] if field.type == "tags" else wanted, wanted, other)


def search_trial(entity: EntityView, field: FieldView) -> SearchTrial | None:
    """None when the list is not searched by this field, or shows no text by which records are told apart."""
    if field.key not in entity.search or {field.type, entity.title.type} - {"string", "text"}:
        return None
    if field is entity.title:
        return SearchTrial(
            "Juniper", {field.key: "Juniper"}, {field.key: "Marble"}, "Juniper", "Marble"
        )
    key = entity.title.key
    wanted, other = {key: "First", field.key: "Juniper"}, {key: "Second", field.key: "Marble"}
    return SearchTrial("Juniper", wanted, other, "First", "Second")


_OF_ENTITIES = frozenset({"records", "field", "limits", "choices", "required", "filter"}) | {
    "search",
    "gone",
}
_OF_FIELDS = frozenset({"field", "limits", "choices", "required", "filter", "search"})


def _sample(field: FieldView) -> Any:
    """Unlike the samples of the backend's tests, a text is one line, as a person types it."""
    if field.type in LINKS:
        return None
    if field.type == "boolean":
        return True
    if field.type == "text":
        return f"More about {field.label}"
    return samples.sample(field)


def body_of(entity: EntityView) -> str:
    """Keyword arguments of a record that is made through the API, without references."""
    pairs = {
        field.key: _sample(field)
        for field in entity.inputs
        if field.type not in LINKS and (field.is_needed or field is entity.title)
    }
    return python_value(pairs)


@dataclass(frozen=True)
class Need:
    """A record that has to be there before: `name` is the variable it is kept in."""

    name: str
    entity: EntityView
    references: tuple[tuple[str, str], ...]
    """(key of the field, variable of the record it names)."""


def needs_of(app: AppView, entity: EntityView, *, only_required: bool = False) -> list[Need]:
    """What the references of a record need, deepest first."""
    found: list[Need] = []

    def visit(one: EntityView, name: str, depth: int) -> None:
        below: list[tuple[str, str]] = []
        for field in one.references:
            if not field.is_needed or depth > 6:
                continue
            inner = f"{name}_{field.spec.name.removesuffix('_id')}"
            visit(app.entity(str(field.spec.target)), inner, depth + 1)
            below.append((field.key, inner))
        found.append(Need(name, one, tuple(below)))

    for field in entity.references:
        if field.is_needed or not only_required:
            visit(app.entity(str(field.spec.target)), field.spec.name, 0)
    return found


def change_of(entity: EntityView) -> FilledField | None:
    """A field that can be changed to another value, the title first; no rule may refuse that."""
    ruled = samples.ruled_fields(entity)
    for field in (entity.title, *entity.inputs):
        if not _is_changeable(field) or field.spec.name in ruled:
            continue
        value = _other(field)
        if value is not None and value != _sample(field):
            return FilledField(field, value)
    return _later(entity)


def _is_changeable(field: FieldView) -> bool:
    return not field.is_computed and field.type not in LINKS | {"boolean", "tags", "datetime"}


def _later(entity: EntityView) -> FilledField | None:
    """The end of a span, or what must be later than something else, a little later still."""
    named = Counter(name for rule in entity.spec.rules for name in fields_of(rule))
    for rule in entity.spec.rules:
        match rule:
            case NoOverlap(until=name) | Compare(field=name, must_be="more" | "at_least"):
                field = entity.by_name(name)
            case _:
                continue
        if _is_changeable(field) and field.type in ("date", "time") and named[name] == 1:
            return FilledField(field, beyond(_sample(field), 2))
    return None


def _other(field: FieldView) -> Any:
    if field.type in ("string", "text"):
        return f"Changed {field.label}"[:100]
    if field.type in ("integer", "number", "money"):
        return samples.number_within(field, 4)
    if field.type == "enum":
        return field.spec.choices[-1]
    if field.type == "boolean":
        return not _sample(field)
    if field.type == "datetime":
        return "2026-12-24T08:15:00Z"
    return samples.CHANGED.get(field.type)


def _outside(field: FieldView) -> list[int | float]:
    """Numbers just beyond the bounds that the specification names."""
    low, high = field.spec.minimum, field.spec.maximum
    step = 1 if field.type == "integer" else 0.5
    values = [
        *([low - step] if low is not None else []),
        *([high + step] if high is not None else []),
    ]
    return [int(v) if float(v).is_integer() and math.isfinite(v) else v for v in values]
