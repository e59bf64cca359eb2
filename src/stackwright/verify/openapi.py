"""The resources of an app, read from its OpenAPI schema: where records are made, read and removed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be done to one record, such as POST /tasks/{id}/finish."""

    method: str
    path: str
    body: Schema | None = None

    def path_of(self, record_id: str) -> str:
        return re.sub(r"\{[^}]+\}", record_id, self.path)


@dataclass(frozen=True, slots=True)
class Resource:
    """A collection of records. `item` has one `{parameter}`; methods that are missing are None.

    `queries` are the schemas of the list's query parameters, by name."""

    name: str
    collection: str
    item: str
    create: Schema | None = None
    update: Schema | None = None
    update_method: str | None = None
    can_list: bool = False
    can_get: bool = False
    can_delete: bool = False
    queries: Mapping[str, Schema] = field(default_factory=dict[str, Schema])
    actions: tuple[Action, ...] = ()

    def item_path(self, record_id: str) -> str:
        return re.sub(r"\{[^}]+\}", record_id, self.item)


@dataclass(frozen=True, slots=True)
class ApiDescription:
    """`plain_gets` are the paths that a GET without arguments can read."""

    resources: tuple[Resource, ...]
    plain_gets: tuple[str, ...]
    root: Schema = field(default_factory=Schema)

    def refers(self, name: str) -> bool:
        """Whether a field of this name holds the id of a record: `author_id`, `authorId`, or `author`
        where there are authors."""
        plain = snake(name)
        is_called_so = any(singular(plain) == singular(one.name) for one in self.resources)
        return plain.endswith(("_id", "_ids")) or is_called_so

    def at(self, path: str) -> Resource | None:
        """The resource whose records a POST to `path` makes."""
        plain = path.rstrip("/")
        return next((one for one in self.resources if one.collection.rstrip("/") == plain), None)

    def is_referred_to(self, resource: Resource) -> bool:
        """Whether records of another kind hold ids of its records."""
        return any(
            self.refers(name) and self.find_resource(name) == resource
            for other in self.resources
            if other != resource
            for name in (other.create or {}).get("properties", {})
        )

    def find_resource(self, word: str) -> Resource | None:
        """The resource that a path segment or a field such as `author_id` speaks of."""
        wanted = singular(re.sub(r"_?ids?$", "", snake(word)))
        if not wanted:
            return None
        matches = [
            resource
            for resource in self.resources
            if wanted == (name := singular(resource.name)) or wanted.endswith(f"_{name}")
        ]
        return max(matches, key=lambda one: len(one.name), default=None)


def described(openapi: Schema) -> ApiDescription:
    paths: dict[str, Schema] = openapi.get("paths", {})
    resources = [
        _resource(openapi, path, paths)
        for path in paths
        if re.fullmatch(r"[^{}]*/\{[^{}]+\}/?", path) and _collection(path, paths) is not None
    ]
    plain = tuple(
        path
        for path, item in paths.items()
        if "{" not in path and "get" in item and not _required_parameters(item["get"])
    )
    return ApiDescription(tuple(resources), plain, openapi)


MAX_PARTS = 200
"""Of one schema: references that fan out would otherwise double at each level."""


def resolved(schema: Schema, root: Schema) -> Schema:
    """The schema behind references, the parts of an `allOf` merged; beyond MAX_PARTS as they are."""
    return _resolved(schema, root, iter(range(MAX_PARTS)))


def _resolved(schema: Schema, root: Schema, left: Iterator[int]) -> Schema:
    while next(left, None) is not None:
        if "$ref" in schema:
            target: Any = root
            for part in str(schema["$ref"]).removeprefix("#/").split("/"):
                target = target.get(part, {})
            schema = {**target, **{k: v for k, v in schema.items() if k != "$ref"}}
        elif "allOf" in schema:
            merged: Schema = {k: v for k, v in schema.items() if k != "allOf"}
            for part in schema["allOf"][:MAX_PARTS]:
                merged = {**_resolved(part, root, left), **merged}
            schema = merged
        else:
            break
    return schema


def snake(word: str) -> str:
    """`dueDate`, `due-date` and `Due Date` as `due_date`."""
    word = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", word)
    return re.sub(r"[^a-z0-9]+", "_", word.lower()).strip("_")


def singular(word: str) -> str:
    """Good enough to recognise a resource by the name of a field."""
    for plural, single in (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("xes", "x")):
        if word.endswith(plural):
            return word.removesuffix(plural) + single
    return word.removesuffix("s") if not word.endswith("ss") else word


def _collection(item_path: str, paths: dict[str, Schema]) -> str | None:
    base = item_path.rstrip("/").rpartition("/")[0]
    return next((path for path in (base, base + "/") if path in paths), None)


def _resource(openapi: Schema, item: str, paths: dict[str, Schema]) -> Resource:
    collection = _collection(item, paths)
    assert collection is not None
    whole, one = paths[collection], paths[item]
    update_method = next((method for method in ("patch", "put") if method in one), None)
    return Resource(
        name=snake(collection.rstrip("/").rpartition("/")[2]),
        collection=collection,
        item=item,
        create=_body(openapi, whole.get("post")),
        update=_body(openapi, one.get(update_method)) if update_method else None,
        update_method=update_method.upper() if update_method else None,
        can_list="get" in whole and not _required_parameters(whole["get"]),
        can_get="get" in one,
        can_delete="delete" in one,
        queries=_queries(openapi, whole),
        actions=tuple(_actions(openapi, item, paths)),
    )


def _queries(openapi: Schema, whole: Schema) -> dict[str, Schema]:
    given = [*whole.get("parameters", ()), *whole.get("get", {}).get("parameters", ())]
    parameters = [resolved(one, openapi) for one in given]
    return {
        str(one.get("name")): without_null(one.get("schema", {}), openapi)
        for one in parameters
        if one.get("in") == "query"
    }


def _actions(openapi: Schema, item: str, paths: dict[str, Schema]) -> Iterator[Action]:
    """What can be read or done below one record with nothing but its id and a body."""
    for path, operations in paths.items():
        rest = path.removeprefix(item.rstrip("/") + "/")
        if rest == path or not rest or "{" in rest:
            continue
        for method in ("post", "get"):
            operation = operations.get(method)
            if operation is not None and not _required_queries(operation):
                yield Action(method.upper(), path, _body(openapi, operation))


def _required_queries(operation: Schema) -> bool:
    parameters = operation.get("parameters", ())
    return any(one.get("required") and one.get("in") == "query" for one in parameters)


def without_null(schema: Schema, root: Schema) -> Schema:
    """The one part that is not null of what may be null."""
    schema = resolved(schema, root)
    parts = [resolved(part, root) for part in schema.get("anyOf", ())]
    return next((part for part in parts if part.get("type") != "null"), schema)


def _body(openapi: Schema, operation: Schema | None) -> Schema | None:
    content: Schema = (operation or {}).get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema")
    return resolved(schema, openapi) if schema is not None else None


def _required_parameters(operation: Schema) -> bool:
    return any(one.get("required") for one in operation.get("parameters", ()))
