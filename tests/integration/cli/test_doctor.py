import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from fixtures.redis import redis_server
from stackwright.sandbox.endpoint import Endpoint
from stackwright.testing.fault_proxy import FaultProxy, Wire

pytestmark = pytest.mark.integration
SOURCES = Path(__file__).parents[3] / "src"
NOWHERE = "127.0.0.1:9"


async def examined(folder: Path, **environment: str) -> tuple[int | None, dict[str, Any]]:
    """The exit code, and the findings by name."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "stackwright", "doctor", "--json"),
        cwd=folder,
        env={"PYTHONPATH": str(SOURCES), "STACKWRIGHT_DATA_DIR": str(folder), **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert err == b""
    return process.returncode, {finding["name"]: finding for finding in json.loads(out)}


async def test_what_is_given_and_answers_is_told(
    tmp_path: Path, endpoint: Endpoint, database_url: str, unused_tcp_port: int
) -> None:
    assert endpoint.api_url is not None
    async with redis_server(tmp_path, unused_tcp_port) as redis_url:
        _, found = await examined(
            tmp_path,
            E2B_API_KEY=endpoint.api_key,
            E2B_API_URL=endpoint.api_url,
            DATABASE_URL=database_url,
            REDIS_URL=redis_url,
        )
    assert found["E2B"]["detail"] == "E2B_API_URL answers and takes the key."
    assert "next-fast-mongo-pre-v2" in found["template"]["detail"]
    names = ("E2B key", "E2B", "templates", "template", "database", "redis")
    assert [name for name in names if not found[name]["ok"]] == []


async def test_what_is_given_and_does_not_answer_is_told_with_1(tmp_path: Path) -> None:
    code, found = await examined(
        tmp_path,
        E2B_API_KEY="e2b_" + "0" * 40,
        E2B_API_URL=f"http://{NOWHERE}",
        DATABASE_URL=f"postgresql://me:secret@{NOWHERE}/app",
        REDIS_URL=f"redis://:secret@{NOWHERE}",
        STACKWRIGHT_TEMPLATES_DIR="nowhere",
    )
    assert code == 1
    for name in ("E2B", "templates", "database", "redis"):
        assert not found[name]["ok"], name
        assert found[name]["fix"], name
    assert "secret" not in json.dumps(found)


async def test_an_engine_that_does_not_take_the_key_is_told(
    tmp_path: Path, endpoint: Endpoint
) -> None:
    assert endpoint.api_url is not None
    code, found = await examined(
        tmp_path, E2B_API_KEY="e2b_" + "0" * 40, E2B_API_URL=endpoint.api_url
    )
    assert (code, found["E2B"]["ok"]) == (1, False)
    assert "refuses the key (E2B_API_KEY)" in found["E2B"]["detail"]


async def test_an_engine_that_says_nothing_is_not_waited_for_long(
    tmp_path: Path, endpoint: Endpoint
) -> None:
    assert endpoint.api_url is not None
    port = int(endpoint.api_url.rpartition(":")[2])
    async with FaultProxy(("127.0.0.1", port), Wire(is_silent=True)) as proxy:
        code, found = await examined(
            tmp_path,
            E2B_API_KEY="e2b_" + "0" * 40,
            E2B_API_URL=f"http://127.0.0.1:{proxy.port}",
        )
    assert (code, found["E2B"]["detail"]) == (1, "E2B_API_URL does not answer within 10 s.")


async def test_e2b_without_a_key_is_told_with_1(tmp_path: Path) -> None:
    code, found = await examined(tmp_path, SANDBOX_ENGINE="e2b")
    assert (code, found["E2B key"]["ok"]) == (1, False)
    assert "E2B" not in found


async def test_a_template_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    code, found = await examined(tmp_path, E2B_TEMPLATE_ID="nope", SANDBOX_ENGINE="local")
    assert (code, found["template"]["ok"]) == (1, False)
    assert found["template"]["fix"] == "There are: base, next-fast-mongo-pre-v2."
