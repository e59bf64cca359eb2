"""What the generic code has to know about one kind of record."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Reference:
    """A field that holds the id of a record of `target`."""

    field: str
    target: str
    label: str
    on_delete: Literal["restrict", "cascade", "unlink"] = "restrict"


@dataclass(frozen=True)
class Total:
    """A sum, over the records of `child` that point here, of the product of their `factors`."""

    field: str
    child: str
    reference: str
    factors: tuple[str, ...]
    decimals: int | None = None


@dataclass(frozen=True)
class Entity:
    """`name` is the collection; all other names are stored keys."""

    name: str
    label: str
    label_plural: str
    title: str
    search: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    totals: tuple[Total, ...] = ()
    indexes: tuple[tuple[tuple[str, int], ...], ...] = ()
