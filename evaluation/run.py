"""`make eval`: how well does it build? Applications are asked for in several messages; what holds is tried by
checks that nobody has who builds.

Every task that was tried renews its line in docs/scoreboard.md. Without `--model` or `--cassettes` the
offline builder works. `--missing` goes on where an earlier run was ended. The score of the offline reader
is printed first; `--reading` prints nothing else.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from prove.applications import ROOT

from evaluation.browser import browser
from evaluation.builders import OFFLINE, Builder
from evaluation.rows import Row, renewed, rows_in, summary
from evaluation.task import Task
from evaluation.tasks import TASKS
from evaluation.trial import trial
from fixtures.reading_score import main as score_reader
from prove import page
from stackwright.testing.platform_process import Platform

PAGE = ROOT / "docs" / "scoreboard.md"
NAMES = [task.name for task in TASKS]


def tried(tasks: list[Task], builder: Builder, *, record: Path | None) -> Iterator[Row]:
    """Each in turn, on a platform of its own: what one task leaves behind cannot help the next."""
    with browser() as window:
        for task in tasks:
            with tempfile.TemporaryDirectory(prefix="stackwright-eval-") as folder:
                Path(folder).chmod(0o755)  # the embedded PostgreSQL may have an account of its own
                with builder.environment(task) as environment:
                    platform = Platform(
                        Path(folder), environment={**environment, "STACKWRIGHT_DATA_DIR": folder}
                    )
                    platform.start()
                    try:
                        yield trial(platform, task, builder, window, record=record)
                    finally:
                        platform.stop()


def write(row: Row) -> None:
    """Renew the task's line in the document, and what all lines come to."""
    page.renew(
        PAGE,
        lambda table: renewed(table, row, NAMES),
        lambda table: summary(table, NAMES, page.described()),
    )


def chosen(given: argparse.Namespace, builder: Builder) -> list[Task]:
    known = rows_in(PAGE.read_text()) if given.missing else []
    told = {row.task for row in known if row.builder == builder.name}
    wanted = [task for task in TASKS if task.name not in told]
    return [task for task in wanted if not given.only or task.name in given.only]


def main() -> int:
    given = _arguments()
    score_reader([])
    if given.reading:
        return 0
    builder = Builder(given.name or given.model, given.cassettes)
    for row in tried(chosen(given, builder), builder, record=given.record):
        sys.stdout.write(f"{row.line()}\n")
        sys.stdout.flush()
        if not given.dry:
            write(row)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=NAMES, help="these tasks")
    parser.add_argument(
        "--missing", action="store_true", help="tasks without a line of this builder"
    )
    parser.add_argument(
        "--model", default=OFFLINE, help="a `provider:model`; its key is in the environment"
    )
    parser.add_argument(
        "--cassettes", type=Path, help="a folder that --record has filled: no model is asked"
    )
    parser.add_argument(
        "--record", type=Path, help="an existing folder for the cassettes of all runs"
    )
    parser.add_argument("--name", help="of the builder in the table, if not the model's")
    parser.add_argument("--reading", action="store_true", help="score the offline reader only")
    parser.add_argument("--dry", action="store_true", help="leave the document as it is")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
