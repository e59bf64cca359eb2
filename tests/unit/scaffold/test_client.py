from pathlib import Path

from stackwright.scaffold.client import is_used, typescript_client


def document(operation: dict[str, object], path: str = "/api/things") -> dict[str, object]:
    return {"paths": {path: {"post": operation}}, "components": {"schemas": {}}}


def test_default_ids_of_fastapi_become_the_name_of_the_function() -> None:
    text = typescript_client(
        document({"operationId": "add_thing_api_things_post", "responses": {}})
    )
    assert "export function addThing(options: RequestOptions = {}): Promise<void>" in text


def test_path_parameters_are_escaped_into_the_address() -> None:
    operation = {
        "operationId": "touch",
        "parameters": [
            {"name": "class", "in": "path", "required": True, "schema": {"type": "string"}}
        ],
        "responses": {},
    }
    text = typescript_client(document(operation, "/api/{class}"))
    assert "touch(_class: string, options" in text
    assert "`/api/${encodeURIComponent(_class)}`" in text


def test_a_schema_never_hides_a_global_type() -> None:
    schema = {
        "paths": {
            "/x": {
                "get": {
                    "operationId": "x",
                    "responses": {
                        "200": {
                            "content": {
                                "application/json": {
                                    "schema": {"$ref": "#/components/schemas/Promise"}
                                }
                            }
                        }
                    },
                }
            }
        },
        "components": {"schemas": {"Promise": {"type": "object", "properties": {}}, "Unused": {}}},
    }
    text = typescript_client(schema)
    assert "Promise<PromiseModel>" in text
    assert "Unused" not in text


def test_unions_arrays_and_maps_keep_their_shape() -> None:
    body = {
        "type": "object",
        "required": ["a-b"],
        "properties": {
            "a-b": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
            "tags": {"type": "array", "items": {"enum": ["x", 'y"']}},
            "map": {"type": "object", "additionalProperties": {"type": "boolean"}},
        },
    }
    operation = {
        "operationId": "send",
        "requestBody": {"content": {"application/json": {"schema": body}}},
        "responses": {"204": {}},
    }
    text = typescript_client(document(operation))
    assert '"a-b": number | null;' in text
    assert 'tags?: ("x" | "y\\"")[];' in text
    assert "map?: Record<string, boolean>;" in text


def test_a_frontend_that_asks_in_its_own_way_needs_no_client(tmp_path: Path) -> None:
    api, app = tmp_path / "lib/api", tmp_path / "app"
    packages = tmp_path / "node_modules/x"
    for folder in (api, app, packages):
        folder.mkdir(parents=True)
    (api / "index.ts").write_text('export * from "../api/client";')
    (packages / "x.js").write_text('require("api/client")')
    (app / "page.tsx").write_text('import { load } from "@/lib/own";')
    assert not is_used(tmp_path)
    assert not is_used(tmp_path / "nowhere")
    (app / "page.tsx").write_text('import { addThing } from "@/lib/api/client";')
    assert is_used(tmp_path)
    (app / "page.tsx").write_text('import { addThing } from "@/lib/api";')
    assert is_used(tmp_path)
