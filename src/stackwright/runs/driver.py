"""Drives one run from its claim on: sandbox, agent, gate. Its ending is written by `runs.ending`."""

import asyncio
import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from stackwright.agent.cancellation import RunCancelled, or_cancelled
from stackwright.agent.contract import AgentOutcome, AgentWork
from stackwright.agent.graph import may_wait
from stackwright.agent.state import CONVERSATION
from stackwright.checkpoint.saver import RunSaver
from stackwright.checkpoint.service import CheckpointService
from stackwright.core.errors import DatabaseUnavailable, PlatformError
from stackwright.core.events import (
    AgentResumed,
    AgentStart,
    AgentThinking,
    StateChanged,
)
from stackwright.core.ids import RunId
from stackwright.core.logging import bound
from stackwright.core.plans import is_approved_plan
from stackwright.core.postgres import patiently
from stackwright.core.setting_groups import BudgetSettings
from stackwright.db.fencing import lease_fence
from stackwright.db.run_records import READING, Lease, LeaseLost
from stackwright.projects.notes import with_notes
from stackwright.projects.restore_points import RestorePoints
from stackwright.runs.completion import CompletionCheck
from stackwright.runs.context import RunContext, RunResources
from stackwright.runs.ending import RunEnding, look_for_changes
from stackwright.runs.events.dedup import ToolEventDedup
from stackwright.runs.events.log import EventLog
from stackwright.runs.events.records import timestamp
from stackwright.runs.events.writer import RunEventWriter
from stackwright.runs.lease import ClaimedRun, HandOver, LeaseControl
from stackwright.runs.models import RunModel, RunModels
from stackwright.runs.modes import ReadingEnd, notes_for, tools_for
from stackwright.runs.project_limits import with_limits_of
from stackwright.runs.purse import RunPurse
from stackwright.runs.service import RunService
from stackwright.runs.tool_ledger import DbToolLedger
from stackwright.runs.way_back import RunHistory
from stackwright.tools.base import Emit, Tool

log = logging.getLogger(__name__)

HAND_OVER_LIMIT_S = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDriver:
    """The worker's whole job: `drive` is called by the queue for each run that is due."""

    resources: RunResources
    runs: RunService
    events: EventLog
    checkpoints: CheckpointService
    restore_points: RestorePoints
    models: RunModels
    tools: Sequence[Tool[Any]]
    max_iterations: int
    max_repair_calls: int
    budget: BudgetSettings
    longest_call_s: float
    has_memory: bool
    worker: str

    async def drive(self, run_id: RunId, claimed: ClaimedRun | None) -> None:
        """Claim the run unless it is claimed, and work on it until it ends or waits. On cancellation the
        run is handed over. Raises HandOver after handing it over between two steps."""
        claimed = claimed or await self.runs.claim(run_id, worker=self.worker)
        if claimed is None:
            return
        with bound(run_id=run_id, project_id=claimed.lease.project_id):
            try:
                await self._drive_claimed(claimed)
            except* LeaseLost:
                log.warning("run_lost_to_another_worker")

    async def _drive_claimed(self, claimed: ClaimedRun) -> None:
        control = self.runs.lease_control(claimed)
        saver = self.checkpoints.saver_for_run(lease_fence(claimed.lease), may_wait)
        saver.read_ahead(claimed.project.thread_id, CONVERSATION)
        try:
            async with asyncio.TaskGroup() as group, self.events.writer(claimed.lease) as writer:
                group.create_task(control.keep(), name="lease")
                await self._work(claimed, control, saver, writer)
                control.let_go()
        except asyncio.CancelledError:
            await self._hand_over(claimed.lease, saver)
            raise
        except BaseExceptionGroup as errors:
            if errors.subgroup(HandOver) is None:
                raise
            await self._hand_over(claimed.lease, saver)
            raise HandOver from None

    async def _hand_over(self, lease: Lease, saver: RunSaver) -> None:
        """Give the run back. If the database is away, another worker rescues the run later."""
        try:
            async with asyncio.timeout(HAND_OVER_LIMIT_S):
                await saver.flush()
                await self.runs.hand_over(lease)
        except (TimeoutError, DatabaseUnavailable):
            log.warning("run_left_behind")
        else:
            log.info("run_handed_over")

    async def _work(
        self,
        claimed: ClaimedRun,
        control: LeaseControl,
        saver: RunSaver,
        writer: RunEventWriter,
    ) -> None:
        lease = claimed.lease
        tools = ToolEventDedup(writer.emit)
        if claimed.is_resumed:
            await patiently(lambda: tools.read(self.events, lease))
        model, gone = await self._model(claimed)
        purse = self._purse(claimed, model, tools)
        context = RunContext(self.resources, claimed, tools, spent=purse.add)
        ending = RunEnding(
            runs=self.runs,
            restore_points=self.restore_points,
            max_iterations=self.max_iterations,
            claimed=claimed,
            control=control,
            context=context,
            writer=writer,
        )
        try:
            if claimed.is_to_close:
                outcome = await model.agent.closed(saver, claimed.project.thread_id, lease.run_id)
                tools.complete_open()
            else:
                work = self._worked(claimed, control, saver, context, tools, purse, model, gone)
                outcome = await work
            if outcome.ending == "finished" and context.preparation.refused is not None:
                control.read_steering = outcome.steering
                raise context.preparation.refused  # the model was told, and could do nothing about it
            await ending.end(outcome)
        except LeaseLost:
            raise
        except PlatformError as error:
            log.warning("run_failed", extra={"code": error.code, "error": str(error)})
            await ending.fail(str(error), error.code)
        except Exception:
            reference = uuid.uuid4().hex[:8]
            log.exception("run_bug", extra={"reference": reference})
            sentence = f"Something went wrong inside the platform (reference {reference}). Your files are safe; send the message again."
            await ending.fail(sentence, "internal")
        finally:
            purse.close()
            await context.close()

    async def _model(self, claimed: ClaimedRun) -> tuple[RunModel, str]:
        """What the run thinks with; and the model that it was to have, if that is not offered any more."""
        wanted = claimed.run.model or claimed.project.model
        model = await self.models.of(wanted)
        if model is not None:
            return model, ""
        default = await self.models.of(None)
        assert default is not None, "there is always a default model"
        return default, wanted or ""

    def _purse(self, claimed: ClaimedRun, model: RunModel, emit: Emit) -> RunPurse:
        return RunPurse(
            self.resources.database,
            claimed.lease,
            claimed.run,
            with_limits_of(claimed.project, self.budget),
            emit=emit,
            longest_call_s=self.longest_call_s,
            smaller=model.smaller,
        )

    async def _worked(
        self,
        claimed: ClaimedRun,
        control: LeaseControl,
        saver: RunSaver,
        context: RunContext,
        tools: ToolEventDedup,
        purse: RunPurse,
        model: RunModel,
        gone: str,
    ) -> AgentOutcome:
        lease = claimed.lease
        if tools.is_begun:
            tools(AgentResumed(attempt=lease.attempt))
        else:
            tools(AgentStart(timestamp=timestamp(), project_id=lease.project_id))
            if gone:
                detail = f"{gone} is not offered here any more; {model.name} builds instead."
                tools(StateChanged(state="other_model", detail=detail, code="model_not_offered"))
        if claimed.run.kind not in READING:
            context.preparation.start()
        notes = await self._notes(claimed, context)
        work = self._agent_work(claimed, control, saver, context, tools, purse, model, notes)
        if claimed.run.kind == "proof":
            return await _proven(work, context)
        outcome = await model.agent.run(work)
        if outcome.ending == "waiting_input":
            await purse.settle()
        return outcome

    async def _notes(self, claimed: ClaimedRun, context: RunContext) -> str:
        """What this run is told beside its message; the first of a project need not ask for notes."""
        run, usage = claimed.run, self.resources.template.usage
        is_first = run.number == 1 and not claimed.is_resumed
        remembers = self.has_memory and not is_first
        notes = await context.notes.read() if remembers else ""
        guide = await context.guide() if remembers else ""
        plan = await context.plans.to_build() if is_approved_plan(run.input) else None
        return notes_for(run.kind, with_notes(usage, notes, guide), plan)

    def _agent_work(
        self,
        claimed: ClaimedRun,
        control: LeaseControl,
        saver: RunSaver,
        context: RunContext,
        tools: ToolEventDedup,
        purse: RunPurse,
        model: RunModel,
        notes: str,
    ) -> AgentWork:
        run, lease = claimed.run, claimed.lease
        history = RunHistory(self.restore_points, lease, run.input, context)
        completion = CompletionCheck(
            context, history, partial(look_for_changes, self.restore_points, claimed, context)
        )
        ending = (
            ReadingEnd(run.kind, lambda: context.has_plan) if run.kind in READING else completion
        )
        return AgentWork(
            project_id=lease.project_id,
            run_id=lease.run_id,
            thread_id=claimed.project.thread_id,
            message=run.input,
            answer=run.answer,
            answered=(run.interrupt or {}).get("id", ""),
            saver=saver,
            model=model.model,
            fallback=model.fallback,
            tools=tools_for(run.kind, self.tools),
            context=context.tool_context,
            ledger=DbToolLedger(self.resources.database, lease),
            control=control,
            emit=context.emit,
            system_notes=notes,
            max_iterations=self.max_iterations,
            max_repair_calls=self.max_repair_calls,
            purse=purse,
            told=tools.known if claimed.is_resumed else None,
            service_pids=context.service_pids,
            picture=context.evidence.read,
            attached=context.conversation.attached,
            take_news=context.preparation.take_news,
            notice=context.repetition.note,
            before_finish=ending.feedback,
            remember_failures=completion.remember_failures,
            give_up=completion.give_up,
            bring_back=history.bring_back,
        )


async def _proven(work: AgentWork, context: RunContext) -> AgentOutcome:
    """The app as it is, seen by the gate. No model is asked; the harness says what was seen."""
    try:
        report = await or_cancelled(context.verify(), work.control)
    except RunCancelled:
        return AgentOutcome("cancelled")
    work.emit(AgentThinking(token=report.sentence, node="harness"))
    return AgentOutcome("finished", text=report.sentence)
