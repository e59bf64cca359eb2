from types import SimpleNamespace
from typing import cast

import pytest

from stackwright.verify.check import Subject
from stackwright.verify.checks.files import files_are_read_whole
from stackwright.verify.environment import EnvironmentFailed


class Environment:
    def __init__(self, failure: str = "") -> None:
        self._failure = failure

    async def uploads(self) -> list[object]:
        if self._failure:
            raise EnvironmentFailed(self._failure)
        return []


@pytest.mark.parametrize(
    ("failure", "told"), [("", "no files are given to the app"), ("It is gone.", "It is gone.")]
)
async def test_without_files_nothing_is_tried(failure: str, told: str) -> None:
    subject = cast(Subject, SimpleNamespace(environment=Environment(failure)))
    verdict = await files_are_read_whole(subject)
    assert (verdict.ok, verdict.detail) == (not failure, told)
