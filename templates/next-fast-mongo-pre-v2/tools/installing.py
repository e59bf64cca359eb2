"""Installs what the app and its tests need, inside this folder; a second call finds it there."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

from programs import Failed, Programs, say

ROOT = Path(__file__).resolve().parent.parent
BACKEND, FRONTEND, ACCEPTANCE = ROOT / "backend", ROOT / "frontend", ROOT / "acceptance"
SECANTUSDB = "secantusdb==0.7.0b3"
OLDEST_NODE = (20, 9)


def python_of(name: str) -> Path:
    return ROOT / ".venv" / name / "bin" / "python"


def install_backend(programs: Programs) -> None:
    _install_python(programs, "backend", ["-r", str(BACKEND / "requirements.txt")])


def install_acceptance(programs: Programs) -> None:
    """With a browser, unless the machine has one."""
    _install_python(programs, "acceptance", ["-r", str(ACCEPTANCE / "requirements.txt")])
    python = str(python_of("acceptance"))
    find = "from witness.settings import find_chromium; print(find_chromium() or '')"
    found = subprocess.run([python, "-c", find], cwd=ACCEPTANCE, capture_output=True, text=True)
    if found.returncode != 0:
        raise Failed(f"acceptance/witness cannot be read:\n{found.stderr.strip()}")
    if found.stdout.strip():
        return
    say("No Chromium on this machine: Playwright brings one")
    if programs.run([python, "-m", "playwright", "install", "chromium"], ROOT) != 0:
        raise Failed("No browser. Install Chromium, or set WITNESS_CHROMIUM to the path of one.")


def install_database(programs: Programs) -> None:
    try:
        _install_python(programs, "mongodb", [SECANTUSDB])
    except Failed as failure:
        raise Failed(f"{failure} Install MongoDB, or set MONGODB_URL to a server.") from None


def install_frontend(programs: Programs) -> None:
    """From the lock file that is there, with the program that wrote it."""
    _check_node()
    command, lock = _frontend_installer()
    stamp = FRONTEND / "node_modules" / ".installed"
    wanted = _digest(FRONTEND / "package.json", *([lock] if lock else []))
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    say(f"Installing the frontend's packages ({' '.join(command)})")
    if programs.run(command, FRONTEND) != 0:
        raise Failed("The frontend's packages could not be installed; see above.")
    stamp.write_text(wanted)


def _install_python(programs: Programs, name: str, packages: list[str]) -> None:
    folder = ROOT / ".venv" / name
    stamp = folder / ".installed"
    files = [Path(part) for part in packages if part.endswith(".txt")]
    wanted = f"{sys.version} {packages} {folder} {_digest(*files)}"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    say(f"Installing Python packages: {name}")
    if programs.run([sys.executable, "-m", "venv", "--clear", str(folder)], ROOT) != 0:
        raise Failed("The venv module is missing (Debian: apt-get install python3-venv).")
    pip = [str(python_of(name)), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    if programs.run([*pip, *packages], ROOT) != 0:
        raise Failed(f"The Python packages of {name} could not be installed; see above.")
    stamp.write_text(wanted)


def _frontend_installer() -> tuple[list[str], Path | None]:
    for name in ("bun.lock", "bun.lockb"):
        if (FRONTEND / name).is_file():
            bun = ["bun"] if shutil.which("bun") else ["npx", "--yes", "bun@1"]
            return [*bun, "install", "--frozen-lockfile"], FRONTEND / name
    if (FRONTEND / "package-lock.json").is_file():
        return ["npm", "ci"], FRONTEND / "package-lock.json"
    return ["npm", "install"], None


def _check_node() -> None:
    if shutil.which("node") is None:
        raise Failed("Node 20.9 or newer is needed (nodejs.org).")
    told = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout
    numbers = tuple(int(part) for part in re.findall(r"\d+", told)[:2])
    if numbers < OLDEST_NODE:
        raise Failed(f"Node 20.9 or newer is needed (nodejs.org); this is {told.strip()}.")


def _digest(*files: Path) -> str:
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()
