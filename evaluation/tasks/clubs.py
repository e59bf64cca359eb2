"""Clubs, teams and events."""

from evaluation.checks import (
    closed_to_strangers,
    enters,
    holds_at_most,
    in_order,
    keeps,
    open_to_readers,
    private,
    refers,
    refuses,
    refuses_second,
    shows,
    signed_in,
)
from evaluation.task import Task, task, then

TASKS: tuple[Task, ...] = (
    task(
        "courses",
        "A yoga studio has courses with title, weekday (Monday, Wednesday, Friday) and places. Sign-ups belong to a course and have a name and an email. No more sign-ups than places.",
        keeps("course", title="Morning flow", weekday="Friday", places=12),
        refers("sign-up", "course", name="Mia", email="mia@example.org"),
        holds_at_most("sign-up", 2, "course", places=2),
        then=(
            then("Add a price in euros to courses.", keeps("course", title="Evening", price=14.5)),
            then(
                "Email must be unique per course.",
                refuses_second(
                    "sign-up",
                    {"email": "one@example.org"},
                    {"email": "one@example.org"},
                    to="course",
                    third={"email": "two@example.org"},
                ),
            ),
        ),
    ),
    task(
        "climbing",
        "A climbing gym: routes with name, grade and colour. Members log in and keep ascents of a route with day and tries. Members see only their own ascents.",
        closed_to_strangers("ascent"),
        private("ascent", day="2031-03-03", tries=4),
        then=(
            then("Anyone may read routes without a login.", open_to_readers("route")),
            then(
                "Tries must be at least 1.",
                signed_in(refuses("ascent", {"tries": 2}, {"tries": 0})),
            ),
        ),
    ),
    task(
        "league",
        "A table tennis league. Players have a name and a rating. Matches have a home player, an away player, a date, home sets and away sets.",
        keeps("player", name="Timo", rating=1850),
        keeps("match", date="2031-02-03", home_sets=3, away_sets=1),
        enters("player", name="Petra", rating="1600"),
        then=(
            then(
                "Sets go from 0 to 4.",
                refuses("match", {"home_sets": 3, "away_sets": 1}, {"home_sets": 5}),
            ),
            then("Sort the players by name.", in_order("player", "name", "Aaron", "Zelda")),
        ),
    ),
    task(
        "festival",
        "Plan a small festival: stages with name and capacity, concerts of a stage with band, start and end. Two concerts on the same stage must not overlap.",
        keeps("stage", name="Barn", capacity=300),
        refuses_second(
            "concert",
            {"band": "Owls", "start": "2031-07-01T18:00:00", "end": "2031-07-01T19:00:00"},
            {"band": "Larks", "start": "2031-07-01T18:30:00", "end": "2031-07-01T19:30:00"},
            to="stage",
            third={"band": "Wrens", "start": "2031-07-01T20:00:00", "end": "2031-07-01T21:00:00"},
        ),
        then=(
            then(
                "A calendar of concerts.",
                shows(
                    "concert",
                    after="Calendar",
                    band="Swifts",
                    start="2031-07-02T18:00:00",
                    end="2031-07-02T19:00:00",
                ),
            ),
            then(
                "Add a genre (rock, folk, jazz) to concerts.",
                keeps(
                    "concert",
                    band="Kites",
                    genre="jazz",
                    start="2032-07-02T18:00:00",
                    end="2032-07-02T19:00:00",
                ),
            ),
        ),
    ),
    task(
        "choir",
        "Our choir keeps pieces with title, composer and language, and rehearsals with date and place.",
        keeps("piece", title="Ave verum", composer="Mozart", language="Latin"),
        keeps("rehearsal", date="2031-05-09", place="Town hall"),
        shows("piece", title="Locus iste"),
        then=(
            then(
                "Add a voice part (soprano, alto, tenor, bass) and a name: singers.",
                keeps("singer", name="Lea", voice_part="alto"),
            ),
            then(
                "Composer is mandatory.",
                refuses("piece", {"title": "Os justi", "composer": "Bruckner"}, {"composer": ""}),
            ),
        ),
    ),
    task(
        "raffle",
        "Raffle tickets with a number, a buyer and whether they are paid, and prizes with a name and a sponsor.",
        keeps("ticket", number=41, buyer="Noor", paid=True),
        keeps("prize", name="Bicycle", sponsor="Hansen"),
        then=(
            then(
                "Two tickets must not have the same number.",
                refuses_second(
                    "ticket", {"number": 5001}, {"number": 5001}, third={"number": 5002}
                ),
            ),
            then(
                "Remove the sponsor from prizes and add a value in euros.",
                keeps("prize", name="Kettle", value=30),
                ends=("keeps prize: name, sponsor",),
            ),
        ),
    ),
)
