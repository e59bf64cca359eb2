import re
from pathlib import Path

import pytest

from stackwright.scaffold.rule_source import message_of
from stackwright.scaffold.spec import AppSpec
from stackwright.scaffold.views import app_view

DATA = Path(__file__).parents[2] / "data/scaffold"
APP = app_view(AppSpec.model_validate_json((DATA / "bookings.json").read_text()))
SENTENCES = [
    message_of(APP, entity, rule)
    for entity in APP.entities
    for rule in entity.spec.rules
    if rule.rule != "steps"
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_what_is_refused_is_told_in_a_sentence(sentence: str) -> None:
    assert re.fullmatch(r"[A-Z][^_]+\.", sentence)


def test_sentences_name_the_fields_as_people_read_them() -> None:
    assert "This overlaps another booking of the same room." in SENTENCES
    assert "Guests must be at most the seats of the room." in SENTENCES
    assert "There is already a record with this name and course." in SENTENCES
