import shutil
import sys
from pathlib import Path

from stackwright.engine.isolation.toolchain import Toolchain, link_python


def test_where_the_host_has_no_program_called_python_there_is_one(tmp_path: Path) -> None:
    real = Path(sys.base_prefix).resolve() / "bin/python3"
    toolchain = Toolchain(real, Path("/usr/bin/node"), (), tmp_path)
    for _ in range(2):  # an engine finds what the one before made
        link_python(toolchain)
        found = ":".join((str(tmp_path / "bin"), *toolchain.host_path()))
        assert shutil.which("python", path=found) is not None


def test_the_hosts_own_python_comes_first(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "bin").mkdir(parents=True)
    (root / "bin/python").symlink_to(sys.executable)
    toolchain = Toolchain(Path(sys.executable), Path("/usr/bin/node"), (root,), tmp_path / "tools")
    link_python(toolchain)
    assert not (tmp_path / "tools/bin/python").exists()
