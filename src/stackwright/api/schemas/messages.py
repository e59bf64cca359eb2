"""Messages to the agent, answers to its questions, and the history of both."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, Self

from pydantic import (
    BaseModel,
    Field,
    FiniteFloat,
    model_validator,
)

from stackwright.api.schemas.base import PlainLine, PlainText, RequestBody, ResponseBody
from stackwright.core.attachments import Attachment
from stackwright.core.wishes import Wish
from stackwright.db.messages import MessageRecord


class AttachmentIn(RequestBody):
    """A picture (PNG, JPEG, GIF, WebP) or a text file: either `data` or `url`."""

    name: PlainLine | None = Field(None, description="File name. Default: from `url`.")
    data: str | None = Field(None, description="The file in base64, or as a data: address.")
    url: PlainLine | None = Field(
        None, description="Public web address that the platform fetches it from."
    )

    @model_validator(mode="after")
    def _has_one_source(self) -> Self:
        if (self.data is None) == (self.url is None):
            raise ValueError("give either data or url")
        return self


class ChatRequest(RequestBody):
    message: PlainText = Field(
        description="What to build or to change, in plain words.",
        examples=["Create a todo app with FastAPI and Next.js"],
    )
    user_id: str | None = Field(
        None,
        description="Whose project it is; a new user is made. Default: the project's owner, else `local`.",
    )
    project_id: str | None = Field(None, description="If present, the same as in the path.")
    email_id: PlainLine | None = Field(None, description="The user's e-mail address.")
    on_busy: Literal["queue", "steer"] = Field(
        "queue",
        description="When a run is under way: wait for its end, or hand the message to it.",
    )
    mode: Literal["build", "plan", "ask"] = Field(
        "build",
        description="`build`: do what the message asks for. `plan`: change nothing and end with a plan to "
        "approve. `ask`: answer, and change nothing. While a run waits for an answer, the message is that.",
    )
    model: PlainLine | None = Field(
        None,
        description="One of `GET /api/models`. A message that makes a project gives it its default, too. "
        "Default: the project's. Steering and answers keep the run's.",
    )
    attachments: list[AttachmentIn] = Field(
        default=[], max_length=20, description="Pictures and text files that the model is shown."
    )


class AnswerRequest(RequestBody):
    answers: dict[PlainText, PlainText | list[PlainText] | bool | FiniteFloat] = Field(
        min_length=1, max_length=50, description="By the names of the question's fields."
    )


class MessageOut(ResponseBody):
    id: str
    number: int
    run_id: str
    role: Literal["user", "assistant"]
    content: str
    tool_calls: list[dict[str, Any]]
    status: str | None = Field(description="Of an assistant's message: how its run ended.")
    attachments: tuple[Attachment, ...] = Field(
        default=(), description="What came with a person's message."
    )
    wishes: tuple[Wish, ...] = Field(
        default=(), description="Of a person's message: what was read out of it, as it stands now."
    )
    created_at: datetime


class History(BaseModel):
    """Messages in reading order. `next` goes into the following call's `before`, for older messages."""

    project_id: str
    messages: list[MessageOut]
    next: int | None


def message_out(message: MessageRecord, wishes: Sequence[Wish]) -> MessageOut:
    """The message, with the project's wishes that come from it."""
    shown = MessageOut.model_validate(message)
    if message.role != "user":
        return shown
    mine = tuple(
        wish
        for wish in wishes
        if wish.run_id == message.run_id and all(quote in message.content for quote in wish.quotes)
    )
    return shown.model_copy(update={"wishes": mine})
