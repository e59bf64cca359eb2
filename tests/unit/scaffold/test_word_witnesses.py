import ast
from pathlib import Path

from stackwright.scaffold.spec import AppSpec, WishLink
from stackwright.scaffold.views import app_view
from stackwright.scaffold.word_witnesses import word_witness_files
from stackwright.scaffold.words import key_of
from stackwright.verify.witnesses.shape import read_witness

DATA = Path(__file__).parents[2] / "data/scaffold"
SPEC = AppSpec.model_validate_json((DATA / "bookings.json").read_text())

FULL = AppSpec.model_validate_json(
    (DATA / "bookings.json").read_text().replace('"maximum_field": "places"', '"maximum": 12')
)
FULL_LINK = WishLink.model_validate(
    {
        "wish": "w1",
        "shows": "rule",
        "entity": "sign_up",
        "field": key_of(FULL.entity("sign_up").rules[0]),
    }
)


def links() -> list[WishLink]:
    made: list[WishLink] = []
    for entity in SPEC.entities:
        wanted = [("rule", key_of(rule)) for rule in entity.rules]
        wanted += [("computed", field.name) for field in entity.fields if field.computed]
        wanted += [(view.view, view.model_dump().get("by") or view.model_dump()["start"]) for view in entity.views]  # fmt: skip
        wanted += [("sorted", entity.sort)] if entity.sort else []
        wanted += [("column", entity.fields[0].name)]
        made += [
            WishLink.model_validate(
                {"wish": f"w{len(made) + n}", "shows": shows, "entity": entity.name, "field": name}
            )
            for n, (shows, name) in enumerate(wanted, 1)
        ]
    return made


def test_each_rule_figure_and_view_has_a_witness_of_its_own() -> None:
    files = word_witness_files(app_view(SPEC), links())
    told = "".join(files.values())
    assert all(f'mark.wish("{link.wish}")' in told for link in links())
    for path, text in files.items():
        ast.parse(text, path)


def test_witnesses_have_the_shape_that_is_believed() -> None:
    for path, text in word_witness_files(app_view(SPEC), links()).items():
        read = read_witness(path, text.encode())
        assert read.problems == ()
        assert [one.problems for one in read.tests if one.problems] == []


def test_nothing_is_written_without_a_wish() -> None:
    assert word_witness_files(app_view(SPEC), []) == {}


def test_what_a_record_refers_to_is_made_with_a_number_by_name() -> None:
    """The second place holds the changes: a number there was a mistake of the witness."""
    calls = [
        node
        for text in word_witness_files(app_view(FULL), [FULL_LINK]).values()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "needs"
    ]
    assert calls
    assert all(isinstance(one, ast.Dict) for call in calls for one in call.args[1:])
