"""What a run of witnesses left behind, read as the hostile text that it is."""

from collections.abc import Iterator, Sequence

from pydantic import BaseModel, ConfigDict, Field, ValidationError

MAX_LINES = 2000
NONE, AGAIN = "none", "again"
PASSED = "passed"


class Step(BaseModel):
    model_config = ConfigDict(frozen=True)

    text: str = Field(max_length=400)
    picture: str | None = Field(default=None, pattern=r"^step-\d{1,3}\.jpg$")
    at: float = 0.0


class WitnessResult(BaseModel):
    """One witness under one fault. `writes`, `reads`, `queries`, `styles`, `actions`: how much of the app
    it used, apart from what prepares it; `setups`: how many records prepare it; `mails`: how many it has
    looked at. `refused`: how often the app refused what it would take but for a rule;
    `refused_form` and `refused_person`: what it refused for its form, or for who asked; `refusals`:
    what each was, as kind, method, address and status."""

    model_config = ConfigDict(frozen=True)

    id: str = Field(max_length=500)
    fault: str = Field(default=NONE, max_length=40)
    outcome: str = Field(max_length=20)
    kind: str = Field(default="", max_length=20)
    error: str = Field(default="", max_length=10_000)
    seconds: float = 0.0
    steps: tuple[Step, ...] = ()
    complaints: tuple[str, ...] = ()
    writes: int = 0
    reads: int = 0
    queries: int = 0
    styles: int = 0
    actions: int = 0
    refused: int = 0
    refused_form: int = 0
    refused_person: int = 0
    refusals: tuple[str, ...] = ()
    setups: int = 0
    mails: int = 0
    folder: str | None = Field(default=None, pattern=r"^witness-\d{1,5}$")
    """Of its pictures, below `results`."""
    results: str = ""
    """Where the run left its files; set by whoever ran it."""

    @property
    def passed(self) -> bool:
        return self.outcome == PASSED

    @property
    def was_refused(self) -> bool:
        return bool(self.refused or self.refused_form or self.refused_person)

    @property
    def is_late(self) -> bool:
        """Whether it failed by a limit of time: then a busy machine may be the reason."""
        return self.kind in ("time", "action") or "Timeout" in self.error

    @property
    def path(self) -> str:
        return self.id.partition("::")[0]

    @property
    def test(self) -> str:
        return self.id.rpartition("::")[2]


def read_results(content: bytes) -> list[WitnessResult]:
    """One per line; a line that is none is passed over: its witness counts as not run."""
    return list(_results(content.decode(errors="replace").splitlines()[:MAX_LINES]))


def _results(lines: Sequence[str]) -> Iterator[WitnessResult]:
    for line in lines:
        try:
            yield WitnessResult.model_validate_json(line)
        except (ValidationError, RecursionError):
            continue
