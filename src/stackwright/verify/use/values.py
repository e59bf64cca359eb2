"""What a person might type into a field of a page."""

import re
from dataclasses import dataclass, field

from stackwright.verify.openapi import snake

NUMBER = "12.37"
LATER = frozenset(
    {
        "end",
        "ends",
        "until",
        "to",
        "due",
        "return",
        "returned",
        "checkout",
        "finish",
        "close",
        "closes",
    }
)
_NUMERIC_MODES = ("numeric", "decimal")
_FIXED = {
    "email": "sample@example.com",
    "tel": "+1 202 555 0143",
    "url": "https://example.com/sample",
    "month": "2026-03",
    "week": "2026-W11",
    "color": "#336699",
    "password": "Sample-pass-2026",
}
_BY_NAME = (
    ("email", _FIXED["email"]),
    ("mail", _FIXED["email"]),
    ("phone", _FIXED["tel"]),
    ("website", _FIXED["url"]),
    ("url", _FIXED["url"]),
    ("link", _FIXED["url"]),
    ("tags", "sample, second"),
)
NOT_FILLED = frozenset({"file", "range", "checkbox", "radio", "reset", "image"})


@dataclass(frozen=True, slots=True)
class Field:
    """A field as the page shows it."""

    id: str
    kind: str
    label: str = ""
    name: str = ""
    mode: str = ""
    help: str = ""
    """What the browser may fill in: its `autocomplete`."""
    value: str = ""
    checked: bool = False
    is_required: bool = False
    min: str = ""
    max: str = ""
    step: str = ""
    pattern: str = ""
    max_length: int | None = None
    options: tuple[str, ...] = field(default_factory=tuple[str, ...])

    @property
    def words(self) -> frozenset[str]:
        return frozenset(snake(f"{self.label} {self.name}").split("_"))


def value_for(field: Field, mark: str, *, word: str = "Sample") -> str | None:
    """What to type or choose; None for a field that is left as it is."""
    if field.kind in NOT_FILLED:
        return None
    if field.kind == "select":
        others = [one for one in field.options if one not in ("", field.value)]
        return others[0] if others else None
    if field.kind in ("date", "datetime-local", "time"):
        return _time_for(field)
    if field.kind == "number" or field.mode in _NUMERIC_MODES:
        return _number_for(field)
    if field.kind in _FIXED:
        return _FIXED[field.kind]
    known = next((value for name, value in _BY_NAME if name in field.words), None)
    text = known or f"{word} {short_label(field)} {mark}".replace("  ", " ")
    if field.pattern and not _matches(field.pattern, text):
        return None
    return text[: field.max_length] if field.max_length else text


def short_label(field: Field) -> str:
    return re.sub(r"[^\w ]+", "", field.label or field.name).strip().lower()[:24]


def _time_for(field: Field) -> str:
    day = "2026-03-17" if LATER & field.words else "2026-03-15"
    if field.kind == "date":
        return field.min if field.min > day else field.max if field.max and field.max < day else day
    clock = "17:45" if LATER & field.words else "09:30"
    return clock if field.kind == "time" else f"{day}T{clock}"


def _number_for(field: Field) -> str:
    is_whole = field.mode == "numeric" or (field.kind == "number" and field.step in ("", "1"))
    value = 3.0 if is_whole else float(NUMBER)
    for limit, choose in ((field.min, max), (field.max, min)):
        if limit:
            value = choose(value, float(limit))
    return f"{value:g}"


def _matches(pattern: str, text: str) -> bool:
    try:
        return re.fullmatch(pattern, text) is not None
    except re.error:
        return False
