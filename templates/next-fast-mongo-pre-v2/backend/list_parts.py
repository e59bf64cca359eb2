"""What the parts of lists that have names are made of."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Condition:
    """What the records of a named list have in one field. Days are counted from today."""

    key: str
    values: tuple[bool | str, ...] = ()
    from_day: int | None = None
    to_day: int | None = None
    period: Literal["", "week", "month", "year"] = ""
    empty: bool = False
    """It has no value, or one of `values` where there are such."""
    filled: bool = False
    more_than: float | None = None
    less_than: float | None = None
    less_than_field: str = ""
    is_moment: bool = False


@dataclass(frozen=True)
class NamedList:
    """A part of a list that has a name of its own, such as overdue loans."""

    where: tuple[Condition, ...]
