from typing import Any

import pytest

from stackwright.core.wishes import WishKind
from stackwright.verify.witnesses.belief import (
    faults_for,
    reason_not_to_believe,
    reason_of_old_refusals,
    reason_of_the_version_before,
)
from stackwright.verify.witnesses.results import WitnessResult


def ended(fault: str, *, red: bool, kind: str = "assertion", **used: Any) -> WitnessResult:
    outcome = "failed" if red else "passed"
    return WitnessResult(
        id="test_x.py::test_y",
        fault=fault,
        outcome=outcome,
        kind=kind if red else "",
        error="E   AssertionError: not there" if red else "",
        **used,
    )


def doubt(
    *under: WitnessResult,
    kind: WishKind = "behaviour",
    is_rule: bool = False,
    has_figures: bool = False,
    **used: Any,
) -> str:
    results = [ended("none", red=False, **used), *under]
    return reason_not_to_believe(results, kind, is_rule=is_rule, has_figures=has_figures)


def test_a_writing_witness_has_to_notice_refused_and_swallowed_writes() -> None:
    refused, swallowed = ended("writes_refused", red=True), ended("writes_swallowed", red=True)
    assert doubt(refused, swallowed, writes=1) == ""
    blind = ended("writes_swallowed", red=False)
    assert "nothing was stored" in doubt(refused, blind, writes=1)
    assert "was not tried" in doubt(refused, writes=1)


def test_a_mistake_of_the_witness_itself_is_not_noticing() -> None:
    crash = ended("writes_refused", red=True, kind="error")
    swallowed = ended("writes_swallowed", red=True)
    assert "mistake of its own" in doubt(crash, swallowed, writes=1)


def test_an_action_that_could_not_be_done_is_noticing() -> None:
    refused = ended("writes_refused", red=True, kind="action")
    assert doubt(refused, ended("writes_swallowed", red=True), writes=2) == ""


def test_a_searching_witness_has_to_notice_that_queries_are_ignored() -> None:
    lost = ended("reads_refused", red=True)
    assert doubt(lost, ended("queries_ignored", red=True), reads=3, queries=1) == ""
    assert "search" in doubt(lost, ended("queries_ignored", red=False), reads=3, queries=1)


@pytest.mark.parametrize("kind", ["words", "look"])
def test_words_and_looks_need_to_notice_an_empty_page(kind: WishKind) -> None:
    assert doubt(ended("pages_emptied", red=True), kind=kind, reads=1) == ""
    assert doubt(ended("pages_emptied", red=False), kind=kind) != ""
    blind = ended("queries_ignored", red=False)
    assert doubt(ended("pages_emptied", red=True), blind, kind=kind, reads=4, queries=2) == ""


def test_a_look_may_be_seen_in_the_styles() -> None:
    styles, pages = ended("styles_dropped", red=True), ended("pages_emptied", red=False)
    assert doubt(styles, pages, kind="look") == ""


def test_an_answer_that_differs_the_second_time_is_none() -> None:
    again = ended("again", red=True)
    assert "nothing had changed" in doubt(again, ended("pages_emptied", red=True), kind="words")


def test_what_failed_the_second_time_is_told_and_not_the_page_below_it() -> None:
    again = ended("again", red=True).model_copy(
        update={
            "error": "E   AssertionError: Locator expected to be visible\nE   Call log:\n"
            'E     - waiting for get_by_text("Log out")\nE   Aria snapshot:\nE   - alert: Log in'
        }
    )
    assert "The page did not show “Log out”." in doubt(again, writes=1)


def test_a_new_witness_has_to_fail_on_the_version_before() -> None:
    assert reason_of_the_version_before(None) == ""
    assert reason_of_the_version_before(ended("none", red=True)) == ""
    assert "version before" in reason_of_the_version_before(ended("none", red=False))


def test_a_refusal_of_a_rule_has_to_be_missed_when_it_does_not_come() -> None:
    writes = ended("writes_refused", red=True), ended("writes_swallowed", red=True)
    assert doubt(*writes, is_rule=True, writes=2) == ""
    noticed = ended("refusals_accepted", red=True)
    assert doubt(*writes, noticed, is_rule=True, writes=2, refused=1) == ""
    blind = ended("refusals_accepted", red=False)
    assert "as if it had worked" in doubt(*writes, blind, is_rule=True, writes=2, refused=1)


def test_what_only_looks_at_a_page_that_never_changes_shows_no_behaviour() -> None:
    emptied = ended("pages_emptied", red=True)
    assert "stays as it is" in doubt(emptied)
    assert doubt(emptied, kind="words") == ""


def test_clicks_that_nothing_depends_on_show_no_behaviour() -> None:
    assert doubt(ended("actions_ignored", red=True), actions=1) == ""
    assert "click" in doubt(ended("actions_ignored", red=False), actions=1)


def test_a_figure_that_stays_without_what_was_recorded_is_a_picture() -> None:
    lost = ended("reads_refused", red=True)
    used = {"reads": 2, "setups": 3}
    assert doubt(lost, ended("records_lost", red=True, kind="error"), **used) == ""
    assert "were gone" in doubt(lost, ended("records_lost", red=False), **used)
    assert doubt(lost, ended("records_lost", red=False), is_rule=True, **used) == ""
    assert doubt(lost, reads=2) == ""


def test_a_figure_that_stays_when_other_numbers_are_recorded_is_a_picture() -> None:
    noticed = (ended("reads_refused", red=True), ended("records_lost", red=True))
    used = {"reads": 2, "setups": 3}
    changed = ended("records_changed", red=True)
    assert doubt(*noticed, changed, has_figures=True, **used) == ""
    blind = ended("records_changed", red=False)
    assert "numbers" in doubt(*noticed, blind, has_figures=True, **used)
    assert doubt(*noticed, blind, **used) == ""
    assert "records_changed" in faults_for([("behaviour", False)], has_figures=True)


def test_a_new_rule_refuses_something_that_was_taken_before() -> None:
    full = "refused PUT /api/firings/{slug}/pieces/{number} 409"
    now = ended("none", red=False, refusals=(full,))
    same = ended("none", red=True, refusals=(full,))
    assert "PUT /api/firings/{slug}/pieces/{number} 409" in reason_of_old_refusals(now, same)
    assert reason_of_old_refusals(now, ended("none", red=True)) == ""
    assert reason_of_old_refusals(now, None) == ""
    more = ended("none", red=False, refusals=(full, "refused POST /api/pieces 422"))
    assert reason_of_old_refusals(more, same) == ""
    assert reason_of_old_refusals(ended("none", red=False), ended("none", red=True)) == ""


MOVING = {"reads_refused", "actions_ignored", "records_lost"}


@pytest.mark.parametrize(
    ("asked", "more"),
    [
        ([("behaviour", False)], MOVING),
        ([("rule", True)], {*MOVING, "refusals_accepted"}),
        ([("look", False)], {"styles_dropped", "pages_emptied"}),
        (
            [("words", False), ("data", False)],
            {"pages_emptied", *MOVING},
        ),
    ],
)
def test_witnesses_meet_the_faults_that_decide_whether_they_are_believed(
    asked: list[tuple[WishKind, bool]], more: set[str]
) -> None:
    faults = faults_for(asked)
    usual = {"writes_refused", "writes_swallowed", "queries_ignored"}
    assert set(faults) == {"none", "again"} | usual | more
    assert (faults[0], faults[-1]) == ("none", "again")
