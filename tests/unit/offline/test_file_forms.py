import pytest

from stackwright.offline.edits.reader import read_change
from stackwright.offline.reader import read_app
from stackwright.offline.wishes import wishes_of_change
from stackwright.scaffold.spec import AppSpec

TWO = "contracts with number and partner; customers with name. "
ONE = "animals with name and species. "


def slots(spec: AppSpec) -> list[tuple[str, str, str, bool]]:
    use = spec.kit("files")
    found = use.settings().slots if use else ()
    return [(one.entity, one.name, one.kind, one.many) for one in found]


@pytest.mark.parametrize(
    ("first", "sentence", "told"),
    [
        ("Recipes with title. ", "Each recipe has a photo.", ("recipe", "photo", "picture", False)),
        (TWO, "Upload documents to a contract.", ("contract", "documents", "document", True)),
        (TWO, "PDF files can be attached to customers.", ("customer", "pdf_files", "document", True)),
        (ONE, "We would love photos of the animals.", ("animal", "photos", "picture", True)),
        (ONE, "Scans can be uploaded.", ("animal", "scans", "document", True)),
        (ONE, "A photo gallery.", ("animal", "photos", "picture", True)),
    ],
)  # fmt: skip
def test_files_in_the_words_of_people(
    first: str, sentence: str, told: tuple[str, str, str, bool]
) -> None:
    reading = read_app(first + sentence)
    assert slots(reading.spec) == [told]
    assert (reading.unbuilt, reading.unread) == ((), ())
    assert {f"{e.name}.{f.name}" for e in reading.spec.entities for f in e.fields}.isdisjoint(
        {f"{told[0]}.{told[1]}"}
    )


@pytest.mark.parametrize(
    "sentence",
    ["OCR of the scans.", "Upload documents to a supplier.", "Upload photos.", "Scan barcodes."],
)
def test_what_is_not_made_is_said(sentence: str) -> None:
    reading = read_app(TWO + sentence)
    assert slots(reading.spec) == []
    assert reading.unbuilt or reading.unread


def test_an_address_that_is_called_one_stays_a_field() -> None:
    reading = read_app("Plants with name and picture link.")
    assert slots(reading.spec) == []
    assert reading.spec.entity("plant").field("picture_link").type == "url"


def test_a_gallery_shows_the_pictures_that_are_there() -> None:
    reading = read_app("Recipes with title and photo. A photo gallery.")
    assert slots(reading.spec) == [("recipe", "photo", "picture", False)]


def test_a_later_message_adds_an_upload_and_tells_no_field() -> None:
    spec = read_app(ONE).spec
    change = read_change("add a photo to animals", spec)
    assert slots(change.spec) == [("animal", "photo", "picture", False)]
    assert change.operations == ("Animals have a photo, uploaded and shown with the record.",)


@pytest.mark.parametrize("words", ["remove the photo from recipes", "we don't need the photo"])
def test_a_place_for_uploads_can_be_removed(words: str) -> None:
    before = read_app("Recipes with title and photo").spec
    change = read_change(words, before)
    assert slots(change.spec) == []
    assert change.operations == ('Removed "Photo" from recipes.',)
    wish, *others = wishes_of_change(words, before, change.spec, change.renames)
    assert (wish.shows, wish.field, others) == ("gone", "Photo", [])


def test_two_kinds_of_files_are_two_places() -> None:
    spec = read_app(ONE + "Upload photos and documents.").spec
    told = [("animal", "photos", "picture", True), ("animal", "documents", "document", True)]
    assert slots(spec) == told
