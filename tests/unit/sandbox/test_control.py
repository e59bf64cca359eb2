import pytest

from stackwright.core.errors import SandboxUnavailable
from stackwright.sandbox import control
from stackwright.sandbox.endpoint import Endpoint

NOWHERE = Endpoint(
    "e2b_" + "0" * 40, api_url="http://127.0.0.1:9", sandbox_url="http://127.0.0.1:9"
)


async def test_an_engine_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(SandboxUnavailable):
        await control.listed({}, NOWHERE)
    with pytest.raises(SandboxUnavailable):
        await control.look("i123", NOWHERE)
    with pytest.raises(SandboxUnavailable):
        await control.kill("i123", NOWHERE)
