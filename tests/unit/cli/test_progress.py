import io
from typing import Any

import pytest
from rich.console import Console

from stackwright.cli.progress import Narrator, exit_code


def told(*events: dict[str, Any]) -> str:
    output = io.StringIO()
    narrator = Narrator(Console(file=output, width=100, highlight=False))
    for event in events:
        narrator.tell(event)
    return output.getvalue()


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        ({"type": "agent_complete", "status": "verified"}, 0),
        ({"type": "agent_complete", "status": "partly"}, 3),
        ({"type": "agent_complete", "status": "unverified"}, 3),
        ({"type": "agent_complete", "status": "answered"}, 3),
        ({"type": "error"}, 4),
        ({"type": "user_input_required"}, 5),
        ({"type": "agent_cancelled"}, 130),
    ],
)
def test_the_exit_code_of_a_build_says_whether_the_app_was_verified(
    ending: dict[str, Any], code: int
) -> None:
    assert exit_code(ending, needs_app=True) == code


def test_an_answer_is_a_good_end_of_a_chat() -> None:
    assert exit_code({"type": "agent_complete", "status": "answered"}, needs_app=False) == 0


def test_a_streamed_sentence_is_told_once_it_is_whole() -> None:
    output = told(
        {"type": "agent_thinking", "token": "I will build "},
        {"type": "agent_thinking", "token": "a library.", "kind": "text"},
        {"type": "agent_thinking", "token": "hidden", "kind": "thinking"},
        {"type": "phase_changed", "phase": "backend"},
    )
    assert output == "I will build a library.\n\nWriting the server\n"


def test_text_that_was_reset_is_not_told() -> None:
    output = told(
        {"type": "agent_thinking", "token": "Wrong"},
        {"type": "message_reset", "reason": "cut"},
        {"type": "agent_thinking", "token": "Right"},
        {"type": "agent_complete", "status": "verified"},
    )
    assert "Wrong" not in output
    assert output.startswith("Right\n")


def test_a_failed_check_is_told_with_its_reason() -> None:
    output = told(
        {"type": "check_result", "name": "types", "ok": False, "seconds": 2.04, "detail": "TS2339"}
    )
    assert output == "  ✗ types  2.0 s\n    TS2339\n"


def test_brackets_in_a_file_name_are_no_markup() -> None:
    output = told(
        {
            "type": "file_changed",
            "path": "pages/[id].tsx",
            "change": "created",
            "added": 3,
            "removed": 0,
        }
    )
    assert output == "  + pages/[id].tsx  +3 -0\n"


def test_events_that_nobody_knows_yet_are_passed_over() -> None:
    assert told({"type": "from_the_future"}) == ""


def test_a_question_is_told_with_what_can_be_chosen() -> None:
    field = {"name": "pay", "label": "How do people pay?", "choices": ["Cash", "[Card]"]}
    output = told({"type": "user_input_required", "question": "One thing", "fields": [field]})
    assert output == "\nOne thing\n  pay  How do people pay?: Cash, [Card]\n"


def test_checks_are_told_in_the_words_of_the_console() -> None:
    output = told({"type": "check_result", "name": "look", "ok": True, "seconds": 1.0})
    assert output == "  ✓ Readable, and fits phone and desktop  1.0 s\n"


def test_a_plan_ends_as_a_plan_not_as_an_answer() -> None:
    plan: dict[str, Any] = {"title": "Shed", "wishes": [], "records": [], "pages": []}
    lists: dict[str, Any] = {"decisions": [], "questions": [], "not_understood": []}
    output = told(
        {"type": "plan_proposed", "plan": {**plan, **lists}},
        {"type": "agent_complete", "status": "answered"},
    )
    assert output.endswith("The plan is ready. Nothing is built until you say so.\n")
