import pytest

from stackwright.scaffold.generate import generate
from stackwright.scaffold.kit_spec import KitUse
from stackwright.scaffold.plan import plan_changes
from stackwright.scaffold.spec import SPEC_PATH, AppSpec, EntitySpec, FieldSpec, WishLink
from stackwright.verify.witnesses.shape import read_witness

BOOK = EntitySpec(
    name="book", plural="books", label="Book", label_plural="Books",
    fields=(FieldSpec(name="title", label="Title", required=True),), title_field="title",
)  # fmt: skip
PLAIN = AppSpec(title="Library", entities=(BOOK,))
ASPECTS = ("style", "accent", "text", "menu", "appearance", "logo")
FILES_OF_THE_LOOK = {"frontend/styles/look.css", "frontend/lib/look.ts", SPEC_PATH}
WITNESSES = "acceptance/test_look.py"


def looking(**options: str) -> AppSpec:
    return PLAIN.model_copy(update={"kits": (KitUse(name="look", options=options),)})


def links(*aspects: str) -> list[WishLink]:
    return [
        WishLink(wish=f"w{number}", shows="look", field=aspect)
        for number, aspect in enumerate(aspects, 1)
    ]


@pytest.mark.parametrize("style", ["midnight", "newspaper", "playful", "compact", "calm"])
def test_each_aspect_of_a_look_has_a_sound_witness(style: str) -> None:
    spec = looking(style=style, accent="blue", text="big", menu="top", appearance="dark", logo="B")
    files = generate(spec, (), links(*ASPECTS))
    module = read_witness(WITNESSES, files[WITNESSES].encode())
    assert module.problems == ()
    assert [test.problems for test in module.tests] == [()] * len(ASPECTS)


def test_what_the_look_does_not_say_has_no_witness() -> None:
    files = generate(looking(text="big"), (), links("style", "accent", "text", "logo"))
    assert files[WITNESSES].count("def test_") == 1


def test_a_change_of_the_look_changes_files_of_the_look_only() -> None:
    before = generate(looking(style="calm"))
    after = plan_changes(before[SPEC_PATH], looking(style="newspaper", accent="red"), before)
    assert {*after.writes} == FILES_OF_THE_LOOK
    assert after.deletes == ()


def test_every_look_is_unlike_the_others() -> None:
    styles = ("midnight", "newspaper", "playful", "compact", "calm")
    sheets = {generate(looking(style=one))["frontend/styles/look.css"] for one in styles}
    assert len(sheets) == len(styles)
