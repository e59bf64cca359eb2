from pathlib import Path

import pytest

from stackwright.scaffold.account_witnesses import acting_as
from stackwright.scaffold.generate import generate
from stackwright.scaffold.spec import AppSpec, Shows, WishLink
from stackwright.verify.witnesses.shape import read_witness

ROOT = Path(__file__).parents[3]
GYM = AppSpec.model_validate_json((ROOT / "tests/data/kits/gym.json").read_text())
LINKS = (
    WishLink(wish="w1", shows="login"),
    WishLink(wish="w2", shows="records", entity="course"),
    WishLink(wish="w3", shows="right", entity="course", field="read add change delete"),
    WishLink(wish="w4", shows="right", entity="booking", field="read change delete"),
    WishLink(wish="w5", shows="title"),
)


def files_of(links: tuple[WishLink, ...]) -> dict[str, str]:
    return generate(GYM, wishes=links)


def test_each_right_has_a_witness_that_keeps_to_the_rules() -> None:
    files = files_of(LINKS)
    paths = [path for path in files if path.startswith("acceptance/test_")]
    read = [read_witness(path, files[path].encode()) for path in paths]
    assert [file.problems for file in read] == [()] * len(read)
    tests = [test for file in read for test in file.tests]
    assert [test.problems for test in tests] == [()] * len(tests)
    marked = [wish for test in tests for wish in test.wishes]
    assert {wish: marked.count(wish) for wish in set(marked)} == {
        "w1": 2,
        "w2": 1,
        "w3": 4,
        "w4": 3,
        "w5": 1,
    }


def test_where_all_who_are_invited_are_equal_nobody_is_kept_from_the_people() -> None:
    kit = {"name": "accounts", "options": {"roles": ["agent"], "registration": "invited"}}
    spec = AppSpec.model_validate(GYM.model_dump() | {"kits": [kit]})
    text = generate(spec, wishes=LINKS[:1])["acceptance/test_accounts.py"]
    invites = text.index("/api/account/invitations")
    assert text.index("assert found, invited.text") > invites  # fails where nothing is stored
    assert "/api/account/people" not in text
    assert "/api/account/people" in files_of(LINKS)["acceptance/test_accounts.py"]


@pytest.mark.parametrize("shows", ["records", "title"])
def test_other_witnesses_act_as_who_may_do_everything(shows: Shows) -> None:
    files = files_of((WishLink(wish="w1", shows=shows, entity="course"),))
    texts = [text for path, text in files.items() if path.startswith("acceptance/test_")]
    assert len(texts) == 1
    assert ') -> None:\n    app = app.as_actor("staff")\n' in texts[0]


def test_helpers_and_apps_without_a_login_are_left_as_they_are() -> None:
    text = "def save(app: App) -> None:\n    pass\n\n\ndef test_x(app: App, value: int) -> None:\n    pass\n"
    assert acting_as("", {"a": text}) == {"a": text}
    changed = acting_as("staff", {"a": text})["a"]
    assert changed.count("as_actor") == 1
    assert changed.endswith('None:\n    app = app.as_actor("staff")\n    pass\n')
