from typing import Any

from stackwright.core.events import Usage
from stackwright.core.ids import RunId, UserId
from stackwright.db.run_events import Batch, NewEvent, RunEventRepository


async def test_costs_of_runs_that_share_a_statement_are_of_one_type() -> None:
    """The driver refuses a list of floats and integers, and with it the events of all these runs."""
    sent: dict[str, Any] = {}

    async def fetch(_: str, values: Any) -> list[Any]:
        sent.update(values)
        return []

    usage = Usage(model="m", input_tokens=3, output_tokens=4, cost_usd=0.25)
    events = (
        [NewEvent("usage", usage.model_dump_json())],
        [NewEvent("agent_thinking", "{}")],
    )
    batches = [
        Batch(RunId(f"run-{number}"), UserId("ann"), None, 0, mine)
        for number, mine in enumerate(events)
    ]
    await RunEventRepository(fetch).append_all(batches, durable=False)
    assert sent["usd"] == [0.25, 0.0]
    assert {type(value) for value in (*sent["usd"], *sent["repair_usd"])} == {float}
