"""The events as clients get them: each with where and when it happened. Described in OpenAPI."""

from typing import TYPE_CHECKING, Annotated, Any, Union, get_args

from pydantic import BaseModel, Field, TypeAdapter, create_model

from stackwright.core.events import Event


def _sent(event: type[BaseModel]) -> type[BaseModel]:
    where: dict[str, Any] = {
        "seq": (int, Field(description="Dense within the run, from 1.")),
        "run_id": (str, ...),
        "project_id": (str, ...),
        "timestamp": (str, Field(description="ISO 8601, UTC.")),
    }
    return create_model(
        f"{event.__name__}Event",
        __base__=event,
        __doc__=event.__doc__,
        __module__=__name__,
        **where,
    )


EVENT_MODELS: tuple[type[BaseModel], ...] = tuple(
    _sent(event) for event in get_args(get_args(Event)[0])
)

if TYPE_CHECKING:
    SentEvent = BaseModel
else:
    SentEvent = Annotated[Union[EVENT_MODELS], Field(discriminator="type")]  # noqa: UP007

SENT_EVENTS: TypeAdapter[BaseModel] = TypeAdapter(SentEvent)


class EventPage(BaseModel):
    """Events in order; `next` goes into the following call's `after`, null at the end for now."""

    events: list[SentEvent]
    next: int | None
