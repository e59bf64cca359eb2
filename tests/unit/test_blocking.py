import os
import sys
import sysconfig
from pathlib import Path

import pytest
from blockbuster import BlockingError

from stackwright.agent.pricing import PriceList
from stackwright.engine.files import write_json


async def test_a_blocking_call_of_our_code_on_the_loop_fails_the_test(tmp_path: Path) -> None:
    with pytest.raises(BlockingError):
        write_json(tmp_path / "meta.json", {})


async def test_a_library_finds_its_own_version_where_packages_were_just_compiled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Python lists again what is installed when that folder changes, as it does at a first start."""
    monkeypatch.delitem(sys.modules, "genai_prices", raising=False)
    os.utime(sysconfig.get_path("purelib"))
    PriceList.load()
