"""The finished app, used as a stranger would who reads its API description and looks at its pages."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from evaluation.task import Wrong

Json = dict[str, Any]
DESCRIPTIONS = ("/api/openapi.json", "/openapi.json")
MOST_PAGES = 20


class Answer(Protocol):
    """As httpx has it."""

    @property
    def status_code(self) -> int: ...
    @property
    def text(self) -> str: ...
    def json(self) -> Any: ...


class Visitor(Protocol):
    """Somebody who uses the app over HTTP, with cookies of their own."""

    def request(self, method: str, path: str, *, json: Any = None) -> Answer: ...


class Window(Protocol):
    """The app in a browser."""

    def open(self, path: str) -> str:
        """What can be read on the page, once it is there."""
        ...

    def follow(self, word: str) -> str:
        """The same after a click on the link, tab or button that is called so; the page as it is without one."""
        ...

    def enter(self, button: str, values: Mapping[str, str]) -> str:
        """The same after filling in the form behind a button, by its labels."""
        ...


@dataclass
class App:
    """`visitor` is a stranger; `newcomer` makes another one."""

    visitor: Visitor
    newcomer: "NewVisitor"
    window: Window
    people: list[str] = field(default_factory=list[str])
    """Who has registered so far."""
    _schema: Json = field(default_factory=dict)

    @property
    def schema(self) -> Json:
        if not self._schema:
            answers = (self.visitor.request("GET", path) for path in DESCRIPTIONS)
            found = next((a for a in answers if a.status_code == 200), None)
            if found is None:
                raise Wrong("the API has no description")
            self._schema = found.json()
        return self._schema

    def collection(self, kind: str, visitor: Visitor | None = None) -> "Collection":
        """Where records of this kind are listed and added. Raises Wrong."""
        names = tuple(dict.fromkeys([*map(plain, plurals(kind)), plain(kind)]))
        found: dict[str, str] = {}
        for path, methods in self.schema["paths"].items():
            if "{" not in path and {"get", "post"} <= set(methods):
                found[plain(path.rstrip("/").rpartition("/")[2])] = path
        exact = [found[name] for name in names if name in found]
        near = [path for name, path in found.items() if name.endswith(names)]
        for path in [*exact, *near]:
            operation = self.schema["paths"][path]["post"]
            return Collection(self, path, operation, visitor or self.visitor)
        raise Wrong(f"the API has no {kind}s")

    def registered(self, name: str) -> Visitor:
        """Somebody new who has registered and is logged in."""
        visitor = self.newcomer()
        person = {
            "name": name,
            "email": f"{plain(name)}@example.org",
            "password": "a long secret 12",
        }
        for words in (("register", "signup"), ("login", "signin", "session", "token")):
            path = self._account_path(words)
            answer = visitor.request("POST", path, json=self._filled(path, person))
            if answer.status_code >= 400 and words[0] == "register":
                raise Wrong(f"registering answers {answer.status_code}")
        return visitor

    def _account_path(self, words: tuple[str, ...]) -> str:
        for path, methods in self.schema["paths"].items():
            if "post" in methods and any(word in plain(path) for word in words):
                return path
        raise Wrong(f"the API has nowhere to {words[0]}")

    def _filled(self, path: str, person: Mapping[str, str]) -> Json:
        known = self.properties(self.schema["paths"][path]["post"])
        aliases = {"username": person["email"], "full_name": person["name"]}
        return {name: value for name, value in {**aliases, **person}.items() if name in known}

    def properties(self, operation: Json) -> Json:
        """The fields that an operation takes."""
        content = operation.get("requestBody", {}).get("content", {})
        body = self.resolved(next(iter(content.values()), {}).get("schema", {}))
        return {name: self.resolved(each) for name, each in body.get("properties", {}).items()}

    def required(self, operation: Json) -> set[str]:
        content = operation.get("requestBody", {}).get("content", {})
        return set(
            self.resolved(next(iter(content.values()), {}).get("schema", {})).get("required", ())
        )

    def resolved(self, schema: Json) -> Json:
        """Without references, and without "or nothing"."""
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return self.resolved(self.schema["components"]["schemas"][name])
        some = [s for s in schema.get("anyOf", ()) if s.get("type") != "null"]
        return {**schema, **self.resolved(some[0])} if some else schema


class NewVisitor(Protocol):
    def __call__(self) -> Visitor: ...


@dataclass(frozen=True)
class Collection:
    """Records of one kind. Fields are named as the person named them."""

    app: App
    path: str
    operation: Json
    visitor: Visitor

    def key(self, name: str) -> str:
        """The API's name of a field. Raises Wrong."""
        known = self.app.properties(self.operation)
        wanted = plain(name)
        exact = [key for key in known if plain(key) in (wanted, f"{wanted}id", f"is{wanted}")]
        near = [key for key in known if wanted in plain(key)]
        if not (exact or near):
            raise Wrong(f"{self.path} has no field {name!r}")
        return (exact or near)[0]

    def has(self, name: str) -> bool:
        return any(plain(key) == plain(name) for key in self.app.properties(self.operation))

    def body(self, fields: Mapping[str, Any]) -> Json:
        """What is posted: these fields, and samples of the others that are required."""
        known = self.app.properties(self.operation)
        given = {self.key(name): value for name, value in fields.items()}
        needed = self.app.required(self.operation) - set(given)
        samples = {key: self._sample(key, known[key]) for key in sorted(needed)}
        return {**samples, **{key: spelled(value, known[key]) for key, value in given.items()}}

    def post(self, **fields: Any) -> Answer:
        return self.visitor.request("POST", self.path, json=self.body(fields))

    def add(self, **fields: Any) -> Json:
        """A new record. Raises Wrong."""
        answer = self.post(**fields)
        if answer.status_code not in (200, 201):
            raise Wrong(f"adding to {self.path} answers {answer.status_code}: {answer.text[:200]}")
        return answer.json()

    def one(self, record: Json) -> Json:
        answer = self.visitor.request("GET", f"{self.path}/{identity(record)}")
        if answer.status_code == 200:
            return answer.json()
        found = [one for one in self.all() if identity(one) == identity(record)]
        if not found:
            raise Wrong(f"what was added to {self.path} is not there")
        return found[0]

    def all(self) -> list[Json]:
        """Every record, page by page."""
        return list(self._pages())

    def _pages(self) -> Iterator[Json]:
        seen: set[str] = set()
        for number in range(1, MOST_PAGES + 1):
            answer = self.visitor.request("GET", f"{self.path}?page={number}")
            if answer.status_code != 200:
                raise Wrong(f"{self.path} answers {answer.status_code}")
            new = [one for one in records_in(answer.json()) if identity(one) not in seen]
            if not new:
                return
            seen |= {identity(one) for one in new}
            yield from new

    def change(self, record: Json, **fields: Any) -> Answer:
        known = self.app.properties(self.operation)
        given = {self.key(name): value for name, value in fields.items()}
        method = self.method("patch", "put")
        whole = {key: value for key, value in record.items() if key in known and method == "PUT"}
        body = {**whole, **{key: spelled(value, known[key]) for key, value in given.items()}}
        return self.visitor.request(method, self._of(record), json=body)

    def delete(self, record: Json) -> Answer:
        return self.visitor.request("DELETE", self._of(record))

    def method(self, *names: str) -> str:
        mine = next(
            (m for p, m in self.app.schema["paths"].items() if p.startswith(f"{self.path}/{{")), {}
        )
        return next((name.upper() for name in names if name in mine), names[0].upper())

    def _of(self, record: Json) -> str:
        return f"{self.path}/{identity(record)}"

    def _sample(self, key: str, schema: Json) -> Any:
        if key.endswith("_id"):
            return identity(self.app.collection(key[:-3], self.visitor).add())
        if "enum" in schema:
            return schema["enum"][0]
        low = schema.get("minimum", schema.get("exclusiveMinimum", 0))
        match schema.get("type"), schema.get("format"):
            case (("integer" | "number"), _):
                return low + 1
            case "boolean", _:
                return False
            case "array", _:
                return []
            case _, "date":
                return "2031-05-06"
            case _, "date-time":
                return "2031-05-06T10:00:00"
            case _, "email":
                return "sample@example.org"
            case _:
                return "Sample"


def spelled(value: Any, schema: Json) -> Any:
    """A value as the API takes it: choices in its own letters, days with an hour where it wants one."""
    if isinstance(value, str):
        if schema.get("type") == "array":
            return [value]
        if "enum" in schema:
            return next((one for one in schema["enum"] if plain(str(one)) == plain(value)), value)
        if schema.get("format") == "date-time" and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            return f"{value}T09:00:00"
    return value


def same(seen: Any, wanted: Any) -> bool:
    """Whether an answer shows a value: numbers as numbers, texts by their letters, days without the hour."""
    if isinstance(wanted, bool) or wanted is None:
        return seen == wanted
    try:
        return float(seen) == float(wanted)
    except (TypeError, ValueError):
        return plain(str(wanted)) in plain(str(seen))


def records_in(answer: Any) -> list[Json]:
    """A list as it is, or the one that stands in an object with its page and total."""
    if isinstance(answer, list):
        return answer
    return next((value for value in answer.values() if isinstance(value, list)), [])


def identity(record: Json) -> str:
    return str(record.get("id") or record.get("_id") or "")


def plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def plurals(kind: str) -> tuple[str, ...]:
    """How a word may be spelled as a path."""
    ends = ("s", "es", "")
    stem = kind.removesuffix("y")
    return (
        *(kind + end for end in ends),
        f"{stem}ies",
        {"person": "people", "child": "children"}.get(kind, kind),
    )
