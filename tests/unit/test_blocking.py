from pathlib import Path

import pytest
from blockbuster import BlockingError

from stackwright.engine.files import write_json


async def test_a_blocking_call_of_our_code_on_the_loop_fails_the_test(tmp_path: Path) -> None:
    with pytest.raises(BlockingError):
        write_json(tmp_path / "meta.json", {})
