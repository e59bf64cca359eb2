"""Projects: make, look, rename, delete; their conversation and their state."""

from fastapi import APIRouter, Response

from stackwright.api.deps import (
    LOCAL_USER,
    OwnedProject,
    ProjectPath,
    Services,
    UserQuery,
    checked_project_id,
    checked_user_id,
)
from stackwright.api.runs import Before, Limit
from stackwright.api.schemas.messages import History, message_out
from stackwright.api.schemas.projects import (
    Duplicate,
    NewProject,
    NotesIn,
    NotesOut,
    ProjectChange,
    ProjectOut,
    project_out,
)
from stackwright.api.schemas.runs import RunAccepted
from stackwright.api.schemas.states import StateOut
from stackwright.api.states import state_of
from stackwright.core.errors import Conflict, PlatformError
from stackwright.core.ids import new_id
from stackwright.core.tasks import spawn
from stackwright.runs.project_limits import check_within

router = APIRouter(prefix="/api/projects", tags=["projects"])


@router.post("", status_code=201)
async def create_project(services: Services, body: NewProject) -> ProjectOut:
    """An empty project. Sending a message to an unseen id makes one too."""
    user = checked_user_id(body.user_id or LOCAL_USER)
    project_id = checked_project_id(new_id() if body.project_id is None else body.project_id)
    if await services.projects.find_owner(project_id) is not None:
        raise Conflict(f"The project id {project_id!r} is taken.")
    project = await services.projects.create(user, project_id, name=body.name)
    return project_out(project, services.server)


@router.get("/{project_id}")
async def get_project(services: Services, owned: OwnedProject) -> ProjectOut:
    project = await services.projects.get(owned.user_id, owned.project_id)
    return project_out(project, services.server)


@router.patch("/{project_id}")
async def change_project(
    services: Services, owned: OwnedProject, body: ProjectChange
) -> ProjectOut:
    """Change its name, the model that builds it, or its limits, from the next message on."""
    if body.model is not None:
        services.models.check(body.model)
    limits = services.workbench.diagnosis.budget.limits
    check_within(limits, "project_usd", body.max_usd)
    check_within(limits, "project_tokens", body.max_tokens)
    changes = body.model_dump(exclude_unset=True)
    project = await services.projects.change(owned.user_id, owned.project_id, changes)
    return project_out(project, services.server)


@router.delete("/{project_id}", status_code=204, response_class=Response)
async def delete_project(services: Services, owned: OwnedProject) -> Response:
    """Delete the project with its files, runs, versions and records. For ten minutes it can be brought
    back with `undelete`, with what was entered in the app; its sandbox sleeps until then."""
    current = await services.runs.find_current(owned.user_id, owned.project_id)
    if current is not None:
        await services.runs.cancel(owned.user_id, owned.project_id, current.id)
    project = await services.projects.delete(owned.user_id, owned.project_id)
    away = services.sandboxes.put_away(project.user_id, project.id)
    spawn(away, name=f"put-away-{project.id}", expected=(PlatformError,))
    return Response(status_code=204)


@router.post("/{project_id}/undelete")
async def undelete_project(
    services: Services, project_id: ProjectPath, user_id: UserQuery = None
) -> ProjectOut:
    """Bring back a project that was deleted in the last ten minutes."""
    owner = checked_user_id(user_id or LOCAL_USER)
    project = await services.projects.undelete(owner, checked_project_id(project_id))
    return project_out(project, services.server)


@router.post("/{project_id}/duplicate", status_code=201)
async def duplicate_project(services: Services, owned: OwnedProject, body: Duplicate) -> ProjectOut:
    """A new project with the same files and wishes, without the conversation."""
    source = await services.projects.get(owned.user_id, owned.project_id)
    name = body.name or f"{source.name[:190]} (copy)"
    copied = await services.projects.duplicate(owned.user_id, owned.project_id, name=name)
    return project_out(copied, services.server)


@router.post("/{project_id}/verify", status_code=202)
async def prove_project(services: Services, owned: OwnedProject) -> RunAccepted:
    """Check again: prove the app as it is, without a model. Attach to the run with `GET …/chat`."""
    accepted = await services.runs.prove(owned.user_id, owned.project_id)
    return RunAccepted(run_id=accepted.run_id, project_id=accepted.project_id)


@router.get("/{project_id}/history")
async def get_history(
    services: Services, owned: OwnedProject, limit: Limit = 50, before: Before = None
) -> History:
    """The conversation: what was asked, what was answered, what was done."""
    messages = await services.runs.history(
        owned.user_id, owned.project_id, limit=limit, before=before
    )
    known = await services.wishes.list_of(owned.user_id, owned.project_id)
    older = messages[0].number if len(messages) == limit else None
    return History(
        project_id=owned.project_id,
        messages=[message_out(message, known.wishes) for message in messages],
        next=older,
    )


@router.get("/{project_id}/notes")
async def get_notes(services: Services, owned: OwnedProject) -> NotesOut:
    """What the agent keeps in mind for later runs (`ENABLE_MEMORY`)."""
    return NotesOut(notes=await services.notes.get(owned.user_id, owned.project_id))


@router.put("/{project_id}/notes")
async def put_notes(services: Services, owned: OwnedProject, body: NotesIn) -> NotesOut:
    """Write the notes anew; an empty text forgets them. The next run reads them at its start."""
    text = body.notes.strip()
    await services.notes.put(owned.user_id, owned.project_id, text)
    return NotesOut(notes=text)


@router.get("/{project_id}/state")
async def get_state(services: Services, owned: OwnedProject) -> StateOut:
    """Everything needed to show a project that was just opened."""
    return await state_of(services, owned)
