import pytest
from pydantic import ValidationError

from fixtures.project_records import PROJECT
from stackwright.api.schemas.projects import ProjectChange, listed_project
from stackwright.core.ids import RunId
from stackwright.core.settings import load_settings
from stackwright.db.last_proofs import LastProof


@pytest.mark.parametrize("body", [{}, {"name": None}, {"max_usd": 0}, {"max_tokens": "5"}])
def test_a_change_that_changes_nothing_or_makes_no_sense_is_refused(body: object) -> None:
    with pytest.raises(ValidationError):
        ProjectChange.model_validate(body)


def test_a_limit_can_be_taken_away() -> None:
    assert ProjectChange.model_validate({"max_usd": None}).model_fields_set == {"max_usd"}


def test_a_listed_project_tells_its_last_proof() -> None:
    server = load_settings().server
    proof = LastProof(RunId("r"), "partly", None, "One is missing.", wishes=3, proven=2)
    told = listed_project(PROJECT, server, proof, is_working=True)
    assert (told.last_status, told.wishes, told.proven, told.is_working) == ("partly", 3, 2, True)
    assert listed_project(PROJECT, server, None, is_working=False).last_status is None
