"""A person's message before it is accepted: what it must be like, and what kind of run it asks for."""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Literal

from stackwright.core.errors import BadInput, InvalidId
from stackwright.core.ids import ProjectId, UserId, is_sane_id
from stackwright.core.text import is_plain
from stackwright.db.run_records import RunKind
from stackwright.runs.attachments import CheckedAttachment

MAX_NAME_CHARS = 80
CHECK_AGAIN = "Check again"
"""Message that has the app proven as it is."""
_CHECK_AGAIN = re.compile(
    r"\s*(please\s+)?(check|verify|prove|test)(\s+(it|this|that|all|everything|(the|my)\s+app))?"
    r"\s+(once\s+)?again(\s*,?\s*please)?\s*[.!]*\s*",
    re.IGNORECASE,
)
OnBusy = Literal["queue", "steer"]
Mode = Literal["build", "plan", "ask"]


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """A person's message, not checked yet."""

    user: UserId
    project: ProjectId
    text: str
    email: str | None
    key: str | None
    on_busy: OnBusy
    attachments: tuple[CheckedAttachment, ...] = ()
    mode: Mode = "build"
    model: str | None = None
    """Offered and usable. It becomes the default of a project that the message makes."""

    @property
    def kind(self) -> RunKind:
        return kind_of(self.text) if self.mode == "build" else self.mode

    @property
    def steers(self) -> bool:
        """Whether it may go to the run under way: one that builds does not plan or answer beside it."""
        return self.on_busy == "steer" and self.mode == "build"

    def check(self) -> None:
        """Raises InvalidId, BadInput."""
        _check_ids(self.user, self.project)
        check_text(self.text)

    @property
    def fingerprint(self) -> str:
        digests = [one.sha256 for one in self.attachments]
        mode = [] if self.mode == "build" else [self.mode]
        model = [] if self.model is None else [f"model:{self.model}"]
        return _fingerprint(self.project, self.text, self.on_busy, *mode, *model, *digests)


def _check_ids(user: UserId, project: ProjectId) -> None:
    if not is_sane_id(user):
        raise InvalidId("user", user)
    if not is_sane_id(project):
        raise InvalidId("project", project)


def kind_of(message: str) -> RunKind:
    """A message that only asks for another proof needs no model."""
    return "proof" if len(message) < 100 and _CHECK_AGAIN.fullmatch(message) else "chat"


def check_text(message: str) -> None:
    """Raises BadInput for what cannot be a message."""
    if not message.strip():
        raise BadInput("The message is empty; say what to build or to change.")
    if not is_plain(message):
        raise BadInput("The message holds a NUL or a half character; send plain text.")


def _fingerprint(project: ProjectId, message: str, on_busy: OnBusy, *digests: str) -> str:
    body = json.dumps([project, message, on_busy, *digests])
    return hashlib.sha256(body.encode()).hexdigest()


def name_from(message: str) -> str:
    name = " ".join(message.split())
    return name if len(name) <= MAX_NAME_CHARS else name[: MAX_NAME_CHARS - 1].rstrip() + "…"
