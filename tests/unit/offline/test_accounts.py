from pathlib import Path

import pytest

from stackwright.offline.accounts import take_accounts
from stackwright.offline.edits.reader import read_change
from stackwright.offline.reader import Reading, read_app
from stackwright.offline.wishes import wishes_of_app
from stackwright.scaffold.kit_spec import AccountsOptions
from stackwright.scaffold.spec import AppSpec

GYM = (
    "A climbing gym: members log in and book courses with title, day and seats. "
    "Only staff may add courses. Members see only their own bookings."
)
DATA = Path(__file__).parents[2] / "data"


def accounts(spec: AppSpec) -> AccountsOptions | None:
    use = spec.kit("accounts")
    return use.settings() if use is not None else None


def rights(reading: Reading) -> dict[str, dict[str, str]]:
    """What is not the default, by entity."""
    options = accounts(reading.spec)
    assert options is not None
    return {
        one.entity: one.model_dump(exclude={"entity"}, exclude_defaults=True)
        for one in options.rights
    }


STAFF = {"add": "staff", "change": "staff", "delete": "staff"}
OWN = {"read": "own", "change": "own", "delete": "own"}


def test_a_gym_comes_out_as_wished() -> None:
    reading = read_app(GYM)
    fields = {e.name: [f.name for f in e.fields] for e in reading.spec.entities}
    assert list(fields) == ["course", "booking"]
    assert fields["course"] == ["title", "day", "seats"]
    assert "course_id" in fields["booking"]
    assert accounts(reading.spec) is not None
    assert rights(reading) == {"course": STAFF, "booking": OWN}
    assert (reading.unbuilt, reading.unread) == ((), ())


@pytest.mark.parametrize(
    ("text", "roles", "wanted"),
    [
        (
            "A notes app with a login. Everybody sees only their own notes.",
            ("member",),
            {"note": OWN},
        ),
        (
            "A library with books (title, author). Anyone may read books, only librarians may edit or delete books.",
            ("member", "librarian"),
            {"book": {"read": "anyone", "change": "librarian", "delete": "librarian"}},
        ),
        (
            "Build an app for tracking tasks with title and due date. Users log in. Admins manage tasks.",
            ("member", "admin"),
            {"task": {"add": "admin", "change": "admin", "delete": "admin"}},
        ),
        ("Track expenses with amount and date, with a login", ("member",), {}),
        (
            "We need a login. Rooms with name; only admins may add, edit and delete rooms, and everyone can see the rooms.",
            ("member", "admin"),
            {"room": {"add": "admin", "change": "admin", "delete": "admin"}},
        ),
        (
            "Recipes with title and text. Members can log in with email and password and edit only their own recipes.",
            ("member",),
            {"recipe": {"change": "own"}},
        ),
        (
            "A todo list where users can sign up and see only their own tasks. Tasks have a title and a due date.",
            ("member",),
            {"task": OWN},
        ),
        (
            "A tool library. Members log in, borrow tools with name and category and see only their loans. Staff manage tools.",
            ("member", "staff"),
            {"loan": OWN, "tool": STAFF},
        ),
        (
            "A clinic: patients with name and birthday. Only doctors may see patients. Nurses log in.",
            ("nurse", "doctor"),
            {"patient": {"read": "doctor"}},
        ),
    ],
)
def test_logins_and_rights_are_read(
    text: str, roles: tuple[str, ...], wanted: dict[str, dict[str, str]]
) -> None:
    reading = read_app(text)
    options = accounts(reading.spec)
    assert options is not None
    assert options.roles == roles
    assert rights(reading) == wanted
    assert (reading.unbuilt, reading.unread) == ((), ())


@pytest.mark.parametrize(
    "text",
    [
        "Our staff manages bookings with date and guest",
        "A log in which we note visitors with name and date",
        "Everyone can see the menu: dishes with name and price",
        "A blog: posts with title and text, readers write comments",
        "Employees with name, login and phone",
    ],
)
def test_sentences_of_other_things_are_left_alone(text: str) -> None:
    assert take_accounts(text) == (text, ())


def test_who_logs_in_and_alone_may_do_something_is_a_role_above_the_others() -> None:
    reading = read_app(
        "Messages with author and text. Staff log in; only staff may change messages."
    )
    options = accounts(reading.spec)
    assert options is not None
    assert options.roles == ("member", "staff")
    assert rights(reading) == {"message": {"change": "staff", "delete": "staff"}}


def test_a_right_to_what_is_no_record_is_told() -> None:
    reading = read_app("Books with title and a login. Only staff may delete spaceships.")
    assert [one.words for one in reading.unbuilt] == ["Only staff may delete spaceships"]


def test_every_clause_is_a_wish_with_its_words() -> None:
    wishes = {one.quotes[0]: one for one in wishes_of_app(GYM, read_app(GYM))}
    assert wishes["members log"].shows == "login"
    assert wishes["Only staff may add courses"].field == "add change delete"
    assert wishes["Members see only their own bookings"].entity == "booking"


def test_a_login_can_be_asked_for_later_and_rights_added_to_it() -> None:
    todo = AppSpec.model_validate_json((DATA / "scaffold/todo.json").read_text())
    first = read_change("Please add a login", todo)
    options = accounts(first.spec)
    assert options is not None
    assert options.roles == ("member",)
    second = read_change("Only admins may delete tasks.", first.spec)
    options = accounts(second.spec)
    assert options is not None
    assert options.roles == ("member", "admin")
    assert options.rights[0].delete == "admin"
    assert second.operations == ("Only admins may delete tasks.",)


@pytest.mark.parametrize(
    ("sentence", "roles", "invited"),
    [
        ("You have to log in.", ["member"], False),
        ("Only staff can log in.", ["staff"], True),
        ("People need an account to book.", ["member"], False),
        ("It should be password protected.", ["member"], False),
        ("I want each observer to log in.", ["observer"], False),
        ("Nobody but the trainer may change courses.", ["member", "trainer"], False),
        ("Only members who log in may add courses.", ["member"], False),
        ("Members can add bookings, but only staff may delete them.", ["member", "staff"], False),
    ],
)
def test_who_logs_in_is_told_in_many_words(
    sentence: str, roles: list[str], *, invited: bool
) -> None:
    spec = read_app(f"Courses have a title. Bookings have a course and a date. {sentence}").spec
    kit = spec.kit("accounts")
    assert kit is not None
    assert list(kit.options["roles"]) == roles
    assert (kit.options.get("registration") == "invited") is invited


def test_no_login_is_no_login() -> None:
    assert read_app("Courses have a title. No login needed.").spec.kit("accounts") is None
