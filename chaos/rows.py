"""What a scenario found, as a row of the table."""

from collections.abc import Sequence
from dataclasses import dataclass, field

HEAD = (
    "| scenario | held | repeated effects | remarks | seconds | when |\n|---|---|---|---|---|---|\n"
)


@dataclass(slots=True)
class Row:
    """`held` of `tried` cases ended as without the disturbance."""

    name: str
    tried: int = 0
    held: int = 0
    repeated_effects: int | None = None
    """Commands that took effect more than once; None where no command runs."""
    note: str = ""
    seconds: float = 0.0
    findings: list[str] = field(default_factory=list[str])
    """Sentences about the cases that did not hold."""

    def count(self, case: str, faults: Sequence[str], *, repeated_effects: int = 0) -> None:
        self.tried += 1
        self.held += not faults
        if self.repeated_effects is not None:
            self.repeated_effects += repeated_effects
        self.findings += [f"{case}: {fault}" for fault in faults]

    @property
    def is_good(self) -> bool:
        return self.tried > 0 and self.held == self.tried and not self.repeated_effects

    def line(self, when: str) -> str:
        """In Markdown."""
        effects = "none run" if self.repeated_effects is None else str(self.repeated_effects)
        held = f"{self.held} of {self.tried}"
        cells = (self.name, held, effects, self.note, f"{self.seconds:.0f}", when)
        return f"| {' | '.join(cells)} |"


def renewed(table: str, line: str) -> str:
    """The table with this line in the place of that of the same scenario, or at the end. A whole
    replaces its parts."""
    name = _scenario(line)
    lines = [each for each in table.splitlines() if each.startswith("|")][2:]
    lines = [each for each in lines if not _scenario(each).startswith(f"{name}, ")]
    names = [_scenario(each) for each in lines]
    place = names.index(name) if name in names else len(lines)
    lines[place : place + 1] = [line]
    return HEAD + "".join(f"{each}\n" for each in lines)


def _scenario(line: str) -> str:
    return line.split("|")[1].strip()


def findings(rows: Sequence[Row]) -> list[str]:
    """Of all rows, each in a line."""
    return [f"{row.name}: {finding[:2000]}" for row in rows for finding in row.findings]
