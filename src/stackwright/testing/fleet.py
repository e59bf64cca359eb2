"""Several API and worker processes of one platform: one database, one sandbox engine."""

import signal
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from stackwright.testing.platform_process import Platform, PlatformProcess


@dataclass
class Fleet:
    """Processes join with `api` and `worker`; `stop` ends those that are left.

    Without DATABASE_URL in `environment` they share the data directory's embedded database."""

    data_dir: Path
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    apis: list[Platform] = field(default_factory=list[Platform])
    workers: list[PlatformProcess] = field(default_factory=list[PlatformProcess])

    def start(self, *, apis: int = 2, workers: int = 2) -> None:
        """The first of all alone, since it makes the database; the others together."""
        made: list[PlatformProcess] = [
            *(self._new_api() for _ in range(apis)),
            *(self._new_worker() for _ in range(workers)),
        ]
        made[0].start()
        with ThreadPoolExecutor(len(made)) as pool:
            list(pool.map(PlatformProcess.start, made[1:]))

    def api(self, **environment: str) -> Platform:
        """One more `stackwright serve --no-worker`, ready."""
        added = self._new_api(**environment)
        added.start()
        return added

    def worker(self, **environment: str) -> PlatformProcess:
        """One more `stackwright worker`, ready."""
        added = self._new_worker(**environment)
        added.start()
        return added

    def stop(self) -> None:
        """End what still runs, in order; a process that does not end in time is killed."""
        running = [process for process in self._all() if process.process is not None]
        for process in running:
            assert process.process is not None
            process.process.send_signal(signal.SIGTERM)
        for process in running:
            assert process.process is not None
            try:
                process.process.wait(timeout=20)
            finally:
                process.process.kill()
                process.process = None

    def output(self) -> str:
        """The end of what each process wrote, for the message of a failed test."""
        return "\n".join(
            f"--- {process.name}\n{process.output()[-3000:]}" for process in self._all()
        )

    def _all(self) -> Iterator[PlatformProcess]:
        yield from self.workers
        yield from self.apis

    def _new_api(self, **environment: str) -> Platform:
        self.apis.append(
            Platform(
                self.data_dir,
                ("serve", "--no-worker"),
                f"api-{len(self.apis) + 1}",
                {**self.environment, **environment},
            )
        )
        return self.apis[-1]

    def _new_worker(self, **environment: str) -> PlatformProcess:
        self.workers.append(
            PlatformProcess(
                self.data_dir,
                ("worker",),
                f"worker-{len(self.workers) + 1}",
                {**self.environment, **environment},
            )
        )
        return self.workers[-1]
