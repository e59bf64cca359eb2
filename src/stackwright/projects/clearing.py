"""Makes way for the durable copy where commands in a sandbox closed files or put folders instead."""

import json
import shlex
from collections.abc import Sequence

from stackwright.sandbox.base import Sandbox

HOME = "/home/user"
PATHS_AT_ONCE = 30
"""So many paths of 500 characters, escaped, fit into one argument of a command."""
LIMIT_S = 30.0

_SCRIPT = """
import json, os, stat, sys
home, paths = json.loads(sys.argv[1])
for path in paths:
    at = home
    try:
        for name in os.path.relpath(path, home).split("/"):
            at = os.path.join(at, name)
            mode = os.lstat(at).st_mode
            if stat.S_ISLNK(mode):
                break
            os.chmod(at, stat.S_IMODE(mode) | (0o700 if stat.S_ISDIR(mode) else 0o600))
        else:
            for folder, _, _ in os.walk(path, topdown=False):
                os.rmdir(folder)
    except OSError:
        pass
"""


async def clear_paths(sandbox: Sandbox, paths: Sequence[str]) -> None:
    """Open the files at these absolute paths and the folders above them, and remove folders that
    hold no file and lie where a file belongs. Links are not followed, no file is removed."""
    for at in range(0, len(paths), PATHS_AT_ONCE):
        arguments = json.dumps([HOME, paths[at : at + PATHS_AT_ONCE]])
        await sandbox.run(
            f"python3 -I -S -c {shlex.quote(_SCRIPT)} {shlex.quote(arguments)}",
            cwd="/",
            timeout_s=LIMIT_S,
        )
