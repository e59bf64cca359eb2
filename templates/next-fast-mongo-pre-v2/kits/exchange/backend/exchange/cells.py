"""Between a cell of a file and a value of a record."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

YES = frozenset({"yes", "y", "true", "1", "x"})
NO = frozenset({"no", "n", "false", "0", ""})
NUMBERS = frozenset({"integer", "number", "money"})
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A spreadsheet runs what begins so, for example `=HYPERLINK(…)`."""

_DIGITS = r"[+-]?\d+"
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([.,' ])\d{3})(?:\1\d{3})*(?:[.,]\d+)?")
_UNCLEAR = re.compile(r"[+-]?\d{1,3},\d{3}")
_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


@dataclass(frozen=True)
class Column:
    """`name` is the field's key in the API, `target` the collection that a reference points into.
    What is computed is only written, and so are lists of references."""

    name: str
    label: str
    kind: str
    choices: tuple[str, ...] = ()
    target: str = ""
    is_computed: bool = False


def safe_text(text: str) -> str:
    """The text as a cell that no spreadsheet runs."""
    return f"'{text}" if text.startswith(RISKY) else text


def plain_text(text: str) -> str:
    """What was made safe, as it was before."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(RISKY) else text


def cell_of(column: Column, value: Any, titles: dict[str, str]) -> str | int | float:
    """The value as a cell of a table."""
    if column.kind == "reference":
        return safe_text(titles.get(column.name, ""))
    if column.kind == "references":
        return safe_text(", ".join(titles.get(one, "") for one in value or ()))
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, list):
        return safe_text(", ".join(str(part) for part in value))
    return safe_text(str(value))


def value_of(column: Column, cell: str) -> Any:
    """What the cell means for this column; raises ValueError with a sentence. What only the
    record's model can judge is passed on as it is."""
    text = plain_text(cell.strip() if column.kind != "text" else cell)
    match column.kind:
        case "boolean":
            return _truth(column, text)
        case kind if kind in NUMBERS:
            return _number(column, text)
        case "enum":
            same = [one for one in column.choices if one.casefold() == text.casefold()]
            if not same:
                raise ValueError(f"{column.label} must be one of {', '.join(column.choices)}.")
            return same[0]
        case "tags":
            return [part.strip() for part in text.split(",") if part.strip()]
        case "date":
            found = _DAY.fullmatch(text)
            return f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}" if found else text
        case _:
            return text


def _truth(column: Column, text: str) -> bool:
    if text.casefold() in YES:
        return True
    if text.casefold() in NO:
        return False
    raise ValueError(f"{column.label} must be yes or no.")


def _number(column: Column, text: str) -> int | float:
    plain = text.strip(" €$£\u00a0")
    if _UNCLEAR.fullmatch(plain):
        raise ValueError(
            f"{column.label}: {text} can be read in two ways. Write it without a comma."
        )
    grouped = _GROUPED.fullmatch(plain)
    if grouped and (grouped[1] in "' " or len(re.findall(r"[.,]", plain)) > 1):
        plain = plain.replace(grouped[1], "")
    plain = plain.replace(",", ".")
    if re.fullmatch(_DIGITS, plain) and len(plain) <= 17:
        return int(plain)
    if re.fullmatch(rf"{_DIGITS}\.\d+(?:[eE]{_DIGITS})?", plain) and len(plain) <= 40:
        return float(plain)
    raise ValueError(f"{column.label} must be a number.")
