"""The people as whom an app can be looked at."""

from pydantic import BaseModel, Field

from stackwright.api.schemas.base import ResponseBody


class ActorsOut(ResponseBody):
    roles: list[str] = Field(
        description="From the least to the most; none: the app has no accounts."
    )
    accounts: int = Field(description="How many accounts the app's data has for the preview.")


class ActorEntry(BaseModel):
    path: str = Field(description="On the preview's host. It works once, within a minute.")
