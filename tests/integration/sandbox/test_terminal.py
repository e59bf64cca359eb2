"""A shell in a real sandbox, through the API."""

import asyncio
import base64

import httpx
import pytest

from fixtures.api_twins import running
from fixtures.sandbox_managers import ANN, Managers

pytestmark = pytest.mark.integration


async def test_a_person_types_into_a_shell_that_ends_with_the_stream(managers: Managers) -> None:
    manager, mine = managers(), await managers.project()
    async with running(sandboxes=manager) as api, httpx.AsyncClient(timeout=30) as client:
        api.twin.add_project(ANN, mine, "app")
        address = f"{api.url}/api/projects/{mine}/terminal"
        pid, said = 0, b""
        async with asyncio.timeout(30), client.stream("GET", address) as stream:
            async for line in stream.aiter_lines():
                kind, _, data = line.partition(": ")
                if kind == "event" and data == "closed":
                    break
                if kind != "data":
                    continue
                if not pid:
                    pid = int(data)
                    size = {"rows": 31, "columns": 97}
                    resized = await client.put(f"{address}/{pid}/size", json=size)
                    assert resized.status_code == 204
                    typed = {
                        "typed": "stty size; echo $((20+22)) > /tmp/seen; cat /tmp/seen; exit\r"
                    }
                    assert (await client.post(f"{address}/{pid}", json=typed)).status_code == 204
                    continue
                said += base64.b64decode(data)
        assert b"31 97\r\n42\r\n" in said
        stranger = await client.get(address, params={"user_id": "bob"})
        assert stranger.status_code == 404
        sandbox = await manager.get(ANN, mine)
        assert pid not in {process.pid for process in await sandbox.processes()}
