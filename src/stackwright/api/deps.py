"""What FastAPI gives to the routes: the filled ports, the project a request is about, checked ids."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Path, Query, Request

from stackwright.api.ports import ApiServices
from stackwright.core.errors import InvalidId, ProjectNotFound
from stackwright.core.ids import ProjectId, UserId, is_sane_id

LOCAL_USER = UserId("local")
"""The default user: the one person of a platform without accounts."""


async def services_of(request: Request) -> ApiServices:
    """Async because FastAPI runs synchronous dependencies in a thread pool, which costs more than this."""
    return request.app.state.services


Services = Annotated[ApiServices, Depends(services_of)]


@dataclass(frozen=True, slots=True)
class Owned:
    """A project id and the user it is used for. Ownership is not checked yet."""

    user_id: UserId
    project_id: ProjectId


ProjectPath = Annotated[str, Path(description="The project's id.", examples=["my-todo"])]
UserQuery = Annotated[
    str | None,
    Query(description="Whose project it is. Without it, the project is found by its id alone."),
]


async def owned(services: Services, project_id: ProjectPath, user_id: UserQuery = None) -> Owned:
    """The project a request is about, and its user.

    The platform has no accounts yet and listens on this machine: the caller may name any user.
    Raises InvalidId, ProjectNotFound."""
    project = checked_project_id(project_id)
    if user_id is not None:
        return Owned(checked_user_id(user_id), project)
    owner = await services.projects.find_owner(project)
    if owner is None:
        raise ProjectNotFound(project)
    return Owned(owner, project)


OwnedProject = Annotated[Owned, Depends(owned)]


def checked_project_id(value: str) -> ProjectId:
    if not is_sane_id(value):
        raise InvalidId("project", value)
    return ProjectId(value)


def checked_user_id(value: str) -> UserId:
    if not is_sane_id(value):
        raise InvalidId("user", value)
    return UserId(value)
