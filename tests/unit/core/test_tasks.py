import asyncio

import pytest

from stackwright.core.tasks import spawn


async def _failing(error: Exception) -> None:
    raise error


@pytest.mark.parametrize(("error", "told"), [(ValueError("x"), 1), (KeyError("x"), 0)])
async def test_only_what_nobody_expects_is_logged(
    error: Exception, told: int, caplog: pytest.LogCaptureFixture
) -> None:
    task = spawn(_failing(error), name="work", expected=(KeyError,))
    await asyncio.wait({task})
    await asyncio.sleep(0)
    assert len(caplog.records) == told
    with pytest.raises(type(error)):
        await task
