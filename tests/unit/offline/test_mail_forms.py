import pytest

from stackwright.offline.edits.reader import read_change
from stackwright.offline.reader import read_app

DENTIST = "patients (name, email), appointments (patient, start as date and time). "
BAKERY = "customers (name, email) and orders (number, customer, status: new, ready, picked up). "


def mails(text: str) -> list[dict[str, object]]:
    use = read_app(text).spec.kit("messages")
    return list(use.options["mails"]) if use is not None else []


@pytest.mark.parametrize(
    ("sentence", "hours"),
    [
        ("Send a reminder e-mail 24 hours before the appointment.", 24),
        ("Send patients a reminder 2 hours before their appointment.", 2),
        ("Remind patients by e-mail one day before the appointment.", 24),
        ("Patients get a reminder two days before the appointment.", 48),
    ],
)
def test_reminders(sentence: str, hours: int) -> None:
    reading = read_app(DENTIST + sentence)
    use = reading.spec.kit("messages")
    assert use is not None
    mail = use.settings().mails[0]
    assert (mail.when, mail.to, mail.field, mail.hours) == (
        "before",
        "patient_id.email",
        "start",
        hours,
    )
    assert [one.shows for one in reading.fulfilled] == ["mail"]
    assert (reading.unbuilt, reading.unread) == ((), ())


@pytest.mark.parametrize(
    ("sentence", "when"),
    [
        ("Mail the customer when the order is ready.", "becomes"),
        ("Customers get an e-mail when their order is ready.", "becomes"),
        ("Send an e-mail to the customer when an order is added.", "added"),
    ],
)
def test_news(sentence: str, when: str) -> None:
    assert [(one["when"], one["to"]) for one in mails(BAKERY + sentence)] == [
        (when, "customer_id.email")
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Send an SMS when the order is ready.",
        "Mail the baker when the order is ready.",
        "Mail the customer when the order is burnt.",
        "Send a reminder 3 days before the party.",
    ],
)
def test_what_has_no_address_or_no_moment_is_named_as_not_built(sentence: str) -> None:
    reading = read_app(BAKERY + sentence)
    assert reading.spec.kits == ()
    assert len(reading.unbuilt) == 1


def test_a_follow_up_adds_to_the_mails_that_are_there() -> None:
    spec = read_app(BAKERY + "Mail the customer when the order is ready.").spec
    change = read_change("mail the customer when the order is picked up", spec)
    use = change.spec.kit("messages")
    assert use is not None
    assert [one.value for one in use.settings().mails] == ["ready", "picked up"]


def test_a_mail_follows_a_renamed_field_and_goes_with_a_removed_one() -> None:
    spec = read_app(BAKERY + "Mail the customer when the order is ready.").spec
    renamed = read_change("rename status of orders to state", spec).spec
    use = renamed.kit("messages")
    assert use is not None
    assert use.settings().mails[0].field == "state"
    assert read_change("remove the email of customers", spec).spec.kits == ()
