from typing import Any

import pytest

from stackwright.core.wishes import Wish
from stackwright.verify.witnesses.judging import (
    NO_WITNESS,
    Tried,
    details_of,
    first_doubt,
    is_new_rule,
    is_rule,
    judged,
)
from stackwright.verify.witnesses.results import Step, WitnessResult
from stackwright.verify.witnesses.shape import read_witness

SOURCE = b"""
import pytest
@pytest.mark.wish("w1")
def test_oats(app):
    app.visit("/oats")
    app.button("Save").click()
    assert app.records("oats").only()["name"] == "Oat"
"""


def wish(**more: Any) -> Wish:
    return Wish.model_validate(
        {"id": "w1", "text": "Oats are kept.", "kind": "data", "quotes": ("oats",), "run_id": "r"}
        | more
    )


def tried(source: bytes = SOURCE, **result: Any) -> Tried:
    file = read_witness("test_oats.py", source)
    made = WitnessResult(id="test_oats.py::test_oats", **result) if result else None
    return Tried(file, file.tests[0], made)


def test_a_wish_is_proven_when_each_of_its_witnesses_passed_and_is_believed() -> None:
    assert judged(wish(), [tried(outcome="passed")]) == ("proven", "")
    assert judged(wish(), []) == ("open", NO_WITNESS)
    assert judged(wish(), [tried()])[0] == "open"
    doubted = tried(outcome="passed")
    doubted.doubt = "It still passed."
    assert judged(wish(), [doubted])[0] == "open"
    assert judged(wish(quotes=("a chart of barley",)), [tried(outcome="passed")])[0] == "open"


def test_a_failure_is_a_sentence_for_people_and_its_raw_text_is_kept_beside_it() -> None:
    error = "test_oats.py:7: in test_oats\nE   AssertionError: assert 'x' == 'Oat'"
    steps = (Step(text='click internal:role=button[name="Save"s]'),)
    one = tried(outcome="failed", kind="assertion", error=error, steps=steps)
    state, reason = judged(wish(), [one])
    assert (state, reason) == (
        "failing",
        "After I clicked “Save”, 'x' was seen where 'Oat' was expected.",
    )
    told = details_of(one)
    assert "acceptance/test_oats.py::test_oats" in told
    assert "test_oats.py:7" in told
    assert "click “Save”" in told


def test_what_forbids_something_is_a_rule_whatever_kind_it_has() -> None:
    assert is_rule(wish(kind="rule"))
    assert is_rule(wish(quotes=("oats must not overlap",)))
    assert not is_rule(wish())


def test_one_of_the_witnesses_of_a_rule_has_to_be_refused_and_others_may_show_what_is_allowed() -> (
    None
):
    rule = wish(kind="rule")
    allowed, forbidden = tried(outcome="passed"), tried(outcome="passed", refused=1)
    assert judged(rule, [allowed, forbidden]) == ("proven", "")
    state, reason = judged(rule, [allowed])
    assert state == "open"
    assert reason.startswith("Nothing was refused while its witnesses ran")


@pytest.mark.parametrize(
    ("quote", "refused", "is_seen"),
    [
        ("A table can never have more than eight guests", {"refused_form": 1}, False),
        ("A table can never have more than eight guests", {"refused_person": 1}, False),
        (
            "A table can never have more than eight guests",
            {"refused_person": 1, "refused": 1},
            True,
        ),
        ("Two boats may never share a berth", {"refused_person": 1}, False),
        ("A boat must have a name and cannot be without one", {"refused_form": 1}, True),
        ("Only admins may change prices above 100", {"refused_person": 1}, True),
        ("Guests cannot delete boats", {"refused_person": 1}, True),
    ],
)
def test_what_was_refused_is_what_the_wish_forbids(
    quote: str, refused: dict[str, int], is_seen: bool
) -> None:
    state, reason = judged(wish(kind="rule", quotes=(quote,)), [tried(outcome="passed", **refused)])
    assert is_seen is ("was refused" not in reason)
    assert state == "open" or is_seen


def test_what_nobody_called_a_look_is_not_seen_in_styles() -> None:
    styles = [
        WitnessResult(id="a", fault=fault, outcome=outcome, kind="assertion", styles=1)
        for fault, outcome in (("none", "passed"), ("again", "passed"), ("pages_emptied", "failed"))
    ]
    asked = wish(kind="look", quotes=("a dark theme",))
    other = wish(kind="look", quotes=("people get an e-mail reminder",))
    assert first_doubt(styles, [asked]) == ""
    assert "stays as it is" in first_doubt(styles, [other])
    assert judged(asked, [tried(outcome="passed")]) == ("proven", "")
    assert judged(other, [tried(outcome="passed")])[0] == "open"


OTHERS = "Nobody may change or remove the pieces of another member"


@pytest.mark.parametrize(
    ("quote", "refusals", "left_out"),
    [
        (OTHERS, ("PATCH /api/pieces/{number} 403",), "remove anything"),
        (OTHERS, ("DELETE /api/pieces/{number} 403",), "change anything"),
        (OTHERS, ("PATCH /api/pieces/{number} 403", "DELETE /api/pieces/{number} 403"), ""),
        (OTHERS, ("PUT /api/pieces/{number} 403", "POST /api/pieces/{number}/remove 403"), ""),
        ("Nobody may change the pieces of others", ("PATCH /api/pieces/{number} 403",), ""),
        ("Firings cannot overlap and can be edited or deleted", ("POST /api/pieces 409",), ""),
        ("Pieces are edited or deleted but may not overlap", ("POST /api/pieces 409",), ""),
        ("Only the owner can edit and delete a piece", ("PUT /api/pieces/{id} 403",), "remove"),
        ("A confirmed booking cannot be changed or deleted", ("PUT /api/x/{id} 409",), "remove"),
        ("A paid bill can't be deleted or changed", ("DELETE /api/x/{id} 409",), "change"),
        ("Pieces may not overlap. They are changed and deleted", ("POST /api/pieces 422",), ""),
    ],
)
def test_who_may_neither_change_nor_remove_something_is_refused_both(
    quote: str, refusals: tuple[str, ...], left_out: str
) -> None:
    kind = "refused_person" if refusals[0].endswith("403") else "refused"
    told = tuple(f"{kind} {one}" for one in refusals)
    one = tried(outcome="passed", refusals=told, **{kind: len(told)})
    _, reason = judged(wish(kind="rule", quotes=tuple(quote.split(". "))), [one])
    assert left_out in reason if left_out else "Nobody was refused" not in reason


def test_a_mail_is_shown_by_the_mail_and_not_by_what_a_page_says() -> None:
    asked = wish(quotes=("oats are sent by e-mail",))
    assert "No mail came" in judged(asked, [tried(outcome="passed")])[1]
    assert "No mail came" not in judged(asked, [tried(outcome="passed", mails=1)])[1]
    assert "No mail came" not in judged(wish(), [tried(outcome="passed")])[1]


def test_a_rule_that_is_to_be_told_may_have_been_there_before() -> None:
    assert is_new_rule(wish(kind="rule", quotes=("at most 6 oats",)))
    told = wish(kind="rule", quotes=("the form says that at most 6 oats fit",))
    older = wish(kind="rule", quotes=("at most 6 oats fit a bag",), is_pinned=True)
    assert is_new_rule(told)
    assert not is_new_rule(told, [older])
    assert is_new_rule(told, [older.model_copy(update={"is_pinned": False})])
    other = wish(kind="rule", quotes=("at most 5 oats fit a bag",), is_pinned=True)
    assert is_new_rule(told, [other])
    both = wish(kind="rule", quotes=("at most 6 oats fit, and the form says so",))
    assert is_new_rule(both, [older])
    assert not is_new_rule(wish(kind="rule", quotes=("an empty oat must show a message",)))
    assert not is_new_rule(wish())
