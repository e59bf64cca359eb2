import pytest

from stackwright.offline.languages import ANSWERS, foreign_language, is_plain_list, list_inside
from stackwright.offline.reader import read_app


@pytest.mark.parametrize(
    "text",
    [
        "a library with books and authors",
        "Invoices: number, date, total",
        "Café menu: name, price",
        "We rent die cutters and die presses to print shops",
    ],
)
def test_english_is_not_taken_for_another_language(text: str) -> None:
    assert foreign_language(text) == ""


def test_each_language_has_an_answer_of_its_own() -> None:
    assert len(set(ANSWERS.values())) == len(ANSWERS) >= 10


def test_a_list_is_plain_when_each_line_is_a_name_and_its_fields() -> None:
    assert is_plain_list("Bücher: Titel, Autor\nMitglieder (Name, Telefon)")
    assert not is_plain_list("Ich möchte eine App für meine Bücher")


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        (
            "Ich möchte eine App für meine Bücher: Titel, Autor und Preis",
            "Bücher: Titel, Autor, Preis",
        ),
        ("Je voudrais une liste de livres (titre, auteur et prix).", "Livres: titre, auteur, prix"),
        (
            "Quiero una lista de clientes con nombre, teléfono y fecha",
            "Clientes: nombre, teléfono, fecha",
        ),
        (
            "Wij willen een app voor onze leden: naam, telefoon en datum",
            "Leden: naam, telefoon, datum",
        ),
        (
            "Wir brauchen Aufträge mit Kunde, Abholdatum und bezahlt (ja/nein). Kunden haben Name und Telefon.",
            "Aufträge: Kunden, Abholdatum (date), bezahlt (yes/no)\nKunden: Name, Telefon",
        ),
        (
            "Une appli avec des livres avec titre et genre (roman, BD), et des emprunts avec date de sortie et date de retour. Chaque emprunt concerne un livre.",
            "Livres: titre, genre (roman, BD)\nEmprunts: date de sortie, date de retour\nEach Emprunts belongs to a Livres.",
        ),
        ("a list of clients con nombre, precio", "a list of clients con nombre, precio"),
        ("Ich möchte eine App für meine Bücher", "Ich möchte eine App für meine Bücher"),
    ],
)
def test_the_list_that_a_sentence_of_another_language_ends_in_is_read(
    text: str, listed: str
) -> None:
    assert list_inside(text) == listed


def test_fields_of_other_languages_have_their_types() -> None:
    types = {
        "Bücher: Titel, Preis, Jahr, Datum": ["string", "money", "integer", "date"],
        "Libros: título, precio, fecha, notas": ["string", "money", "date", "text"],
        "Livres: titre, prix, année": ["string", "money", "integer"],
        "Mitglieder: Name, Telefon, Geburtsdatum": ["string", "phone", "date"],
    }
    for text, wanted in types.items():
        (entity,) = read_app(text).spec.entities
        assert [field.type for field in entity.fields] == wanted


def test_kinds_keep_the_words_that_people_wrote() -> None:
    spec = read_app(
        "Wir brauchen Bestellungen mit Menge und Preis. Kunden haben Name und Ort."
    ).spec
    assert [one.label_plural for one in spec.entities] == ["Bestellungen", "Kunden"]
    assert spec.title == "Bestellungen"
