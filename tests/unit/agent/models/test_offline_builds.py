"""What comes next, after given steps; a whole conversation is in test_offline.py."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from fixtures.follow_ups import Case, Talk, read_cases
from stackwright.agent.models.offline_builds import follow_up, new_app, undone
from stackwright.agent.models.offline_returns import Version
from stackwright.agent.models.offline_talk import Reply, Step
from stackwright.scaffold.generate import generate
from stackwright.scaffold.spec import SPEC_PATH, AppSpec

TODO = "Create a todo app with FastAPI and Next.js"
NAMED = Step(
    "set_wishes", "The wishes of this message:\nw1 (data) Tasks\nThe next: w2.", failed=False
)
WRITTEN = Step("scaffold_app", "Wrote 40 files.", failed=False)
CHECKED = Step("check_app", "verified\nmore", failed=False)
SHOWN = Step("update_plan", "4 of 4", failed=False)


def names(reply: Reply) -> list[str]:
    return [call.name for call in reply.calls]


def spec() -> AppSpec:
    return AppSpec.model_validate(arguments(new_app(TODO, [NAMED]), "scaffold_app")["spec"])


def arguments(reply: Reply, name: str) -> Any:
    (found,) = [call.arguments for call in reply.calls if call.name == name]
    return orjson.loads(orjson.dumps(found))


def stored(app: AppSpec) -> Step:
    return Step("read_file", generate(app)[SPEC_PATH], failed=False)


def test_an_app_goes_from_wishes_over_files_and_checks_to_a_summary() -> None:
    made = [[], [NAMED], [NAMED, WRITTEN], [NAMED, WRITTEN, CHECKED]]
    assert [names(new_app(TODO, steps)) for steps in made] == [
        ["set_wishes", "update_plan"],
        ["update_plan", "scaffold_app"],
        ["update_plan", "check_app"],
        ["update_plan"],
    ]
    told = new_app(TODO, [NAMED, WRITTEN, CHECKED, SHOWN])
    assert told.calls == ()
    assert " is built. verified " in told.text


def test_wishes_are_linked_by_the_ids_that_they_got() -> None:
    links = arguments(new_app(TODO, [NAMED]), "scaffold_app")["wishes"]
    assert {link["wish"] for link in links} <= {"w1"}


def test_what_could_not_be_written_is_the_end() -> None:
    failed = Step("scaffold_app", "No room.", failed=True)
    told = new_app(TODO, [NAMED, failed])
    assert told.calls == ()
    assert told.text.startswith("That did not work: No room.")


def test_a_change_reads_what_is_there_first_and_tells_when_it_cannot() -> None:
    (look,) = follow_up("add a priority field to todos", []).calls
    assert (look.name, look.arguments) == ("read_file", {"path": SPEC_PATH})
    damaged = Step("read_file", "no JSON", failed=False)
    assert "cannot read" in follow_up("add a priority field to todos", [damaged]).text


def test_a_change_that_is_there_already_is_checked_again_only_when_repeated() -> None:
    app = spec()
    title = app.entities[0].fields[0].label.lower()
    request = f"add a {title} field to {app.entities[0].label_plural.lower()}"
    assert follow_up(request, [stored(app)]).calls == ()
    assert names(follow_up(request, [stored(app)], is_repeated=True)) == ["check_app"]


def test_only_what_nobody_else_changed_is_undone() -> None:
    before = spec()
    after = before.model_copy(update={"title": "Another"})
    built = [Version("make it", before, ()), Version("rename it", after, ())]
    assert "nothing to undo" in undone(built[:1], [stored(before)]).text
    assert names(undone(built, [])) == ["read_file"]
    assert names(undone(built, [stored(after)])) == ["scaffold_app"]
    foreign = before.model_copy(update={"title": "By hand"})
    assert "changed in another way" in undone(built, [stored(foreign)]).text


TALKS = Path(__file__).parents[3] / "data" / "reading" / "talks.txt"


@pytest.mark.parametrize(
    "case", read_cases(TALKS.read_text("utf-8")), ids=lambda case: case.app[:40]
)
def test_each_message_of_a_talk_changes_just_what_it_asks_for(case: Case) -> None:
    talk = Talk()
    talk.say(case.app)
    assert [(text, talk.say(text).effect) for text, _ in case.turns] == list(case.turns)
