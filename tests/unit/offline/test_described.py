import pytest

from stackwright.offline.described import described_kinds


@pytest.mark.parametrize(
    ("statement", "kinds"),
    [
        ("Companies have contacts, contacts have a name", {"company", "contact"}),
        ("A deal belongs to a company", {"deal"}),
        ("Repair jobs: bike, date", {"repair_job"}),
        ("Tools (name, price) are lent", {"tool"}),
        ("We have a dog and people have opinions", set[str]()),
        ("A title has to be short", set[str]()),
    ],
)
def test_what_a_message_describes_is_known_before_it_is_read(
    statement: str, kinds: set[str]
) -> None:
    assert described_kinds([statement]) == kinds
