"""Boots a sandbox from its folders (overlay, bubblewrap, agent), reaches it and ends it.

One chain of execs keeps one process id. Of an ordinary user: unshare (user and mount namespace)
→ mount the overlay → bubblewrap → agent. Of root: enter the namespace of `mount_namespace`, as an id of the
sandbox's own → bubblewrap → agent. The overlay exists in that mount namespace only. See
docs/decisions/sandbox-overlay.md.
"""

import asyncio
import contextlib
import os
import re
import secrets
import socket
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from stackwright.engine.cgroups import Cgroups
from stackwright.engine.config import Limits
from stackwright.engine.envd.port_forward import PROXY_PORT
from stackwright.engine.isolation import mount_namespace
from stackwright.engine.isolation.bubblewrap import BUILD_CACHE_INSIDE, CommandLines, Inherited
from stackwright.engine.isolation.rootfs import RootFs
from stackwright.engine.isolation.seccomp import filter_program
from stackwright.engine.isolation.toolchain import USER_PREFIX, Toolchain
from stackwright.engine.isolation.uid_pool import Identity, UidPool
from stackwright.engine.limits.watchdog import Watchdog
from stackwright.engine.network.egress_proxy import EgressPolicy, EgressProxy
from stackwright.engine.network.rules import NetworkRules
from stackwright.engine.process_tree.tree import ProcessTree

BACKLOG = 256
LAYERS = "layers"
"""Folder of the template layers, in the data folder or linked there."""


class BootFailed(Exception):
    """The sandbox did not come up; the text ends with what its start printed."""


@dataclass(frozen=True)
class Blueprint:
    """What one boot is made of. `folder` has `upper`, `work`, `merged`; lowest layer last."""

    sandbox_id: str
    folder: Path
    layers: tuple[Path, ...]
    token: str
    env: dict[str, str]
    start: str | None = None
    step: str | None = None
    build_cache: Path | None = None
    network: NetworkRules = field(default_factory=NetworkRules)


class Launcher:
    """Boots sandboxes on this host. `sockets_dir` is private to this engine process."""

    def __init__(
        self,
        *,
        data_dir: Path,
        sockets_dir: Path,
        rootfs: RootFs,
        toolchain: Toolchain,
        egress: EgressPolicy,
        limits: Limits,
        uid_pool: UidPool | None = None,
    ) -> None:
        self._data_dir = data_dir
        self._sockets_dir = sockets_dir
        self._rootfs = rootfs
        self._toolchain = toolchain
        self._egress = egress
        self._limits = limits
        self._cgroups = Cgroups.detect(limits)
        self._filter = filter_program(memory_is_limited="memory" in self._cgroups.kinds)
        self._cgroups.sweep()
        folders = {below for _, inside in rootfs.binds for below in (inside, *inside.parents[:-1])}
        self._system_folders = sorted(folder.relative_to("/") for folder in folders)
        self._commands = CommandLines(rootfs, toolchain, limits)
        self._uid_pool = uid_pool
        self.watchdog = Watchdog(limits, self._cgroups.kinds, data_dir)

    async def boot(self, blueprint: Blueprint) -> ProcessTree:
        """Returns when the agent answers. Raises BootFailed and leaves nothing behind."""
        with contextlib.ExitStack() as descriptors:
            tree = await self._start(blueprint, descriptors, output=asyncio.subprocess.PIPE)
            try:
                async with asyncio.timeout(self._limits.boot_s):
                    await tree.ready()
            except (TimeoutError, ConnectionError) as error:
                await tree.stop()
                raise BootFailed(f"the sandbox did not start: {tree.log_tail()}") from error
        await self.watchdog.watch(blueprint.sandbox_id, tree, blueprint.folder / "upper")
        return tree

    async def run_step(self, blueprint: Blueprint, *, timeout_s: float) -> int:
        """Run `blueprint.step` in a sandbox of its own; its output goes to `folder/log`."""
        with contextlib.ExitStack() as descriptors:
            tree = await self._start(blueprint, descriptors, output=None)
            try:
                async with asyncio.timeout(timeout_s):
                    return await tree.exited()
            finally:
                await tree.stop()

    async def _start(
        self, blueprint: Blueprint, descriptors: contextlib.ExitStack, *, output: int | None
    ) -> ProcessTree:
        """Descriptors that its first processes need stay open in `descriptors` until the agent runs."""
        self._refuse_links(blueprint)
        for name in ("upper", "work", "merged"):
            (blueprint.folder / name).mkdir(parents=True, exist_ok=True)
        stem = self._sockets_dir / secrets.token_hex(6)
        log_path = blueprint.folder / "log"
        async with contextlib.AsyncExitStack() as undo:
            identity = None
            if self._uid_pool is not None:
                identity = await self._uid_pool.take()
                undo.callback(self._uid_pool.give_back, identity)
            # a group of its own for each boot: that of the boot before may be going just now
            group = self._grouped(f"{blueprint.sandbox_id}-{stem.name}")
            undo.push_async_callback(self._cgroups.remove, group)
            proxy = EgressProxy(self._egress, blueprint.network, blueprint.sandbox_id)
            undo.callback(proxy.close)
            proxy.start(stem.with_suffix(".egress"))
            stem.with_suffix(".egress").chmod(0o666)  # the sandbox's own id connects
            with contextlib.ExitStack() as stack:
                sockets = [_listen(stem.with_suffix(name), stack) for name in (".agent", ".ports")]
                log_file = stack.enter_context(log_path.open("ab")) if output is None else output
                contents = (self._filter, f"{uuid.uuid4()}\n".encode())
                files = [stack.enter_context(_memory_file(content)) for content in contents]
                inherited = Inherited(group, *(file.fileno() for file in files))
                fds = [file.fileno() for file in (*files, *sockets)]
                if identity is None:
                    command = self._command(blueprint, stem, inherited)
                else:
                    namespace = await self._mount_namespace(blueprint, stem, identity)
                    descriptors.callback(os.close, namespace)
                    command = self._commands.for_root(identity.uid, namespace, inherited)
                process = await asyncio.create_subprocess_exec(
                    *command,
                    stdin=asyncio.subprocess.PIPE,
                    stdout=log_file,
                    stderr=log_file,
                    cwd=self._data_dir,
                    env={
                        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
                        "LIBMOUNT_FORCE_MOUNT2": "always",
                    },
                    pass_fds=fds,
                    start_new_session=True,
                    restore_signals=False,  # SIGXFSZ stays ignored
                )
                boot = self._boot_message(blueprint, [listener.fileno() for listener in sockets])
            tree = ProcessTree(process, blueprint.token, stem, proxy, group, undo.pop_all())
        await tree.send_boot_message(boot)
        return tree

    def _refuse_links(self, blueprint: Blueprint) -> None:
        """bubblewrap would follow them out of the sandbox while it mounts the host's folders there."""
        changed = (blueprint.folder / "upper", *blueprint.layers[:-1])
        for path in (layer / below for layer in changed for below in self._system_folders):
            if path.is_symlink():
                raise BootFailed(f"a link is where a folder of the system belongs: {path.name!r}")

    def _grouped(self, name: str) -> Sequence[Path]:
        try:
            return self._cgroups.create(name)
        except OSError as error:
            raise BootFailed(f"no control group can be made for it: {error}") from error

    def _boot_message(self, blueprint: Blueprint, sockets: Sequence[int]) -> dict[str, Any]:
        limits = self._limits
        return {
            "token": blueprint.token,
            "envs": self._environment() | blueprint.env,
            "agent_fd": sockets[0],
            "ports_fd": sockets[1],
            "limits": {
                "NPROC": limits.processes,
                "NOFILE": min(limits.open_files, self.watchdog.most_descriptors),
                "FSIZE": limits.file_mb << 20,
                "CORE": 0,
            },
            "start": blueprint.start,
            "step": blueprint.step,
        }

    def _environment(self) -> dict[str, str]:
        proxy = f"http://127.0.0.1:{PROXY_PORT}"
        local = "localhost,127.0.0.1,::1"
        env = {"PATH": ":".join(self._toolchain.path()), "LANG": "C.UTF-8", "E2B_SANDBOX": "true"}
        for name in ("HTTP_PROXY", "HTTPS_PROXY"):
            env |= {name: proxy, name.lower(): proxy}
        env |= {"NO_PROXY": local, "no_proxy": local, "npm_config_prefix": USER_PREFIX}
        if (bundle := self._rootfs.certificates) is not None:
            names = ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "npm_config_cafile")
            # not NODE_EXTRA_CA_CERTS: it adds 35 ms to every start of Node, and npm needs it not
            env |= dict.fromkeys(names, bundle)
        return env

    def _command(self, blueprint: Blueprint, stem: Path, inherited: Inherited) -> list[str]:
        return self._commands.for_ordinary_user(
            overlay=self._overlay(blueprint),
            merged=blueprint.folder / "merged",
            egress=stem.with_suffix(".egress"),
            build_cache=blueprint.build_cache,
            inherited=inherited,
        )

    async def _mount_namespace(self, blueprint: Blueprint, stem: Path, identity: Identity) -> int:
        cache = blueprint.build_cache
        layers = self._data_dir / LAYERS
        shared = layers.resolve() if layers.is_symlink() else None
        plan = mount_namespace.Plan(
            data_dir=self._data_dir,
            overlay=self._overlay(
                blueprint, LAYERS if shared is None else mount_namespace.SHARED_FROM_DATA
            ),
            shared=shared,
            egress=stem.with_suffix(".egress"),
            read_only=self._rootfs.binds,
            writable=() if cache is None else ((cache, Path(BUILD_CACHE_INSIDE)),),
        )
        try:
            return await mount_namespace.prepare(plan, identity)
        except OSError as error:
            raise BootFailed(f"the sandbox's root folder cannot be mounted: {error}") from error

    def _overlay(self, blueprint: Blueprint, layers_at: str = LAYERS) -> str:
        folder = self._relative(blueprint.folder)
        relative = [self._relative(layer) for layer in blueprint.layers]
        lower = ":".join(re.sub(f"^{LAYERS}/", f"{layers_at}/", path) for path in relative)
        return f"lowerdir={lower},upperdir={folder}/upper,workdir={folder}/work,userxattr"

    def _relative(self, path: Path) -> str:
        """Relative to the data folder: mount options are short and may not contain `:` or `,`."""
        return str(path.relative_to(self._data_dir))


def _listen(path: Path, stack: contextlib.ExitStack) -> socket.socket:
    listener = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
    listener.bind(str(path))
    listener.listen(BACKLOG)
    return listener


def _memory_file(content: bytes) -> IO[bytes]:
    file = os.fdopen(os.memfd_create("seccomp"), "w+b")
    file.write(content)
    file.flush()
    file.seek(0)
    return file
