"""The schemas of tools as the model reads them: what says nothing to it is left out.

Calls are still checked against the whole of each model, so a limit that is left out is not lifted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LIMITS = frozenset({"maxLength", "minLength", "maxItems", "minItems", "pattern"})
_PLAIN: tuple[Any, ...] = (None, "", [], {}, False)
"""Defaults that everybody takes for granted."""
_NULL = {"type": "null"}


def compact(schema: Mapping[str, Any], *, without: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The schema in one piece, without generated titles, nulls, plain defaults and the keys of `without`."""
    return _Compacting(schema.get("$defs", {}), without).schema(schema, ())


@dataclass(frozen=True, slots=True)
class _Compacting:
    definitions: Mapping[str, Any]
    without: frozenset[str]

    def schema(self, given: Mapping[str, Any], within: tuple[str, ...]) -> dict[str, Any]:
        """`within` are the definitions around it: one that holds itself cannot be written out."""
        name = str(given.get("$ref", "")).removeprefix("#/$defs/")
        if name:
            assert name not in within, f"{name} holds itself"
            rest = {key: value for key, value in given.items() if key != "$ref"}
            return self.schema({**self.definitions[name], **rest}, (*within, name))
        left_out = {"title", "$defs", *self.without}
        kept = {key: value for key, value in given.items() if key not in left_out}
        if "default" in kept and kept["default"] in _PLAIN:
            del kept["default"]
        if "properties" in kept:
            properties = kept["properties"].items()
            kept["properties"] = {key: self.schema(each, within) for key, each in properties}
        for key in ("items", "additionalProperties"):
            if isinstance(kept.get(key), dict):
                kept[key] = self.schema(kept[key], within)
        if "description" in kept and "items" in kept:
            kept["items"].pop("description", None)  # the list says what they are
        if "enum" in kept:
            kept.pop("type", None)
        if "anyOf" in kept:
            choices = [self.schema(each, within) for each in kept["anyOf"]]
            kept["anyOf"] = [each for each in choices if each != _NULL]
        return _flat(kept)


def _flat(schema: dict[str, Any]) -> dict[str, Any]:
    """One choice alone is no choice, and a number may be whole."""
    choices = schema.get("anyOf")
    if choices is None:
        return schema
    if {"type": "number"} in choices:
        choices = [each for each in choices if each != {"type": "integer"}]
    rest = {key: value for key, value in schema.items() if key != "anyOf"}
    return {**choices[0], **rest} if len(choices) == 1 else {**rest, "anyOf": choices}
