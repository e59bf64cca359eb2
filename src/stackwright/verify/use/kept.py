"""What else changes in a record when a person changes one field of it through its form."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from stackwright.verify.use.sent import leaves

_NOTHING: tuple[Any, ...] = (None, "", [], {})
_BY_ITSELF = ("updated", "modified", "_")


def wrong_changes(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    old: str,
    new: str,
    given: Collection[str],
) -> Iterator[str]:
    """The text `old` of the record was changed into `new`, and nothing else. Fields that are not `given`, the
    ones that the form sends, may follow from others."""
    for name, value in before.items():
        other = after.get(name)
        is_ours = isinstance(value, str) and value.strip() == old.strip()
        if other == value or is_ours or name.lower().startswith(_BY_ITSELF):
            continue
        if value not in _NOTHING and other in _NOTHING:
            yield f"changing one field through the form loses another: {name} was {value!r}."
        elif isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\d", value):
            yield f"changing one field through the form moves {name} from {value!r} to {other!r}."
        elif name in given and value not in _NOTHING:
            yield (
                f"changing one field through the form changes another: {name} was {value!r} and is "
                f"{other!r}."
            )
    if new.strip() not in [str(value).strip() for value in leaves(dict(after))]:
        yield f"the form was sent with {new!r}, but the record does not hold it afterwards."
