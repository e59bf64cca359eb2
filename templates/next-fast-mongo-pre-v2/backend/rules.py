"""What is refused beside values of the wrong form. `field` is where the complaint stands in the form."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Unique:
    """No two records have the same values in `fields`."""

    field: str
    fields: tuple[str, ...]
    message: str


@dataclass(frozen=True)
class NoOverlap:
    """Times from `field` to `end`, or of so many `minutes`, do not overlap where `on` is the same. Days
    include their last one."""

    field: str
    on: tuple[str, ...]
    whole_days: bool
    message: str
    order_message: str
    end: str = ""
    minutes: str = ""


@dataclass(frozen=True)
class Capacity:
    """Records that refer to one record of `target` through `field`, or whose `field` is `value`, or the
    sum of their `amount`."""

    field: str
    target: str
    message: str
    maximum: int | None = None
    maximum_field: str = ""
    amount: str = ""
    value: str = ""


@dataclass(frozen=True)
class Compare:
    """`field` against another of the record, or of the record of `target` that it refers to by `via`."""

    field: str
    must_be: Literal["more", "at_least", "less", "at_most"]
    than: str
    message: str
    via: str = ""
    target: str = ""


@dataclass(frozen=True)
class InTime:
    """A date or moment on one side of now, when it is entered."""

    field: str
    must_be: Literal["not_past", "not_future"]
    message: str


@dataclass(frozen=True)
class Steps:
    """What can follow each choice; a choice that is not named is final."""

    field: str
    allowed: tuple[tuple[str, tuple[str, ...]], ...]
    label: str


@dataclass(frozen=True)
class Deadline:
    """Until `hours` before `moment`, which is the record's own or that of the record by `via`."""

    field: str
    moment: str
    hours: int
    actions: tuple[Literal["create", "change", "delete"], ...]
    message: str
    via: str = ""
    target: str = ""


Rule = Unique | NoOverlap | Capacity | Compare | InTime | Steps | Deadline
NEEDS_LOCK = (Unique, NoOverlap, Capacity)
"""Rules between records: two writes at the same time could both look right."""
