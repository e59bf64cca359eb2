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


def test_a_field_may_be_told_after_its_record() -> None:
    spec = read_app(
        "Trips have a title and a date. Children have a name. Children sign up for trips. "
        "The parents' consent is a checkbox on the sign-up."
    ).spec
    assert spec.entity("signup").field("parents_consent").type == "boolean"


def test_opening_hours_are_told_as_one_rule_that_is_not_built() -> None:
    reading = read_app(
        "Appointments have a date and a time. Appointments must be between 8:00 and 18:00."
    )
    assert [one.words for one in reading.unbuilt] == ["Appointments must be between 8:00 and 18:00"]


def test_a_form_for_strangers_is_called_after_what_they_send() -> None:
    spec = read_app(
        "A feedback form that visitors can fill in without an account: rating from 1 to 5, comment"
    ).spec
    assert [one.name for one in spec.entities] == ["feedback"]
    assert spec.kit("public") is not None
