"""Names in generated code: none may collide with Python, TypeScript, pydantic, Next or each other.

What people and the database see (keys, addresses) stays what the specification says wherever it can.
"""

import builtins
import keyword
from collections.abc import Iterable

from pydantic import BaseModel

from stackwright.scaffold.spec import EntitySpec, FieldSpec

RECORD_KEYS = frozenset({"id", "created_at", "updated_at", "titles"})
QUERY_KEYS = frozenset({"q", "sort", "page", "page_size", "part", "zone"})
RESERVED_SLUGS = frozenset(
    {"account", "api", "index", "health", "docs", "redoc", "openapi", "outbox"}
)
MODEL_IMPORTS = frozenset({"dt"})
TYPE_NAMES = frozenset(
    [
        "Annotated",
        "Any",
        "Application",
        "Array",
        "BaseModel",
        "Blob",
        "Boolean",
        "Clock",
        "Component",
        "Date",
        "Decimals",
        "Document",
        "EmailStr",
        "Entity",
        "Error",
        "Event",
        "Field",
        "FieldProblem",
        "File",
        "FormData",
        "Function",
        "Input",
        "Line",
        "Link",
        "Literal",
        "Map",
        "Moment",
        "Money",
        "NewPlace",
        "Node",
        "Number",
        "Object",
        "PageInfo",
        "Partial",
        "Phone",
        "Problem",
        "Promise",
        "Record",
        "RecordId",
        "RecordIds",
        "Reference",
        "Request",
        "RequestOptions",
        "Response",
        "Router",
        "Set",
        "Store",
        "String",
        "Symbol",
        "Tag",
        "Tags",
        "Text",
        "Total",
        "Url",
        "Whole",
    ]
)
DETAILS = frozenset(
    {"item", "line", "position", "comment", "reply", "answer", "attachment", "step", "ingredient"}
    | {"subtask", "option", "choice", "message", "photo", "verse", "set", "remark"}
)
"""Last words of kinds that are nothing without the record that they are part of."""
PARTS = ("", "Create", "Update", "Page")


def key_of(entity: EntitySpec, field: FieldSpec) -> str:
    """The name of `field` in JSON and in the database."""
    names = {one.name for one in entity.fields}
    key = field.name
    while key in RECORD_KEYS or (key != field.name and key in names):
        key += "_value"
    return key


def attribute(key: str) -> str:
    """The Python attribute for a key; differs from it where Python or pydantic own the name."""
    owned = (
        keyword.iskeyword(key)
        or keyword.issoftkeyword(key)
        or hasattr(builtins, key)
        or hasattr(BaseModel, key)
        or key in MODEL_IMPORTS
        or key.startswith("model_")
    )
    return f"{key}_" if owned else key


def slug_of(entity: EntitySpec, others: Iterable[EntitySpec]) -> str:
    """The part of addresses, and the collection, that holds the entity's records."""
    plurals = {one.plural for one in others}
    slug = entity.plural
    while slug in RESERVED_SLUGS or (slug != entity.plural and slug in plurals):
        slug += "_records"
    return slug


def module_of(slug: str) -> str:
    return f"{slug}_" if keyword.iskeyword(slug) or keyword.issoftkeyword(slug) else slug


def pascal(name: str) -> str:
    return "".join(part[0].upper() + part[1:] for part in name.split("_"))


def class_names(entities: Iterable[EntitySpec]) -> dict[str, str]:
    """Entity name -> class name, such that all its models have names of their own."""
    taken: set[str] = set()
    chosen: dict[str, str] = {}
    for entity in entities:
        name = pascal(entity.name)
        while (
            name in TYPE_NAMES
            or keyword.iskeyword(name)
            or hasattr(builtins, name)
            or any(name + part in taken for part in PARTS)
        ):
            name += "Record"
        taken.update(name + part for part in PARTS)
        chosen[entity.name] = name
    return chosen


def plural_class(entity: EntitySpec, taken: set[str]) -> str:
    """The plural for operation names such as listTasks; adds it to `taken`."""
    name = pascal(entity.plural)
    while name in taken:
        name += "Records"
    taken.add(name)
    return name


def query_key(wanted: str, taken: set[str]) -> str:
    """A query parameter that is still free; adds it to `taken`."""
    name = wanted
    while name in taken or name in QUERY_KEYS:
        name += "_is"
    taken.add(name)
    return name
