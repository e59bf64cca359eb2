"""How busy the machine is on which an app is tried: time limits mean little while work waits for it."""

import re
from dataclasses import dataclass, field

from stackwright.core.events import MachineState
from stackwright.sandbox.base import Sandbox

BUSY = 40.0
"""Percent of the time in which work waits for a processor, above which a time limit says nothing of
the app."""
TOO_SLOW = "This machine is too slow right now"
_READ = "cat /proc/pressure/cpu 2>/dev/null; cat /proc/loadavg; nproc"
_PRESSURE = re.compile(r"some avg10=([\d.]+)")
_TOTAL = re.compile(r"some [^\n]{0,80}total=(\d{1,18})")
_LOAD = re.compile(r"^([\d.]+) [\d.]+ [\d.]+ \d+/\d+ \d+$", re.MULTILINE)
_TIMED_OUT = re.compile(
    r"did not end (?:in time|within)|not ready within|Timeout \d+ ?ms exceeded|still loading after"
    r"|still delivers older \w+ than the files hold after|does not become interactive|does not answer within|timed out",
    re.IGNORECASE,
)


def pressure_in(text: str) -> float:
    """Percent, from what the kernel says; from the load where it does not tell the pressure."""
    if told := _PRESSURE.search(text):
        return min(float(told[1]), 100.0)
    load, processors = _LOAD.search(text), text.rstrip().rpartition("\n")[2]
    if load is None or not processors.isdigit() or processors == "0":
        return 0.0
    waiting = float(load[1]) - int(processors)
    return round(max(0.0, min(100.0, 100 * waiting / max(float(load[1]), 1))), 1)


@dataclass(frozen=True, slots=True)
class Moment:
    """`waited_us`: for how long work has waited for a processor since the machine started; None where the
    kernel does not tell."""

    pressure: float
    waited_us: int | None

    def pressure_since(self, earlier: "Moment", seconds: float) -> float:
        """Percent of the time from an earlier moment until this one."""
        if self.waited_us is None or earlier.waited_us is None or seconds <= 0:
            return max(self.pressure, earlier.pressure)
        waited_s = (self.waited_us - earlier.waited_us) / 1e6
        return round(max(0.0, min(100.0, 100 * waited_s / seconds)), 1)


def moment_in(text: str) -> Moment:
    total = _TOTAL.search(text)
    return Moment(pressure_in(text), int(total[1]) if total else None)


async def read_moment(sandbox: Sandbox) -> Moment:
    answer = await sandbox.run(_READ, cwd="/", timeout_s=10, max_output_bytes=2_000)
    return moment_in(answer.stdout)


async def read_pressure(sandbox: Sandbox) -> float:
    return (await read_moment(sandbox)).pressure


def has_timed_out(detail: str) -> bool:
    """Whether a failure says that something took too long."""
    return _TIMED_OUT.search(detail) is not None


def patience(pressure: float) -> float:
    """By how much the time limits of a look at the app are stretched."""
    return 1.0 if pressure < BUSY else 2.0 if pressure < 80 else 4.0


@dataclass(slots=True)
class MachineLog:
    """What is remembered of the machine during one round of checks."""

    pressure: float = 0.0
    repeated: list[str] = field(default_factory=list[str])
    too_slow: list[str] = field(default_factory=list[str])

    def see(self, pressure: float) -> None:
        self.pressure = max(self.pressure, pressure)

    def state(self) -> MachineState:
        return MachineState(
            pressure=self.pressure, repeated=tuple(self.repeated), too_slow=tuple(self.too_slow)
        )
