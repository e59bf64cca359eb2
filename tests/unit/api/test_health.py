import asyncio

from stackwright.api.health import FRESH_S, KEPT_S, CachedHealth, Health


class Parts:
    """Answers with the state of the moment when it is let go; the clock is turned by hand."""

    def __init__(self) -> None:
        self.status = "ok"
        self.looks = 0
        self.now = 100.0
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.board = CachedHealth(self._look, clock=lambda: self.now)

    async def _look(self) -> Health:
        self.looks += 1
        await self.may_answer.wait()
        return Health.model_validate({"status": self.status, "version": "1", "parts": {}})

    async def told(self) -> str:
        return (await self.board.newest()).status


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_many_who_ask_at_once_cause_one_look() -> None:
    parts = Parts()
    assert await asyncio.gather(*(parts.told() for _ in range(20))) == ["ok"] * 20
    assert parts.looks == 1


async def test_a_recent_answer_is_told_at_once_while_the_next_look_is_under_way() -> None:
    parts = Parts()
    await parts.told()
    parts.now += FRESH_S + 0.1
    parts.may_answer.clear()
    parts.status = "failed"
    assert await asyncio.gather(*(parts.told() for _ in range(20))) == ["ok"] * 20
    assert parts.looks == 2
    parts.may_answer.set()
    await settled()
    assert await parts.told() == "failed"


async def test_an_old_answer_is_not_told() -> None:
    parts = Parts()
    await parts.told()
    parts.now += KEPT_S + 0.1
    parts.status = "failed"
    assert await parts.told() == "failed"


async def test_what_was_not_well_is_asked_again() -> None:
    parts = Parts()
    parts.status = "failed"
    assert await parts.told() == "failed"
    parts.now += FRESH_S + 0.1
    parts.status = "ok"
    assert await parts.told() == "ok"


async def test_who_goes_away_does_not_end_the_look_of_others() -> None:
    parts = Parts()
    parts.may_answer.clear()
    impatient = asyncio.create_task(parts.told())
    patient = asyncio.create_task(parts.told())
    await settled()
    impatient.cancel()
    parts.may_answer.set()
    assert await patient == "ok"
