"""What linter and type checker say of the files that a call has just written.

They run in the sandbox on the app's own settings, for at most `LIMIT_S`; the file is written by then
in any case. Writes that come together are checked together.
"""

import asyncio
import re
import shlex
from collections.abc import Awaitable, Callable, Iterable, Sequence

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
  setsid bash -c 'timeout 60 "$0" --noEmit --pretty false --incremental -p {_FOLDER}/tsconfig.json \
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

_LINTED = re.compile(r"([^:\n]{1,300}):(\d+):(\d+): (.*)")
_TYPED = re.compile(r"([^(\n]{1,300})\((\d+),(\d+)\): (.*)")


class Findings:
    """Of one run. A call whose file was written before a look begins shares that look."""

    def __init__(self, sandbox: Callable[[], Awaitable[Sandbox]]) -> None:
        self._sandbox = sandbox
        self._wanted: set[str] = set()
        self._next: asyncio.Task[str] | None = None
        self._turn = asyncio.Lock()

    async def of(self, paths: Iterable[str]) -> str:
        """A text to add to the answer; empty when nothing is wrong or nothing can be said."""
        mine = [path for path in paths if path.endswith((".py", ".ts", ".tsx", ".mts"))]
        if not mine:
            return ""
        self._wanted.update(mine)
        if self._next is None:
            self._next = spawn(self._look(), name="findings", expected=(SandboxUnavailable,))
        try:
            async with asyncio.timeout(LIMIT_S):
                output = await asyncio.shield(self._next)
        except (TimeoutError, SandboxUnavailable):
            return ""
        return told(output, mine)

    async def _look(self) -> str:
        async with self._turn:
            paths, self._wanted, self._next = sorted(self._wanted)[:MAX_FILES], set(), None
            sandbox = await self._sandbox()
            script = script_for(paths)
            return (await sandbox.run(script, timeout_s=2 * LIMIT_S)).stdout if script else ""


def script_for(paths: Sequence[str]) -> str:
    """Empty when nothing looks at such files."""
    scripts = [path.removeprefix("frontend/") for path in paths if path.startswith("frontend/")]
    python = [path.removeprefix("backend/") for path in paths if path.startswith("backend/")]
    parts = [
        _SCRIPTS.replace("%(scripts)s", shlex.join(scripts)) if scripts else "",
        _PYTHON.replace("%(python)s", shlex.join(python)) if python else "",
    ]
    return "".join([*parts, "wait"]) if any(parts) else ""


def told(output: str, paths: Sequence[str]) -> str:
    """What is said of these files, then in how many others the types do not fit any more."""
    mine: list[str] = []
    others: set[str] = set()
    for line in output.splitlines():
        found = _TYPED.fullmatch(line) or _LINTED.fullmatch(line)
        if found is None:
            continue
        path = _in_workspace(found[1], paths)
        if path in paths:
            mine.append(f"{path}:{found[2]}:{found[3]} {found[4]}"[:MAX_LINE_CHARS])
        elif _TYPED.fullmatch(line):
            others.add(path)
    more = [f"({len(mine) - MAX_TOLD} more)"] if len(mine) > MAX_TOLD else []
    elsewhere = [f"Types do not fit in {', '.join(sorted(others)[:5])} either."] if others else []
    late = ["(The types were not checked in time.)"] if NOT_READY in output else []
    lines = [*mine[:MAX_TOLD], *more, *elsewhere]
    if not lines:
        return "".join(f"\n{each}" for each in late)
    return "\n".join(["", "Lint and types of what was written:", *lines, *late])


def _in_workspace(path: str, paths: Sequence[str]) -> str:
    """Linters name files from the folder that they ran in."""
    candidates = (f"frontend/{path}", f"backend/{path}")
    return next((each for each in candidates if each in paths), candidates[0])
