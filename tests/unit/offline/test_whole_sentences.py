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
