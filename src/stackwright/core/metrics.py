"""What the platform counts about itself, for Prometheus. Numbers and fixed words only, never ids.

One object per process, made by `main` and handed to each part that counts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

CONTENT_TYPE = CONTENT_TYPE_LATEST

SandboxSource = Literal["memory", "cache", "list", "new"]

_LATE_SECONDS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0)
_SECONDS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0)


class Metrics:
    """Counters of this process since it started."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._given = Counter(
            "stackwright_sandboxes_given",
            "Sandboxes handed out, by where they were found.",
            ["source"],
            registry=self._registry,
        )
        self._done = Counter(
            "stackwright_sandbox_actions",
            "What the manager did to sandboxes, and why.",
            ["action", "cause"],
            registry=self._registry,
        )
        self._failures = Counter(
            "stackwright_sandbox_engine_failures",
            "Calls to the sandbox engine that failed; most are tried again.",
            ["code"],
            registry=self._registry,
        )
        self._refusals = Counter(
            "stackwright_sandbox_limit_refusals",
            "Sandboxes not given because a limit was reached.",
            ["limit"],
            registry=self._registry,
        )
        self._start_seconds = Histogram(
            "stackwright_sandbox_start_seconds",
            "Time until a sandbox ran that did not.",
            ["action"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._late_seconds = Histogram(
            "stackwright_event_loop_late_seconds",
            "By how much a timer of the event loop came late, twice a second.",
            buckets=_LATE_SECONDS,
            registry=self._registry,
        )

    def sandbox_given(self, source: SandboxSource) -> None:
        self._given.labels(source).inc()

    def sandbox_started(self, action: Literal["create", "resume"], seconds: float) -> None:
        self._done.labels(action, "asked").inc()
        self._start_seconds.labels(action).observe(seconds)

    def sandbox_stopped(
        self,
        action: Literal["pause", "kill"],
        cause: Literal["idle", "age", "room", "broken", "deleted", "ended", "orphan", "duplicate"],
    ) -> None:
        self._done.labels(action, cause).inc()

    def sandbox_lost(self) -> None:
        """A sandbox that was in hand did not answer any more."""
        self._done.labels("lose", "died").inc()

    def engine_failed(self, code: str) -> None:
        self._failures.labels(code).inc()

    def sandbox_refused(self, limit: Literal["user", "total", "kept", "engine"]) -> None:
        self._refusals.labels(limit).inc()

    def loop_was_late(self, seconds: float) -> None:
        self._late_seconds.observe(seconds)

    def rendered(self, readings: "Sequence[Reading]") -> bytes:
        """The counters and what was read just now, in Prometheus' text format."""
        return generate_latest(_Now(self._registry, readings))


@dataclass(frozen=True, slots=True)
class Reading:
    """A value as it is now, of each label; no label: the one under ""."""

    name: str
    help: str
    values: Mapping[str, float]
    label: str | None = None
    is_counter: bool = False


class _Now:
    """A registry's counters followed by readings."""

    def __init__(self, registry: CollectorRegistry, readings: Sequence[Reading]) -> None:
        self._registry = registry
        self._readings = readings

    def collect(self) -> Iterator[Metric]:
        yield from self._registry.collect()
        for reading in self._readings:
            kind = CounterMetricFamily if reading.is_counter else GaugeMetricFamily
            labels = [] if reading.label is None else [reading.label]
            family = kind(reading.name, reading.help, labels=labels)
            for value_of, value in sorted(reading.values.items()):
                family.add_metric([value_of] if labels else [], value)
            yield family
