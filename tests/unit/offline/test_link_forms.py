import pytest

from stackwright.offline.edits.reader import read_change
from stackwright.offline.reader import read_app

COOKING = "recipes with title and instructions; tags with name. "
BAND = "setlists with name and date; songs with title and key. "


@pytest.mark.parametrize(
    ("sentence", "held"),
    [
        (COOKING + "Recipes have many tags, tags have many recipes.", "recipe.tag_ids"),
        (COOKING + "A tag can have several recipes and a recipe can have several tags.", "recipe.tag_ids"),
        (COOKING + "Recipes can have several tags.", "recipe.tag_ids"),
        (COOKING + "Recipes have many tags and vice versa.", "recipe.tag_ids"),
        (COOKING + "Many-to-many between recipes and tags.", "recipe.tag_ids"),
        (BAND + "A song can be in many setlists and a setlist has many songs.", "setlist.song_ids"),
        ("students with name; courses with title. Students attend several courses.", "student.course_ids"),
    ],
)  # fmt: skip
def test_many_have_many(sentence: str, held: str) -> None:
    reading = read_app(sentence)
    entity, _, field = held.partition(".")
    one = reading.spec.entity(entity).field(field)
    assert (one.type, one.on_delete) == ("references", "unlink")
    assert len(reading.spec.entities) == 2
    assert [(done.shows, done.field) for done in reading.fulfilled] == [("links", field)]
    assert (reading.unbuilt, reading.unread) == ((), ())


@pytest.mark.parametrize(
    ("sentence", "ordered"),
    [
        (BAND + "An ordered list of songs per setlist.", "song.setlist_id"),
        (BAND + "Songs belong to a setlist. The songs of a setlist can be reordered by drag and drop.", "song.setlist_id"),
        (
            BAND + "A song can be in many setlists and a setlist has many songs. Keep an ordered list of songs for each setlist.",
            "setlist_song.setlist_id",
        ),
    ],
)  # fmt: skip
def test_lists_in_an_order_of_their_own(sentence: str, ordered: str) -> None:
    spec = read_app(sentence).spec
    entity, _, field = ordered.partition(".")
    assert spec.entity(entity).ordered == field


def test_records_that_only_connect_have_no_guessed_fields() -> None:
    said = "A song can be in many setlists and a setlist has many songs. An ordered list of songs per setlist."
    joint = read_app(BAND + said).spec.entity("setlist_song")
    assert [field.name for field in joint.fields] == ["song_id", "setlist_id"]


def test_records_stand_on_the_page_of_what_they_belong_to() -> None:
    text = "invoices with number and line items (description, price). Show the line items on the invoice page."
    done = read_app(text).fulfilled
    assert [(one.shows, one.entity, one.field) for one in done] == [
        ("inline", "line_item", "invoice_id")
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Recipes have many wheels and wheels turn many heads.",
        "An ordered list of songs per Tuesday.",
    ],
)
def test_what_only_sounds_so_makes_no_list_of_links(sentence: str) -> None:
    spec = read_app(COOKING + sentence).spec
    fields = [field for entity in spec.entities for field in entity.fields]
    assert all(field.type != "references" for field in fields)


@pytest.mark.parametrize(
    "request_",
    [
        "show the tags on the shelf page",
        "an ordered list of tags per recipe",
        "reorder the recipes",
    ],
)
def test_a_follow_up_about_what_is_not_there_is_refused(request_: str) -> None:
    change = read_change(request_, read_app(COOKING).spec)
    assert (change.operations, len(change.refused)) == ((), 1)


def test_records_that_are_linked_already_keep_their_link() -> None:
    spec = read_app(BAND + "Songs belong to a setlist.").spec
    change = read_change("songs have many setlists and setlists have many songs", spec)
    assert change.spec.entity("song").field("setlist_id").type == "reference"
    assert change.refused
