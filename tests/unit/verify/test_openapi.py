import time

import pytest

from stackwright.verify.openapi import (
    ApiDescription,
    Resource,
    Schema,
    described,
    resolved,
    singular,
    snake,
)


def operation(body: str | None = None, *, required_query: bool = False) -> Schema:
    made: Schema = {"responses": {"200": {"description": "ok"}}}
    if body is not None:
        reference = {"$ref": f"#/components/schemas/{body}"}
        made["requestBody"] = {"content": {"application/json": {"schema": reference}}}
    if required_query:
        made["parameters"] = [{"name": "q", "in": "query", "required": True}]
    return made


SCHEMA: Schema = {
    "paths": {
        "/api/authors": {"get": operation(), "post": operation("AuthorCreate")},
        "/api/authors/{id}": {
            "get": operation(),
            "patch": operation("AuthorUpdate"),
            "delete": operation(),
        },
        "/api/loan-items/": {"get": operation(required_query=True), "post": operation("LoanItem")},
        "/api/loan-items/{item_id}": {"put": operation("LoanItem")},
        "/api/authors/{id}/books": {"get": operation()},
        "/api/health": {"get": operation()},
        "/api/files/{name}": {"get": operation()},
    },
    "components": {
        "schemas": {
            "AuthorCreate": {"type": "object", "properties": {"name": {"type": "string"}}},
            "AuthorUpdate": {"type": "object", "properties": {"name": {"type": "string"}}},
            "LoanItem": {"type": "object"},
        }
    },
}


def test_resources_are_collections_with_an_item_path() -> None:
    authors, items = described(SCHEMA).resources
    assert (authors.name, authors.item_path("7")) == ("authors", "/api/authors/7")
    assert (authors.update_method, authors.can_list, authors.can_get, authors.can_delete) == (
        "PATCH",
        True,
        True,
        True,
    )
    assert authors.create == SCHEMA["components"]["schemas"]["AuthorCreate"]
    assert (items.name, items.collection, items.update_method) == (
        "loan_items",
        "/api/loan-items/",
        "PUT",
    )
    assert not items.can_list
    assert not items.can_delete


def test_plain_gets_want_no_argument() -> None:
    assert described(SCHEMA).plain_gets == ("/api/authors", "/api/health")


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("author_id", "authors"),
        ("authorId", "authors"),
        ("co_author_id", "authors"),
        ("author_ids", "authors"),
        ("authors", "authors"),
        ("loan-items", "loan_items"),
        ("tax_id", None),
        ("id", None),
    ],
)
def test_a_field_or_segment_finds_its_resource(word: str, name: str | None) -> None:
    found = described(SCHEMA).find_resource(word)
    assert (found.name if found else None) == name


def test_references_and_parts_are_resolved() -> None:
    root: Schema = {"defs": {"Named": {"type": "string", "maxLength": 5}}}
    assert resolved({"allOf": [{"$ref": "#/defs/Named"}], "default": "a"}, root) == {
        "type": "string",
        "maxLength": 5,
        "default": "a",
    }


def test_a_reference_to_itself_ends() -> None:
    root: Schema = {"a": {"$ref": "#/a"}}
    assert "$ref" in resolved({"$ref": "#/a"}, root)


def test_words() -> None:
    assert [snake(word) for word in ("dueDate", "due-date", "Due Date")] == ["due_date"] * 3
    plurals = ("categories", "boxes", "classes", "books", "class")
    assert [singular(word) for word in plurals] == ["category", "box", "class", "book", "class"]


def test_references_that_fan_out_and_that_meet_themselves_end_soon() -> None:
    fan = {
        f"x{level}": {"allOf": [{"$ref": f"#/x{level + 1}"}, {"$ref": f"#/x{level + 1}"}]}
        for level in range(40)
    }
    wide = {"allOf": [{f"k{number}": 1} for number in range(50_000)]}
    began = time.monotonic()

    resolved({"$ref": "#/x0"}, fan)
    resolved({"$ref": "#/x"}, {"x": {"allOf": [{"$ref": "#/x"}, {"$ref": "#/x"}]}})
    resolved(wide, {})

    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    ("name", "refers"),
    [("author_id", True), ("authorId", True), ("tagIds", True), ("list", True), ("title", False)],
)
def test_a_field_refers_by_its_ending_or_by_the_name_of_what_there_is(
    name: str, refers: bool
) -> None:
    lists = {"/api/lists": {"get": {}}, "/api/lists/{list_id}": {"get": {}}}
    assert described({"paths": lists}).refers(name) is refers


def test_what_holds_ids_of_others_refers_to_them() -> None:
    create = {"properties": {"room_id": {}, "day": {}}}
    room = Resource("rooms", "/api/rooms", "/api/rooms/{id}", create={"properties": {"name": {}}})
    booking = Resource("bookings", "/api/bookings/", "/api/bookings/{id}", create=create)
    description = ApiDescription((room, booking), ())
    assert (description.at("/api/bookings"), description.at("/api/people")) == (booking, None)
    assert description.is_referred_to(room)
    assert not description.is_referred_to(booking)
