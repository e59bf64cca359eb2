"""What a specification can say of a kind of record beside its fields: rules, figures, views."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema, model_validator


class SpecModel(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


Names = Annotated[tuple[str, ...], Field(max_length=6)]


class Unique(SpecModel):
    """No two records have the same values in these fields; several fields count together."""

    rule: Literal["unique"]
    fields: Names = Field(min_length=1)


class NoOverlap(SpecModel):
    """The times from `start` to `end` of two records with the same values in `on` do not overlap.

    Instead of an end there may be a number of `minutes` that each record lasts."""

    rule: Literal["no_overlap"]
    start: str
    end: str = ""
    minutes: str = Field(default="", description="A number, e.g. duration; instead of end.")
    on: Names = Field(default=(), description="e.g. room_id, or room_id and date for plain times")

    @model_validator(mode="after")
    def _ends(self) -> Self:
        if bool(self.end) == bool(self.minutes):
            raise ValueError("no_overlap: give end or minutes, and not both")
        return self

    @property
    def until(self) -> str:
        """The field that says how long it lasts."""
        return self.end or self.minutes


class Capacity(SpecModel):
    """No more records than `maximum` (or a field there) refer to one record, or have one choice."""

    rule: Literal["capacity"]
    of: str = Field(description="The reference, e.g. class_id, or an enum.")
    value: str = Field(default="", description="Of an enum: its limited choice.")
    maximum: int | None = Field(default=None, ge=1)
    maximum_field: str = Field(default="", description="A number of the record referred to.")
    amount: str = Field(default="", description="A number that is added up, e.g. seats.")


class Compare(SpecModel):
    """One field against another of the same record, or of one it refers to (`room_id.seats`)."""

    rule: Literal["compare"]
    field: str
    must_be: Literal["more", "at_least", "less", "at_most"]
    than: str


class InTime(SpecModel):
    """A date or a moment that must not be in the past, or not in the future, when it is entered."""

    rule: Literal["not_past", "not_future"]
    field: str


class Steps(SpecModel):
    """The choices that can follow each choice of an enum. A choice without an entry is final."""

    rule: Literal["steps"]
    field: str
    allowed: dict[str, tuple[str, ...]]


class Deadline(SpecModel):
    """Possible only until so many hours before a date or moment, also of a record referred to."""

    rule: Literal["deadline"]
    field: str = Field(description="e.g. start, or class_id.start")
    hours: int = Field(ge=0, le=24 * 366)
    actions: tuple[Literal["create", "change", "delete"], ...] = ("change", "delete")


Rule = Annotated[
    Unique | NoOverlap | Capacity | Compare | InTime | Steps | Deadline,
    Field(discriminator="rule"),
]


RULE_KINDS = (
    *("unique", "no_overlap", "capacity", "compare"),
    *("not_past", "not_future", "steps", "deadline"),
)


RULES_SCHEMA = WithJsonSchema(
    {
        "type": "array",
        "items": {"type": "object"},
        "description": "What is refused. {rule:unique,fields} {rule:no_overlap,start,end|minutes,on:[room]} "
        "{rule:capacity,of:class_id|status,value?:Doing,maximum:12|maximum_field:seats,amount?} "
        "{rule:compare,field,must_be:more|at_least|less|at_most,than:end|room_id.seats} "
        "{rule:not_past|not_future,field} "
        "{rule:steps,field,allowed:{Open:[Paid]}} {rule:deadline,field:class_id.start,hours,"
        "actions:[create,change,delete]}",
    }
)
"""As the model reads it: short. Calls are checked against `Rule`."""


def fields_of(rule: Rule) -> Iterator[str]:
    """The fields of the record itself that a rule speaks of, the one that is complained about first."""
    match rule:
        case Unique():
            yield from rule.fields
        case NoOverlap():
            yield from (rule.start, rule.until, *rule.on)
        case Capacity():
            yield rule.of
            if rule.amount:
                yield rule.amount
        case Compare():
            yield rule.field
            yield rule.than.partition(".")[0]
        case InTime() | Steps():
            yield rule.field
        case Deadline():
            yield rule.field.partition(".")[0]


def key_of(rule: Rule) -> str:
    """Names a rule of an entity in a wish: `no_overlap_start`, `unique_number`."""
    return f"{rule.rule}_{next(iter(fields_of(rule)))}"


class Only(SpecModel):
    """Which records are counted: those whose enum or boolean has one of these values."""

    field: str
    values: tuple[bool | str, ...] = Field(min_length=1, max_length=20)


class SumOf(SpecModel):
    """A read-only total: the sum, over child records, of the product of these fields."""

    child: str = Field(description="The child entity, e.g. line_item.")
    factors: tuple[str, ...] = Field(
        min_length=1,
        description="Numbers, e.g. quantity, unit_price.",
    )
    only: Only | None = None


class FigureOf(SpecModel):
    """A read-only number over the records of `child` that refer here."""

    figure: Literal["count", "average"]
    child: str
    of: str = Field(default="", description="The number that is averaged.")
    only: Only | None = None


class Formula(SpecModel):
    """A read-only number out of other fields of the same record, or of a record it must refer to: `room.price`."""

    formula: Literal["sum", "difference", "product", "quotient", "percentage", "age", "days"] = (
        Field(
            description="difference: first minus the others. percentage: first of second. age: full years since a date. days: from first to second. A field may be reference.field."
        )
    )
    fields: Names = Field(min_length=1)


Computed = SumOf | FigureOf | Formula


COMPUTED_SCHEMA = WithJsonSchema(
    {
        "type": "object",
        "description": "Read-only: {child,factors:[hours,price]} sums referring records; "
        "{figure:count|average,child,of?}; both only:{field,values}; {formula:sum|difference|product|quotient|percentage|age|days,fields}",
    }
)


class Chart(SpecModel):
    """Records counted, summed or averaged per period of a date, or per value of an enum or reference."""

    view: Literal["chart"]
    by: str = Field(description="A date, datetime, enum, boolean or reference field.")
    period: Literal["day", "week", "month", "year"] = "month"
    measure: Literal["count", "sum", "average"] = "count"
    of: str = Field(default="", description="The number that is summed or averaged.")
    shape: Literal["bars", "line"] = "bars"


class Board(SpecModel):
    """Columns by an enum; cards move between them."""

    view: Literal["board"]
    by: str


class Calendar(SpecModel):
    """Records in months, weeks and days, from `start` to `end` if there is an end."""

    view: Literal["calendar"]
    start: str
    end: str = ""
    day: str = Field(default="", description="The date, if start and end are plain times.")


class Condition(SpecModel):
    """What the records of a named list have in one field. Days are counted from the reader's today."""

    field: str
    values: tuple[bool | str, ...] = Field(
        default=(), max_length=20, description="Of an enum or boolean: one of these."
    )
    from_day: int | None = Field(default=None, ge=-36600, le=36600, description="0: today or later")
    to_day: int | None = Field(default=None, ge=-36600, le=36600, description="-1: before today")
    period: Literal["", "week", "month", "year"] = Field(default="", description="The present one.")
    empty: bool = Field(default=False, description="Has no value; beside `values`, or none.")
    filled: bool = False
    more_than: float | None = None
    less_than: float | None = None
    less_than_field: str = Field(default="", description="Another number, e.g. minimum_stock")


class NamedList(SpecModel):
    """A part of the list that has a name of its own, such as "Overdue loans": chosen above the list."""

    view: Literal["list"]
    title: str = Field(min_length=1, max_length=60)
    where: tuple[Condition, ...] = Field(min_length=1, max_length=4)
    sort: str = Field(default="", description="Its order, e.g. due or -due.")
    first: bool = Field(default=False, description="The page opens with it: archived ones hidden.")


View = Annotated[Chart | Board | Calendar | NamedList, Field(discriminator="view")]

VIEWS_SCHEMA = WithJsonSchema(
    {
        "type": "array",
        "items": {"type": "object"},
        "description": "Pages beside the list. {view:chart,by,period:day|week|month|year,"
        "measure:count|sum|average,of?,shape:bars|line} {view:board,by} {view:calendar,start,end?,day?} "
        "{view:list,title:Late,where:[{field,values|from_day|to_day:-1|period|empty|filled|"
        "more_than|less_than|less_than_field}],sort?,first?}",
    }
)
