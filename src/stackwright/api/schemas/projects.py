"""Projects and their notes."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    Field,
    Strict,
    model_validator,
)

from stackwright.api.preview_host import preview_url
from stackwright.api.schemas.base import PlainLine, PlainText, RequestBody, ResponseBody
from stackwright.api.schemas.versions import picture_of
from stackwright.core.setting_groups import ServerSettings
from stackwright.db.last_proofs import LastProof
from stackwright.db.projects import ProjectRecord, SandboxState
from stackwright.tools.memory import MAX_NOTES_CHARS

PREVIEW_PORT = 3000
"""The application's front door."""


class NewProject(RequestBody):
    name: PlainLine
    project_id: str | None = Field(None, description="Default: a new id.")
    user_id: str | None = Field(None, description="Default: `local`.")


class ProjectChange(RequestBody):
    """What is given is changed; null takes a model or a limit away."""

    name: PlainLine | None = Field(None, description="Not null: a project has a name.")
    model: PlainLine | None = Field(
        None, description="Builds it from the next message on: one of `GET /api/models`."
    )
    max_usd: Annotated[float, Strict()] | None = Field(
        None,
        gt=0,
        le=1_000_000,
        allow_inf_nan=False,
        description="Most US dollars for all its runs together, within the platform's own limit.",
    )
    max_tokens: Annotated[int, Strict()] | None = Field(
        None,
        gt=0,
        le=10**12,
        description="Most tokens for all its runs together, within the platform's own limit.",
    )

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("give a name, a model, max_usd or max_tokens")
        if "name" in self.model_fields_set and self.name is None:
            raise ValueError("name: a project has a name")
        return self


class Duplicate(RequestBody):
    name: PlainLine | None = Field(None, description="Default: the name with “copy” behind it.")


class NotesIn(RequestBody):
    notes: Annotated[PlainText, Field(max_length=MAX_NOTES_CHARS)]


class NotesOut(BaseModel):
    notes: str


class ProjectOut(ResponseBody):
    id: str
    user_id: str
    name: str
    status: Literal["active", "paused", "ended"]
    sandbox_state: SandboxState
    preview_url: str = Field(description="Where the application is visited.")
    model: str | None = Field(None, description="Builds it; null: the platform's default.")
    max_usd: float | None = Field(None, description="Its own limit; null: it has none.")
    max_tokens: int | None = Field(None, description="The same in tokens.")
    created_at: datetime
    updated_at: datetime


class ListedProject(ProjectOut):
    """A project, with whether it is worked on and what its last proof said."""

    is_working: bool = Field(False, description="A run is under way, in line, or waits for you.")
    last_status: str | None = Field(
        None, description="`verified`, `partly` or `unverified`; null: never proven."
    )
    last_sentence: str = Field("", description="The report of that proof in a sentence.")
    wishes: int = Field(0, description="How many wishes that proof looked at.")
    proven: int = Field(0, description="How many of them it saw working.")
    picture: str | None = Field(None, description="Address of a screenshot of that proof.")


class ProjectList(BaseModel):
    """Newest first. `next` goes into the following call's `cursor`."""

    projects: list[ListedProject]
    next: str | None


def project_out(project: ProjectRecord, server: ServerSettings) -> ProjectOut:
    return ProjectOut(
        id=project.id,
        user_id=project.user_id,
        name=project.name,
        status=project.status,
        sandbox_state=project.sandbox_state,
        preview_url=preview_url(server, project.preview_label, PREVIEW_PORT),
        model=project.model,
        max_usd=project.max_usd,
        max_tokens=project.max_tokens,
        created_at=project.created_at,
        updated_at=project.updated_at,
    )


def listed_project(
    project: ProjectRecord, server: ServerSettings, proof: LastProof | None, *, is_working: bool
) -> ListedProject:
    shown = ListedProject.model_validate(project_out(project, server).model_dump())
    update: dict[str, Any] = {"is_working": is_working}
    if proof is not None:
        update |= {"last_status": proof.status, "last_sentence": proof.sentence}
        update |= {"wishes": proof.wishes, "proven": proof.proven}
        update |= {"picture": picture_of(project.id, proof)}
    return shown.model_copy(update=update)
