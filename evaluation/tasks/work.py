"""Offices and workshops."""

from evaluation.checks import (
    adds_up,
    changes,
    enters,
    keeps,
    refers,
    refuses,
    refuses_change,
    refuses_second,
    says,
    shows,
    works_out,
)
from evaluation.task import Task, task, then

DAY = "2031-06-02"
TASKS: tuple[Task, ...] = (
    task(
        "kanban",
        "A kanban board for tasks with title, description, status (todo, doing, done) and priority (low, medium, high).",
        keeps("task", title="Ship it", status="doing", priority="high"),
        changes("task", {"title": "Move me", "status": "todo"}, {"status": "done"}),
        enters("task", title="Write the plan"),
        then=(
            then(
                "A board of tasks by status.",
                shows("task", "todo", "doing", "done", after="Board", title="On the board"),
            ),
            then("Add a due date to tasks.", keeps("task", title="Later", due_date=DAY)),
        ),
    ),
    task(
        "rooms",
        "Book meeting rooms: rooms with name and seats, bookings of a room with start, end and purpose. Two bookings of the same room must not overlap.",
        keeps("room", name="Attic", seats=6),
        refuses_second(
            "booking",
            {"start": f"{DAY}T09:00:00", "end": f"{DAY}T10:00:00", "purpose": "one"},
            {"start": f"{DAY}T09:30:00", "end": f"{DAY}T10:30:00", "purpose": "two"},
            to="room",
            third={"start": f"{DAY}T10:00:00", "end": f"{DAY}T11:00:00", "purpose": "three"},
        ),
        refuses(
            "booking",
            {"start": f"{DAY}T12:00:00", "end": f"{DAY}T13:00:00"},
            {"end": f"{DAY}T11:30:00"},
        ),
        then=(
            then("Rooms also need a floor.", keeps("room", name="Cellar", floor="2")),
            then(
                "A calendar of bookings.",
                shows(
                    "booking",
                    after="Calendar",
                    purpose="Standup",
                    start="2031-06-03T09:00:00",
                    end="2031-06-03T10:00:00",
                ),
            ),
        ),
    ),
    task(
        "tickets",
        "A help desk. Tickets have a subject, a description, a severity (minor, major, critical) and an assignee; comments belong to a ticket and have a text.",
        keeps("ticket", subject="Printer on fire", severity="critical", assignee="Kim"),
        refers("comment", "ticket", text="Call the fire brigade"),
        refuses("ticket", {"subject": "Slow"}, {"severity": "cosmic"}),
        then=(
            then(
                "Add a status to tickets: open, waiting, closed.",
                keeps("ticket", subject="VPN", status="waiting"),
            ),
            then(
                "A ticket can only go from open to waiting to closed.",
                refuses_change(
                    "ticket",
                    {"subject": "Steps", "status": "open"},
                    {"status": "closed"},
                    {"status": "waiting"},
                ),
            ),
        ),
    ),
    task(
        "invoices",
        "Invoices with a number, a customer and a date, and positions of an invoice with text, quantity and unit price. Show the total of each invoice.",
        keeps("invoice", number="R-2031-7", customer="Olsen", date=DAY),
        refers("position", "invoice", text="Work"),
        adds_up(
            "invoice",
            "total",
            50,
            "position",
            [{"quantity": 2, "unit_price": 15}, {"quantity": 1, "unit_price": 20}],
        ),
        then=(
            then(
                "Numbers of invoices must be unique.",
                refuses_second(
                    "invoice", {"number": "R-1"}, {"number": "R-1"}, third={"number": "R-2"}
                ),
            ),
            then("Call the app Paperwork.", says("Paperwork")),
        ),
    ),
    task(
        "applicants",
        "Track applicants for jobs. Jobs have a title and a department. Applicants belong to a job and have a name, an email and a stage (new, interview, offer, rejected).",
        keeps("job", title="Welder", department="Yard"),
        refers("applicant", "job", name="Sara", email="sara@example.org"),
        refuses(
            "applicant", {"name": "Bo", "email": "bo@example.org"}, {"email": "not an address"}
        ),
        then=(
            then(
                "Show the number of applicants per job.",
                adds_up(
                    "job",
                    "applicant",
                    1,
                    "applicant",
                    [{"name": "Only one", "email": "only@example.org"}],
                ),
            ),
            then(
                "A board of applicants by stage.",
                shows("applicant", "interview", "offer", after="Board", name="Yuki"),
            ),
        ),
    ),
    task(
        "timesheet",
        "A time sheet: projects with name and hourly rate, entries of a project with day, hours and what was done.",
        keeps("project", name="Website", hourly_rate=80),
        refers("entry", "project", day=DAY, hours=3),
        then=(
            then(
                "Hours must be at most 24.",
                refuses("entry", {"day": DAY, "hours": 8}, {"hours": 25}),
            ),
            then(
                "Show the total hours per project.",
                adds_up(
                    "project",
                    "hours",
                    7.5,
                    "entry",
                    [{"day": DAY, "hours": 5}, {"day": DAY, "hours": 2.5}],
                ),
            ),
        ),
    ),
    task(
        "stock",
        "A stock list of a bicycle shop: parts with name, article number, purchase price, sale price and stock.",
        keeps(
            "part",
            name="Chain",
            article_number="KMC-9",
            purchase_price=9.9,
            sale_price=24,
            stock=12,
        ),
        shows("part", name="Saddle"),
        then=(
            then(
                "Margin is sale price minus purchase price.",
                works_out("part", "margin", 15, purchase_price=10, sale_price=25),
            ),
            then(
                "Stock must be at least 0.",
                refuses("part", {"name": "Bell", "stock": 2}, {"stock": -1}),
            ),
        ),
    ),
)
