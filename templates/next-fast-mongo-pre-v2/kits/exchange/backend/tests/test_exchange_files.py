"""What stands in files: their form, hostile ones among them, and what a cell means."""

import json

import pytest

from exchange.cells import Column, cell_of, plain_text, safe_text, value_of
from exchange.tables import MAX_BYTES, MAX_ROWS, NO_TEXT, TOO_MANY, Unreadable, read_table


@pytest.mark.parametrize(
    "content",
    [
        b"Name,Note\nAnn,one\nBob,two\n",
        b"Name;Note\r\nAnn;one\r\n\r\nBob;two",
        "\ufeffName\tNote\nAnn\tone\nBob\ttwo\n".encode(),
        "Name,Note\nAnn,one\nBob,two\n".encode("utf-16"),
        b'[{"Name": "Ann", "Note": "one"}, {"Name": "Bob", "Note": "two"}]',
        b'{"items": [{"Name": "Ann", "Note": "one"}, {"Name": "Bob", "Note": "two"}]}',
    ],
)
def test_the_usual_forms_say_the_same(content: bytes) -> None:
    table = read_table(content)
    assert table.heads == ("Name", "Note")
    assert [dict(row.cells) for row in table.rows] == [
        {"Name": "Ann", "Note": "one"},
        {"Name": "Bob", "Note": "two"},
    ]


def test_windows_letters_are_read_and_said() -> None:
    table = read_table("Name\nZoë".encode("cp1252"))
    assert table.rows[0].cells["Name"] == "Zoë"
    assert "Windows-1252" in table.note


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"  \n ", "empty"),
        (b"\x89PNG\r\n\0\0", NO_TEXT),
        (b"Name\n\x81\x8d", NO_TEXT),
        (b"a\n" * 1_000_000, TOO_MANY),
        (b"a" * (MAX_BYTES + 1), "larger than 5 MB"),
        (b"a," * 300 + b"\n", "columns"),
        (b"Name,name\n1,2", "Two columns"),
        (b"Name\n" + b"a" * 200_000, "no sound CSV"),
        (b"[" * 100_000, "no sound JSON"),
        (b"[1, 2]", "list of objects"),
        (b'{"a": 1}', "list of objects"),
        (b"[" + b"{}," * MAX_ROWS + b"{}]", TOO_MANY),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=r"\.$") as error:
        read_table(content)
    assert said in str(error.value)


@pytest.mark.parametrize(
    "text", ["=1+1", "+49 30 1", "-x", "@SUM(A1)", "\t=1", "\r=1", "'=1", "Ann"]
)
def test_no_spreadsheet_runs_a_cell_and_it_comes_back_as_it_was(text: str) -> None:
    assert safe_text(text)[0] not in "=+-@\t\r"
    assert plain_text(safe_text(text)) == text or text == "'=1"


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("money", "1,234.50", 1234.5),
        ("money", "1.234,50 €", 1234.5),
        ("money", "12,5", 12.5),
        ("number", "-0.5", -0.5),
        ("integer", "1'234", 1234),
        ("boolean", "Yes", True),
        ("boolean", "0", False),
        ("date", "1.3.2026", "2026-03-01"),
        ("tags", "a, b,", ["a", "b"]),
        ("enum", "open", "Open"),
        ("string", " '=1 ", "=1"),
    ],
)
def test_what_a_cell_means(kind: str, cell: str, value: object) -> None:
    assert value_of(Column("x", "X", kind, choices=("Open", "Closed")), cell) == value


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        ("money", "1,234"),
        ("integer", "many"),
        ("boolean", "maybe"),
        ("enum", "Lost"),
        ("number", "9" * 400),
    ],
)
def test_what_is_unclear_is_refused(kind: str, cell: str) -> None:
    with pytest.raises(ValueError, match=r"^X.*\.$"):
        value_of(Column("x", "X", kind, choices=("Open",)), cell)


def test_numbers_stay_numbers_in_a_file() -> None:
    assert cell_of(Column("x", "X", "money"), -5.0, {}) == -5.0
    assert cell_of(Column("x", "X", "boolean"), False, {}) == "No"
    assert cell_of(Column("x", "X", "reference"), "id", {"x": "=Ann"}) == "'=Ann"
    assert json.dumps(cell_of(Column("x", "X", "tags"), ["@a", "b"], {})) == '"\'@a, b"'
