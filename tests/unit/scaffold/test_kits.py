import ast
import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from stackwright.scaffold.generate import Manifest, generate
from stackwright.scaffold.kit_spec import OPTIONS, KitUse
from stackwright.scaffold.kits import kit_lines, kits, missing_needs, template_text
from stackwright.scaffold.plan import plan_changes
from stackwright.scaffold.spec import SPEC_PATH, AppSpec, WishLink
from stackwright.verify.witnesses.shape import actors_problems, read_witness

ROOT = Path(__file__).parents[3]
GYM = AppSpec.model_validate_json((ROOT / "tests/data/kits/gym.json").read_text())
CLUB = AppSpec.model_validate_json((ROOT / "tests/data/kits/exchange.json").read_text())
RECIPES = AppSpec.model_validate_json((ROOT / "tests/data/kits/files.json").read_text())
OPEN = AppSpec.model_validate_json((ROOT / "tests/data/kits/public.json").read_text())
PLAIN = GYM.model_copy(update={"kits": ()})
FRAME = "frontend/components/frame.tsx"


def test_every_kit_has_its_line_and_its_notes() -> None:
    assert len(kit_lines().splitlines()) == len(OPTIONS)
    for kit in kits().values():
        assert len(kit.line) < 300
        assert "add_kit(" in kit.usage
        assert kit.files


def test_a_kit_brings_its_files_and_leaves_the_others_alone() -> None:
    plain, gym = generate(PLAIN), generate(GYM)
    assert not any("accounts" in text for path, text in plain.items() if path != SPEC_PATH)
    assert plain["backend/registry.py"] == gym["backend/registry.py"]
    for path, text in gym.items():
        if path.endswith(".py"):
            ast.parse(text, path)
    assert 'ENTITIES["bookings"], Booking, owner, access' in gym["backend/routers/bookings.py"]


def test_files_go_in_and_out_of_the_tables_that_are_named() -> None:
    files = generate(CLUB)
    for path, text in files.items():
        if path.endswith(".py"):
            ast.parse(text, path)
    assert "exchange_router," in files["backend/main.py"]
    routes = files["backend/exchange/routes.py"]
    assert 'router.post("/api/members/import")' in routes
    assert "/api/groups" not in routes
    assert 'groups: ["print"]' in files["frontend/lib/exchange.ts"].replace('"groups"', "groups")
    assert "backend/exchange/routes.py" not in generate(GYM)


@pytest.mark.parametrize("ways", [["import"], ["export"], ["print"], ["import", "export"]])
def test_tests_of_files_import_what_they_use(ways: list[str]) -> None:
    kit = KitUse(name="exchange", options={"tables": [{"entity": "member", "ways": ways}]})
    files = generate(CLUB.model_copy(update={"kits": (kit,)}))
    text = files.get("backend/tests/test_exchange.py", "")
    imported = [
        name.asname or name.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    ]
    unused = [name for name in imported if len(re.findall(rf"\b{name}\b", text)) < 2]
    assert unused == []


def test_several_rows_were_left_out_and_one_was() -> None:
    text = generate(CLUB)["frontend/components/exchange/import-form.tsx"]
    assert 'faulty === 1 ? "was" : "were"' in text


def test_only_apps_with_pictures_need_the_library_for_them() -> None:
    path = "backend/requirements.txt"
    lines = generate(RECIPES)[path].splitlines()
    bare = str(template_text(path)).splitlines()
    assert [one for one in lines if one not in bare] == [str(template_text("kits/files/requirements.txt")).strip()]  # fmt: skip
    assert path not in generate(CLUB)
    for name, text in generate(RECIPES).items():
        if name.endswith(".py"):
            ast.parse(text, name)


def test_witnesses_of_pictures_keep_to_the_rules_of_witnesses() -> None:
    for entity, slot, path in (
        ("recipe", "photo", "acceptance/test_recipes_views.py"),
        ("contract", "documents", "acceptance/test_contracts_views.py"),
    ):
        link = {"wish": "w1", "shows": "files", "entity": entity, "field": slot}
        files = generate(RECIPES, wishes=[WishLink.model_validate(link)])
        read = read_witness(path, files[path].encode())
        assert (read.problems, [one.problems for one in read.tests]) == ((), [()])


def test_strangers_come_to_the_landing_page_and_its_forms() -> None:
    files = generate(OPEN)
    rights = files["frontend/lib/rights.ts"]
    assert 'ENTRANCE = "/public"' in rights
    assert '  "/",' not in rights
    assert 'router.post("/api/public/requests"' in files["backend/public/routes.py"]
    assert "Allow: /courses" in files["frontend/public/robots.txt"]
    assert 'ENTRANCE = "/account/login"' in generate(GYM)["frontend/lib/rights.ts"]


def test_a_public_form_cannot_ask_for_what_strangers_do_not_see() -> None:
    kits = [GYM.kits[0], {"name": "public", "options": {"forms": [{"entity": "booking"}]}}]
    with pytest.raises(ValidationError, match="cannot ask for 'course_id'"):
        AppSpec.model_validate(GYM.model_dump() | {"kits": kits})


def test_witnesses_of_public_pages_keep_to_the_rules_of_witnesses() -> None:
    links = [
        WishLink.model_validate({"wish": "w1", "shows": "public", "entity": "request"}),
        WishLink.model_validate({"wish": "w2", "shows": "public"}),
    ]
    path = "acceptance/test_public.py"
    read = read_witness(path, generate(OPEN, wishes=links)[path].encode())
    assert read.problems == ()
    assert [(one.wishes, one.problems) for one in read.tests] == [(("w1",), ()), (("w2",), ())]


def test_witnesses_of_files_keep_to_the_rules_of_witnesses() -> None:
    links = [
        WishLink.model_validate({"wish": f"w{number}", "shows": way, "entity": "member"})
        for number, way in enumerate(("import", "export", "print"), 1)
    ]
    path = "acceptance/test_members_views.py"
    read = read_witness(path, generate(CLUB, wishes=links)[path].encode())
    assert read.problems == ()
    assert [(test.wishes, test.problems) for test in read.tests] == [
        (("w1",), ()),
        (("w2",), ()),
        (("w3",), ()),
    ]


def test_actors_keep_to_the_rules_of_witnesses() -> None:
    assert actors_problems(generate(GYM)["acceptance/actors.py"].encode()) == ()


def test_what_a_kit_replaces_comes_back_when_it_is_removed() -> None:
    bare = template_text(FRAME)
    assert bare is not None
    added = plan_changes(generate(PLAIN)[SPEC_PATH], GYM, {**generate(PLAIN), FRAME: bare})
    assert added.conflicts == ()
    assert "useAccount" in added.writes[FRAME]
    files = {**generate(PLAIN), **added.writes}
    removed = plan_changes(files[SPEC_PATH], PLAIN, files)
    assert removed.writes[FRAME] == bare
    assert "backend/accounts/routes.py" in removed.deletes
    assert Manifest.model_validate_json(removed.writes[SPEC_PATH]).spec == PLAIN


def test_a_file_of_the_template_that_was_changed_by_hand_is_kept() -> None:
    mine = f"{template_text(FRAME)}\n// mine\n"
    plan = plan_changes(generate(PLAIN)[SPEC_PATH], GYM, {**generate(PLAIN), FRAME: mine})
    assert plan.conflicts == (FRAME,)
    assert FRAME not in plan.writes


@pytest.mark.parametrize(
    "options",
    [
        {"roles": ["own"]},
        {"rights": [{"entity": "course", "add": "boss"}]},
        {"rights": [{"entity": "course", "add": "own"}]},
        {"rights": [{"entity": "course"}, {"entity": "course"}]},
        {"no_such": 1},
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        KitUse(name="accounts", options=options)


def test_rights_of_what_is_no_entity_are_refused() -> None:
    use = {"name": "accounts", "options": {"rights": [{"entity": "ghost"}]}}
    with pytest.raises(ValidationError, match="ghost"):
        AppSpec.model_validate(PLAIN.model_dump() | {"kits": [use]})


def test_rights_follow_a_renamed_entity_and_go_with_a_removed_one() -> None:
    use = GYM.kits[0].following({"booking": "reservation"})
    assert use.entities() == {"reservation"}


def test_needs_are_told() -> None:
    assert missing_needs(GYM.kits) == []


def test_a_kit_is_refused_where_the_files_are_of_an_earlier_template() -> None:
    old = {**generate(PLAIN), "backend/store.py": "class Store: ..."}
    with pytest.raises(ValueError, match=r"relies on 'self.access' in backend/store.py"):
        plan_changes(generate(PLAIN)[SPEC_PATH], GYM, old)
    assert plan_changes(generate(PLAIN)[SPEC_PATH], PLAIN, old).conflicts == ()


def test_what_a_kit_relies_on_stands_in_the_template() -> None:
    for kit in kits().values():
        for path, text in kit.relies_on.items():
            assert text in (template_text(path) or ""), path
