"""The numbers that a form allows, held against those that the API says it takes."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from stackwright.verify.openapi import ApiDescription, Schema, snake, without_null
from stackwright.verify.records import as_object
from stackwright.verify.use.elements import Form, Write
from stackwright.verify.use.sent import json_of
from stackwright.verify.use.values import Field

_SIDES = (("min", ("minimum", "exclusiveMinimum"), 1), ("max", ("maximum", "exclusiveMaximum"), -1))


def wider_limits(
    form: Form, typed: Mapping[str, str], write: Write, description: ApiDescription
) -> Iterator[str]:
    """What the API takes although the form forbids it, for limits that both of them tell."""
    path = urlsplit(write.url).path
    resource = description.at(path) if write.method == "POST" else None
    schema = resource.create or {} if resource is not None else {}
    sent = as_object(json_of(write.sent)) or {}
    for field in form.fields:
        name = _name_in(sent, field, typed.get(field.id, ""))
        if name is None:
            continue
        part = without_null(schema.get("properties", {}).get(name, {}), description.root)
        for side, keys, sign in _SIDES:
            allowed, taken = _number(getattr(field, side)), _limit(part, keys)
            if allowed is not None and taken is not None and taken * sign < allowed * sign:
                yield (
                    f"{field.label or field.name} allows {allowed:g} at {side}, but the API's schema of "
                    f"{write.method} {path} takes {name} from other programs at {side} "
                    f"{taken:g}. Say the same limit in both."
                )


def _name_in(sent: Mapping[str, Any], field: Field, typed: str) -> str | None:
    """The name under which a field's number was sent; None when that is not sure."""
    if field.kind != "number" or (number := _number(typed)) is None:
        return None
    same = [name for name, value in sent.items() if _is_number(value) and value == number]
    called = [name for name in same if snake(name) in (snake(field.label), snake(field.name))]
    found = called or same
    return found[0] if len(found) == 1 else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _limit(schema: Schema, keys: tuple[str, str]) -> float | None:
    """Inclusive for whole numbers, which forms ask for; an exclusive one counts as it stands else."""
    inclusive, exclusive = keys
    if _is_number(schema.get(inclusive)):
        return float(schema[inclusive])
    if not _is_number(schema.get(exclusive)):
        return None
    step = 1 if schema.get("type") == "integer" else 0
    return float(schema[exclusive]) + (step if inclusive == "minimum" else -step)
