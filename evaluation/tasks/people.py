"""People who log in, and what each of them may do."""

from evaluation.checks import (
    closed_to_strangers,
    holds_at_most,
    keeps,
    open_to_readers,
    private,
    refers,
    refuses,
    shows,
    signed_in,
)
from evaluation.task import Task, task, then

TASKS: tuple[Task, ...] = (
    task(
        "diary",
        "A private diary: entries with date, title and text. Users can sign up and see only their own entries.",
        closed_to_strangers("entry"),
        private("entry", date="2031-01-02", title="Snow", text="A lot of it."),
        then=(
            then(
                "Add a mood to entries: good, fine, bad.",
                private("entry", title="Mood", mood="fine"),
            ),
        ),
    ),
    task(
        "cookbook",
        "A cookbook of the neighbourhood with dishes (name, instructions). Members log in. Anyone may read dishes without a login. Everybody edits only their own dishes.",
        open_to_readers("dish"),
        then=(
            then(
                "Add the number of servings to dishes.",
                signed_in(keeps("dish", name="Pie", servings=4)),
            ),
        ),
    ),
    task(
        "contacts",
        "An address book: contacts with first name, last name, email, phone, birthday and company.",
        keeps(
            "contact",
            first_name="Ada",
            last_name="Byron",
            email="ada@example.org",
            phone="+44 20 7946 0000",
            birthday="1990-12-10",
            company="Engines",
        ),
        refuses(
            "contact",
            {"first_name": "Al", "last_name": "Ko", "email": "al@example.org"},
            {"email": "al at example"},
        ),
        shows("contact", first_name="Grace", last_name="Hopper"),
        then=(
            then(
                "Also keep companies with name and website. Contacts belong to a company.",
                keeps("company", name="Looms", website="https://example.org"),
                ends=("keeps contact: first name, last name, email, phone, birthday, company",),
            ),
            then(
                "Birthdays can't be in the future.",
                refuses(
                    "contact",
                    {"first_name": "Bo", "last_name": "Li", "birthday": "1999-01-01"},
                    {"birthday": "2093-01-01"},
                ),
            ),
        ),
    ),
    task(
        "volunteers",
        "Volunteers with name, phone and skills, and shifts with day, start time and place. Assignments link a volunteer to a shift.",
        keeps("volunteer", name="Ole", phone="+47 555 0101", skills="Driving"),
        refers("assignment", "volunteer"),
        refers("assignment", "shift"),
        then=(
            then("At most 3 assignments per shift.", holds_at_most("assignment", 3, "shift")),
            then(
                "Add an email to volunteers.",
                keeps("volunteer", name="Siv", email="siv@example.org"),
            ),
        ),
    ),
    task(
        "feedback",
        "Collect feedback: messages with author, text, stars from 1 to 5 and answered yes/no. Staff log in; only staff may change messages.",
        closed_to_strangers("message"),
        then=(
            then(
                "Add a topic to messages (service, price, other).",
                signed_in(keeps("message", author="Una", topic="price")),
            ),
        ),
    ),
)
