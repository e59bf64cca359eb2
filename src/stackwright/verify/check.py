"""What a check is: a name, what must hold before it, and a look at the app that ends in a verdict."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from stackwright.core.events import Screenshot, WishProof
from stackwright.sandbox.base import WORKSPACE_ROOT, CommandResult, Sandbox
from stackwright.tools.base import ServiceControl, WishBook
from stackwright.tools.budget import cut_middle
from stackwright.verify.browser import Browser
from stackwright.verify.environment import AppAddress, ProofEnvironment
from stackwright.verify.machine import TOO_SLOW, has_timed_out
from stackwright.verify.shared_records import SharedRecords

MAX_DETAIL_CHARS = 4000
BACKEND = "/home/user/code/backend"
FRONTEND = "/home/user/code/frontend"

KeepScreenshot = Callable[[bytes, str, int, int], Awaitable[Screenshot]]
"""(PNG or JPEG, what it shows, width, height) -> where it can be fetched."""
KeepReplay = Callable[[bytes], Awaitable[str]]
"""A recording -> where it can be fetched."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The app under the gate, and the means to look at it.

    `services` are the person's preview: checks that use the app use the one of `environment`."""

    sandbox: Sandbox
    services: ServiceControl
    browser: Browser
    keep: KeepScreenshot
    environment: ProofEnvironment
    app: AppAddress
    wishes: WishBook
    keep_replay: KeepReplay
    library: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    """What witnesses are written with, by path below `acceptance/`."""
    records: SharedRecords = field(default_factory=SharedRecords)
    marks: Mapping[str, str] = field(default_factory=dict[str, str])
    """In the environment of all commands: whoever stops the gate ends them by it."""

    async def run(
        self,
        command: str,
        *,
        cwd: str = WORKSPACE_ROOT,
        envs: Mapping[str, str] | None = None,
        timeout_s: float,
    ) -> CommandResult:
        """As `Sandbox.run`."""
        marked = {**self.marks, **(envs or {})}
        return await self.sandbox.run(command, cwd=cwd, envs=marked, timeout_s=timeout_s)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`detail` says what was seen; for a failure: what failed, where, and the output's end."""

    ok: bool
    detail: str = ""
    screenshots: tuple[Screenshot, ...] = ()
    wishes: tuple[WishProof, ...] | None = None
    """What was seen of each wish, if the check tries wishes."""
    repeated: tuple[str, ...] = ()
    """Parts of the check that ran late on a busy machine and were tried again."""


@dataclass(frozen=True, slots=True)
class Check:
    """`needs` must have passed, `after` must have ended (in any way) before it begins; where there is one
    processor only, `alone_after` as well."""

    name: str
    run: Callable[[Subject], Awaitable[Verdict]]
    is_quick: bool = False
    needs: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    alone_after: tuple[str, ...] = ()
    timeout_s: float = 120.0


def one_after_the_other(*places: Check | tuple[Check, ...]) -> Iterator[Check]:
    """For checks that make records, play faults or empty the database of the proof. Those in a tuple do
    not disturb each other and run beside each other.

    Each names all before it: one that is left out of a round does not wait in their place."""
    before: tuple[str, ...] = ()
    for place in places:
        checks = place if isinstance(place, tuple) else (place,)
        for check in checks:
            yield replace(check, after=before)
        before += tuple(check.name for check in checks)


def passed(detail: str = "") -> Verdict:
    return Verdict(ok=True, detail=shortened(detail))


def failed(detail: str) -> Verdict:
    return Verdict(ok=False, detail=shortened(detail))


def excused(verdict: Verdict) -> Verdict:
    """A failure for which the machine is to blame: the app is neither proven nor at fault."""
    wishes = verdict.wishes and tuple(
        wish.model_copy(update={"state": "open", "reason": f"{TOO_SLOW}. {wish.reason}"})
        if wish.state == "failing" and has_timed_out(f"{wish.reason}\n{wish.details}")
        else wish
        for wish in verdict.wishes
    )
    detail = shortened(f"{TOO_SLOW}; try again later. {verdict.detail}")
    return replace(verdict, detail=detail, wishes=wishes)


def shortened(text: str) -> str:
    """The beginning and the end: compilers tell the cause first, programs last.

    Half characters, which a page's console may hold, become question marks: events are UTF-8."""
    whole = text.encode(errors="replace").decode()
    return cut_middle(whole.strip(), MAX_DETAIL_CHARS - 60)


def judged(result: CommandResult, detail: str = "") -> Verdict:
    """Exit status 0 passes with `detail`; anything else fails with what the command said."""
    if result.exit_code == 0:
        return passed(detail)
    said = "\n".join(part.strip() for part in (result.stdout, result.stderr) if part.strip())
    if result.timed_out:
        return failed(f"It did not end in time.\n{said}")
    return failed(said or f"It ended with exit status {result.exit_code} and said nothing.")
