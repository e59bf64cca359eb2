"""Pictures of tools in a conversation with a model server that checks requests as the real API does."""

import io
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from PIL import Image

from stackwright.agent.contract import AgentWork, Feedback
from stackwright.agent.models.anthropic import AnthropicModel
from stackwright.agent.models.base import ChatModel
from stackwright.agent.models.langchain import LangChainModel
from stackwright.agent.stream import Agent
from stackwright.core.attachments import Attachment
from stackwright.core.setting_groups import ModelSettings
from stackwright.testing.agent_world import AgentWorld, NoArguments
from stackwright.testing.script import call, say
from stackwright.testing.scripted_model import ScriptedModel
from stackwright.tools.base import Illustrated, Picture, Tool, ToolContext, ToolFailed

pytestmark = pytest.mark.integration

SEEN = Picture("a" * 64, "image/png", 1280, 800, instead="- heading: Hello")


async def take(_: NoArguments, __: ToolContext) -> Illustrated:
    return Illustrated("taken", (SEEN,))


async def fail(_: NoArguments, __: ToolContext) -> Illustrated:
    raise ToolFailed("not proven", (SEEN,))


def work_of(model: ChatModel, *, count: int = 1) -> AgentWork:
    world = AgentWorld(model)
    tools = [Tool("take", "Takes.", NoArguments, take), Tool("fail", "Fails.", NoArguments, fail)]
    world.extra_tools.extend(tools)
    out = io.BytesIO()
    Image.new("RGB", (1280, 800), "red").save(out, "PNG")

    async def picture(sha256: str) -> bytes | None:
        return out.getvalue() if sha256 == SEEN.sha256 else None

    return replace(world.work("look", max_iterations=count + 5), picture=picture)


@pytest.fixture
async def seeing(model_settings: ModelSettings) -> AsyncIterator[AnthropicModel]:
    made = AnthropicModel(model_settings.model_copy(update={"takes_images": True}))
    yield made
    await made.aclose()


async def test_pictures_of_results_and_of_failures_are_seen(
    server: ScriptedModel, agent: Agent, seeing: AnthropicModel
) -> None:
    server.script(call("take"), call("fail"), say("I saw it."))
    work = work_of(seeing)
    assert (await agent.run(work)).text == "I saw it."
    assert [len(request.images) for request in server.requests] == [0, 1, 2]
    assert server.requests[1].last_tool_result == "taken"
    failed = server.requests[2].messages[-1]["content"]
    assert [block["type"] for block in failed] == ["tool_result", "image"]


async def test_only_the_newest_pictures_are_sent(
    server: ScriptedModel, agent: Agent, seeing: AnthropicModel
) -> None:
    server.script(*[call("take")] * 9, say("done"))
    work = work_of(seeing, count=10)
    await agent.run(work)
    assert [len(request.images) for request in server.requests] == [0, 1, 2, 3, 4, 5, 6, 7, 4, 5]


async def test_a_model_without_eyes_reads_what_is_on_the_page(
    server: ScriptedModel, agent: Agent, model: AnthropicModel
) -> None:
    server.script(call("take"), say("done"))
    work = work_of(model)
    await agent.run(work)
    assert server.requests[1].images == []
    assert "heading: Hello" in server.requests[1].last_tool_result


async def test_providers_of_langchain_get_pictures_after_the_results(
    server: ScriptedModel, agent: Agent, model_settings: ModelSettings
) -> None:
    changes = {
        "provider": "langchain",
        "name": "openai:gpt-4.1",
        "base_url": f"{server.url}/v1",
        "takes_images": True,
    }
    server.script(call("take"), say("done"))
    work = work_of(LangChainModel(model_settings.model_copy(update=changes)))
    await agent.run(work)
    *_, result, shown = server.requests[-1].messages
    assert (result["role"], result["content"]) == ("tool", "taken")
    assert shown["content"][0]["image_url"]["url"].startswith("data:image/png;base64,")


async def test_what_the_person_sent_is_seen_beside_the_words(
    server: ScriptedModel, agent: Agent, seeing: AnthropicModel
) -> None:
    server.script(say("A red page."))
    sent = [
        Attachment(
            name="m.png",
            kind="picture",
            media_type="image/png",
            sha256=SEEN.sha256,
            size_bytes=9,
            width=1280,
            height=800,
        ),
        Attachment(name="n.txt", kind="text", media_type="text/plain", sha256="t", size_bytes=4),
    ]

    async def attached(text: str) -> list[Attachment]:
        return sent if text == "look" else []

    await agent.run(replace(work_of(seeing), attached=attached))
    (request,) = server.requests
    kinds = [block["type"] for block in request.messages[0]["content"]]
    assert kinds == ["text", "text", "image", "text"]
    assert request.first_text.startswith("look[Attached m.png:][Attached n.txt:]\n")


async def test_a_model_without_eyes_says_that_it_works_from_the_words(
    server: ScriptedModel, agent: Agent, model: AnthropicModel
) -> None:
    server.script(say("I build from the words."))
    world = AgentWorld(model)
    picture = Attachment(
        name="m.png", kind="picture", media_type="image/png", sha256="a", size_bytes=9
    )

    async def attached(_: str) -> list[Attachment]:
        return [picture]

    await agent.run(replace(world.work("look"), attached=attached))
    assert [event.state for event in world.of("state")] == ["pictures_not_seen"]
    assert "which this model cannot see" in server.requests[0].first_text


async def test_a_failing_proof_is_shown_when_the_model_wants_to_end(
    server: ScriptedModel, agent: Agent, seeing: AnthropicModel
) -> None:
    server.script(say("done"), say("mended"))
    failing = [Feedback("[The harness] It fails.", pictures=(SEEN,))]

    async def before_finish() -> Feedback | None:
        return failing.pop() if failing else None

    await agent.run(replace(work_of(seeing), before_finish=before_finish))
    assert [len(request.images) for request in server.requests] == [0, 1]


async def test_what_comes_with_an_answer_or_with_steering_is_seen_too(
    server: ScriptedModel, agent: Agent, model: AnthropicModel
) -> None:
    server.script(call("ask_user_tool", question="Which colour?"), say("done"))
    world = AgentWorld(model)
    note = Attachment(name="n.txt", kind="text", media_type="text/plain", sha256="t", size_bytes=4)

    async def attached(text: str) -> list[Attachment]:
        return [note] if text in ("Like this", "And that") else []

    asked = replace(world.work("look"), attached=attached)
    assert (await agent.run(asked)).ending == "waiting_input"
    world.control.steering.append("And that")
    answered = world.work(None, run_id=asked.run_id, answer={"text": "Like this"})
    await agent.run(replace(answered, attached=attached))
    texts = [block.get("text") for block in server.requests[-1].messages[-1]["content"]]
    shown = "[Attached n.txt:]\n(not kept any more)"
    answer = "My answer to your question: Which colour?\ntext: Like this"
    assert texts[1:] == [answer, shown, "And that", shown]
