"""A person's projects."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from stackwright.api.deps import LOCAL_USER, Services, checked_user_id
from stackwright.api.runs import Limit
from stackwright.api.schemas.cursors import read_cursor, write_cursor
from stackwright.api.schemas.projects import ProjectList, listed_project
from stackwright.core.errors import UserNotFound

router = APIRouter(prefix="/api/users", tags=["users"])


@router.get("/{user_id}/projects")
async def list_projects(
    services: Services,
    user_id: Annotated[str, Path(description="`local` is the default user.")],
    limit: Limit = 50,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    q: Annotated[
        str, Query(max_length=200, description="Only projects whose names have these words.")
    ] = "",
) -> ProjectList:
    """Projects of the user, newest first."""
    user, before = checked_user_id(user_id), read_cursor(cursor)
    try:
        page = await services.projects.list_of(user, limit=limit, before=before, search=q)
    except UserNotFound:
        if user != LOCAL_USER:
            raise
        return ProjectList(projects=[], next=None)
    return ProjectList(
        projects=[
            listed_project(
                project,
                services.server,
                page.proofs.get(project.id),
                is_working=project.id in page.working,
            )
            for project in page.projects
        ],
        next=write_cursor(page.next),
    )
