import pytest
from pydantic import TypeAdapter

from stackwright.scaffold.words import RULE_KINDS, Rule, fields_of, key_of

RULES: TypeAdapter[Rule] = TypeAdapter(Rule)


@pytest.mark.parametrize(
    ("rule", "key", "fields"),
    [
        ({"rule": "unique", "fields": ["name", "day"]}, "unique_name", ["name", "day"]),
        ({"rule": "no_overlap", "start": "a", "end": "b", "on": ["c"]}, "no_overlap_a", ["a", "b", "c"]),
        ({"rule": "compare", "field": "a", "must_be": "more", "than": "b.c"}, "compare_a", ["a", "b"]),
        ({"rule": "deadline", "field": "a.b", "hours": 1}, "deadline_a", ["a"]),
        ({"rule": "capacity", "of": "a", "maximum": 1, "amount": "b"}, "capacity_a", ["a", "b"]),
    ],
)  # fmt: skip
def test_a_rule_is_called_by_its_kind_and_first_field(
    rule: dict[str, object], key: str, fields: list[str]
) -> None:
    read = RULES.validate_python(rule)
    assert (key_of(read), list(fields_of(read))) == (key, fields)
    assert read.rule in RULE_KINDS
