import pytest

from stackwright.verify.witnesses.shape import WitnessTest, read_witness


def read_test(body: str) -> WitnessTest:
    indented = "\n".join(f"    {line}" for line in body.splitlines())
    source = f'import pytest\n\n@pytest.mark.wish("w1")\ndef test_it(app):\n{indented}\n'
    return read_witness("test_it.py", source.encode()).tests[0]


BESIDE = {
    "a note": '"""E-mail reminders."""',
    "a name that nothing uses": 'wish = "e-mail reminder"',
    "a text held against itself": 'assert "reminder" in "an e-mail reminder"',
    "a step of the film strip": 'app.step("the e-mail reminder is sent")',
    "another page before": 'app.visit("/reminders")',
}
DOING = (
    'app.visit("/")\napp.button("Add").click()\nassert app.records("rooms").only()["seats"] == 4'
)


@pytest.mark.parametrize("beside", BESIDE.values(), ids=BESIDE)
def test_what_is_said_beside_what_is_done_makes_no_other_witness(beside: str) -> None:
    one, other = (read_test(body) for body in (DOING, f"{beside}\n{DOING}"))
    assert one.body == other.body
    if "visit" not in beside:  # an address may name what is tried there
        assert other.words == one.words


def test_what_is_seen_on_two_pages_are_two_things() -> None:
    looks = [
        f'page = app.visit("/{page}")\nassert page.get_by_text("Club").count()'
        for page in ("", "about")
    ]
    one, other = (read_test(body) for body in looks)
    assert one.body != other.body
