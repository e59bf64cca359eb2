import pytest

from stackwright.verify.witnesses.results import Step, WitnessResult
from stackwright.verify.witnesses.telling import failure_in_words, step_in_words

NOT_SHOWN = """test_lists.py:28: in test_lists_can_be_added
    expect(app.page.get_by_text("Oat").filter(visible=True).first).to_be_visible()
E   AssertionError: Locator expected to be visible
E   Actual value: None
E   Error: element(s) not found
E   Call log:
E     - Expect "to_be_visible" with timeout 5000ms
E     - waiting for get_by_text("Oat").visible.first"""
CLICK_SAVE = 'click internal:role=dialog >> nth=-1 >> internal:role=button[name="Save"s] >> nth=0'


def failed(error: str, kind: str = "assertion", *steps: str) -> WitnessResult:
    return WitnessResult(
        id="test_x.py::test_x",
        outcome="failed",
        error=error,
        kind=kind,
        steps=tuple(Step(text=one) for one in (*steps, "as it was when the witness failed")),
    )


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (CLICK_SAVE, "click “Save”"),
        (
            r"fill in internal:label=/^\\s*Due\\ date\\s*(\\([^)]*\\))?\\s*\\*?\\s*$/i >> nth=0",
            "fill in “Due date”",
        ),
        ('fill in internal:label="Name"i >> nth=0', "fill in “Name”"),
        ('fill in internal:attr=[placeholder="Search…"i]', "fill in “Search…”"),
        ("click internal:role=dialog >> nth=0", "click a dialog"),
        ("click tr:first-child >> nth=0", "click an element (tr:first-child)"),
        ("open /lists", "open /lists"),
        ("POST /api/x → 201", "POST /api/x → 201"),
        (
            "drag internal:role=button[name=\"Move to X\"i] to [data-column='Doing'] >> internal:role=heading",
            "drag “Move to X” to a heading",
        ),
    ],
)
def test_steps_are_told_by_what_a_person_reads(step: str, words: str) -> None:
    assert step_in_words(step) == words


@pytest.mark.parametrize(
    ("result", "sentence"),
    [
        (
            failed(NOT_SHOWN, "assertion", "open /lists", CLICK_SAVE),
            "After I clicked “Save”, the page did not show “Oat”.",
        ),
        (
            failed(NOT_SHOWN, "assertion", CLICK_SAVE, "reload"),
            "After I clicked “Save” and loaded the page again, the page did not show “Oat”.",
        ),
        (
            failed(
                "test_x.py:9: in test_x\n    assert answer.status == 422\nE   assert 201 == 422\n"
                "E    +  where 201 = Answer(status=201, text='{}').status",
                "assertion",
                "POST /api/seeds → 201",
            ),
            "The app accepted the request POST /api/seeds (201), which it should refuse (422).",
        ),
        (
            failed(
                "    assert answer.status == 201\nE   assert 409 == 201",
                "assertion",
                "POST /api/x → 409",
            ),
            "The app refused the request POST /api/x (409), which it should accept (201).",
        ),
        (
            failed(
                "    assert answer.status == 201\nE   assert 500 == 201",
                "assertion",
                "POST /api/x → 500",
            ),
            "The app failed at the request POST /api/x (500).",
        ),
        (
            failed(
                "    assert total == 300\nE   assert 200 == 300", "assertion", "POST /api/x → 201"
            ),
            "After the request POST /api/x, answered with 201, 200 was seen where 300 was expected.",
        ),
        (
            failed("E   AssertionError: /rooms answers HTTP 500.\nE   assert 500 < 400"),
            "/rooms answers HTTP 500.",
        ),
        (
            failed(
                "E   AssertionError: Locator expected to have count '0'\nE   Actual value: 1\nE   Call log:\n"
                'E     - Expect "to_have_count" with timeout 5000ms\nE     - waiting for get_by_role("dialog")',
                "assertion",
                CLICK_SAVE,
            ),
            "After I clicked “Save”, the page still showed a dialog.",
        ),
        (
            failed(
                "E   AssertionError: Locator expected to have text 'Done'\nE   Actual value: Open\nE   Call log:\n"
                'E     - waiting for get_by_role("cell", name="State")',
                "assertion",
                "open /",
            ),
            "After I opened /, “State” was “Open” instead of “Done”.",
        ),
        (
            failed(
                "E   playwright._impl._errors.TimeoutError: Locator.click: Timeout 5000ms exceeded.\n"
                'E   Call log:\nE     - waiting for get_by_role("button", name="New list").first',
                "action",
                "open /lists",
            ),
            "After I opened /lists, “New list” could not be used (click).",
        ),
        (
            failed("It did not end within 20 s.", "time"),
            "It was not done in time: something never ended.",
        ),
        (
            failed("E   KeyError: 'id'", "error"),
            "The witness made a mistake of its own: KeyError: 'id'.",
        ),
        (failed("", "assertion"), "This did not hold: an assertion."),
    ],
)
def test_failures_are_told_in_a_sentence(result: WitnessResult, sentence: str) -> None:
    assert failure_in_words(result) == sentence


def test_whatever_a_witness_says_the_sentence_stays_short() -> None:
    long = failed("E   AssertionError: " + "x" * 9000, "assertion", "click " + "internal:" * 40)
    assert len(failure_in_words(long)) < 500
