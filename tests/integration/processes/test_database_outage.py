"""One process with its worker inside, and a database that stops, starts, and comes late."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from fixtures.scripted_process import scripted_model
from fixtures.waiting import eventually
from fixtures.watching import Watch, is_dense, kinds
from stackwright.db.embedded import EmbeddedPostgres
from stackwright.testing.platform_process import Platform

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[EmbeddedPostgres]:
    made = EmbeddedPostgres(folder / "server", durable=False)
    made.start()
    yield made
    made.delete()


@pytest.fixture(scope="module")
def platform(folder: Path, server: EmbeddedPostgres) -> Iterator[Platform]:
    scripts = {"steps": [*([("list_processes", {})] for _ in range(15)), "Ok."]}
    with ExitStack() as stack:
        model = stack.enter_context(scripted_model(folder, scripts))
        running = Platform(
            folder,
            environment={**model, "DATABASE_URL": server.url, "E2B_TEMPLATE_ID": "base"},
        )
        running.start()
        yield running
        if running.process is not None:
            running.stop()


def test_a_run_waits_for_its_database_and_new_messages_are_refused_meanwhile(
    platform: Platform, server: EmbeddedPostgres
) -> None:
    watch = Watch(platform, "outage", "steps")
    watch.until("tool_complete")
    server.stop_server()
    with platform.client() as client:
        eventually(lambda: client.get("/readyz").status_code == 503)
        refused = client.post("/api/projects/new/chat", json={"message": "hello"})
        assert client.get("/livez").status_code == 200
    server.start()
    events = watch.end()

    assert refused.status_code == 503
    assert refused.headers["content-type"] == "application/problem+json"
    assert int(refused.headers["retry-after"]) >= 1
    assert is_dense(events)
    assert kinds(events)[-1] == "agent_complete"
    with platform.client() as client:
        eventually(lambda: client.get("/readyz").status_code == 200)
        assert client.get("/api/projects/new").status_code == 404


def test_a_platform_that_starts_before_its_database_waits_for_it(
    platform: Platform, server: EmbeddedPostgres
) -> None:
    platform.stop()
    server.stop_server()
    before = len(platform.output())
    platform.launch()
    eventually(lambda: "database_awaited" in platform.output()[before:])
    server.start()
    platform.await_ready()
    with platform.client() as client:
        assert client.get("/api/projects/outage/history").json()["messages"]
