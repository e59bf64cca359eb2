"""What the generic code has to know about one kind of record."""

from dataclasses import dataclass
from typing import Literal

from list_parts import NamedList
from rules import Rule


@dataclass(frozen=True)
class Reference:
    """A field that holds the id of a record of `target`, or the ids of many of them."""

    field: str
    target: str
    label: str
    on_delete: Literal["restrict", "cascade", "unlink"] = "restrict"
    many: bool = False


@dataclass(frozen=True)
class Total:
    """A sum, over the records of `child` that point here, of the product of their `factors`; or how
    many they are, or the average of their first factor."""

    field: str
    child: str
    reference: str
    factors: tuple[str, ...] = ()
    decimals: int | None = None
    kind: Literal["sum", "count", "average"] = "sum"
    only: str = ""
    among: tuple[bool | str, ...] = ()
    """Only records count whose field `only` has one of these values."""


@dataclass(frozen=True)
class Formula:
    """A figure out of other fields of the same record, totals among them; `room_id.price` is the number of the
    record that `room_id` refers to."""

    field: str
    kind: Literal["sum", "difference", "product", "quotient", "percentage", "age", "days"]
    fields: tuple[str, ...]
    decimals: int | None = None


@dataclass(frozen=True)
class Chart:
    """What is counted or added up, per period of a date or per value of another field."""

    by: str
    period: Literal["", "day", "week", "month", "year"] = ""
    measure: Literal["count", "sum", "average"] = "count"
    of: str = ""
    choices: tuple[str, ...] = ()
    """Those of an enum `by`, in their order."""


@dataclass(frozen=True)
class Entity:
    """`name` is the collection; all other names are stored keys. `ordered` is the reference within
    whose record these stand in an order that people choose."""

    name: str
    label: str
    label_plural: str
    title: str
    search: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    totals: tuple[Total, ...] = ()
    formulas: tuple[Formula, ...] = ()
    rules: tuple[Rule, ...] = ()
    charts: tuple[Chart, ...] = ()
    lists: tuple[NamedList, ...] = ()
    ordered: str = ""
    indexes: tuple[tuple[tuple[str, int], ...], ...] = ()
