import ast
import re
from typing import Any

import pytest

from stackwright.offline.reader import read_app
from stackwright.scaffold.generate import generate
from stackwright.scaffold.migrations import Renames
from stackwright.scaffold.plan import plan_changes
from stackwright.scaffold.spec import SPEC_PATH, AppSpec, WishLink
from stackwright.verify.witnesses.shape import read_witness

SPEC = read_app(
    "a library with books (title, rating from 1 to 5, format: paper/e-book), loans"
).spec
LINKS = (
    WishLink(wish="w1", shows="records", entity="book"),
    WishLink(wish="w2", shows="field", entity="book", field="rating"),
    WishLink(wish="w3", shows="limits", entity="book", field="rating"),
    WishLink(wish="w4", shows="choices", entity="book", field="format"),
    WishLink(wish="w5", shows="required", entity="book", field="title"),
    WishLink(wish="w6", shows="gone", entity="book", field="Colour"),
    WishLink(wish="w7", shows="title"),
    WishLink(wish="w8", shows="no_records", entity="shelves"),
    WishLink(wish="w9", shows="records", entity="loan"),
)


def witnesses(spec: AppSpec, links: tuple[WishLink, ...]) -> dict[str, str]:
    files = generate(spec, (), links)
    return {path: text for path, text in files.items() if path.startswith("acceptance/")}


def test_every_wish_gets_a_witness_of_a_shape_that_can_show_something() -> None:
    files = [read_witness(path, text.encode()) for path, text in witnesses(SPEC, LINKS).items()]
    tests = [test for file in files for test in file.tests]
    assert {wish for test in tests for wish in test.wishes} == {link.wish for link in LINKS}
    assert [(test.name, test.problems) for test in tests if test.problems] == []
    assert [file.problems for file in files if file.problems] == []


def test_a_record_is_changed_as_its_rules_allow() -> None:
    told = "Tools with a name. Loans belong to a tool, with a start and a due date. A due date can't be before the start."
    text = witnesses(read_app(told).spec, (WishLink(wish="w1", shows="records", entity="loan"),))[
        "acceptance/test_loans.py"
    ]
    made = re.search(r'app.field\("Due date"\).fill\("(.+?)"\)\n    save\(app, "Add loan"', text)
    changed = re.search(r'app.field\("(.+?)"\).fill\("(.+?)"\)\n    save\(app, "Save', text)
    assert made is not None
    assert changed is not None
    assert changed[1] == "Due date"
    assert changed[2] > made[1]


def test_without_wishes_there_are_no_witnesses() -> None:
    assert witnesses(SPEC, ()) == {}


def test_links_to_what_is_not_there_are_passed_over() -> None:
    strange = (
        WishLink(wish="w1", shows="records", entity="dragon"),
        WishLink(wish="w2", shows="field", entity="book", field="colour"),
    )
    assert all(
        not read_witness("x.py", t.encode()).tests for t in witnesses(SPEC, strange).values()
    )


def test_names_and_values_cannot_break_out_of_the_source() -> None:
    hostile = 'x") ; import os ; ("'
    (book,) = [entity for entity in SPEC.entities if entity.name == "book"]
    title = book.fields[0].model_copy(update={"label": hostile})
    entity = book.model_copy(update={"fields": (title, *book.fields[1:])})
    spec = SPEC.model_copy(update={"entities": (entity, *SPEC.entities[1:])})
    for text in witnesses(spec, LINKS).values():
        tree = ast.parse(text)
        imported = [
            n for node in ast.walk(tree) if isinstance(node, ast.Import) for n in node.names
        ]
        assert {name.name for name in imported} <= {"pytest", "re"}


def test_a_follow_up_keeps_the_witnesses_of_before_under_the_new_names() -> None:
    files = generate(SPEC, (), LINKS)
    (book,) = [entity for entity in SPEC.entities if entity.name == "book"]
    renamed = tuple(
        field.model_copy(update={"name": "stars", "label": "Stars"})
        if field.name == "rating"
        else field
        for field in book.fields
    )
    after = SPEC.model_copy(
        update={
            "entities": tuple(
                one.model_copy(update={"fields": renamed}) if one.name == "book" else one
                for one in SPEC.entities
            )
        }
    )
    renames = Renames(entities={}, fields={("book", "rating"): "stars"}, choices={})
    new = (WishLink(wish="w10", shows="field", entity="book", field="stars"),)
    plan = plan_changes(files[SPEC_PATH], after, files, renames, new)
    tests = read_witness("test_books.py", plan.writes["acceptance/test_books.py"].encode()).tests
    assert {"w1", "w2", "w10"} <= {wish for test in tests for wish in test.wishes}
    assert any(test.name == "test_stars_of_books_is_kept" for test in tests)


def things(fields: list[dict[str, Any]], filters: list[str]) -> AppSpec:
    named = [{"name": "name", "label": "Name"}, *fields]
    entity = {
        "name": "thing",
        "plural": "things",
        "label": "Thing",
        "label_plural": "Things",
        "fields": [
            {"label": field["name"].replace("_", " ").capitalize(), **field} for field in named
        ],
        "title_field": "name",
        "filters": filters,
    }
    return AppSpec.model_validate({"title": "Things", "entities": [entity]})


def test_a_filter_is_tried_with_a_record_that_it_holds_and_one_that_it_does_not() -> None:
    types = ("boolean", "enum", "string", "tags", "date", "datetime", "integer", "money")
    fields = [
        {"name": f"of_{kind}", "type": kind, "choices": ["a", "b"] if kind == "enum" else []}
        for kind in types
    ]
    names = [f"of_{kind}" for kind in types]
    links = tuple(
        WishLink(wish=f"w{n}", shows="filter", entity="thing", field=name)
        for n, name in enumerate(names, 1)
    )
    text = witnesses(things(fields, names), links)["acceptance/test_things.py"]
    tried = {
        test.name: re.findall(r"of_\w+\": ([^}]+)}", ast.unparse(test).replace("'", '"'))
        for test in ast.parse(text).body
        if isinstance(test, ast.FunctionDef) and "filtered" in test.name
    }
    assert len(tried) == len(types)
    for name, (wanted, other, query) in tried.items():
        kind = name.rpartition("_of_")[2]
        assert "None" not in (wanted, other), name
        assert wanted != other, name
        assert query in wanted, name
        if kind in ("date", "datetime", "integer", "money"):  # asked by the lower bound
            assert ast.literal_eval(wanted) > ast.literal_eval(other), name


def test_a_filter_by_a_field_with_one_value_has_no_witness() -> None:
    field = {"name": "kind", "type": "enum", "choices": ["only"]}
    link = WishLink(wish="w1", shows="filter", entity="thing", field="kind")
    text = witnesses(things([field], ["kind"]), (link,))
    assert "filtered" not in "".join(text.values())


@pytest.mark.parametrize(("field", "shown"), [("name", "Juniper"), ("note", "First")])
def test_a_search_finds_one_record_by_its_text_and_hides_the_other(field: str, shown: str) -> None:
    spec = things([{"name": "note", "type": "text"}], [])
    link = WishLink(wish="w1", shows="search", entity="thing", field=field)
    text = witnesses(spec, (link,))["acceptance/test_things.py"]
    test = text[text.index(f"def test_things_can_be_searched_by_{field}") :]
    assert '.fill("Juniper")' in test
    assert f'get_by_text("{shown}", exact=True).filter(visible=True).first).to_be_visible()' in test
    assert "to_have_count(0)" in test


def test_a_search_without_a_field_is_one_by_what_the_records_are_called() -> None:
    spec = things([{"name": "size", "type": "integer"}], [])
    link = WishLink(wish="w1", shows="search", entity="thing")
    assert "searched_by_name" in "".join(witnesses(spec, (link,)).values())


def test_a_search_by_a_number_has_no_witness() -> None:
    spec = things([{"name": "size", "type": "integer"}], [])
    link = WishLink(wish="w1", shows="search", entity="thing", field="size")
    assert "searched" not in "".join(witnesses(spec, (link,)).values())
