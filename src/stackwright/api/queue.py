"""The messages of a project that wait behind its run: look, change, order, take back."""

from fastapi import APIRouter

from stackwright.api.deps import OwnedProject, Services
from stackwright.api.problems import MessageTooLong
from stackwright.api.runs import RunPath, checked_run_id
from stackwright.api.schemas.runs import (
    QueuedChange,
    QueuedList,
    QueueOrder,
    RunOut,
    queued_out,
    run_out,
)

router = APIRouter(prefix="/api/projects/{project_id}/queue", tags=["queue"])


@router.get("")
async def list_queued(services: Services, owned: OwnedProject) -> QueuedList:
    """Messages that wait, in the order in which they will be worked on."""
    waiting = await services.queue.list_of(owned.user_id, owned.project_id)
    return QueuedList(messages=[queued_out(run) for run in waiting])


@router.put("")
async def reorder_queued(services: Services, owned: OwnedProject, body: QueueOrder) -> QueuedList:
    """Put all messages that wait into another order; 409 when others wait by now, or a worker took one."""
    run_ids = [checked_run_id(run_id) for run_id in body.run_ids]
    waiting = await services.queue.reorder(owned.user_id, owned.project_id, run_ids)
    return QueuedList(messages=[queued_out(run) for run in waiting])


@router.patch("/{run_id}")
async def edit_queued(
    services: Services, owned: OwnedProject, run_id: RunPath, body: QueuedChange
) -> RunOut:
    """Change a message that no worker has begun with; 409 when one has."""
    if len(body.message.encode()) > services.server.max_message_bytes:
        raise MessageTooLong(services.server.max_message_bytes)
    run = checked_run_id(run_id)
    return run_out(await services.queue.edit(owned.user_id, owned.project_id, run, body.message))


@router.delete("/{run_id}")
async def withdraw_queued(services: Services, owned: OwnedProject, run_id: RunPath) -> RunOut:
    """Take a message back: its run ends as cancelled; 409 when a worker has begun with it."""
    run = checked_run_id(run_id)
    return run_out(await services.queue.withdraw(owned.user_id, owned.project_id, run))
