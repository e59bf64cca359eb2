"""Programs of the host that sandboxes may run, and where they find them."""

import asyncio
import contextlib
import importlib.util
import logging
import platform
import secrets
import shutil
import sys
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from stackwright.engine.files import erase_tree

BUN_INSTALL_TIMEOUT_S = 180
USER_PREFIX = "/home/user/.local"
"""Where `npm install --global` and `pip install --user` put programs."""
SYSTEM_PATH = (
    *("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"),
    f"{USER_PREFIX}/bin",
)
TOOLS_INSIDE = Path("/opt/tools")
_SUDO = """\
#!/bin/sh
# There is one user here, and its rights cannot grow: the command runs with the same ones.
while [ $# -gt 0 ]; do
    case $1 in
        --) shift; break ;;
        -[CDRTUghprtu]) shift; [ $# -eq 0 ] || shift ;;
        -*) shift ;;
        [A-Za-z_]*=*) export "$1"; shift ;;
        *) break ;;
    esac
done
[ $# -eq 0 ] || exec "$@"
"""

log = logging.getLogger(__name__)


class ToolMissing(Exception):
    """A program the sandboxes need is not on this host; the text says how to get it."""


@dataclass(frozen=True)
class Toolchain:
    """`roots` are bound read-only at their own path; `tools` at /opt/tools."""

    python: Path
    node: Path
    roots: tuple[Path, ...]
    tools: Path

    def path(self) -> tuple[str, ...]:
        return (
            str(TOOLS_INSIDE / "bin"),
            *self.host_path(),
        )

    def host_path(self) -> tuple[str, ...]:
        """The folders that are the same on the host and inside."""
        own = (str(root / "bin") for root in self.roots if (root / "bin").is_dir())
        return (*own, *SYSTEM_PATH)


async def detect(tools: Path) -> Toolchain:
    """Find Node and Python; put uv into `tools` when it is not there yet."""
    python = _base_python()
    node = shutil.which("node")
    if node is None:
        raise ToolMissing("Node.js is not on PATH; install Node.js 20.9 or newer.")
    await asyncio.to_thread(_install_sudo, tools)
    await asyncio.to_thread(_install_uv, tools)
    found = Toolchain(python, Path(node), _roots(Path(node)), tools)
    await asyncio.to_thread(link_python, found)
    return found


def _roots(node: Path) -> tuple[Path, ...]:
    roots = [_prefix_of(node), Path(sys.base_prefix).resolve()]
    return tuple(dict.fromkeys(root for root in roots if not root.is_relative_to("/usr")))


def _base_python() -> Path:
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    python = Path(sys.base_prefix).resolve() / "bin" / name
    return python if python.exists() else Path(sys.executable).resolve()


def _prefix_of(program: Path) -> Path:
    """The installation a program belongs to: two levels above the real file."""
    return program.resolve().parent.parent


def _install_sudo(tools: Path) -> None:
    _place(tools / "bin" / "sudo", lambda fresh: fresh.write_text(_SUDO))


def link_python(toolchain: Toolchain) -> None:
    """Debian's Python has no program called `python`; E2B's sandboxes have one."""
    link = toolchain.tools / "bin" / "python"
    link.unlink(missing_ok=True)
    if shutil.which("python", path=":".join(toolchain.host_path())) is None:
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(toolchain.python)


def _install_uv(tools: Path) -> None:
    target = tools / "bin" / "uv"
    if target.exists():
        return
    source = _find_uv()
    if source is None:
        log.warning("uv_not_found: `pip install uv` puts it into the sandboxes")
        return
    _place(target, lambda fresh: shutil.copyfile(source, fresh))


def _place(program: Path, write: Callable[[Path], object]) -> None:
    program.parent.mkdir(parents=True, exist_ok=True)
    fresh = program.with_suffix(".new")
    write(fresh)
    fresh.chmod(0o755)
    fresh.replace(program)


def _find_uv() -> Path | None:
    """The real binary: version managers put a script of the same name on PATH."""
    candidates = [Path(sysconfig.get_path("scripts")) / "uv"]
    candidates += [Path(sys.base_prefix) / "bin" / "uv"]
    if importlib.util.find_spec("uv") is None and (found := shutil.which("uv")):
        candidates.append(Path(found).resolve())
    return next((path for path in candidates if path.exists() and _is_binary(path)), None)


def _is_binary(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


async def install_bun(tools: Path, certificates: str | None) -> None:
    """Install bun from npm, once. If that fails, sandboxes do without bun and the log says why."""
    target = tools / "bin" / "bun"
    if target.exists():
        return
    prefix = tools / f"npm-{secrets.token_hex(3)}"
    trust = () if certificates is None else ("--cafile", certificates)
    process = await asyncio.create_subprocess_exec(
        *("npm", "install", "--global", "--prefix", str(prefix), "--ignore-scripts"),
        *(
            "--no-audit",
            "--no-fund",
            "--fetch-retries",
            "1",
            "--cache",
            str(tools / "npm-cache"),
            *trust,
            _bun_package(),
        ),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(BUN_INSTALL_TIMEOUT_S):
            _, errors = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        errors = b"timed out"
    await asyncio.to_thread(_adopt_bun, prefix, target)
    if not target.exists():
        log.warning("bun_not_installed: %s", errors.decode(errors="replace")[-500:])


def _bun_package() -> str:
    if platform.machine() == "aarch64":
        return "@oven/bun-linux-aarch64"
    has_avx2 = " avx2 " in Path("/proc/cpuinfo").read_text()
    return "@oven/bun-linux-x64" if has_avx2 else "@oven/bun-linux-x64-baseline"


def _adopt_bun(prefix: Path, target: Path) -> None:
    found = next(prefix.glob("lib/node_modules/@oven/*/bin/bun"), None)
    if found is not None:
        found.chmod(0o755)
        found.replace(target)
        (target.parent / "bunx").unlink(missing_ok=True)
        (target.parent / "bunx").symlink_to("bun")
    for leftover in (prefix, target.parent.parent / "npm-cache"):
        with contextlib.suppress(FileNotFoundError):
            erase_tree(leftover)


async def versions(toolchain: Toolchain) -> tuple[str, ...]:
    """What the programs call themselves, in a fixed order."""
    tools = [toolchain.tools / "bin" / name for name in ("bun", "uv")]
    programs = [toolchain.node, toolchain.python, *(tool for tool in tools if tool.exists())]
    return tuple(await asyncio.gather(*(_version(str(program)) for program in programs)))


async def _version(program: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *[program, "--version"],
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    output, _ = await process.communicate()
    return f"{Path(program).name} {output.decode(errors='replace').strip()}"
