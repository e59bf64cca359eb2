"""Adding libraries to the app, with what is installed and what is promised kept in step."""

import re
import shlex
from typing import Literal

from pydantic import Field

from stackwright.sandbox.base import WORKSPACE_ROOT
from stackwright.tools.base import Arguments, Tool, ToolContext, ToolFailed
from stackwright.tools.budget import cut_middle
from stackwright.tools.files import seen_again

TIMEOUT_S = 300.0

# What came with the library is pinned too: requirements.txt is the lock file of the backend.
_BACKEND = """
set -e
uv pip freeze -q | sort >/tmp/before.txt
uv pip install -q -c requirements.txt -- {names}
uv pip freeze -q | sort >/tmp/after.txt
python -I - requirements.txt /tmp/before.txt /tmp/after.txt {names} <<'END'
import re, sys
path, before, after, *names = sys.argv[1:]
plain = lambda text: re.sub(r"[-_.]+", "-", re.split(r"[^\\w.-]", text)[0]).lower()
read = lambda file: {{plain(line): line for line in open(file).read().split("\\n") if "==" in line}}
listed, old, new = read(path), read(before), read(after)
asked = {{plain(name) for name in names}}
added = {{n: line for n, line in new.items() if n not in listed and (n in asked or old.get(n) != line)}}
text = open(path).read().rstrip("\\n").split("\\n")
open(path, "w").write("\\n".join(sorted([*text, *added.values()], key=plain)) + "\\n")
print("added " + ", ".join(added.values()) if added else "It was listed already.")
END
"""
_FRONTEND = "bun add --exact {dev}{names} 2>&1"

_NAME = (
    r"^(@[a-z0-9][\w.-]{0,80}/)?[A-Za-z0-9][\w.-]{0,80}(\[[\w,-]{1,80}\])?((==|@)[\w.+-]{1,40})?"
)
_UNREACHABLE = re.compile(
    r"dns error|error sending request|could not connect|connection ?refused|failedtoopensocket|"
    r"client error \(connect\)|network|timed? ?out|tunnel|proxy|\b403\b",
    re.IGNORECASE,
)


class AddDependency(Arguments):
    side: Literal["backend", "frontend"]
    names: list[str] = Field(
        min_length=1, max_length=10, description="e.g. pillow or pillow==12.0.0; nanoid or nanoid@6"
    )
    dev: bool = Field(default=False, description="Frontend only: needed only to build it.")


async def add_dependency(arguments: AddDependency, context: ToolContext) -> str:
    for name in arguments.names:
        if not re.fullmatch(_NAME, name):
            raise ToolFailed(f"{name[:100]!r} is no name of a package.")
    names = shlex.join(arguments.names)
    is_backend = arguments.side == "backend"
    dev = "-d " if arguments.dev else ""
    result = await (await context.sandbox()).run(
        (_BACKEND if is_backend else _FRONTEND).format(names=names, dev=dev),
        cwd=f"{WORKSPACE_ROOT}/{arguments.side}",
        timeout_s=TIMEOUT_S,
    )
    changed = await context.files.capture()
    await seen_again(context, changed)
    said = cut_middle("\n".join([result.stdout.strip(), result.stderr.strip()]).strip(), 3000)
    if result.exit_code == 0 and not result.timed_out:
        return f"{said}\nChanged: {', '.join(changed) or 'nothing'}. The next start uses it."
    if result.timed_out or _UNREACHABLE.search(said):
        said += "\nThis host seems to have no package registry: build it with what is installed."
    raise ToolFailed(f"Not added. {said}")


TOOLS = (
    Tool(
        "add_dependency",
        "Install libraries for the backend (uv) or the frontend (bun), with requirements and lock in step.",
        AddDependency,
        add_dependency,
        "repeatable",
        lambda _: frozenset({"*"}),
    ),
)
