from pathlib import Path

import pytest

from stackwright.scaffold.mail_source import mail_rule
from stackwright.scaffold.spec import AppSpec
from stackwright.scaffold.views import app_view

SPEC = AppSpec.model_validate_json(
    (Path(__file__).parents[2] / "data/kits/bakery.json").read_text()
)


def test_a_rule_names_the_collection_and_where_the_address_is() -> None:
    use = SPEC.kit("messages")
    assert use is not None
    source = mail_rule(app_view(SPEC), use.settings().mails[0])
    assert 'entity="orders"' in source
    assert 'via="customer_id"' in source
    assert 'target="customers"' in source
    assert "hours=24" in source


@pytest.mark.parametrize(
    "change",
    [
        {"to": "customer_id.name"},
        {"to": "phone"},
        {"value": "Burnt"},
        {"entity": "cake"},
        {"field": "pick_up"},
        {"value": ""},
    ],
)
def test_mails_about_what_is_not_there_are_refused(change: dict[str, str]) -> None:
    told = SPEC.model_dump()
    mail = {"entity": "order", "to": "customer_id.email", "when": "becomes", "field": "status"}
    told["kits"] = [
        {"name": "messages", "options": {"mails": [{**mail, "value": "Ready", **change}]}}
    ]
    with pytest.raises(ValueError, match=r"order|cake|email|Burnt|mail"):
        AppSpec.model_validate(told)
