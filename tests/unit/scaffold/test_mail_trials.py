from pathlib import Path

from stackwright.scaffold.generate import generate
from stackwright.scaffold.mail_trials import mail_trials
from stackwright.scaffold.spec import AppSpec, WishLink
from stackwright.scaffold.views import app_view

SPEC = AppSpec.model_validate_json(
    (Path(__file__).parents[2] / "data/kits/bakery.json").read_text()
)
NAMES = ("before_pick_up_24", "becomes_status_ready", "added_customer_id_email")


def link(name: str) -> WishLink:
    return WishLink(wish="w1", shows="mail", entity="order", field=name)


def test_a_mail_goes_to_whom_the_record_refers_to() -> None:
    app = app_view(SPEC)
    found = mail_trials(app, app.entity("order"), [link(name) for name in NAMES])
    assert [(trial.mail.name, trial.holder and trial.holder.name) for _, trial in found] == [
        (name, "customer") for name in NAMES
    ]
    assert found[1][1].before == "New"


def test_each_witness_waits_for_its_mail_and_for_no_other() -> None:
    files = generate(SPEC, wishes=[link(name) for name in NAMES])
    witness = files["acceptance/test_orders_mails.py"]
    assert witness.count("app.wait_for_mail(") == 3
    assert witness.count('assert got == {("ann.berg@example.com",)}') == 3
    assert [sign in witness for sign in ('"Reminder:" in', '"Ready" in', '"New " in')] == [True] * 3


def test_a_backend_without_mails_has_no_schedule() -> None:
    plain = generate(SPEC.model_copy(update={"kits": ()}))
    assert "background" not in plain["backend/main.py"]
    assert "backend/mail.py" not in plain
