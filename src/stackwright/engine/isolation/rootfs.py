"""The lowest layer of every sandbox: a skeleton root folder, and the agent's code beside it.

Both are made by the engine, so nothing of the project or of the host's /etc is ever bound.
"""

import asyncio
import compileall
import hashlib
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import stackwright.core
import stackwright.engine.envd
from stackwright.engine.isolation.toolchain import TOOLS_INSIDE, Toolchain

FORMAT = "1"
UID = 1000
HOME = "/home/user"
HOSTNAME = "sandbox"
AGENT_INSIDE = Path("/opt/stackwright")
_FOLDERS = (
    *("home/user", "root", "etc/ssl/certs", "etc/alternatives", "usr", "proc", "dev", "sys"),
    *("tmp", "var/tmp", "var/cache/build", "run", "srv", "mnt", "opt/tools", "opt/stackwright"),
)
_USR_LINKS = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
_ETC_COPIES = (
    *("ld.so.cache", "ld.so.conf", "protocols", "services", "mime.types", "localtime"),
    *("ssl/openssl.cnf", "bash.bashrc", "inputrc", "os-release"),
)
_BINDS_IF_PRESENT = (
    *("/etc/ssl/certs", "/etc/alternatives", "/etc/pki/tls/certs", "/etc/pki/ca-trust/extracted"),
    "/etc/ca-certificates/extracted",
)
_CERTIFICATE_BUNDLES = (
    *("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"),
    *("/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"),
)
_ETC_FILES = {
    "passwd": f"root:x:0:0:root:/root:/bin/bash\nuser:x:{UID}:{UID}:user:{HOME}:/bin/bash\n",
    "group": f"root:x:0:\nuser:x:{UID}:\n",
    "hosts": f"127.0.0.1 localhost {HOSTNAME}\n::1 localhost ip6-localhost\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
    "resolv.conf": "# no name server: programs reach package registries through HTTPS_PROXY\n",
    "hostname": f"{HOSTNAME}\n",
    "host.conf": "multi on\n",
    # Debian's launcher reads all files of this folder and fails without one; Chromium's own sandbox needs
    # namespaces that this one forbids.
    "chromium.d/in-a-sandbox": "export CHROMIUM_FLAGS="
    '"$CHROMIUM_FLAGS --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run"\n',
    "fonts/fonts.conf": '<?xml version="1.0"?><fontconfig><dir>/usr/share/fonts</dir>'
    '<dir>/usr/local/share/fonts</dir><cachedir prefix="xdg">fontconfig</cachedir></fontconfig>\n',
}


@dataclass(frozen=True)
class RootFs:
    """`skeleton` is the lowest layer; `binds` are (host path, path inside), read-only."""

    skeleton: Path
    binds: tuple[tuple[Path, Path], ...]
    certificates: str | None


async def prepare(runtime_dir: Path, toolchain: Toolchain) -> RootFs:
    """Made once per content under `runtime_dir`, finished by one rename."""
    return await asyncio.to_thread(_prepare, runtime_dir, toolchain)


def _prepare(runtime_dir: Path, toolchain: Toolchain) -> RootFs:
    sources = _agent_sources()
    folder = runtime_dir / _key(sources, toolchain)
    if not folder.exists():
        fresh = runtime_dir / f"{folder.name}.{os.getpid()}.new"
        shutil.rmtree(fresh, ignore_errors=True)
        _make_skeleton(fresh / "root", toolchain)
        _copy_agent(fresh / "agent", sources)
        fresh.replace(folder)
    present = [Path(path) for path in _BINDS_IF_PRESENT if Path(path).is_dir()]
    real_folders = [Path("/", name) for name in _USR_LINKS if _is_real_folder(Path("/", name))]
    system = [Path("/usr"), *real_folders, *present, *toolchain.roots]
    binds = [(path, path) for path in system]
    binds += [(toolchain.tools, TOOLS_INSIDE), (folder / "agent", AGENT_INSIDE)]
    bundle = next((path for path in _CERTIFICATE_BUNDLES if Path(path).exists()), None)
    return RootFs(folder / "root", tuple(binds), bundle)


def _key(sources: dict[str, Path], toolchain: Toolchain) -> str:
    parts = [FORMAT, sys.version, *map(str, toolchain.roots), *_ETC_FILES.values()]
    for name in _ETC_COPIES:
        source = Path("/etc", name)
        parts.append(hashlib.sha256(source.read_bytes()).hexdigest() if source.exists() else "")
    for name, source in sorted(sources.items()):
        parts += [name, hashlib.sha256(source.read_bytes()).hexdigest()]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def _agent_sources() -> dict[str, Path]:
    agent = Path(stackwright.engine.envd.__path__[0])
    core = Path(stackwright.core.__path__[0])
    sources = {f"stackwright/engine/envd/{path.name}": path for path in agent.glob("*.py")}
    return sources | {
        "stackwright/engine/http1.py": agent.parent / "http1.py",
        "stackwright/engine/pipes.py": agent.parent / "pipes.py",
        "stackwright/core/tasks.py": core / "tasks.py",
    }


def _copy_agent(target: Path, sources: dict[str, Path]) -> None:
    for name, source in sources.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target / name)
    for package in ("stackwright", "stackwright/core", "stackwright/engine"):
        (target / package / "__init__.py").write_text("")
    # the agent runs the same interpreter, but as another user it could not write these
    compileall.compile_dir(target, quiet=2, invalidation_mode=None)


def _make_skeleton(root: Path, toolchain: Toolchain) -> None:
    for name in _FOLDERS:
        (root / name).mkdir(parents=True, exist_ok=True)
    for path in (*toolchain.roots, *map(Path, _BINDS_IF_PRESENT)):
        (root / path.relative_to("/")).mkdir(parents=True, exist_ok=True)
    for name in _USR_LINKS:
        host = Path("/", name)
        if host.is_symlink():
            (root / name).symlink_to(f"usr/{host.resolve().name}")
        elif host.is_dir():
            (root / name).mkdir()
    for name in _ETC_COPIES:
        source = Path("/etc", name)
        if source.is_file():
            (root / "etc" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, root / "etc" / name)
    for name, text in _ETC_FILES.items():
        (root / "etc" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "etc" / name).write_text(text)


def _is_real_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()
