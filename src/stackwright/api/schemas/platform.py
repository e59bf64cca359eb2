"""The platform: its machine, its keys, its models and its limits."""

from pydantic import (
    BaseModel,
    Field,
)

from stackwright.api.schemas.base import ResponseBody


class FindingOut(ResponseBody):
    """Something the platform needs of its machine."""

    name: str
    ok: bool
    detail: str
    fix: str
    needed: bool


class KeyOut(ResponseBody):
    """A setting that turns something on. Its value is told to nobody."""

    name: str
    is_set: bool
    turns_on: str


class PlatformOut(ResponseBody):
    """The machine in words, and what a key would turn on."""

    version: str
    builds_with: str
    is_operator: bool = Field(description="False: findings and keys are not told to you.")
    findings: list[FindingOut]
    keys: list[KeyOut]


class LiveRunsOut(ResponseBody):
    """Messages of everybody that wait for a free place, and those that are worked on."""

    waiting: int
    working: int


class LimitsOut(BaseModel):
    """What builds the apps, and what that may cost."""

    builds_with: str
    goes_on_with: str | None = Field(description="The model that is taken when the first fails.")
    limits: dict[str, float] = Field(description="By scope and unit, such as `run_usd`.")
    may_be_raised: bool


class ModelOut(ResponseBody):
    name: str
    title: str
    is_usable: bool
    missing: str = Field(description="What it lacks, as a sentence; empty when it can be used.")


class ModelsOut(BaseModel):
    default: str = Field(description="The one that builds when nobody names another.")
    models: list[ModelOut]


class KeyTest(BaseModel):
    ok: bool
    sentence: str
