import asyncio
import base64
import io
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

import httpx
import pytest
from PIL import Image

from fixtures.api_twins import Running, frames, running
from stackwright.api.sse import EventStream
from stackwright.api.wire import EVENT_MODELS
from stackwright.core.events import AgentComplete, AgentStart, AgentThinking
from stackwright.core.ids import ProjectId, RunId, UserId
from stackwright.runs.events.records import StoredEvent

pytestmark = pytest.mark.integration

END = AgentComplete(timestamp="t", project_id="todo", status="verified")
TODO = {"message": "Create a todo app", "user_id": "ann", "project_id": "todo", "email_id": "a@b.c"}


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "PNG")
    return out.getvalue()


async def accepted(api: Running, project: str = "todo", message: str = "hi") -> str:
    run = await api.services.runs.accept(user_id="ann", project_id=project, message=message)
    return run.run_id


async def test_a_post_streams_its_run_to_the_one_ending_and_closes(
    api: Running, client: httpx.AsyncClient
) -> None:
    async with client.stream("POST", "/api/projects/todo/chat", json=TODO) as stream:
        assert stream.status_code == 200
        assert stream.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert stream.headers["cache-control"] == "no-store"
        run_id = stream.headers["x-run-id"]
        await api.twin.emit(
            run_id, AgentStart(timestamp="t", project_id="todo"), AgentThinking(token="Hm"), END
        )
        text = (await stream.aread()).decode()

    events = frames(text)
    kinds = ["user_message", "run_queued", "agent_start", "agent_thinking", "agent_complete"]
    assert [event["type"] for event in events] == kinds
    assert [event["seq"] for event in events] == [1, 2, 3, 4, 5]
    for event in events:
        assert event["run_id"] == run_id
        assert event["project_id"] == "todo"
        assert event["timestamp"]
    assert f"id: {run_id}:4\ndata: " in text
    assert "event:" not in text


async def test_frames_are_named_when_asked(api: Running, client: httpx.AsyncClient) -> None:
    run_id = await accepted(api)
    await api.twin.emit(run_id, END)
    answer = await client.get(f"/api/projects/todo/chat?named=1&after={run_id}:2")
    assert f"id: {run_id}:3\nevent: agent_complete\ndata: {{" in answer.text


async def test_a_reader_who_comes_back_gets_exactly_the_rest(
    api: Running, client: httpx.AsyncClient
) -> None:
    run_id = await accepted(api)
    await api.twin.emit(run_id, *(AgentThinking(token=str(n)) for n in range(20)), END)
    for seen in (0, 1, 7, 22):
        answer = await client.get(
            "/api/projects/todo/chat", headers={"Last-Event-ID": f"{run_id}:{seen}"}
        )
        assert [event["seq"] for event in frames(answer.text)] == list(range(seen + 1, 24))


async def test_attaching_to_an_idle_project_answers_204(
    api: Running, client: httpx.AsyncClient
) -> None:
    run_id = await accepted(api)
    await api.twin.emit(run_id, END)
    assert (await client.get("/api/projects/todo/chat")).status_code == 204
    finished = {"Last-Event-ID": f"{run_id}:3"}
    assert (await client.get("/api/projects/todo/chat", headers=finished)).status_code == 204


async def test_who_has_read_a_run_to_its_end_is_given_the_next_one(
    api: Running, client: httpx.AsyncClient
) -> None:
    first = await accepted(api)
    await api.twin.emit(first, END)
    second = await accepted(api)
    await api.twin.emit(second, AgentStart(timestamp="t", project_id="todo"))
    headers = {"Last-Event-ID": f"{first}:3"}
    async with client.stream("GET", "/api/projects/todo/chat", headers=headers) as stream:
        assert stream.headers["x-run-id"] == second


async def test_the_next_run_is_given_also_when_it_has_ended_meanwhile(
    api: Running, client: httpx.AsyncClient
) -> None:
    first = await accepted(api)
    await api.twin.emit(first, END)
    second = await accepted(api)
    await api.twin.emit(second, END)
    headers = {"Last-Event-ID": f"{first}:3"}
    answer = await client.get("/api/projects/todo/chat", headers=headers)
    assert answer.headers["x-run-id"] == second
    assert [event["seq"] for event in frames(answer.text)] == [1, 2, 3]


async def test_leaving_ends_the_stream_and_not_the_run(
    api: Running, client: httpx.AsyncClient
) -> None:
    async with client.stream("POST", "/api/projects/todo/chat", json=TODO) as stream:
        run_id = stream.headers["x-run-id"]
        await anext(stream.aiter_bytes())
        assert api.twin.tails == 1
    await api.twin.until(lambda: api.twin.tails == 0)
    assert not api.twin.runs[run_id].is_ended


async def test_the_same_idempotency_key_streams_the_same_run(
    api: Running, client: httpx.AsyncClient
) -> None:
    headers = {"Idempotency-Key": "k-1"}
    ids = []
    for _ in range(2):
        async with client.stream(
            "POST", "/api/projects/todo/chat", json=TODO, headers=headers
        ) as stream:
            ids.append(stream.headers["x-run-id"])
    assert ids[0] == ids[1]
    assert len(api.twin.runs) == 1
    other = {**TODO, "message": "Something else"}
    answer = await client.post("/api/projects/todo/chat", json=other, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_mismatch")


async def test_without_a_user_the_projects_owner_speaks_and_else_the_local_one(
    api: Running, client: httpx.AsyncClient
) -> None:
    await accepted(api, "anns")
    for project, user in (("anns", "ann"), ("new", "local")):
        async with client.stream(
            "POST", f"/api/projects/{project}/chat", json={"message": "go"}
        ) as stream:
            assert api.twin.runs[stream.headers["x-run-id"]].user_id == user


async def test_another_users_project_looks_like_none(
    api: Running, client: httpx.AsyncClient
) -> None:
    await accepted(api, "anns")
    body = {"message": "mine now", "user_id": "bob"}
    answer = await client.post("/api/projects/anns/chat", json=body)
    assert (answer.status_code, answer.json()["code"]) == (404, "project_not_found")
    answer = await client.get("/api/projects/anns/history?user_id=bob")
    assert (answer.status_code, answer.json()["code"]) == (404, "project_not_found")


async def test_streams_end_at_once_when_the_platform_stops(
    api: Running, client: httpx.AsyncClient
) -> None:
    async with client.stream("POST", "/api/projects/todo/chat", json=TODO) as stream:
        chunks = stream.aiter_bytes()
        await anext(chunks)
        api.services.stopping.set()
        async with asyncio.timeout(2):
            async for _ in chunks:
                pass


async def never() -> dict:
    await asyncio.Event().wait()
    raise AssertionError


async def test_an_old_stream_ends_between_two_frames(api: Running) -> None:
    run_id = await accepted(api)
    sent: list[dict] = []

    async def send(message: dict) -> None:
        sent.append(message)

    stream = EventStream(
        api.services.events.follow(UserId("ann"), ProjectId("todo"), RunId(run_id)),
        stopping=api.services.stopping,
        heartbeat_s=60,
        max_age_s=0.2,
    )
    async with asyncio.timeout(5):
        await stream({"type": "http"}, never, send)
    *bodies, end = [message["body"] for message in sent[1:]]
    assert all(body.endswith(b"\n\n") for body in bodies)
    assert (end, sent[-1]["more_body"]) == (b"", False)


async def test_nothing_is_collected_for_a_client_that_reads_nothing(
    api: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stackwright.api.sse.STALLED_S", 0.2)
    monkeypatch.setattr("stackwright.api.sse.LAST_WORD_S", 0.1)
    run_id = await accepted(api)
    for number in range(100):
        await api.twin.emit(run_id, AgentThinking(token=f"{number} "))
    taken = 0

    async def pages() -> AsyncGenerator[Sequence[StoredEvent]]:
        nonlocal taken
        following = api.services.events.follow(UserId("ann"), ProjectId("todo"), RunId(run_id))
        async with aclosing(following):
            async for page in following:
                taken += 1
                yield page

    async def send(message: dict) -> None:
        if message.get("body", b"").startswith(b"id:") or not message.get("more_body", True):
            await asyncio.Event().wait()

    stream = EventStream(pages(), stopping=api.services.stopping, heartbeat_s=0.05, max_age_s=60)
    async with asyncio.timeout(5):
        await stream({"type": "http"}, never, send)
    assert taken == 1


async def test_a_silent_stream_is_kept_alive_by_comments(api: Running) -> None:
    run_id = await accepted(api)
    sent = asyncio.Queue[dict]()
    stream = EventStream(
        api.services.events.follow(UserId("ann"), ProjectId("todo"), RunId(run_id), after_seq=2),
        stopping=api.services.stopping,
        heartbeat_s=0.01,
        max_age_s=60,
    )

    async def send(message: dict) -> None:
        await sent.put(message)

    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        group.create_task(stream({"type": "http"}, never, send))
        bodies = [(await sent.get()).get("body") for _ in range(4)]
        assert bodies == [None, b"retry: 1000\n\n", b": heartbeat\n\n", b": heartbeat\n\n"]
        await api.twin.emit(run_id, END)


async def test_a_hundred_readers_of_one_run_see_the_same_bytes() -> None:
    async with (
        running() as api,
        httpx.AsyncClient(
            base_url=api.url, timeout=30, limits=httpx.Limits(max_connections=200)
        ) as client,
    ):
        run_id = await accepted(api)

        async def read() -> str:
            return (await client.get("/api/projects/todo/chat")).text

        async with asyncio.TaskGroup() as group:
            readers = [group.create_task(read()) for _ in range(100)]
            await api.twin.until(lambda: api.twin.tails == 100)
            for number in range(50):
                await api.twin.emit(run_id, AgentThinking(token=f"{number} "))
            await api.twin.emit(run_id, END)
        texts = {reader.result() for reader in readers}
        assert len(texts) == 1
        tokens = [e["token"] for e in frames(texts.pop()) if e["type"] == "agent_thinking"]
        assert "".join(tokens) == " ".join(map(str, range(50))) + " "


async def test_every_frame_is_what_openapi_says(api: Running, client: httpx.AsyncClient) -> None:
    schema = (await client.get("/openapi.json")).json()
    answer = schema["paths"]["/api/projects/{project_id}/chat"]["post"]["responses"]["200"]
    kinds = answer["content"]["text/event-stream"]["schema"]["discriminator"]["mapping"]
    for event in EVENT_MODELS:
        kind = event.model_fields["type"].default
        assert kinds[kind] == f"#/components/schemas/{event.__name__}"
    assert "seq" in schema["components"]["schemas"]["AgentThinkingEvent"]["required"]


async def test_attachments_come_with_the_message_and_bad_ones_start_nothing(
    api: Running, client: httpx.AsyncClient
) -> None:
    picture = {"name": "mock-up.png", "data": base64.b64encode(png()).decode()}
    body = {**TODO, "attachments": [picture, {"name": "a.txt", "data": "aGVsbG8="}]}
    async with client.stream("POST", "/api/projects/todo/chat", json=body) as stream:
        assert stream.status_code == 200
        await api.twin.emit(stream.headers["x-run-id"], END)
        first = frames((await stream.aread()).decode())[0]
    assert [one["kind"] for one in first["attachments"]] == ["picture", "text"]
    for bad, sentence in (
        ({"name": "a.svg", "data": base64.b64encode(b"<svg/>").decode()}, "SVG"),
        ({"url": "http://127.0.0.1/a.png"}, "not an address of the public internet"),
        ({"name": "a.png", "data": "?"}, "not base64"),
    ):
        refused = await client.post("/api/projects/todo/chat", json={**TODO, "attachments": [bad]})
        assert refused.status_code == 422
        assert sentence in refused.json()["detail"]
    assert len(api.twin.runs) == 1


async def test_only_a_chat_may_be_as_large_as_attachments_are(client: httpx.AsyncClient) -> None:
    large = {"message": "x", "attachments": [{"name": "a.png", "data": "A" * 9_000_000}]}
    chat = await client.post("/api/projects/todo/chat", json=large)
    assert chat.status_code == 422
    other = await client.post("/api/projects", json={"name": "x", **large})
    assert other.status_code == 413
    huge = {"message": "x", "attachments": [{"name": "a.png", "data": "A" * 17_000_000}]}
    assert (await client.post("/api/projects/todo/chat", json=huge)).status_code == 413
