"""Proves wishes: runs their witnesses, finds out whether new ones can fail, and says what was seen."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol

from stackwright.core.events import Screenshot, WishProof
from stackwright.core.wishes import Wish, WitnessBelief
from stackwright.tools.base import WishBook
from stackwright.verify.check import KeepReplay, KeepScreenshot
from stackwright.verify.witnesses.belief import (
    faults_for,
    reason_of_old_refusals,
    reason_of_the_version_before,
)
from stackwright.verify.witnesses.judging import (
    Tried,
    details_of,
    first_doubt,
    has_figures,
    is_new_rule,
    is_rule,
    judged,
    kind_of,
)
from stackwright.verify.witnesses.results import NONE, WitnessResult
from stackwright.verify.witnesses.runner import (
    WitnessRun,
    WitnessRunner,
    WitnessTarget,
    pictures_of,
    replay_of,
)
from stackwright.verify.witnesses.shape import (
    ACTORS,
    WitnessFile,
    WitnessTest,
    actors_problems,
    read_witness,
    witnesses_of,
)
from stackwright.verify.witnesses.telling import step_in_words

MAX_FILES = 60
MAX_REASON_CHARS = 1500
WIDTH, HEIGHT = 1280, 800
PATIENCE = 3.0
"""How much longer a witness that ran into a limit may take the second time."""

IN_VAIN = 0.6
"""How long a witness waits, compared with usual, where it is expected to wait in vain."""


class Versions(Protocol):
    """Runs this version of the app, or the one before the run, where witnesses are tried."""

    async def start_replica(self, *, is_last: bool = False) -> bool: ...


@dataclass(frozen=True, slots=True)
class Proven:
    """`remarks`: what is wrong in `acceptance/` and belongs to no wish. `repeated`: witnesses that ran
    into a limit on a busy machine and were tried again with more time."""

    proofs: tuple[WishProof, ...]
    remarks: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    results: tuple[WitnessResult, ...] = ()
    """How each witness ended without a fault."""


@dataclass(slots=True)
class Prover:
    """Proves the wishes of one project once. `files` are those of its `acceptance/`, by name."""

    runner: WitnessRunner
    target: WitnessTarget
    versions: Versions
    book: WishBook
    files: Mapping[str, bytes]
    keep_picture: KeepScreenshot
    keep_replay: KeepReplay
    library_version: str
    is_busy: Callable[[], Awaitable[bool]]
    """Whether the machine may be the reason when something comes too late."""
    _tried: dict[str, Tried] = field(default_factory=dict[str, Tried])
    _remarks: list[str] = field(default_factory=list[str])
    _repeated: list[str] = field(default_factory=list[str])

    async def prove(self, wishes: Sequence[Wish], *, others: Collection[str] = ()) -> Proven:
        """Every wish that is to be proven gets a proof, in order; `others` are the ids of wishes that are
        left out this time. Raises EnvironmentFailed."""
        await self.versions.start_replica()
        known = {wish.id: wish for wish in wishes}
        parsed = [read_witness(name, text) for name, text in self._witness_files()]
        self._tried = {
            one.id: one for file in parsed for test in file.tests if (one := Tried(file, test)).id
        }
        self._remark_on(parsed, {*known, *others})
        await self._run(known)
        self._doubt_copies()
        proofs = [
            await self._proof(
                wish, [self._tried[_id(f, t)] for f, t in witnesses_of(parsed, wish.id)]
            )
            for wish in wishes
        ]
        results = tuple(one.result for one in self._tried.values() if one.result is not None)
        return Proven(tuple(proofs), tuple(self._remarks), tuple(self._repeated), results)

    def _witness_files(self) -> list[tuple[str, bytes]]:
        names = sorted(n for n in self.files if n.startswith("test_") and n.endswith(".py"))
        if len(names) > MAX_FILES:
            self._remarks.append(f"Only the first {MAX_FILES} files of acceptance/ are run.")
        return [(name, self.files[name]) for name in names[:MAX_FILES]]

    def _remark_on(self, parsed: Sequence[WitnessFile], known: Collection[str]) -> None:
        if problems := actors_problems(self.files.get(ACTORS, b"")):
            self._remarks.append(f"acceptance/{ACTORS}: {'; '.join(problems)}.")
        for file in parsed:
            if file.problems:
                self._remarks.append(f"acceptance/{file.path}: {'; '.join(file.problems)}.")
            for test in file.tests:
                strangers = [wish for wish in test.wishes if wish not in known]
                if not test.wishes and not file.problems:
                    self._remarks.append(
                        f"acceptance/{file.path}::{test.name}: {test.problems[0]}."
                    )
                elif strangers:
                    named = ", ".join(strangers)
                    self._remarks.append(
                        f"acceptance/{file.path}::{test.name} is marked with {named}, which is no wish."
                    )

    async def _run(self, known: Mapping[str, Wish]) -> None:
        """Run what is believed once, and what is new under every fault that says something about it."""
        sound = [
            one
            for one in self._tried.values()
            if not one.problem and any(wish in known for wish in one.test.wishes)
        ]
        beliefs = await self.book.beliefs()
        hashes = {one.id: self._hash(one, known) for one in sound}
        old = [one for one in sound if hashes[one.id] in beliefs]
        new = [one for one in sound if hashes[one.id] not in beliefs]
        for one in old:
            one.doubt = beliefs[hashes[one.id]].reason
        await self._run_tests(old, (NONE,))
        asked = [known[wish] for one in new for wish in one.test.wishes if wish in known]
        faults = faults_for(
            ((kind_of(wish), is_rule(wish)) for wish in asked),
            has_figures=any(map(has_figures, asked)),
        )
        under_faults = await self._run_tests(new, faults)
        if under_faults is None:
            return
        await self._compare_with_last_version(new, known)
        await self._store_beliefs(new, under_faults, known, hashes)

    async def _run_tests(self, tests: Sequence[Tried], faults: Sequence[str]) -> WitnessRun | None:
        if not tests:
            return None
        run, late = await self._with_time([one.id for one in tests], faults)
        self._repeated += late
        green = run.under(NONE)
        for one in tests:
            one.result = green.get(one.id)
        if run.trouble:
            self._remarks.append(run.trouble)
        return run

    async def _with_time(
        self, names: Sequence[str], faults: Sequence[str], *, patience: float = 1.0
    ) -> tuple[WitnessRun, Sequence[str]]:
        """A run; on a busy machine, what was late in it runs once more, with patience. Which those are."""
        run = await self.runner.run(
            self.files, names, self.target, faults=faults, patience=patience
        )
        late = sorted({result.id for result in run.results if _ran_late(result)})
        if not late or not await self.is_busy():
            return run, ()
        run.replace(
            await self.runner.run(self.files, late, self.target, faults=faults, patience=PATIENCE)
        )
        return run, late

    async def _compare_with_last_version(
        self, new: Sequence[Tried], known: Mapping[str, Wish]
    ) -> None:
        """A witness of what was asked just now has to fail on what was there before."""
        fresh = [
            one
            for one in new
            if one.result is not None
            and one.result.passed
            and not any(known[wish].is_pinned for wish in one.test.wishes if wish in known)
        ]
        if not fresh or not await self.versions.start_replica(is_last=True):
            return
        run, _ = await self._with_time([one.id for one in fresh], (NONE,), patience=IN_VAIN)
        before = run.under(NONE)
        for one in fresh:
            one.doubt = reason_of_the_version_before(before.get(one.id))
        await self._compare_refusals(fresh, known)

    async def _compare_refusals(self, fresh: Sequence[Tried], known: Mapping[str, Wish]) -> None:
        """A rule that is new refuses something that was taken before: its witnesses run on, past what fails
        first on the version before, to what they try to have refused."""
        rules = [
            one
            for one in fresh
            if not one.doubt
            and one.result is not None
            and one.result.refusals
            and any(
                is_new_rule(known[wish], known.values())
                for wish in one.test.wishes
                if wish in known
            )
        ]
        if not rules:
            return
        names = [one.id for one in rules]
        run = await self.runner.run(self.files, names, self.target, goes_on=True)
        before = run.under(NONE)
        for one in rules:
            assert one.result is not None
            one.doubt = reason_of_old_refusals(one.result, before.get(one.id))

    async def _store_beliefs(
        self,
        new: Sequence[Tried],
        run: WitnessRun,
        known: Mapping[str, Wish],
        hashes: Mapping[str, str],
    ) -> None:
        for one in new:
            if one.result is None or not one.result.passed:
                continue
            of_this = [result for result in run.results if result.id == one.id]
            mine = [known[wish] for wish in one.test.wishes if wish in known]
            one.doubt = one.doubt or first_doubt(of_this, mine)
            if not one.doubt:
                await self.book.believe(WitnessBelief(sha256=hashes[one.id], is_believed=True))

    async def _proof(self, wish: Wish, tests: Sequence[Tried]) -> WishProof:
        state, reason = judged(wish, tests) if wish.is_to_prove else (wish.state, wish.reason)
        failing = next((one for one in tests if state == "failing" and one.has_failed), None)
        results = [one for one in tests if one.result is not None]
        pictures: list[Screenshot] = []
        replay: str | None = None
        for one in results:
            assert one.result is not None
            pictures += await self._pictures(one.result)
            recording = await replay_of(self.runner, one.result)
            if recording is not None and replay is None:
                replay = await self.keep_replay(recording)
        return WishProof(
            id=wish.id,
            text=wish.text,
            kind=wish.kind,
            quotes=wish.quotes,
            state=state,
            reason=reason[:MAX_REASON_CHARS],
            details=details_of(failing)[:MAX_REASON_CHARS] if failing is not None else "",
            seconds=round(sum(one.result.seconds for one in results if one.result), 3),
            witnesses=tuple(f"acceptance/{one.id}" for one in tests),
            pictures=tuple(pictures),
            replay=replay,
        )

    async def _pictures(self, result: WitnessResult) -> list[Screenshot]:
        titles = [step_in_words(step.text) for step in result.steps if step.picture]
        contents = await pictures_of(self.runner, result)
        return [
            await self.keep_picture(content, title, WIDTH, HEIGHT)
            for title, content in zip(titles, contents, strict=False)
        ]

    def _doubt_copies(self) -> None:
        """A test that does what another one does shows nothing of a wish of its own."""
        first: dict[str, Tried] = {}
        for one in self._tried.values():
            other = first.setdefault(one.test.body, one)
            if not set(one.test.wishes) & set(other.test.wishes):
                named = ", ".join(other.test.wishes)
                one.doubt = f"It does the same as {other.id}, which tries {named}."

    def _hash(self, one: Tried, known: Mapping[str, Wish]) -> str:
        """Of all that decides whether a witness is believed."""
        actors = self.files.get(ACTORS, b"")
        tried = sorted(set(one.test.wishes) & known.keys())
        asked = [
            f"{wish} {known[wish].kind} {is_rule(known[wish])} {has_figures(known[wish])}"
            for wish in tried
        ]
        parts = (self.library_version.encode(), actors, one.id.encode(), one.test.digest.encode())
        return sha256(b"\0".join((*parts, "\n".join(asked).encode()))).hexdigest()


def _id(file: WitnessFile, test: WitnessTest) -> str:
    return f"{file.path}::{test.name}"


def _ran_late(result: WitnessResult) -> bool:
    """Under a fault, something that does not come is what a witness should meet."""
    return result.is_late if result.fault == NONE else result.kind == "time"
