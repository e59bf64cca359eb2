import pytest

from stackwright.core.settings import load_settings
from stackwright.main import engine_config


@pytest.mark.parametrize("most", [10, 250])
def test_the_engine_has_room_for_all_sandboxes_that_the_manager_admits(most: int) -> None:
    settings = load_settings({"max_total_sandboxes": most}).sandbox
    assert engine_config(settings).limits.max_sandboxes >= most
