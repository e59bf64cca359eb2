"""next-evals (github.com/vercel/next-evals-oss; its tasks lie in vercel/next.js under `evals/evals/`).

A task is a folder: PROMPT.md asks, EVAL.ts has the assertions for vitest, which the builder must not see, and the
rest is a small Next.js project to begin with.
"""

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from evaluation.public.baxbench import WrongFolder

HOW_TO_GET = (
    "git clone --depth 1 --filter=blob:none --sparse https://github.com/vercel/next.js && cd next.js && "
    "git sparse-checkout set evals/evals; then give --folder evals/evals, and --vitest the program of a vitest "
    "that you installed."
)
PROMPT, ASSERTIONS = "PROMPT.md", "EVAL.ts"
PROJECT = "frontend"
"""Where a workspace has its Next.js project."""
MAX_FILE_BYTES = 500_000
EVAL_LIMIT_S = 300
_ASKED = "{prompt}\n\nThe Next.js project lies in `frontend/`: paths above are meant below it. Change only that folder."


@dataclass(frozen=True)
class NextTask:
    """`files` are those of the project, by path below it."""

    name: str
    prompt: str
    files: Mapping[str, bytes]
    folder: Path

    @property
    def message(self) -> str:
        return _ASKED.format(prompt=self.prompt.strip())

    def workspace(self) -> dict[str, bytes]:
        """What is laid into the workspace before the message."""
        return {f"{PROJECT}/{path}": content for path, content in self.files.items()}


def next_tasks(folder: Path) -> list[NextTask]:
    """All that the folder has, by name. Raises WrongFolder."""
    found = [_task(path.parent) for path in sorted(folder.glob(f"*/{PROMPT}"))]
    tasks = [task for task in found if task is not None]
    if not tasks:
        raise WrongFolder(f"{folder} has no tasks. {HOW_TO_GET}")
    return tasks


def _task(folder: Path) -> NextTask | None:
    if not (folder / ASSERTIONS).is_file():
        return None
    files = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and _belongs(path.relative_to(folder))
        and path.stat().st_size <= MAX_FILE_BYTES
    }  # fmt: skip
    return NextTask(folder.name, (folder / PROMPT).read_text("utf-8"), files, folder)


def _belongs(path: Path) -> bool:
    hidden = {"node_modules", ".next", ".git"}
    return path.name not in (PROMPT, ASSERTIONS) and not hidden & set(path.parts)


def passes(task: NextTask, made: Mapping[str, bytes], into: Path, *, vitest: str) -> bool:
    """The task's assertions over the project that came out: `made` by path below the workspace, laid out
    in the empty folder `into`."""
    for path, content in made.items():
        target = (into / path.removeprefix(f"{PROJECT}/")).resolve()
        if path.startswith(f"{PROJECT}/") and target.is_relative_to(into.resolve()):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    shutil.copy(task.folder / ASSERTIONS, into / ASSERTIONS)
    try:
        ran = subprocess.run(
            [vitest, "run", ASSERTIONS],
            cwd=into,
            capture_output=True,
            timeout=EVAL_LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return ran.returncode == 0
