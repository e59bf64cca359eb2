"""A run's events as lines for a person, and what its ending means for the exit code."""

from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.text import Text

from stackwright.cli.exit_codes import ASKS, CANCELLED, FAILED, UNVERIFIED, VERIFIED
from stackwright.cli.words import check_words

Event = dict[str, Any]

_PHASES = {
    "planning": "Planning",
    "backend": "Writing the server",
    "frontend": "Writing the pages",
    "integration": "Starting and checking",
}
_HEADLINES = {
    "verified": ("green", "Verified."),
    "partly": ("yellow", "It runs, and something is missing."),
    "unverified": ("yellow", "It does not work yet."),
    "answered": ("cyan", "Answered; nothing was changed."),
}
_WISHES = {
    "proven": ("✓", "green", ""),
    "failing": ("✗", "red", "does not work"),
    "yours_to_judge": ("◐", "cyan", "yours to judge"),
    "not_built": ("-", "yellow", "not built"),
    "open": ("?", "yellow", "not seen yet"),
}
_MARKS = {"created": "+", "modified": "~", "deleted": "-"}


def exit_code(ending: Event, *, needs_app: bool) -> int:
    """`needs_app`: an answer without an application is not what was asked for."""
    match ending["type"], ending.get("status"):
        case "agent_complete", "verified":
            return VERIFIED
        case "agent_complete", "answered" if not needs_app:
            return VERIFIED
        case "agent_complete", _:
            return UNVERIFIED
        case "agent_cancelled", _:
            return CANCELLED
        case "user_input_required", _:
            return ASKS
        case _:
            return FAILED


class Narrator:
    """Tells events in order; `doing` is what happens right now, for a status line."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._said = ""
        self._sentence, self._status = "", ""
        self._is_planned = False
        self.doing = "Waiting for a worker…"
        self._tellers: dict[str, Callable[[Event], None]] = {
            "run_queued": self._queued,
            "agent_start": self._started,
            "agent_resumed": self._resumed,
            "agent_thinking": self._thinking,
            "message_reset": self._reset,
            "plan_proposed": self._proposed,
            "phase_changed": self._phase,
            "plan_updated": self._plan,
            "tool_start": self._tool,
            "file_changed": self._file,
            "state": self._state,
            "check_started": self._check_started,
            "check_result": self._check,
            "preview_ready": self._preview,
            "preview_error": self._preview_error,
            "verification_report": self._report,
            "version_created": self._version,
            "user_input_required": self._asks,
            "budget_warning": self._warning,
            "agent_complete": self._complete,
            "agent_cancelled": self._cancelled,
            "error": self._error,
        }

    def tell(self, event: Event) -> None:
        if event["type"] not in {"agent_thinking", "message_reset"}:
            self._finish_sentence()
        if teller := self._tellers.get(event["type"]):
            teller(event)

    def _line(self, text: str, style: str = "") -> None:
        # Text, not markup: brackets in a file name or a model's words mean nothing here.
        self._console.print(Text(text, style=style), soft_wrap=True)

    def _finish_sentence(self) -> None:
        if said := self._said.strip():
            self._line(said)
        self._said = ""

    def _queued(self, event: Event) -> None:
        if event["position"]:
            self.doing = f"Waiting: {event['position']} message(s) come first…"

    def _started(self, _event: Event) -> None:
        self.doing = "Thinking…"

    def _resumed(self, event: Event) -> None:
        self._line(f"Going on after an interruption (attempt {event['attempt']}).", "yellow")

    def _thinking(self, event: Event) -> None:
        if event.get("kind", "text") == "text":
            self._said += event["token"]
            self.doing = " ".join(self._said.split())[-90:]

    def _reset(self, _event: Event) -> None:
        self._said = ""

    def _phase(self, event: Event) -> None:
        name = _PHASES.get(event["phase"], event["phase"])
        self._line(f"\n{name}", "bold")
        self.doing = f"{name}…"

    def _plan(self, event: Event) -> None:
        active = [step["title"] for step in event["steps"] if step["status"] == "active"]
        if active:
            self.doing = active[0]

    def _proposed(self, event: Event) -> None:
        self._is_planned = True
        tell_plan(event["plan"], self._console)

    def _tool(self, event: Event) -> None:
        path = event["tool_args"].get("path")
        what = f" {path}" if isinstance(path, str) else ""
        self.doing = f"{event['tool_name'].replace('_', ' ')}{what}…"

    def _file(self, event: Event) -> None:
        lines = f"  +{event['added']} -{event['removed']}"
        self._line(f"  {_MARKS[event['change']]} {event['path']}{lines}", "dim")

    def _state(self, event: Event) -> None:
        self.doing = event.get("detail") or event["state"].replace("_", " ")

    def _check_started(self, event: Event) -> None:
        self.doing = f"Checking: {check_words(event['name'])}…"

    def _check(self, event: Event) -> None:
        mark, style = ("✓", "green") if event["ok"] else ("✗", "red")
        name = check_words(event["name"])
        self._line(f"  {mark} {name}  {event['seconds']:.1f} s", style)
        if not event["ok"] and event.get("detail"):
            self._line(_indented(event["detail"]), "red")

    def _preview(self, event: Event) -> None:
        self._line(f"  The app answers at {event['url']}", "cyan")

    def _preview_error(self, event: Event) -> None:
        self._line(f"  The app failed: {event['message']}", "red")

    def _report(self, event: Event) -> None:
        tell_wishes(event, self._console)
        if event.get("sentence"):
            self._sentence, self._status = event["sentence"], event["status"]

    def _version(self, event: Event) -> None:
        self._line(f"  Version {event['version']} saved", "dim")

    def _asks(self, event: Event) -> None:
        self.doing = "Waiting for your answer…"
        tell_question(event, self._console)

    def _warning(self, event: Event) -> None:
        self._line(event["message"], "yellow")

    def _complete(self, event: Event) -> None:
        style, headline = _HEADLINES[event["status"]]
        headline = self._sentence if self._status == event["status"] else headline
        if self._is_planned and event["status"] == "answered":
            headline = "The plan is ready. Nothing is built until you say so."
        self._line(f"\n{headline}", f"bold {style}")

    def _cancelled(self, _event: Event) -> None:
        self._line("\nCancelled.", "bold yellow")

    def _error(self, event: Event) -> None:
        self._line(f"\nThe run failed: {event['message']}", "bold red")


def tell_report(report: Event, console: Console) -> None:
    """A report for a person: the sentence, each wish, each check that failed."""
    style, headline = _HEADLINES[report["status"]]
    console.print(Text(report.get("sentence") or headline, style=f"bold {style}"), soft_wrap=True)
    tell_wishes(report, console)
    for check in report["checks"]:
        if not check["ok"]:
            console.print(Text(f"  ✗ {check_words(check['name'])}", style="red"), soft_wrap=True)
            console.print(Text(_indented(check["detail"]), style="red"), soft_wrap=True)


def tell_question(question: Event, console: Console) -> None:
    """The question, and of a form each field with what can be chosen."""
    console.print(Text(f"\n{question['question']}", style="bold cyan"), soft_wrap=True)
    for field in question.get("fields") or ():
        choices = f": {', '.join(field['choices'])}" if field.get("choices") else ""
        console.print(Text(f"  {field['name']}  {field['label']}{choices}"), soft_wrap=True)


_PLAN_LISTS = (
    ("Decisions", "decisions"),
    ("Questions", "questions"),
    ("Not understood", "not_understood"),
)


def tell_plan(plan: Event, console: Console) -> None:
    """What would be built, part by part."""
    console.print(Text(f"\nPlan: {plan['title']}", style="bold"), soft_wrap=True)
    parts = {
        "Wishes": [
            f"{wish['text']}{'  not built: ' + wish['not_built'] if wish['not_built'] else ''}"
            for wish in plan["wishes"]
        ],
        "Records": [f"{one['name']}: {', '.join(one['fields'])}" for one in plan["records"]],
        "Pages": [f"{page['route']}  {page['shows']}" for page in plan["pages"]],
        **{title: plan[key] for title, key in _PLAN_LISTS},
    }
    for title, lines in parts.items():
        if lines:
            console.print(Text(title, style="cyan"))
            for line in lines:
                console.print(Text(f"  - {line}"), soft_wrap=True)


def tell_wishes(report: Event, console: Console) -> None:
    """Each wish with its state and, if it is not proven, the reason; then what no wish says."""

    def line(text: str, style: str) -> None:
        console.print(Text(text, style=style), soft_wrap=True)

    broken = {one["wish_id"]: one["broken_by"] for one in report.get("regressions", ())}
    for wish in report.get("wishes", ()):
        mark, style, word = _WISHES[wish["state"]]
        after = f"  {word}" if word else ""
        line(f"  {mark} {wish['id']} {wish['text']}{after}", style)
        if wish["id"] in broken:
            line(f"    It worked before run {broken[wish['id']]}.", style)
        if wish["state"] != "proven" and wish.get("reason"):
            line(_indented(wish["reason"]), style)
    for part in report.get("not_understood", ()):
        line(f"  ? not understood: {part}", "yellow")
    for test in report.get("weakened", ()):
        line(f"  ! {test}", "yellow")


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.strip().splitlines()[-20:])
