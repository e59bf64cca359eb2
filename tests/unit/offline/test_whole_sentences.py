import pytest

from stackwright.offline.reader import read_app


def test_a_match_is_between_two_of_a_kind() -> None:
    match = read_app(
        "Clubs have a name. Matches are played between a home club and an away club on a date."
    ).spec.entity("match")
    assert [(f.name, f.target) for f in match.fields if f.target] == [
        ("home_club_id", "club"),
        ("away_club_id", "club"),
    ]
    assert match.field("date").type == "date"


def test_opening_hours_are_told_as_one_rule_that_is_not_built() -> None:
    reading = read_app(
        "Appointments have a date and a time. Appointments must be between 8:00 and 18:00."
    )
    assert [one.words for one in reading.unbuilt] == ["Appointments must be between 8:00 and 18:00"]


def test_what_is_noted_every_day_of_a_thing_is_a_record_of_its_own() -> None:
    spec = read_app(
        "Birds have a ring number and a species. "
        "Every day we write down weight, food (chick, mouse) and a remark for each bird."
    ).spec
    assert [f.name for f in spec.entity("bird").fields] == ["ring_number", "species"]
    record = spec.entity("bird_record")
    assert [f.name for f in record.fields] == ["bird_id", "date", "weight", "food", "remark"]


def test_a_field_may_be_added_to_a_record_that_is_known() -> None:
    spec = read_app(
        "Drones have a name. A flight has a drone and a date. So add a crash flag to the flight."
    ).spec
    assert spec.entity("flight").field("crash").type == "boolean"


SHELF = (
    "Books have a title, pages, a bought on date and a status (new, read, lost). Readers have a name and a birthday. "
    "Loans have a book, a reader, a start date, a due date and returned (yes/no). "
)


@pytest.mark.parametrize(
    "sentence",
    [
        "Archive lost books.",
        "Highlight overdue loans.",
        "Books with more than 300 pages should be marked.",
        "Average pages of the books.",
        "Average pages on the books, highest first.",
    ],
)
def test_what_is_to_be_done_with_known_records_makes_no_records_or_fields(sentence: str) -> None:
    reading = read_app(SHELF + sentence)
    assert reading.spec.entities == read_app(SHELF).spec.entities
    assert [one.words for one in reading.unbuilt] == [sentence.strip(".").removeprefix("And ")]


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("I want to drag books between new, read and lost.", "Books stand on a board by status and can be moved there."),
        ("Show the due dates in a calendar.", "Loans stand in a calendar."),
        ("Show the newest loans first.", "Loans are listed by start date (the last or highest first)."),
        ("Sort loans by due date, soonest first.", "Loans are listed by due date."),
        ("A list of loans, newest first.", "Loans are listed by start date (the last or highest first)."),
        ("A list of overdue loans.", "Loans have a list \u201cOverdue loans\u201d: those whose due date is before today and returned is no, by due date."),
        ("Hide returned loans.", "Loans open with a list \u201cNot returned loans\u201d: those whose returned is no."),
        ("And a list of this week's loans, newest first.", "Loans have a list \u201cLoans of this week\u201d: those whose start date is in this week, by start date (the last first)."),
        ("One loan per book per reader.", "No two loans have the same book and reader."),
        ("Show a reader's age.", "The age of readers is calculated."),
    ],
)  # fmt: skip
def test_how_known_records_are_looked_at_is_built(sentence: str, text: str) -> None:
    reading = read_app(SHELF + sentence)
    assert [one.text for one in reading.fulfilled] == [text]
    assert (reading.unread, reading.unbuilt) == ((), ())


@pytest.mark.parametrize(
    "message",
    [
        "Participants have a code. Each participant has up to four visits: date, hours, score.",
        "Participants have a code. Visits have a date. Each participant has at most 4 visits.",
    ],
)
def test_what_everybody_has_up_to_a_number_of_belongs_to_them(message: str) -> None:
    visit = read_app(message).spec.entity("visit")
    assert visit.field("participant_id").target == "participant"
    (rule,) = visit.rules
    assert (rule.model_dump()["of"], rule.model_dump()["maximum"]) == ("participant_id", 4)


def test_a_look_is_no_record() -> None:
    reading = read_app("Pupils have a name. Also, please, a nice Nordic look: white, lots of air.")
    assert [one.name for one in reading.spec.entities] == ["pupil"]
    assert reading.unread


def test_what_somebody_owns_some_of_has_these_fields() -> None:
    spec = read_app("Nights have a date. Telescopes I have three of: name, aperture in mm.").spec
    assert [one.name for one in spec.entities] == ["night", "telescope"]


def test_a_list_of_a_part_of_the_records_is_no_kind_of_its_own() -> None:
    reading = read_app("Recordings: title, date. List of upcoming recordings.")
    assert [one.name for one in reading.spec.entities] == ["recording"]
    assert [one.words for one in reading.fulfilled] == ["List of upcoming recordings"]


@pytest.mark.parametrize(
    "wish",
    [
        "How many loans does each book have?",
        "Total value of all books.",
        "Mark loans as returned.",
        "A loan lasts 14 days by default.",
        "List of books that were never lent.",
        "Who owes what?",
    ],
)
def test_what_asks_for_a_figure_or_tells_a_habit_adds_no_field(wish: str) -> None:
    told = "Books: title, price. Loans: book, lent on, due date, returned on."
    before, after = read_app(told).spec, read_app(f"{told} {wish}").spec
    assert [one.name for one in after.entities] == [one.name for one in before.entities]
    for one in before.entities:
        stored = [f.name for f in after.entity(one.name).fields if f.computed is None]
        assert stored == [f.name for f in one.fields]
