"""`python -m evaluation.public baxbench|next-evals --folder …`: builds and tries the tasks of others.

Without --folder it says how to get the tasks. Results are printed, and are not part of docs/scoreboard.md.
"""

import argparse
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from evaluation.builders import OFFLINE, Builder
from evaluation.public import baxbench, next_evals
from evaluation.public.forward import forwarded
from evaluation.task import Task
from stackwright.testing.platform_process import Platform

BACKEND_PORT = 8000
SETS = {"baxbench": baxbench.HOW_TO_GET, "next-evals": next_evals.HOW_TO_GET}


@contextmanager
def serving(builder: Builder) -> Generator[Platform]:
    with tempfile.TemporaryDirectory(prefix="stackwright-eval-") as folder:
        Path(folder).chmod(0o755)
        with builder.environment(Task("public", ())) as environment:
            platform = Platform(
                Path(folder), environment={**environment, "STACKWRIGHT_DATA_DIR": folder}
            )
            platform.start()
            try:
                yield platform
            finally:
                platform.stop()


def tried_backend(platform: Platform, scenario: baxbench.Scenario, given: Any) -> str:
    project = scenario.name.lower()
    events = platform.chat(project, scenario.message)
    preview = next((e["url"] for e in events if e["type"] == "preview_ready"), "")
    if not preview:
        return "no preview"
    _, _, label = preview.partition("//")[2].partition("-")
    with forwarded(platform.port, f"{BACKEND_PORT}-{label}".rstrip("/")) as port:
        results = baxbench.passed(given.folder, scenario, port, python=given.python)
    return f"{sum(results.values())} of {len(results)} tests" + "".join(
        f", failed {name}" for name, ok in results.items() if not ok
    )


def tried_project(platform: Platform, task: next_evals.NextTask, given: Any) -> str:
    files = f"/api/projects/{task.name}/files"
    with platform.client() as client, tempfile.TemporaryDirectory() as into:
        made_new = {"name": task.name, "project_id": task.name}
        client.post("/api/projects", json=made_new).raise_for_status()
        there = client.get(files).raise_for_status().json()["files"]
        known = {file["path"]: file["sha256"] for file in there}
        for path, content in task.workspace().items():
            match = {"If-Match": f'"{known[path]}"'} if path in known else {}
            client.put(f"{files}/{path}", content=content, headers=match).raise_for_status()
        platform.chat(task.name, task.message)
        listed = client.get(files).raise_for_status().json()["files"]
        paths = [f["path"] for f in listed if f["path"].startswith(f"{next_evals.PROJECT}/")]
        made = {path: client.get(f"{files}/{path}").content for path in paths}
        ok = next_evals.passes(task, made, Path(into), vitest=given.vitest)
    return "passed" if ok else "failed"


def main() -> int:
    given = _arguments()
    if given.folder is None:
        sys.stdout.write(f"{SETS[given.set]}\n")
        return 2
    is_backend = given.set == "baxbench"
    try:
        tasks = (
            baxbench.scenarios(given.folder) if is_backend else next_evals.next_tasks(given.folder)
        )
    except baxbench.WrongFolder as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 2
    names = [task.name for task in tasks]
    if strangers := [name for name in given.only or () if name not in names]:
        sys.stderr.write(
            f"No task is called {', '.join(strangers)}. There are {', '.join(names)}.\n"
        )
        return 2
    for task in tasks:
        if given.only and task.name not in given.only:
            continue
        with serving(Builder(given.model)) as platform:
            tried: Any = tried_backend if is_backend else tried_project
            sys.stdout.write(f"{task.name}: {tried(platform, task, given)}\n")
            sys.stdout.flush()
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("set", choices=sorted(SETS))
    parser.add_argument(
        "--folder", type=Path, help="where the tasks are; without it: how to get them"
    )
    parser.add_argument("--only", nargs="+", help="these tasks, by name")
    parser.add_argument("--model", default=OFFLINE, help="a `provider:model`")
    parser.add_argument("--python", default=sys.executable, help="runs BaxBench's tests")
    parser.add_argument("--vitest", default="vitest", help="runs the assertions of next-evals")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
