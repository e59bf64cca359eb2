"""The root folder of a sandbox, mounted by a root engine in a mount namespace of its own.

The engine's mounts never change: a thread takes a namespace, mounts, and ends; the namespace
lives on in a descriptor that the sandbox's first process enters.
"""

import asyncio
import contextlib
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stackwright.engine.isolation import mount_calls
from stackwright.engine.isolation.uid_pool import Identity

MOUNT_POINT = Path("/tmp")  # noqa: S108 - covered by a file system of its own; there on every host
ROOT, EGRESS = MOUNT_POINT / "root", MOUNT_POINT / "egress.sock"
_DATA, _SHARED = MOUNT_POINT / "data", MOUNT_POINT / "shared"
SHARED_FROM_DATA = "../shared"
"""Where overlay options find what lies in `Plan.shared`."""


@dataclass(frozen=True)
class Plan:
    """`overlay` are mount options relative to `data_dir`. `shared` is a folder of layers outside of
    it: several engines of a host can use the same. `read_only` and `writable` are (host
    path, path inside); the owners of writable ones are mapped like those of `data_dir`."""

    data_dir: Path
    overlay: str
    egress: Path
    read_only: Sequence[tuple[Path, Path]]
    shared: Path | None = None
    writable: Sequence[tuple[Path, Path]] = ()


async def prepare(plan: Plan, identity: Identity) -> int:
    """A descriptor of the mount namespace that has the sandbox at ROOT. Raises OSError."""
    made: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    loop = asyncio.get_running_loop()

    def work() -> None:
        try:
            namespace = _mounted(plan, identity)
        except OSError as error:
            loop.call_soon_threadsafe(made.set_exception, error)
        else:
            loop.call_soon_threadsafe(made.set_result, namespace)

    threading.Thread(target=work, name="mount sandbox").start()
    try:
        return await asyncio.shield(made)
    except asyncio.CancelledError:
        made.add_done_callback(_close_result)
        raise


def _close_result(made: asyncio.Future[int]) -> None:
    if made.exception() is None:
        os.close(made.result())


def _mounted(plan: Plan, identity: Identity) -> int:
    mount_calls.leave_mount_namespace()
    with contextlib.ExitStack() as opened:
        # open everything first: the tmpfs may cover a folder that contains some of it
        data = _mapped(plan.data_dir, identity, opened)
        egress = _opened(mount_calls.clone_tree(plan.egress), opened)
        shared = None if plan.shared is None else _mapped(plan.shared, identity, opened)
        inside = [(_restricted(source, opened), path) for source, path in plan.read_only]
        inside += [(_mapped(source, identity, opened), path) for source, path in plan.writable]
        mount_calls.mount("tmpfs", MOUNT_POINT, "mode=755,size=64k,nr_inodes=16")
        for folder in (_DATA, _SHARED, ROOT):
            folder.mkdir()
        EGRESS.touch()
        places = [(data, _DATA), (egress, EGRESS)]
        places += [] if shared is None else [(shared, _SHARED)]
        for tree, path in places:
            mount_calls.attach(tree, _opened(os.open(path, os.O_PATH | os.O_CLOEXEC), opened))
        os.chdir(_DATA)
        mount_calls.mount("overlay", ROOT, plan.overlay)
        os.chdir("/")
        mount_calls.detach(_DATA)
        if shared is not None:
            mount_calls.detach(_SHARED)
        root = _opened(os.open(ROOT, os.O_PATH | os.O_CLOEXEC), opened)
        for tree, path in inside:
            target = _opened(mount_calls.open_below(root, path.relative_to("/")), opened)
            mount_calls.attach(tree, target)
    return os.open("/proc/thread-self/ns/mnt", os.O_RDONLY | os.O_CLOEXEC)


def _opened(descriptor: int, stack: contextlib.ExitStack) -> int:
    stack.callback(os.close, descriptor)
    return descriptor


def _mapped(source: Path, identity: Identity, stack: contextlib.ExitStack) -> int:
    tree = _opened(mount_calls.clone_tree(source, recursive=False), stack)
    mount_calls.map_owners(tree, identity.namespace)
    mount_calls.restrict(tree, mount_calls.NO_SETUID | mount_calls.NO_DEVICES)
    return tree


def _restricted(source: Path, stack: contextlib.ExitStack) -> int:
    tree = _opened(mount_calls.clone_tree(source), stack)
    mount_calls.restrict(
        tree, mount_calls.READ_ONLY | mount_calls.NO_SETUID | mount_calls.NO_DEVICES
    )
    return tree
