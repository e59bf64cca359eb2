import pytest

from stackwright.verify.use.sent import holds
from stackwright.verify.use.values import Field, value_for

TAGS = Field("f1", "text", "Tags")


@pytest.mark.parametrize("sent", [["sample", "second"], ["sample, second"], ["sample,", "second"]])
def test_a_list_is_sent_in_any_form(sent: list[str]) -> None:
    assert holds(sent, TAGS, value_for(TAGS, "q12") or "")


def test_no_part_of_a_list_may_be_missing() -> None:
    assert not holds(["sample"], TAGS, value_for(TAGS, "q12") or "")
