"""Two APIs and two workers share the work: any of them may stop or die at any moment."""

import signal
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from fixtures.waiting import eventually
from fixtures.watching import Watch, is_dense, kinds
from stackwright.testing.fleet import Fleet
from stackwright.testing.platform_process import PlatformProcess, last

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]


def worker_of(fleet: Fleet, run_id: str, database_url: str) -> PlatformProcess:
    """The process that works on the run."""
    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT worker FROM runs WHERE id = %s", (run_id,)).fetchone()
    assert row is not None
    return next(
        worker
        for worker in fleet.workers
        if worker.process is not None and row[0].endswith(f":{worker.process.pid}")
    )


def test_every_api_streams_every_run_and_equal_posts_start_one(fleet: Fleet) -> None:
    body = {"message": "hello", "user_id": "ann"}

    def post(number: int) -> str:
        with fleet.apis[number % 2].client() as client:
            return client.post(
                "/api/projects/same/chat", json=body, headers={"Idempotency-Key": "k1"}
            ).text

    with ThreadPoolExecutor(10) as pool:
        texts = set(pool.map(post, range(10)))
    assert len(texts) == 1
    with fleet.apis[1].client() as client:
        runs = client.get("/api/projects/same/runs").json()["runs"]
        assert [run["status"] for run in runs] == ["answered"]
        place = f"{runs[0]['id']}:2"
        rest = client.get("/api/projects/same/chat", params={"after": place})
        assert rest.text.split("\n\n", 1)[1] == texts.pop().split("\n\n", 3)[3]
        place = f"{runs[0]['id']}:{runs[0]['last_seq']}"
        assert client.get("/api/projects/same/chat", params={"after": place}).status_code == 204


def test_a_killed_workers_command_is_found_by_the_other_and_not_repeated(
    fleet: Fleet, database_url: str
) -> None:
    watch = Watch(fleet.apis[0], "killed", "count")
    watch.until("tool_output", "tick")
    victim = worker_of(fleet, watch.run_id, database_url)
    victim.stop(signal.SIGKILL)
    events = watch.end()
    victim.start()

    assert is_dense(events)
    assert "agent_resumed" in kinds(events)
    result = [e for e in events if e["type"] == "tool_complete" and e["tool_name"] == "run_command"]
    assert len(result) == 1
    assert result[0]["outcome"] == "ok"
    assert "begun 1 times" in result[0]["output_preview"]
    assert kinds(events)[-1] == "agent_complete"


def test_the_model_that_took_over_goes_on_after_its_worker_was_killed(
    fleet: Fleet, database_url: str
) -> None:
    watch = Watch(fleet.apis[0], "overloaded", "overloaded")
    watch.until("tool_output", "tick")
    victim = worker_of(fleet, watch.run_id, database_url)
    victim.stop(signal.SIGKILL)
    events = watch.end()
    victim.start()

    assert "agent_resumed" in kinds(events)
    assert [e["model"] for e in events if e["type"] == "usage"] == ["claude-haiku-4-5"] * 2
    assert [e["state"] for e in events if e["type"] == "state"].count("fallback_model") == 1
    assert kinds(events)[-1] == "agent_complete"


def test_a_stopped_worker_and_api_leave_in_time_and_the_run_goes_on(
    fleet: Fleet, database_url: str
) -> None:
    watch = Watch(fleet.apis[0], "stopped", "steps")
    watch.until("tool_complete")
    worker = worker_of(fleet, watch.run_id, database_url)
    began = time.monotonic()
    assert worker.stop() == 0
    worker_s = time.monotonic() - began
    eventually(lambda: "agent_resumed" in kinds(list(watch.events)))
    began = time.monotonic()
    assert fleet.apis[0].stop() == 0
    api_s = time.monotonic() - began
    seen = watch.end()
    with fleet.apis[1].client() as client:
        place = {"Last-Event-ID": f"{watch.run_id}:{seen[-1]['seq']}"}
        rest = client.get("/api/projects/stopped/chat", headers=place).text
        run = client.get(f"/api/projects/stopped/runs/{watch.run_id}").json()
    fleet.apis[0].start()
    worker.start()

    assert is_dense(seen)
    assert rest.count("\nid: ") + seen[-1]["seq"] == run["last_seq"]
    assert '"type":"agent_complete"' in rest
    assert run["attempts"] == 1
    # The aim is five seconds; machines that run tests are busy.
    assert max(worker_s, api_s) < 10


def test_a_cancelled_run_leaves_no_process_behind(fleet: Fleet) -> None:
    watch = Watch(fleet.apis[0], "cancelled", "endless")
    watch.until("tool_output", "begun")
    with fleet.apis[1].client() as client:
        for _ in range(2):
            client.post(f"/api/projects/cancelled/runs/{watch.run_id}/cancel").raise_for_status()
    events = watch.end()
    assert kinds(events)[-1] == "agent_cancelled"
    with fleet.apis[1].client() as client:
        files = client.get("/api/projects/cancelled/files").json()["files"]
        versions = client.get("/api/projects/cancelled/versions").json()["versions"]
    assert [file["path"] for file in files] == ["made.txt"]  # the command's, up to its end
    assert len(versions) == 1
    assert "sleep" not in what_runs(fleet, "cancelled")


def what_runs(fleet: Fleet, project: str) -> str:
    """The programs that are left in the sandbox, by the scripts' next command."""
    left = fleet.apis[0].chat(project, "look what runs")
    return last(left, "tool_complete")["output_preview"]


def test_a_run_that_waits_is_stopped_with_its_programs_and_loses_nothing_said(
    fleet: Fleet,
) -> None:
    watch = Watch(fleet.apis[0], "lingering", "linger")
    eventually(lambda: kinds(list(watch.events)).count("tool_start") > 1)
    with fleet.apis[1].client() as client:
        body = {"message": "blue, I think", "user_id": "ann", "on_busy": "steer"}
        with client.stream("POST", "/api/projects/lingering/chat", json=body) as stream:
            assert stream.headers["x-run-id"] == watch.run_id
            watch.until("user_input_required")
            url = "/api/projects/lingering/runs"
            client.post(f"{url}/{watch.run_id}/cancel").raise_for_status()
        assert kinds(watch.end())[-1] == "agent_cancelled"
        eventually(lambda: client.get(url).json()["runs"][0]["ended_at"] is not None)
        following = client.get(url).json()["runs"][0]
        told = client.get(f"{url}/{following['id']}/events").json()["events"]
    assert following["input"] == "blue, I think"
    assert "sleep" not in last(told, "tool_complete")["output_preview"]


def test_what_is_said_after_stop_is_the_next_run(fleet: Fleet) -> None:
    watch = Watch(fleet.apis[0], "instead", "endless")
    watch.until("tool_output", "begun")
    with fleet.apis[1].client() as client:
        client.post(f"/api/projects/instead/runs/{watch.run_id}/cancel").raise_for_status()
        body = {"message": "hello instead", "user_id": "ann", "on_busy": "steer"}
        with client.stream("POST", "/api/projects/instead/chat", json=body) as stream:
            assert stream.headers["x-run-id"] != watch.run_id
            assert '"type":"agent_complete"' in stream.read().decode()
    assert kinds(watch.end())[-1] == "agent_cancelled"


def test_a_steering_message_reaches_the_run_at_another_worker(fleet: Fleet) -> None:
    watch = Watch(fleet.apis[0], "steered", "steps")
    watch.until("tool_complete")
    body = {"message": "And quickly!", "user_id": "ann", "on_busy": "steer"}
    with (
        fleet.apis[1].client() as client,
        client.stream("POST", "/api/projects/steered/chat", json=body) as stream,
    ):
        assert stream.headers["x-run-id"] == watch.run_id
    assert kinds(watch.end())[-1] == "agent_complete"
    with fleet.apis[1].client() as client:
        said = client.get("/api/projects/steered/history").json()["messages"]
    assert [m["content"] for m in said if m["role"] == "user"] == ["steps", "And quickly!"]


def test_queued_messages_can_be_changed_until_their_turn_comes(fleet: Fleet) -> None:
    watch = Watch(fleet.apis[0], "queue", "steps")
    watch.until("tool_complete")
    waiting = [Watch(fleet.apis[1], "queue", f"hello {n}") for n in range(2)]
    runs = [one.run_id for one in waiting]
    with fleet.apis[0].client() as client:
        url = "/api/projects/queue/queue"
        eventually(lambda: len(client.get(url).json()["messages"]) == 2)
        client.patch(f"{url}/{runs[0]}", json={"message": "hello again"}).raise_for_status()
        assert client.delete(f"{url}/{runs[1]}").json()["status"] == "cancelled"
        assert client.delete(f"{url}/{watch.run_id}").status_code == 409
    assert kinds(watch.end())[-1] == "agent_complete"
    assert kinds(waiting[0].end())[-1] == "agent_complete"
    assert kinds(waiting[1].end())[-1] == "agent_cancelled"


def test_an_answer_is_taken_up_by_workers_that_never_saw_the_question(fleet: Fleet) -> None:
    watch = Watch(fleet.apis[0], "asked", "ask")
    question = watch.until("user_input_required")
    assert question["question"] == "Which colour?"
    for worker in fleet.workers:
        worker.stop()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(PlatformProcess.start, fleet.workers))
    run_id = question["run_id"]
    with fleet.apis[1].client() as client:
        answer = {"answers": {"text": "green"}}
        client.post(f"/api/projects/asked/runs/{run_id}/answer", json=answer).raise_for_status()
        place = {"after": f"{run_id}:{question['seq']}"}
        rest = client.get("/api/projects/asked/chat", params=place).text
    assert '"type":"agent_complete"' in rest
    assert "Thank you." in rest
    assert is_dense(watch.end())


def test_a_run_that_loses_three_workers_ends_and_the_project_goes_on(
    fleet: Fleet, database_url: str
) -> None:
    watch = Watch(fleet.apis[0], "poison", "endless")
    watch.until("tool_output", "begun")
    with psycopg.connect(database_url, autocommit=True) as connection:
        # As if workers had died of it before.
        connection.execute("UPDATE runs SET attempts = 3 WHERE id = %s", (watch.run_id,))
    victim = worker_of(fleet, watch.run_id, database_url)
    victim.stop(signal.SIGKILL)
    events = watch.end()
    victim.start()
    assert (events[-1]["type"], events[-1]["error_type"]) == ("error", "run_interrupted")
    assert last(events, "tool_complete")["outcome"] == "cancelled"
    assert "sleep" not in what_runs(fleet, "poison")
