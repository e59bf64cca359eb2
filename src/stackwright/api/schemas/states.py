"""The state of a project: everything that a page about it shows first."""

from datetime import datetime
from typing import Literal

from pydantic import (
    BaseModel,
    Field,
)

from stackwright.api.schemas.projects import project_out
from stackwright.api.schemas.runs import RunOut, run_out
from stackwright.core.events import Phase, VerificationReport
from stackwright.core.setting_groups import ServerSettings
from stackwright.core.wishes import Wish
from stackwright.db.projects import SandboxState
from stackwright.runs.progress import AgentProgress
from stackwright.runs.service import ProjectState


class StateOut(BaseModel):
    project_id: str
    user_id: str
    name: str
    status: Literal["active", "paused", "ended"]
    sandbox_state: SandboxState
    preview_url: str
    model: str | None
    max_usd: float | None
    max_tokens: int | None
    current_run: RunOut | None = Field(description="The run to attach to, if any is under way.")
    last_report: VerificationReport | None
    last_report_run_id: str | None
    wishes: tuple[Wish, ...]
    not_understood: tuple[str, ...]
    runs_by_status: dict[str, int]
    messages: int
    files: int
    current_phase: Phase | None = Field(description="Of the newest run; null before the first.")
    next_steps: list[str] = Field(description="Open steps of the plan.")
    recent_thinking: list[str] = Field(description="What the agent said last.")
    error_count: int = Field(description="Tool calls that failed or were refused.")
    active_files: list[str] = Field(description="Files that the agent worked on.")
    service_pids: dict[str, int] = Field(description="Of services that run in the sandbox.")
    tokens_used: int
    created_at: datetime
    updated_at: datetime


def state_out(state: ProjectState, progress: AgentProgress, server: ServerSettings) -> StateOut:
    project = project_out(state.project, server)
    report = state.last_report
    return StateOut(
        project_id=project.id,
        **project.model_dump(exclude={"id"}),
        current_run=None if state.current_run is None else run_out(state.current_run),
        last_report=None if report is None else VerificationReport.model_validate(report),
        last_report_run_id=state.last_report_run_id,
        wishes=state.wishes.wishes,
        not_understood=state.wishes.not_understood,
        runs_by_status=state.runs_by_status,
        messages=state.messages,
        files=state.files,
        current_phase=progress.current_phase,
        next_steps=list(progress.next_steps),
        recent_thinking=list(progress.recent_thinking),
        error_count=progress.error_count,
        active_files=list(progress.active_files),
        service_pids=progress.service_pids or {},
        tokens_used=progress.tokens_used,
    )
