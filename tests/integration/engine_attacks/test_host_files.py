"""A program tries to reach files of the host: by links, by `..`, by mounts, by devices."""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from e2b import AsyncSandbox, SandboxException

from fixtures.attack import attack
from fixtures.engine_process import EngineProcess

SECRET = "secret of the host"


@pytest.fixture
def secret(engine: EngineProcess) -> Iterator[Path]:
    path = engine.data_dir / "secret.txt"
    path.write_text(SECRET)
    os.chown(path, engine.data_dir.stat().st_uid, -1)
    yield path
    assert path.read_text() == SECRET
    path.unlink()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Of the host, where everybody may write."""
    with tempfile.TemporaryDirectory(prefix="open-to-all-") as folder:
        Path(folder).chmod(0o777)
        yield Path(folder)


async def test_no_way_of_writing_a_path_leads_out(sandbox: AsyncSandbox, secret: Path) -> None:
    found = await attack(
        sandbox,
        f"""
secret = {str(secret)!r}
os.symlink(secret, "link"); os.symlink("/proc/1/root" + secret, "through"); os.symlink("/", "top")
paths = [secret, "link", "through", "top" + secret, "/" + "../" * 40 + secret.lstrip("/")]
paths += [f"/proc/{{who}}/{{door}}{{secret}}" for who in ("self", "1", "2") for door in ("root", "cwd")]
paths += ["/proc/1/fd/3" + secret, "/dev/fd/3" + secret]
tell({{path: tried("read", read, path) for path in paths}})
""",
    )
    assert all(result in ("ENOENT", "EACCES", "ENOTDIR") for result in found.values()), found


async def test_hard_links_do_not_leave_the_file_system(sandbox: AsyncSandbox) -> None:
    found = await attack(
        sandbox,
        """
found = {}
for path in ("/usr/bin/env", "/opt/stackwright", "/run/engine/egress.sock", "/dev/null", "/proc/1/exe"):
    found[path] = tried("link", os.link, path, "/home/user/linked")
tell(found)
""",
    )
    assert all(result in ("EXDEV", "EPERM", "EACCES") for result in found.values()), found


async def test_what_is_the_hosts_is_read_only(sandbox: AsyncSandbox) -> None:
    found = await attack(
        sandbox,
        f"""
folders = ["/usr/bin", "/opt/tools/bin", "/opt/stackwright", "/etc/ssl/certs", {sys.base_prefix!r}]
found = {{}}
for folder in folders:
    found[folder] = tried("create", os.mkdir, folder + "/made-by-a-sandbox")
    found[folder + " moved"] = tried("rename", os.rename, folder, folder + ".old")
found["file"] = tried("open", opens_for_writing, "/usr/bin/env")
found["socket"] = tried("unlink", os.unlink, "/run/engine/egress.sock")
tell(found)
""",
    )
    assert all(result in ("EROFS", "EBUSY", "EACCES", "EXDEV") for result in found.values()), found


async def test_nothing_can_be_mounted_and_no_root_changed(sandbox: AsyncSandbox) -> None:
    found = await attack(
        sandbox,
        """
found = {
    "tmpfs": libc.mount(b"x", b"/mnt", b"tmpfs", 0, None),
    "bind": libc.mount(b"/usr", b"/mnt", None, 4096, None),
    "remount": libc.mount(None, b"/usr", None, 32 | 4096, None),
    "unmount": libc.umount2(b"/usr", 2),
    "chroot": libc.chroot(b"/home"),
    "pivot": libc.syscall(155, b"/home", b"/home"),
}
for name, number in (("open_tree", 428), ("move_mount", 429), ("fsopen", 430), ("mount_setattr", 442)):
    found[name] = libc.syscall(number, -100, b"/usr", 1, 0, 0)
tell(found)
""",
    )
    assert set(found.values()) == {-1}


async def test_there_are_no_devices(sandbox: AsyncSandbox) -> None:
    found = await attack(
        sandbox,
        """
harmless = {"null", "zero", "full", "random", "urandom", "tty", "ptmx", "console"}
devices = []
for folder, folders, names in os.walk("/dev"):
    for name in names:
        mode = os.lstat(os.path.join(folder, name)).st_mode
        if stat.S_ISBLK(mode) or (stat.S_ISCHR(mode) and name not in harmless and "pts" not in folder):
            devices.append(name)
made = [
    tried("block", os.mknod, "disk", 0o600 | stat.S_IFBLK, os.makedev(254, 0)),
    tried("memory", os.mknod, "mem", 0o600 | stat.S_IFCHR, os.makedev(1, 1)),
]
tell([devices, made, os.listdir("/sys")])
""",
    )
    assert found == [[], ["EPERM", "EPERM"], []]


async def test_no_kernel_setting_can_be_opened_for_writing(sandbox: AsyncSandbox) -> None:
    found = await attack(
        sandbox,
        """
opened = []
for folder, folders, names in os.walk("/proc"):
    if folder == "/proc":
        folders[:] = [name for name in folders if not name.isdecimal() and "self" not in name]
    for name in names:
        path = os.path.join(folder, name)
        if tried("open", opens_for_writing, path) == "opened":
            if os.stat(path).st_rdev != os.makedev(1, 3):
                opened.append(path)
secret = ("kcore", "kmsg", "kpageflags", "kpagecount", "vmallocinfo", "slabinfo", "timer_list")
tell([opened, {name: tried("read", read, "/proc/" + name, 1) for name in secret}])
""",
    )
    opened, read = found
    assert opened == []
    assert all(result in ("", "EACCES", "EPERM", "ENOENT") for result in read.values()), read


async def test_a_file_with_rights_gives_none(sandbox: AsyncSandbox) -> None:
    found = await attack(
        sandbox,
        """
import shutil
shutil.copy("/usr/bin/id", "id"); os.chmod("id", 0o6755)
ids = subprocess.run(["./id"], capture_output=True, text=True).stdout
tell([ids, tried("setuid", os.setuid, 0), tried("capability", os.setxattr, "id", "security.capability",
      bytes.fromhex("0100000200200000000000000000000000000000"))])
""",
    )
    ids, setuid, capability = found
    assert ids.startswith("uid=1000(user)")
    assert "euid" not in ids
    assert setuid in ("EPERM", "EINVAL")
    assert capability in ("EPERM", "ENOTSUP", "EOPNOTSUPP")


async def test_links_lead_nowhere_through_the_files_api(
    sandbox: AsyncSandbox, secret: Path, tmp_path: Path
) -> None:
    await sandbox.commands.run(f"ln -s {secret} file; ln -s {secret.parent} folder; ln -s / top")
    for path in ("file", f"top{secret}", f"/../../..{secret}", f"/proc/1/root{secret}"):
        with pytest.raises(SandboxException):
            await sandbox.files.read(path)
    with pytest.raises(SandboxException):
        await sandbox.files.list("folder")
    await sandbox.files.write(f"top/../../../..{tmp_path}/written", "x")
    assert list(tmp_path.iterdir()) == []  # noqa: ASYNC240


async def test_no_link_is_followed_while_a_sandbox_is_put_together(
    engine: EngineProcess, sandbox: AsyncSandbox, open_folder: Path
) -> None:
    """Where the host's folders are mounted; what programs leave there counts at the next start."""
    await sandbox.pause(keep_memory=False)
    upper = engine.data_dir / "sandboxes" / sandbox.sandbox_id / "upper"
    link = upper / "opt"
    link.symlink_to(f"/oldroot{open_folder}")
    try:
        with pytest.raises(SandboxException, match="a link is where"):
            await AsyncSandbox.connect(sandbox.sandbox_id, retries=0, **engine.options)
    finally:
        link.unlink()
    assert list(open_folder.iterdir()) == []  # noqa: ASYNC240
    again = await AsyncSandbox.connect(sandbox.sandbox_id, **engine.options)
    moved = await again.commands.run(
        "mv /opt /opt.old; mv /etc/ssl /etc/ssl.old; rm -rf /opt /root; true"
    )
    assert moved.exit_code == 0
    await again.pause(keep_memory=False)
    again = await AsyncSandbox.connect(sandbox.sandbox_id, **engine.options)
    assert (await again.commands.run("python3 -c 'print(1)'")).stdout == "1\n"
