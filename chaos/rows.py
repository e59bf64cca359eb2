"""What a scenario found, as a row of the table."""

from collections.abc import Sequence
from dataclasses import dataclass, field

MAX_SHOWN = 5


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


def table(rows: Sequence[Row]) -> str:
    """In Markdown."""
    lines = [
        "| scenario | held | repeated effects | remarks | seconds |",
        "|---|---|---|---|---|",
    ]
    for row in rows:
        effects = "none run" if row.repeated_effects is None else str(row.repeated_effects)
        held = f"{row.held} of {row.tried}"
        lines.append(f"| {row.name} | {held} | {effects} | {row.note} | {row.seconds:.0f} |")
    return "\n".join(lines)


def findings(rows: Sequence[Row]) -> list[str]:
    """The first few of each row."""
    return [f"{row.name}: {finding[:1000]}" for row in rows for finding in row.findings[:MAX_SHOWN]]
