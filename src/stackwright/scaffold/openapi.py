"""The OpenAPI schema that FastAPI will derive from the generated backend, as far as the client needs it.

The platform does not import generated code; `tools/generate_client.py --check` proves inside the
sandbox that both agree.
"""

from typing import Any

from stackwright.scaffold.fields import LISTS, TEXT_LIKE, FieldView
from stackwright.scaffold.figure_source import charts_of, named_lists_of
from stackwright.scaffold.views import POSITION, AppView, EntityView, Filter

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
RECORD_PROPERTIES: dict[str, Schema] = {
    "id": TEXT,
    "created_at": TEXT,
    "updated_at": TEXT,
    "titles": {"type": "object", "additionalProperties": TEXT},
}
MAKER_PROPERTIES: dict[str, Schema] = {"record_maker": TEXT, "record_is_mine": {"type": "boolean"}}

CHART_SCHEMAS: dict[str, Schema] = {
    "Bar": {
        "type": "object",
        "properties": {"label": TEXT, "value": {"type": "number"}},
        "required": ["label", "value"],
    },
    "ChartData": {
        "type": "object",
        "properties": {
            "bars": {"type": "array", "items": {"$ref": "#/components/schemas/Bar"}},
        },
        "required": ["bars"],
    },
}


def openapi(app: AppView) -> Schema:
    schemas: dict[str, Schema] = {}
    paths: dict[str, Schema] = {
        "/api/health": {
            "get": {
                "operationId": "health",
                "description": "Answers when the application and its database work.",
                "responses": _answer("200", {"type": "object", "additionalProperties": TEXT}),
            }
        }
    }
    for entity in app.entities:
        schemas.update(_schemas(entity, MAKER_PROPERTIES if app.has_accounts else {}))
        if charts_of(entity):
            schemas |= CHART_SCHEMAS
        if entity.ordered_key:
            schemas["NewPlace"] = _object({"to": WHOLE}, ["to"])
        paths.update(_paths(entity))
    return {"components": {"schemas": schemas}, "paths": paths}


def _schemas(entity: EntityView, more: dict[str, Schema]) -> dict[str, Schema]:
    inputs = entity.inputs
    place = {POSITION: WHOLE} if entity.ordered_key else {}
    outputs = {field.key: _output(field) for field in entity.fields}
    outputs = RECORD_PROPERTIES | outputs | place | more
    page = {"total": WHOLE, "page": WHOLE, "page_size": WHOLE}
    items = {"items": {"type": "array", "items": _reference(entity.cls)}}
    return {
        entity.cls: _object(outputs, list(outputs)),
        f"{entity.cls}Create": _object(
            {field.key: _input(field) for field in inputs},
            [field.key for field in inputs if field.is_needed],
        ),
        f"{entity.cls}Update": _object({field.key: _input(field) for field in inputs}, []),
        f"{entity.cls}Page": _object(page | items, [*page, *items]),
    }


def _paths(entity: EntityView) -> dict[str, Schema]:
    one = _answer("200", _reference(entity.cls))
    ident = {"name": "record_id", "in": "path", "required": True, "schema": TEXT}
    cls = entity.cls
    listing: list[Schema] = [
        _query("q", TEXT),
        _query("page", WHOLE),
        _query("page_size", WHOLE),
        _query("sort", {"type": "string", "enum": entity.sort_values}),
        *(_query(one.param, _filter(one)) for one in entity.filters),
        *(
            [_query("part", _or_null(WHOLE)), _query("zone", TEXT)]
            if named_lists_of(entity)
            else []
        ),
    ]
    return _chart_path(entity) | {
        f"/api/{entity.slug}": {
            "get": {
                "operationId": f"list{entity.plural_cls}",
                "summary": f"List {entity.nouns}",
                "parameters": listing,
                "responses": _answer("200", _reference(f"{cls}Page")),
            },
            "post": {
                "operationId": f"create{cls}",
                "summary": f"Create: {entity.noun}",
                "requestBody": _json(_reference(f"{cls}Create")),
                "responses": _answer("201", _reference(cls)),
            },
        },
        f"/api/{entity.slug}/{{record_id}}": {
            "get": {
                "operationId": f"get{cls}",
                "summary": f"Show: {entity.noun}",
                "parameters": [ident],
                "responses": one,
            },
            "patch": {
                "operationId": f"update{cls}",
                "summary": f"Change: {entity.noun}",
                "parameters": [ident],
                "requestBody": _json(_reference(f"{cls}Update")),
                "responses": one,
            },
            "delete": {
                "operationId": f"delete{cls}",
                "summary": f"Delete: {entity.noun}",
                "parameters": [ident],
                "responses": {"204": {}},
            },
        },
        **_move_path(entity, ident, one),
    }


def _move_path(entity: EntityView, ident: Schema, one: Schema) -> dict[str, Schema]:
    if not entity.ordered_key:
        return {}
    operation = {
        "operationId": f"move{entity.cls}",
        "summary": f"Move: {entity.noun}",
        "parameters": [ident],
        "requestBody": _json(_reference("NewPlace")),
        "responses": one,
    }
    return {f"/api/{entity.slug}/{{record_id}}/move": {"post": operation}}


def _chart_path(entity: EntityView) -> dict[str, Schema]:
    if not charts_of(entity):
        return {}
    number = {"name": "number", "in": "path", "required": True, "schema": WHOLE}
    filters = [_query(one.param, _filter(one)) for one in entity.filters]
    operation = {
        "operationId": f"chartOf{entity.plural_cls}",
        "summary": f"Figures over {entity.nouns}",
        "parameters": [number, _query("zone", TEXT), *filters],
        "responses": _answer("200", _reference("ChartData")),
    }
    return {f"/api/{entity.slug}/charts/{{number}}": {"get": operation}}


def _input(field: FieldView) -> Schema:
    return _or_null(_value(field)) if field.is_nullable else _value(field)


def _output(field: FieldView) -> Schema:
    plain = field.type in TEXT_LIKE or field.type in {"boolean"} | LISTS
    plain = plain or field.is_always_computed
    return _value(field) if plain else _or_null(_value(field))


def _value(field: FieldView) -> Schema:
    match field.type:
        case "enum":
            return {"type": "string", "enum": list(field.spec.choices)}
        case "integer":
            return WHOLE
        case "number" | "money":
            return {"type": "number"}
        case "boolean":
            return {"type": "boolean"}
        case "tags" | "references":
            return {"type": "array", "items": TEXT}
        case _:
            return TEXT


def _filter(one: Filter) -> Schema:
    return _or_null(one.schema)


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _object(properties: dict[str, Schema], required: list[str]) -> Schema:
    return {"type": "object", "properties": properties, "required": required}


def _reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _json(schema: Schema) -> Schema:
    return {"content": {"application/json": {"schema": schema}}}


def _answer(code: str, schema: Schema) -> Schema:
    return {code: _json(schema)}


def _query(name: str, schema: Schema) -> Schema:
    return {"name": name, "in": "query", "schema": schema}
