"""OpenAPI -> the typed TypeScript client of a generated application.

Standard library only: the same text lies in every application as `tools/generate_client.py`, where
`python tools/generate_client.py [--check]` writes (or compares) `frontend/lib/api/client.ts`.
"""

import argparse
import importlib
import json
import re
import sys
from pathlib import Path
from typing import Any, cast

Schema = dict[str, Any]

CLIENT_PATH = "frontend/lib/api/client.ts"
HEADER = (
    "// Generated from the backend's OpenAPI schema by tools/generate_client.py. Do not edit.\n"
    'import { request, type RequestOptions } from "./http";\n'
)
_CLIENT_NAMED = re.compile(r"api/client|lib/api[\"']")
METHODS = ("get", "post", "put", "patch", "delete")
SCALARS = {"integer": "number", "number": "number", "string": "string", "boolean": "boolean"}
IDENTIFIER = re.compile(r"^[A-Za-z_$][A-Za-z0-9_$]*$")
TAKEN_TYPES = frozenset(
    [
        "Array",
        "Blob",
        "Boolean",
        "Date",
        "Error",
        "FormData",
        "Function",
        "Map",
        "Number",
        "Object",
        "Partial",
        "Promise",
        "Record",
        "Request",
        "RequestOptions",
        "Response",
        "Set",
        "String",
        "Symbol",
        "any",
        "bigint",
        "boolean",
        "never",
        "null",
        "number",
        "object",
        "string",
        "symbol",
        "undefined",
        "unknown",
        "void",
    ]
)
TAKEN_NAMES = frozenset(
    [
        "arguments",
        "await",
        "body",
        "break",
        "case",
        "catch",
        "class",
        "const",
        "continue",
        "debugger",
        "default",
        "delete",
        "do",
        "else",
        "enum",
        "eval",
        "export",
        "extends",
        "false",
        "finally",
        "for",
        "function",
        "if",
        "implements",
        "import",
        "in",
        "instanceof",
        "interface",
        "let",
        "new",
        "null",
        "options",
        "package",
        "private",
        "protected",
        "public",
        "query",
        "request",
        "return",
        "static",
        "super",
        "switch",
        "this",
        "throw",
        "true",
        "try",
        "typeof",
        "var",
        "void",
        "while",
        "with",
        "yield",
    ]
)


def typescript_client(openapi: Schema) -> str:
    """The text of the client: one type per schema, one function per operation, sorted."""
    schemas: dict[str, Schema] = openapi.get("components", {}).get("schemas", {})
    used = _used_schemas(openapi)
    types = [_declaration(name, schemas[name]) for name in sorted(used)]
    functions = [_function(*operation) for operation in _operations(openapi)]
    return "\n".join([HEADER, *types, *functions])


def type_name(name: str) -> str:
    """The TypeScript name of a schema; never one that hides a global."""
    clean = re.sub(r"\W+", "_", name).strip("_") or "Schema"
    if clean[0].isdigit():
        clean = f"T{clean}"
    return f"{clean}Model" if clean in TAKEN_TYPES else clean


def typescript(schema: Schema, indent: str = "") -> str:
    """A schema as a TypeScript type."""
    if "$ref" in schema:
        return type_name(schema["$ref"].rsplit("/", 1)[1])
    if "const" in schema:
        return _literal(schema["const"])
    if "enum" in schema:
        return " | ".join(_literal(value) for value in schema["enum"])
    for key, joint in (("anyOf", " | "), ("oneOf", " | "), ("allOf", " & ")):
        if key in schema:
            return joint.join(dict.fromkeys(typescript(part, indent) for part in schema[key]))
    kind = schema.get("type")
    if isinstance(kind, list):
        kinds = cast("list[str]", kind)
        return " | ".join(typescript({**schema, "type": one}, indent) for one in kinds)
    return _structure(schema, kind, indent)


def _structure(schema: Schema, kind: Any, indent: str) -> str:
    if kind == "array":
        item = typescript(schema.get("items", {}), indent)
        return f"({item})[]" if re.search(r"[|&]", item) else f"{item}[]"
    if "properties" in schema:
        return _members(schema["properties"], set(schema.get("required", ())), indent)
    if kind == "object":
        values: Schema | bool = schema.get("additionalProperties", True)
        return f"Record<string, {'unknown' if isinstance(values, bool) else typescript(values, indent)}>"
    return "null" if kind == "null" else SCALARS.get(str(kind), "unknown")


def _members(properties: dict[str, Schema], required: set[str], indent: str) -> str:
    inner = indent + "  "
    lines = [
        f"{inner}{_key(name)}{'' if name in required else '?'}: {typescript(schema, inner)};"
        for name, schema in properties.items()
    ]
    return "\n".join(["{", *lines, indent + "}"])


def _key(name: str) -> str:
    return name if IDENTIFIER.match(name) else _literal(name)


def _literal(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _declaration(name: str, schema: Schema) -> str:
    body = typescript(schema)
    return f"export type {type_name(name)} = {body};\n"


def _operations(openapi: Schema) -> list[tuple[str, str, str, Schema]]:
    """(function name, method, path, operation) of every operation, sorted by path."""
    found: list[tuple[str, str, str, Schema]] = []
    taken: set[str] = set()
    for path, item in sorted(openapi.get("paths", {}).items()):
        for method in METHODS:
            if method in item:
                name = _function_name(path, method, item[method])
                while name in taken:
                    name += "_"
                taken.add(name)
                found.append((name, method, path, item[method]))
    return found


def _function_name(path: str, method: str, operation: Schema) -> str:
    """FastAPI's default ids end in path and method; what is left is the Python function's name."""
    raw = str(operation.get("operationId") or f"{method}_{path}")
    suffix = re.sub(r"\W", "_", path) + f"_{method}"
    if raw.endswith(suffix) and len(raw) > len(suffix):
        raw = raw[: -len(suffix)]
    return _camel(raw)


def _camel(raw: str) -> str:
    parts = [part for part in re.split(r"[^A-Za-z0-9]+", raw) if part]
    name = (
        "".join([parts[0], *(part[0].upper() + part[1:] for part in parts[1:])])
        if parts
        else "call"
    )
    name = name[0].lower() + name[1:]
    return f"_{name}" if name in TAKEN_NAMES or name[0].isdigit() else name


def _function(name: str, method: str, path: str, operation: Schema) -> str:
    arguments = [
        f"{_camel(one['name'])}: {typescript(one['schema'])}"
        for one in _parameters(operation, "path")
    ]
    settings: list[str] = []
    body = _body(operation)
    if body is not None:
        arguments.append(f"body: {body}")
        settings.append("body")
    query = sorted(_parameters(operation, "query"), key=lambda one: str(one["name"]))
    if query:
        members = " ".join(
            f"{_key(one['name'])}{'' if one.get('required') else '?'}: {typescript(one['schema'])};"
            for one in query
        )
        optional = "" if any(one.get("required") for one in query) else " = {}"
        arguments.append(f"query: {{ {members} }}{optional}")
        settings.append("query")
    arguments.append("options: RequestOptions = {}")
    settings.append("...options")
    result, reading = _result(operation)
    if reading:
        settings.append(f'reads: "{reading}"')
    return (
        f"/** {_summary(method, path, operation)} */\n"
        f"export function {name}({', '.join(arguments)}): Promise<{result}> {{\n"
        f'  return request("{method.upper()}", {_path(path)}, {{ {", ".join(settings)} }});\n'
        "}\n"
    )


def _parameters(operation: Schema, place: str) -> list[Schema]:
    parameters: list[Schema] = operation.get("parameters", [])
    return [one for one in parameters if one["in"] == place]


def _summary(method: str, path: str, operation: Schema) -> str:
    text = str(operation.get("description") or operation.get("summary") or "").strip()
    first = text.split("\n", 1)[0].replace("*/", "")
    return f"{method.upper()} {path}" + (f": {first}" if first else "")


def _path(path: str) -> str:
    def value(match: re.Match[str]) -> str:
        return f"${{encodeURIComponent({_camel(match[1])})}}"

    filled = re.sub(r"\{([^}:]+)(?::[^}]*)?\}", value, path)
    return f"`{filled}`" if filled != path else f'"{path}"'


def _body(operation: Schema) -> str | None:
    content: Schema = operation.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        return typescript(content["application/json"].get("schema", {}))
    return "FormData" if content else None


def _result(operation: Schema) -> tuple[str, str]:
    """The type of a successful answer, and how to read it when it is not JSON."""
    responses: dict[str, Schema] = operation.get("responses", {})
    good = [answer for code, answer in sorted(responses.items()) if code.startswith("2")]
    answer: Schema = good[0] if good else {}
    content: Schema = answer.get("content", {})
    if "application/json" in content:
        return typescript(content["application/json"].get("schema", {})), ""
    if not content:
        return "void", ""
    return (
        ("string", "text")
        if all(kind.startswith("text/") for kind in content)
        else ("Blob", "blob")
    )


def _used_schemas(openapi: Schema) -> set[str]:
    """Names of the schemas that requests and successful answers need, directly or not."""
    schemas: dict[str, Schema] = openapi.get("components", {}).get("schemas", {})
    waiting: set[str] = set()
    for _, _, _, operation in _operations(openapi):
        waiting |= _references(operation.get("parameters", []))
        waiting |= _references(operation.get("requestBody", {}))
        for code, answer in operation.get("responses", {}).items():
            if code.startswith("2"):
                waiting |= _references(answer)
    used: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in schemas and name not in used:
            used.add(name)
            waiting |= _references(schemas[name])
    return used


def _references(part: Any) -> set[str]:
    return set(re.findall(r'"\$ref": "#/components/schemas/([^"]+)"', json.dumps(part)))


def is_used(frontend: Path) -> bool:
    """Whether a source of the frontend names the client: one that asks in its own way needs none."""
    if not frontend.is_dir():
        return False
    sources = (
        path
        for folder in frontend.iterdir()
        if folder.is_dir() and folder.name != "node_modules" and not folder.name.startswith(".")
        for path in folder.rglob("*.[jt]s*")
    )
    own = frontend / "lib" / "api"
    return any(
        _CLIENT_NAMED.search(path.read_text(encoding="utf-8", errors="replace"))
        for path in sources
        if path.is_file() and own not in path.parents
    )


def main() -> int:
    """Write the client of the application around this file; with --check only compare."""
    parser = argparse.ArgumentParser(description="Generate the typed client from the backend.")
    parser.add_argument("--check", action="store_true", help="exit with 1 when out of step")
    parser.add_argument(
        "--openapi", action="store_true", help="write the schema to standard output"
    )
    options = parser.parse_args()
    root = Path(__file__).resolve().parent.parent
    sys.path.insert(0, str(root / "backend"))
    schema: Schema = importlib.import_module("main").app.openapi()
    if options.openapi:
        sys.stdout.write(json.dumps(schema, indent=2) + "\n")
        return 0
    target = root / CLIENT_PATH
    text = typescript_client(schema)
    current = target.read_text(encoding="utf-8") if target.exists() else ""
    if current == text:
        sys.stdout.write("The client is in step with the backend.\n")
        return 0
    if options.check and not is_used(root / "frontend"):
        sys.stdout.write("No page uses the client.\n")
        return 0
    if options.check:
        sys.stdout.write("The client is out of step: run python tools/generate_client.py\n")
        return 1
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    sys.stdout.write(f"Wrote {CLIENT_PATH}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
