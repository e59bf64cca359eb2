"""What linter and type checker say of the files that a call has just written.

They run in the sandbox on the app's own settings, for at most `LIMIT_S`; the file is written by then
in any case. Writes that come together are checked together.
"""

import asyncio
import re
import shlex
from collections.abc import Awaitable, Callable, Iterable, Sequence, Set
from dataclasses import dataclass

from stackwright.core.errors import SandboxUnavailable
from stackwright.core.tasks import spawn
from stackwright.sandbox.base import WORKSPACE_ROOT, Sandbox
from stackwright.sandbox.detached import STATE_DIR

LIMIT_S = 2.0
SCRIPT_LIMIT_MS = 1700
MAX_TOLD = 20
MAX_LINE_CHARS = 240
MAX_FILES = 50
NOT_READY = "TYPES NOT READY"

_FRONTEND = f"{WORKSPACE_ROOT}/frontend"
_FOLDER = f"{STATE_DIR}/findings"
_CONFIG = f"""{{
  "extends": "{_FRONTEND}/tsconfig.json",
  "include": ["{_FRONTEND}/**/*.ts", "{_FRONTEND}/**/*.tsx", "{_FRONTEND}/**/*.mts"],
  "exclude": ["{_FRONTEND}/node_modules", "{_FRONTEND}/.next"]
}}"""

# The type checker goes on when its time is up: what it notes makes the next look fast.
_SCRIPTS = f"""
(cd {_FRONTEND} || exit 0; end=$((${{EPOCHREALTIME/[.,]/}} / 1000 + {SCRIPT_LIMIT_MS}))
mkdir -p {_FOLDER} && exec 9>{_FOLDER}/lock
for tsc in node_modules/@typescript/typescript-*/lib/tsc node_modules/.bin/tsc ''; do [ -x "$tsc" ] && break; done
flock -w 1.2 9 || {{ echo {NOT_READY}; tsc=; }}
if [ -n "$tsc" ]; then
  rm -f {_FOLDER}/ended; echo {shlex.quote(_CONFIG)} >{_FOLDER}/tsconfig.json
  setsid bash -c 'timeout 60 "$0" --noEmit --pretty false --incremental --singleThreaded -p {_FOLDER}/tsconfig.json \
    --tsBuildInfoFile {_FOLDER}/info >{_FOLDER}/types 2>&1; : >{_FOLDER}/ended' "$tsc" \
    </dev/null >/dev/null 2>&1 &
fi
[ -x node_modules/.bin/oxlint ] && node_modules/.bin/oxlint --quiet --format=unix %(scripts)s 9>&-
[ -n "$tsc" ] || exit 0
while [ ! -e {_FOLDER}/ended ]; do
  [ $((${{EPOCHREALTIME/[.,]/}} / 1000)) -lt $end ] || {{ echo {NOT_READY}; exit; }}
  sleep 0.03
done
cat {_FOLDER}/types) &
"""
_PYTHON = f"""
(cd {WORKSPACE_ROOT}/backend && command -v ruff >/dev/null &&
ruff check --quiet --no-cache --output-format=concise %(python)s) &
"""

_LATE = f"""
if [ -e {_FOLDER}/ended ]; then cat {_FOLDER}/types; else echo {NOT_READY}; fi
"""

_LINTED = re.compile(r"([^:\n]{1,300}):(\d+):(\d+): (.*)")
_TYPED = re.compile(r"([^(\n]{1,300})\((\d+),(\d+)\): (.*)")


class Findings:
    """Faults that linters and compilers find in files of one run. A call whose file was written before a look
    begins shares that look."""

    def __init__(self, sandbox: Callable[[], Awaitable[Sandbox]]) -> None:
        self._sandbox = sandbox
        self._wanted: set[str] = set()
        self._next: asyncio.Task[_Look] | None = None
        self._turn = asyncio.Lock()
        self._late: set[str] = set()
        """Files whose types were not ready in time: they are told with the next write."""

    async def of(self, paths: Iterable[str]) -> str:
        """A text to add to the answer; empty when nothing is wrong or nothing can be said."""
        mine = [path for path in paths if path.endswith((".py", ".ts", ".tsx", ".mts"))]
        if not mine and not self._late:
            return ""
        self._wanted.update(mine)
        if self._next is None:
            self._next = spawn(self._look(), name="findings", expected=(SandboxUnavailable,))
        try:
            async with asyncio.timeout(LIMIT_S):
                look = await asyncio.shield(self._next)
        except (TimeoutError, SandboxUnavailable):
            return ""
        return told(look.output, mine, look.late)

    async def _look(self) -> "_Look":
        async with self._turn:
            paths, self._wanted, self._next = sorted(self._wanted)[:MAX_FILES], set(), None
            sandbox, late = await self._sandbox(), frozenset(self._late)
            if not (script := script_for(paths, is_late=bool(late))):
                return _Look("", late)
            output = (await sandbox.run(script, timeout_s=2 * LIMIT_S)).stdout
            if NOT_READY in output:
                self._late.update(path for path in paths if path.startswith("frontend/"))
            else:
                self._late.clear()
            return _Look(output, late)


@dataclass(frozen=True, slots=True)
class _Look:
    output: str
    late: frozenset[str]
    """Files of earlier writes that it also tells about."""


def script_for(paths: Sequence[str], *, is_late: bool = False) -> str:
    """Empty when nothing looks at such files, and types of earlier ones are not awaited."""
    scripts = [path.removeprefix("frontend/") for path in paths if path.startswith("frontend/")]
    python = [path.removeprefix("backend/") for path in paths if path.startswith("backend/")]
    parts = [
        _SCRIPTS.replace("%(scripts)s", shlex.join(scripts)) if scripts else "",
        _LATE if is_late and not scripts else "",
        _PYTHON.replace("%(python)s", shlex.join(python)) if python else "",
    ]
    return "".join([*parts, "wait"]) if any(parts) else ""


def told(output: str, paths: Sequence[str], late: Set[str] = frozenset()) -> str:
    """What is said of these files, then in which others the types do not fit any more."""
    mine: list[str] = []
    others: set[str] = set()
    for line in output.splitlines():
        found = _TYPED.fullmatch(line) or _LINTED.fullmatch(line)
        if found is None:
            continue
        path = _in_workspace(found[1], paths)
        if path in paths or path in late:
            mine.append(f"{path}:{found[2]}:{found[3]} {found[4]}"[:MAX_LINE_CHARS])
        elif _TYPED.fullmatch(line):
            others.add(path)
    more = [f"({len(mine) - MAX_TOLD} more)"] if len(mine) > MAX_TOLD else []
    elsewhere = [f"Types do not fit in {', '.join(sorted(others)[:5])} either."] if others else []
    is_late = NOT_READY in output and any(path.startswith("frontend/") for path in paths)
    note = ["(Types are told with the next write: the check took too long.)"] if is_late else []
    lines = [*mine[:MAX_TOLD], *more, *elsewhere]
    if not lines:
        return "".join(f"\n{each}" for each in note)
    return "\n".join(["", "Lint and types of what was written:", *lines, *note])


def _in_workspace(path: str, paths: Sequence[str]) -> str:
    """Linters name files from the folder that they ran in."""
    candidates = (f"frontend/{path}", f"backend/{path}")
    return next((each for each in candidates if each in paths), candidates[0])
