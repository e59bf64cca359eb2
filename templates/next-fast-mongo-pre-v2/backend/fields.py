"""Types and base classes for models: what may be stored, and how it is checked."""

from datetime import UTC, date, datetime, time
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AnyHttpUrl,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
)

MAX_WHOLE = 2**53 - 1
"""The largest whole number that a browser, JSON and the database all keep exactly."""


def _utc(value: datetime) -> datetime:
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    try:
        moment = aware.astimezone(UTC)
    except OverflowError:
        raise ValueError("must be a date between the years 1 and 9999") from None
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _cents(value: float) -> float:
    if round(value, 2) != value:
        raise ValueError("can have at most two decimals")
    return value


_URL: TypeAdapter[AnyHttpUrl] = TypeAdapter(AnyHttpUrl)


def _web_address(value: str) -> str:
    try:
        _URL.validate_python(value)
    except ValueError:
        raise ValueError("must be a web address such as https://example.com") from None
    return value


def _minutes(value: time) -> time:
    return value.replace(second=0, microsecond=0, tzinfo=None)


Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
Text = Annotated[str, StringConstraints(max_length=20_000)]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]
Url = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=2000), AfterValidator(_web_address)
]
Whole = Annotated[int, Field(ge=-MAX_WHOLE, le=MAX_WHOLE)]
Decimals = Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False)]
Money = Annotated[float, Field(ge=-1e12, le=1e12, allow_inf_nan=False), AfterValidator(_cents)]
Moment = Annotated[datetime, AfterValidator(_utc)]
Clock = Annotated[time, AfterValidator(_minutes)]
Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50)]
Tags = Annotated[
    list[Tag], Field(max_length=30), AfterValidator(lambda tags: [*dict.fromkeys(tags)])
]
RecordId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{24}$")]
RecordIds = Annotated[
    list[RecordId], Field(max_length=500), AfterValidator(lambda ids: [*dict.fromkeys(ids)])
]


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


def unset(alias: str | None = None) -> Any:
    """The default of a field that a change may leave out: then the stored value stays."""
    return Field(default=None, alias=alias, json_schema_extra=_without_default)


class Input(BaseModel):
    """The base of everything a client sends. Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", validate_by_name=False, validate_by_alias=True)


class Record(BaseModel):
    """The base of everything a client receives.

    `titles` names the records that this one refers to: field of the reference -> what people read.
    """

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    id: str
    created_at: datetime
    updated_at: datetime
    titles: dict[str, str] = Field(default_factory=dict)


class PageInfo(BaseModel):
    """One page of a list; `total` counts all pages."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    total: int
    page: int
    page_size: int


def stored(value: Any) -> Any:
    """`value` as MongoDB keeps it: plain dates and times are text, moments are dates."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return value
