"""What a model reads when the arguments of its call do not fit."""

from typing import Any

import pytest
from pydantic import ValidationError

from stackwright.agent.wrong_arguments import sentence
from stackwright.tools.base import Arguments
from stackwright.tools.browser import UseBrowser
from stackwright.tools.scaffold import ScaffoldApp


def told(arguments: type[Arguments], given: dict[str, Any]) -> str:
    with pytest.raises(ValidationError) as caught:
        arguments.model_validate(given)
    return sentence(caught.value, arguments)


def app(**parts: Any) -> dict[str, Any]:
    names = {"name": "task", "plural": "tasks", "label": "Task", "label_plural": "Tasks"}
    fields = [{"name": "title", "label": "Title"}]
    return {
        "spec": {
            "title": "T",
            "entities": [{**names, "title_field": "title", "fields": fields, **parts}],
        }
    }


def test_an_unknown_key_is_answered_with_the_known_ones_and_nothing_else() -> None:
    rule = {"rule": "unique", "fields": ["title"], "value": "Doing"}
    assert told(ScaffoldApp, app(rules=[rule])) == (
        "spec.entities.0.rules.0.unique.value: there is no such key, only rule, fields."
    )


def test_the_keys_of_nested_arguments_are_those_of_their_own_level() -> None:
    said = told(UseBrowser, {"actions": [{"do": "click", "selector": "#a"}]})
    assert said.startswith("actions.0.selector: there is no such key, only ")
    assert "role" in said
    assert "dialogs" not in said


def test_other_problems_keep_their_words() -> None:
    assert told(UseBrowser, {"actions": []}).startswith("actions: Tuple should have at least 1")
