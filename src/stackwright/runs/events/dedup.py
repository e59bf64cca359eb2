"""Emits the start and the end of each tool call once, also when a run is resumed."""

from stackwright.agent.contract import Told
from stackwright.core.events import Event, ToolComplete, ToolStart
from stackwright.db.run_records import Lease
from stackwright.runs.events.log import EventLog
from stackwright.runs.events.writer import PAGE
from stackwright.tools.base import Emit

ANSWER_TYPES = frozenset({"user_message", "run_queued"})
LEFT = "The run ended before this call did. Whether it took effect is unknown."


class ToolEventDedup:
    """An `Emit` that drops the second start and the second completion of a call."""

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._told: dict[tuple[str, str], str] = {}
        """Tool names, by event type and call id, of the events in the log."""
        self._is_begun = False
        self._is_just_answered = False

    @property
    def is_begun(self) -> bool:
        """Whether an earlier worker emitted agent_start."""
        return self._is_begun

    @property
    def known(self) -> Told:
        """The tool calls that the log already tells of."""
        told = self._of("tool_start"), self._of("tool_refused")
        return Told(*told, is_just_answered=self._is_just_answered)

    def _of(self, kind: str) -> frozenset[str]:
        return frozenset(tool_id for told, tool_id in self._told if told == kind)

    async def read(self, events: EventLog, lease: Lease) -> None:
        """Read the run's log."""
        after = 0
        while True:
            page = await events.read(lease.user_id, lease.project_id, lease.run_id, after_seq=after)
            self._told |= {
                (event.type, event.field("tool_id")): event.field("tool_name")
                for event in page
                if event.type in {"tool_start", "tool_complete", "tool_refused"}
            }
            self._is_begun |= any(event.type == "agent_start" for event in page)
            for event in page:
                if event.type == "user_input_required":
                    self._is_just_answered = True
                elif event.type not in ANSWER_TYPES:
                    self._is_just_answered = False
            if len(page) < PAGE:
                return
            after = page[-1].seq

    def __call__(self, event: Event) -> None:
        if isinstance(event, ToolStart | ToolComplete):
            told = (event.type, event.tool_id)
            if told in self._told:
                return
            self._told[told] = event.tool_name
        self._emit(event)

    def complete_open(self) -> None:
        """Emit a cancelled ToolComplete for each call that has a start and no end."""
        for (kind, tool_id), name in list(self._told.items()):
            if kind == "tool_start":
                self(
                    ToolComplete(
                        tool_name=name, tool_id=tool_id, output_preview=LEFT, outcome="cancelled"
                    )
                )
