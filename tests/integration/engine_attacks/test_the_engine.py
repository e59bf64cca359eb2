"""A program looks for the engine: its environment, its descriptors, its memory, its id."""

import json
import os
import secrets
from pathlib import Path

from e2b import AsyncSandbox

from fixtures.attack import attack, eventually, host_processes
from fixtures.engine_process import KEY, EngineProcess
from stackwright.engine.process_tree.host_processes import children


async def test_no_process_shows_an_environment_of_the_engine(
    engine: EngineProcess, sandbox: AsyncSandbox
) -> None:
    found = await attack(
        sandbox,
        """
texts = {}
for pid in filter(str.isdecimal, os.listdir("/proc")):
    for name in ("environ", "cmdline", "task/%s/environ" % pid):
        texts[pid, name] = str(tried("read", read, f"/proc/{pid}/{name}"))
tell(["\\n".join(texts.values()), tried("read", read, "/proc/1/environ")])
""",
    )
    everything, first = found
    assert first == ""
    for secret in (KEY, "PYTHONPATH", "LIBMOUNT", "VIRTUAL_ENV", str(engine.data_dir / "engine")):
        assert secret not in everything
    for name in ("PATH", "HOME"):
        assert f"{name}={os.environ.get(name)}\0" not in everything


async def test_only_standard_descriptors_are_inherited(sandbox: AsyncSandbox) -> None:
    found = await attack(
        sandbox,
        """
opened = {}
for number in range(3, 1024):
    try:
        opened[number] = os.readlink(f"/proc/self/fd/{number}")
    except OSError:
        pass
tell({n: path for n, path in opened.items() if "attack.py" not in path})
""",
    )
    assert found == {}


async def test_the_agent_has_no_more_than_its_doors(
    engine: EngineProcess, sandbox: AsyncSandbox
) -> None:
    """What it has may become a program's, which decides what libraries it loads when it starts again."""
    record = engine.data_dir / "sandboxes" / sandbox.sandbox_id / "meta.json"
    [agent] = children(json.loads(record.read_text())["first_pid"])
    links = _descriptors(agent)
    assert all(link.startswith(("/dev/null", "pipe:", "socket:", "anon_inode:")) for link in links)


async def test_the_agent_cannot_be_read_traced_or_entered(sandbox: AsyncSandbox) -> None:
    found = await attack(
        sandbox,
        """
tell({
    "memory": tried("mem", read, "/proc/2/mem", 1),
    "maps": tried("maps", read, "/proc/2/maps"),
    "descriptors": tried("fd", os.listdir, "/proc/2/fd"),
    "root": tried("root", os.listdir, "/proc/2/root"),
    "folder": tried("cwd", os.listdir, "/proc/2/cwd"),
    "attach": tried("attach", lambda: call(101, 16, 2, 0, 0)),
    "descriptor of another": tried("pidfd", lambda: call(438, os.pidfd_open(2), 0, 0)),
    "write": tried("mem", opens_for_writing, "/proc/2/mem"),
})
""",
    )
    assert all(result in ("EACCES", "EPERM") for result in found.values()), found


async def test_the_first_process_is_no_step_up(sandbox: AsyncSandbox) -> None:
    """It belongs to the same id. Whoever decides what it does could have it survive its parent, and
    with it the sandbox its end."""
    found = await attack(
        sandbox,
        """
status = dict(line.split(":", 1) for line in read("/proc/1/status").splitlines())
names = ("NoNewPrivs", "Seccomp", "CapEff", "CapPrm", "CapInh")
links = [os.readlink(f"/proc/1/fd/{n}") for n in os.listdir("/proc/1/fd")]
places = ("/proc/1/mem", "/proc/1/task/1/mem", "/proc/1/root/proc/1/mem")
memory = [tried("mem", open, place, mode) for place in places for mode in ("rb", "r+b")]
tell([[status[n].strip() for n in names], sorted(os.listdir("/proc/1/root")), links, memory])
""",
    )
    rights, root, descriptors, memory = found
    assert set(memory) == {"EACCES"}
    assert rights == ["1", "2", "0" * 16, "0" * 16, "0" * 16]
    assert "home" in root
    assert all(link.startswith(("/dev/null", "pipe:", "anon_inode:")) for link in descriptors), (
        descriptors
    )


async def test_its_processes_have_no_rights_on_the_host(
    engine: EngineProcess, sandbox: AsyncSandbox, neighbour: AsyncSandbox
) -> None:
    ids: list[str] = []
    for box in (sandbox, neighbour):
        status = await _status_on_the_host(box)
        assert "0" not in (status["Uid"] + status["Gid"])
        assert len(set(status["Uid"] + status["Gid"])) == 1
        assert status["CapEff"] == status["CapPrm"] == ["0" * 16]
        ids += status["Uid"][:1]
    if "Uid:\t0\t" in _read(f"/proc/{engine.process.pid}/status"):
        assert ids[0] != ids[1], "sandboxes of a root engine share an id"


async def _status_on_the_host(sandbox: AsyncSandbox) -> dict[str, list[str]]:
    marker = f"54321.{secrets.randbelow(10**9)}"
    await sandbox.commands.run(f"sleep {marker}", background=True)
    [pid] = await eventually(lambda: host_processes(marker))
    lines = _read(f"/proc/{pid}/status").splitlines()
    parts = (line.partition(":") for line in lines)
    return {name: values.split() for name, _, values in parts}


def _descriptors(pid: int) -> list[str]:
    return [str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()]


def _read(path: str) -> str:
    return Path(path).read_text()
