"""AppSpec -> the files of an application that differ from the template's."""

import hashlib
from collections.abc import Sequence
from functools import partial
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from stackwright.scaffold import samples
from stackwright.scaffold.account_witnesses import account_witnesses, acting_as, public_witnesses
from stackwright.scaffold.client import CLIENT_PATH, typescript_client
from stackwright.scaffold.fields import FieldView, python_literal
from stackwright.scaffold.figure_source import (
    chart_calls,
    charts_of,
    formula_calls,
    named_list_calls,
    named_lists_of,
    total_calls,
)
from stackwright.scaffold.icons import icon_for
from stackwright.scaffold.kits import kit_files, kit_routers
from stackwright.scaffold.layout import call
from stackwright.scaffold.look_witnesses import look_witnesses
from stackwright.scaffold.migrations import Migration
from stackwright.scaffold.names import DETAILS
from stackwright.scaffold.openapi import openapi
from stackwright.scaffold.render import module, render
from stackwright.scaffold.resource_source import (
    PAGE_OF,
    columns_of,
    sort_of,
    time_of,
    view_kinds,
    views_of,
)
from stackwright.scaffold.rule_source import rule_calls, rule_kinds
from stackwright.scaffold.spec import SPEC_PATH, AppSpec, EntitySpec, SumOf, WishLink
from stackwright.scaffold.varied import shifts_dates, value_source, varied_fields
from stackwright.scaffold.views import POSITION, AppView, EntityView, app_view
from stackwright.scaffold.witnesses import witness_files
from stackwright.scaffold.word_witnesses import word_witness_files


class Manifest(BaseModel):
    """What SPEC_PATH holds: the specification, what was generated from it, and data migrations."""

    model_config = ConfigDict(extra="forbid")

    spec: AppSpec
    generated: dict[str, str]
    migrations: tuple[Migration, ...] = ()
    wishes: tuple[WishLink, ...] = ()


class ManifestDamaged(Exception):
    """What SPEC_PATH holds is no manifest. The text says how many errors it has."""


def read_manifest(stored: bytes) -> Manifest:
    """Raises ManifestDamaged, which can be passed between processes."""
    try:
        return Manifest.model_validate_json(stored)
    except ValidationError as error:
        raise ManifestDamaged(f"{error.error_count()} errors") from None


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def generate(
    spec: AppSpec, migrations: Sequence[Migration] = (), wishes: Sequence[WishLink] = ()
) -> dict[str, str]:
    """Path relative to the workspace root -> text, the manifest included. Same input, same bytes.

    Raises ValueError for a specification whose totals cannot be computed.
    """
    files = source_files(spec, migrations, wishes)
    generated = {path: digest(text) for path, text in sorted(files.items())}
    manifest = Manifest(
        spec=spec, generated=generated, migrations=tuple(migrations), wishes=tuple(wishes)
    )
    return {**files, SPEC_PATH: manifest_text(manifest)}


def manifest_text(manifest: Manifest) -> str:
    return manifest.model_dump_json(indent=2, exclude_defaults=True) + "\n"


def page_routes(spec: AppSpec) -> list[str]:
    """The addresses of pages that need no record: the home page, lists, and other views."""
    return [
        "/",
        *(
            address
            for entity in app_view(feasible(spec)).entities
            for address in (
                f"/{entity.slug}",
                *(f"/{entity.slug}/{PAGE_OF[kind]}" for kind in view_kinds(entity)),
            )
        ),
    ]


def source_files(
    spec: AppSpec, migrations: Sequence[Migration], wishes: Sequence[WishLink] = ()
) -> dict[str, str]:
    app = app_view(feasible(spec))
    files: dict[str, str] = {}
    files["backend/models.py"] = module(
        "What is stored and sent: one group of models per kind of record.",
        render("backend/models.py.jinja", app=app),
    )
    for entity in app.entities:
        files[f"backend/routers/{entity.module}.py"] = _router(app, entity)
        files[f"frontend/pages/{entity.slug}/index.tsx"] = _page("list", app, entity)
        files[f"frontend/pages/{entity.slug}/[id].tsx"] = _page("detail", app, entity)
        for kind in view_kinds(entity):
            path = f"frontend/pages/{entity.slug}/{PAGE_OF[kind]}.tsx"
            files[path] = render("frontend/view.tsx.jinja", entity=entity, kind=kind)
    files["backend/registry.py"] = _registry(app)
    files["backend/migrations.py"] = render("backend/migrations.py.jinja", migrations=migrations)
    files["backend/main.py"] = render(
        "backend/main.py.jinja",
        app=app,
        modules=sorted(e.module for e in app.entities),
        routers=kit_routers(app),
    )
    files |= _tests(app)
    witnesses = witness_files(app, wishes) | word_witness_files(app, wishes)
    witnesses |= look_witnesses(app, wishes)
    files |= acting_as(app.head_role, witnesses) | account_witnesses(app, wishes)
    files |= public_witnesses(app, wishes)
    files[CLIENT_PATH] = typescript_client(openapi(app))
    files["frontend/lib/app.ts"] = _application(app)
    files["frontend/lib/resources.ts"] = render(
        "frontend/resources.ts.jinja",
        app=app,
        views_of=views_of,
        charts_of=charts_of,
        sort_of=sort_of,
        columns_of=columns_of,
        time_of=time_of,
    )
    files |= kit_files(app)
    return files


def feasible(spec: AppSpec) -> AppSpec:
    """`spec` without required references that could never be filled, because they form a circle."""
    needs = {
        entity.name: {f.target for f in entity.fields if f.required and f.target is not None}
        for entity in spec.entities
    }

    def reaches(start: str, goal: str) -> bool:
        seen: set[str] = set()
        waiting = [start]
        while waiting:
            name = waiting.pop()
            if name == goal:
                return True
            if name not in seen:
                seen.add(name)
                waiting += needs.get(name, set())
        return False

    def relaxed(entity: EntitySpec) -> EntitySpec:
        fields = tuple(
            field.model_copy(update={"required": False})
            if field.required and field.target is not None and reaches(field.target, entity.name)
            else field
            for field in entity.fields
        )
        return entity.model_copy(update={"fields": fields})

    return spec.model_copy(update={"entities": tuple(relaxed(one) for one in spec.entities)})


def _router(app: AppView, entity: EntityView) -> str:
    body = render(
        "backend/router.py.jinja",
        app=app,
        entity=entity,
        charts=charts_of(entity),
        lists=named_lists_of(entity),
    )
    models = {entity.cls + part: "models" for part in ("", "Create", "Page", "Update")}
    return module(f"Reading and changing what /api/{entity.slug} holds.", body, models)


def _registry(app: AppView) -> str:
    body = render(
        "backend/registry.py.jinja",
        app=app,
        references=_references,
        totals=total_calls,
        formulas=formula_calls,
        rules=rule_calls,
        charts=chart_calls,
        lists=named_list_calls,
        indexes=_indexes,
    )
    sources = dict.fromkeys(("Chart", "Entity", "Formula", "Reference", "Total"), "entity")
    sources |= dict.fromkeys(("Condition", "NamedList"), "list_parts")
    sources |= dict.fromkeys(rule_kinds(app), "rules")
    return module("All kinds of records, by the name of their collection.", body, sources)


def _references(app: AppView, entity: EntityView) -> list[str]:
    def reference(field: FieldView) -> str:
        target = app.entity(str(field.spec.target)).slug
        values = (field.key, target, field.label, field.spec.on_delete)
        parts = [python_literal(value) for value in values]
        more = ["many=True"] if field.type == "references" else []
        return call("Reference(", [*parts, *more], indent=" " * 12)

    return [reference(field) for field in entity.links]


def _indexes(entity: EntityView) -> list[str]:
    own = [
        f'(("_owner", 1), ({python_literal(key)}, 1), ("{POSITION}", 1))'
        if key == entity.ordered_key
        else f'(("_owner", 1), ({python_literal(key)}, 1))'
        for key in entity.indexed
    ]
    return ['(("_owner", 1), ("created_at", -1))', *own]


def _page(kind: str, app: AppView, entity: EntityView) -> str:
    return render(f"frontend/{kind}.tsx.jinja", app=app, entity=entity)


def _application(app: AppView) -> str:
    shown = [entity for entity in app.entities if _stands_alone(entity)] or list(app.entities)
    pairs = [(entity, icon_for(entity.name)) for entity in shown]
    return render(
        "frontend/app.ts.jinja", app=app, pairs=pairs, icons=sorted({icon for _, icon in pairs})
    )


def _stands_alone(entity: EntityView) -> bool:
    """Whether people look for these records by themselves: loans yes, line items no."""
    kinds = [field.type for field in entity.fields]
    is_detail = entity.name.split("_")[-1] in DETAILS and kinds.count("reference") == 1
    return entity.spec.parent is None or not is_detail


def _tests(app: AppView) -> dict[str, str]:
    files = {
        "backend/tests/factories.py": render(
            "backend/factories.py.jinja",
            app=app,
            value_source=value_source,
            varied_fields=varied_fields,
            is_counted=any(varied_fields(entity) for entity in app.entities),
            shifts_dates=any(shifts_dates(entity) for entity in app.entities),
        )
    }
    for entity in app.entities:
        totals = _totals(app, entity)
        made = {entity.name, *(str(field.spec.target) for field in entity.links)}
        made |= {total[1].name for total in totals}
        files[f"backend/tests/test_{entity.slug}.py"] = render(
            "backend/test_entity.py.jinja",
            app=app,
            entity=entity,
            change=samples.change_of(entity),
            searchable=entity.title.type in ("string", "text"),
            filter_samples=samples.filter_samples(entity),
            totals=totals,
            factories=sorted(f"create_{name}" for name in made),
            param_of=partial(_reference_param, entity),
        )
    return files


def _reference_param(entity: EntityView, field: FieldView) -> str:
    return next(one.param for one in entity.filters if one.field is field)


def _totals(
    app: AppView, entity: EntityView
) -> list[tuple[FieldView, EntityView, FieldView, dict[str, Any], Any]]:
    """(field, child, reference to here, values of a child, total of two such) of sums over records."""
    found: list[tuple[FieldView, EntityView, FieldView, dict[str, Any], Any]] = []
    for field in entity.fields:
        if isinstance(field.spec.computed, SumOf):
            child = app.entity(field.spec.computed.child)
            values = samples.total_samples(field, child)
            if values is not None:
                link = next(one for one in child.links if one.spec.target == entity.name)
                found.append((field, child, link, *values))
    return found
