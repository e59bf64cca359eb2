"""The app's logs, and what is typed into its terminal."""

from typing import Literal

from pydantic import (
    BaseModel,
    Field,
)

from stackwright.api.schemas.base import RequestBody, ResponseBody


class LogLineOut(ResponseBody):
    service: str
    level: Literal["error", "warning", "info"]
    text: str


class LogsOut(BaseModel):
    is_asleep: bool = Field(description="The app does not run, so there is nothing to read.")
    lines: list[LogLineOut]


class Typed(RequestBody):
    typed: str = Field(min_length=1, max_length=10_000)


class TerminalSize(RequestBody):
    rows: int = Field(ge=1, le=500)
    columns: int = Field(ge=1, le=1000)
