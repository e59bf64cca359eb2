"""The checks of `make eval` pass an app that does what was asked for, and none that does not."""

from typing import Any

import pytest
from evaluation.app import App
from evaluation.checks import (
    changes,
    closed_to_strangers,
    in_order,
    keeps,
    lacks,
    no_longer,
    private,
    refers,
    refuses,
    refuses_change,
    refuses_second,
    says,
    shows,
    signed_in,
    works_out,
)
from evaluation.task import Wish, Wrong
from evaluation.trial import tried
from fastapi import FastAPI, Header, HTTPException, Response
from fastapi.testclient import TestClient
from pydantic import BaseModel, Field

TWICE = ("not unique", "any author")


class Author(BaseModel):
    name: str


class Book(BaseModel):
    title: str = Field(min_length=1)
    pages: int | None = Field(None, ge=1)
    author_id: str | None = None
    status: str = "open"


class Person(BaseModel):
    name: str
    email: str
    password: str


def library(fault: str = "") -> FastAPI:  # noqa: C901 (one app)
    """A small app in the form that builders choose; `fault` is one thing that it does wrong."""
    app = FastAPI()
    books: dict[str, dict[str, Any]] = {}
    authors: dict[str, dict[str, Any]] = {}
    notes: dict[str, dict[str, Any]] = {}

    @app.get("/api/authors")
    def _authors() -> Any:
        return list(authors.values())

    @app.post("/api/authors", status_code=201)
    def _add_author(author: Author) -> Any:
        return authors.setdefault(
            str(len(authors)), {"id": str(len(authors)), **author.model_dump()}
        )

    @app.get("/api/books")
    def _books(page: int = 1) -> Any:
        shown = list(books.values())[(page - 1) * 2 : page * 2]
        return {"items": shown, "total": len(books)}

    @app.post("/api/books", status_code=201)
    def _add(book: Book) -> Any:
        if any(one["title"] == book.title for one in books.values()) and fault not in TWICE:
            raise HTTPException(422)
        if book.author_id is not None and book.author_id not in authors and fault != "any author":
            raise HTTPException(422)
        made = {"id": str(len(books) + 100), "double": 2 * (book.pages or 0), **book.model_dump()}
        if fault == "loses pages":
            made["pages"] = None
        books[made["id"]] = made
        return made

    @app.get("/api/books/{key}")
    def _one(key: str) -> Any:
        return books.get(key) or Response(status_code=404)

    @app.patch("/api/books/{key}")
    def _change(key: str, changed: dict[str, Any]) -> Any:
        if changed.get("status") == "closed" and fault != "any step":
            raise HTTPException(422)
        if fault != "keeps the old":
            books[key] |= changed
        return books[key]

    @app.delete("/api/books/{key}", status_code=204)
    def _delete(key: str) -> None:
        if fault != "never deletes":
            del books[key]

    @app.post("/api/account/register")
    def _register(person: Person, response: Response) -> Any:
        response.headers["x-token"] = person.email
        return {}

    @app.post("/api/account/login")
    def _login(person: dict[str, Any]) -> Any:
        return {"ok": bool(person)}

    @app.get("/api/notes")
    def _notes(who: str = Header("")) -> Any:
        if not who and fault != "open":
            raise HTTPException(401)
        return [n for n in notes.values() if n["who"] == who or fault == "shows all"]

    @app.post("/api/notes")
    def _add_note(note: Author, who: str = Header("")) -> Any:
        if not who and fault != "open":
            raise HTTPException(401)
        made = {"id": str(len(notes)), "who": who, **note.model_dump()}
        return notes.setdefault(made["id"], made)

    return app


class Visit:
    def __init__(self, client: TestClient) -> None:
        self.client, self.headers = client, dict[str, str]()

    def request(self, method: str, path: str, *, json: Any = None) -> Any:
        answer = self.client.request(method, path, json=json, headers=self.headers)
        if token := answer.headers.get("x-token"):
            self.headers["who"] = token
        return answer


class Page:
    """Says what the first page of such an app would: the records in the order of the API."""

    def __init__(self, client: TestClient, fault: str) -> None:
        self.client, self.fault = client, fault

    def open(self, path: str) -> str:
        if path == "/" or self.fault == "empty page":
            return "Library"
        items = [
            b for n in (1, 2, 3) for b in self.client.get(f"/api{path}?page={n}").json()["items"]
        ]
        names = [item["title"] for item in items]
        return "\n".join(names if self.fault == "unsorted" else sorted(names))

    def follow(self, word: str) -> str:
        return self.open("/books")

    def enter(self, button: str, values: Any) -> str:
        return ""


def app_of(fault: str = "") -> App:
    client = TestClient(library(fault))

    def newcomer() -> Visit:
        return Visit(client)

    return App(newcomer(), newcomer, Page(client, fault))


def test_a_kind_is_found_by_its_name_or_the_end_of_it() -> None:
    app = app_of()
    assert app.collection("book").path == "/api/books"
    assert app.collection("ook").path == "/api/books"
    with pytest.raises(Wrong):
        app.collection("bookcase")


TITLED = {"title": "Emma"}
WISHES: list[tuple[str, Wish]] = [
    ("loses pages", keeps("book", title="Dune", pages=412)),
    ("never deletes", keeps("book", title="Dune")),
    ("keeps the old", changes("book", {"title": "Dune", "pages": 1}, {"pages": 2})),
    ("not unique", refuses_second("book", TITLED, TITLED, third={"title": "Emil"})),
    ("any author", refers("book", "author", title="Dune")),
    ("any step", refuses_change("book", TITLED, {"status": "closed"}, {"status": "waiting"})),
    ("empty page", shows("book", title="Dune")),
    ("unsorted", in_order("book", "title", "Adam", "Zora")),
    ("open", closed_to_strangers("note")),
    ("shows all", private("note", name="mine")),
]


@pytest.mark.parametrize(("fault", "wish"), WISHES, ids=[fault for fault, _ in WISHES])
def test_a_check_tells_a_sound_app_from_a_faulty_one(fault: str, wish: Wish) -> None:
    assert tried(wish, app_of()) == ""
    assert tried(wish, app_of(fault)) != ""


@pytest.mark.parametrize(
    "wish",
    [
        refuses("book", TITLED, {"pages": 0}),
        refuses("book", TITLED, {"title": ""}),
        works_out("book", "double", 12, title="Dune", pages=6),
        lacks("book", "publisher"),
        no_longer("loan"),
        says("Library"),
        signed_in(closed_to_strangers("note")),
    ],
    ids=lambda wish: wish.text,
)
def test_a_sound_app_passes(wish: Wish) -> None:
    assert tried(wish, app_of()) == ""


@pytest.mark.parametrize(
    "wish",
    [
        refuses("book", TITLED, {"pages": 7}),
        works_out("book", "double", 13, title="Dune", pages=6),
        works_out("book", "triple", 18, title="Dune", pages=6),
        lacks("book", "pages"),
        no_longer("book"),
        keeps("loan", title="x"),
        keeps("book", publisher="x"),
        says("Museum"),
    ],
    ids=lambda wish: wish.text,
)
def test_what_is_not_so_is_told(wish: Wish) -> None:
    with pytest.raises(Wrong):
        wish.holds(app_of())
    assert tried(wish, app_of())
