from stackwright.agent.models.base import Message
from stackwright.agent.models.offline_talk import Step, last_request, steps_of, stored_spec
from stackwright.core.attachments import ATTACHED
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec

BOOK = EntitySpec(
    name="book", plural="books", label="Book", label_plural="Books", title_field="title",
    fields=(FieldSpec(name="title", label="Title"),),
)  # fmt: skip
SPEC = AppSpec(title="Library", entities=(BOOK,))


def user(*texts: str) -> Message:
    return Message("user", tuple({"type": "text", "text": text} for text in texts))


def test_the_last_request_is_what_the_person_said_last() -> None:
    call = Message(
        "assistant", ({"type": "tool_use", "id": "t1", "name": "read_file", "input": {}},)
    )
    result = Message("user", ({"type": "tool_result", "tool_use_id": "t1", "content": "text"},))
    talk = [user("one"), user("two"), user(f"{ATTACHED} a.png"), call, result]
    assert last_request(talk) == (1, "two")
    assert last_request([]) == (0, "")
    unseen = {"type": "text", "text": "[This model cannot see pictures.]"}
    assert last_request([*talk, Message("user", (*result.content, unseen))]) == (1, "two")
    steered = {"type": "text", "text": "and blue"}
    assert last_request([*talk, Message("user", (*result.content, steered))]) == (5, "and blue")
    assert steps_of(talk) == [Step("read_file", "text", failed=False, call_id="t1")]


def test_the_description_is_read_out_of_a_shown_file() -> None:
    shown = f'.stackwright/app.json\n{{"spec": {SPEC.model_dump_json()}}}\n[end]'
    assert stored_spec(Step("read_file", shown, failed=False)) == SPEC


def test_what_is_no_description_is_none() -> None:
    for result in ("nothing", "{broken}", '{"spec": 1}', "{}"):
        assert stored_spec(Step("read_file", result, failed=False)) is None
    assert stored_spec(Step("read_file", "{}", failed=True)) is None
