"""What a wish is tried with. Each makes its own records, and leaves them: an app in use has some."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from evaluation.app import App, Collection, Json, identity, plain, same
from evaluation.task import Wish, Wrong

Fields = Mapping[str, Any]
REFUSED = range(400, 500)


def keeps(kind: str, /, **fields: Any) -> Wish:
    """A record with these fields is stored, found again, and deleted."""

    def holds(app: App) -> None:
        records = app.collection(kind)
        record = records.add(**fields)
        expect(records, records.one(record), fields)
        if identity(record) not in {identity(one) for one in records.all()}:
            raise Wrong(f"the list of {kind}s does not have it")
        answer = records.delete(record)
        if answer.status_code not in (200, 202, 204):
            raise Wrong(f"deleting answers {answer.status_code}")
        if identity(record) in {identity(one) for one in records.all()}:
            raise Wrong("what was deleted is still in the list")

    return Wish(f"keeps {kind}: {', '.join(named(fields))}", holds)


def changes(kind: str, was: Fields, now: Fields) -> Wish:
    """A field can be changed, and the others stay."""

    def holds(app: App) -> None:
        records = app.collection(kind)
        record = records.add(**was)
        answer = records.change(record, **now)
        if answer.status_code != 200:
            raise Wrong(f"changing answers {answer.status_code}: {answer.text[:200]}")
        expect(records, records.one(record), {**was, **now})

    return Wish(f"changes {kind}: {', '.join(named(now))}", holds)


def refuses(kind: str, good: Fields, bad: Fields) -> Wish:
    """`good` is taken, the same with `bad` is not, and leaves nothing behind."""

    def holds(app: App) -> None:
        records = app.collection(kind)
        records.delete(records.add(**good))
        number = len(records.all())
        refused(records.post(**{**good, **bad}).status_code, bad)
        if len(records.all()) != number:
            raise Wrong("what was refused is in the list")

    return Wish(f"refuses {kind}: {told(bad)}", holds)


def refuses_second(
    kind: str, first: Fields, second: Fields, *, to: str = "", third: Fields | None = None
) -> Wish:
    """`second` is refused beside `first`, `third` is not; all of them belong to one record of kind `to`."""

    def holds(app: App) -> None:
        records = app.collection(kind)
        of = {to: identity(app.collection(to).add())} if to else {}
        records.add(**of, **first)
        refused(records.post(**of, **second).status_code, second)
        if third is not None:
            records.add(**of, **third)

    return Wish(f"refuses a second {kind}: {told(second)}", holds)


def holds_at_most(kind: str, number: int, to: str, /, **place: Any) -> Wish:
    """One `to` takes so many records of this kind and no more."""

    def holds(app: App) -> None:
        records = app.collection(kind)
        of = {to: identity(app.collection(to).add(**place))}
        for _ in range(number):
            records.add(**of)
        refused(records.post(**of).status_code, {"one too many": number + 1})

    return Wish(f"at most {number} {kind}s for one {to}", holds)


def refuses_change(kind: str, was: Fields, bad: Fields, good: Fields) -> Wish:
    """A record that was `was` may become `good` and not `bad`."""

    def holds(app: App) -> None:
        records = app.collection(kind)
        record = records.add(**was)
        refused(records.change(record, **bad).status_code, bad)
        expect(records, records.one(record), was)
        if records.change(record, **good).status_code != 200:
            raise Wrong(f"{told(good)} is refused, too")

    return Wish(f"refuses to change {kind} to {told(bad)}", holds)


def in_order(kind: str, field: str, first: str, second: str) -> Wish:
    """The page of these records shows `first` above `second`, whenever they were added."""

    def holds(app: App) -> None:
        records = app.collection(kind)
        for value in (second, first):
            records.add(**{field: value})
        page = app.window.open(page_of(records))
        readable(page, [first, second])
        if page.index(first) > page.index(second):
            raise Wrong(f"{second} comes before {first}")

    return Wish(f"{kind}s are sorted by {field}", holds)


def signed_in(wish: Wish) -> Wish:
    """The same, tried by somebody who has registered."""

    def holds(app: App) -> None:
        (name,) = fresh(app, "Dora")
        wish.holds(replace(app, visitor=app.registered(name)))

    return Wish(f"{wish.text} (signed in)", holds)


def refers(kind: str, to: str, /, **fields: Any) -> Wish:
    """Records of this kind belong to one of another, which must be there."""

    def holds(app: App) -> None:
        records = app.collection(kind)
        target = identity(app.collection(to).add())
        record = records.one(records.add(**{to: target}, **fields))
        if str(record.get(records.key(to))) != target:
            raise Wrong(f"the {kind} does not say its {to}")
        missing = target[:-1] + ("0" if target[-1] != "0" else "1")
        refused(records.post(**{to: missing}, **fields).status_code, {to: "one that is not there"})

    return Wish(f"{kind} belongs to {to}", holds)


def works_out(kind: str, field: str, expected: float, /, **fields: Any) -> Wish:
    """A record shows a figure that nobody entered."""

    def holds(app: App) -> None:
        records = app.collection(kind)
        figure(records.one(records.add(**fields)), field, expected)

    return Wish(f"works out {field} of {kind}", holds)


def adds_up(kind: str, field: str, expected: float, of: str, parts: Sequence[Fields]) -> Wish:
    """A record shows a figure over the records that belong to it."""

    def holds(app: App) -> None:
        records = app.collection(kind)
        record = records.add()
        for part in parts:
            app.collection(of).add(**{kind: identity(record)}, **part)
        figure(records.one(record), field, expected)

    return Wish(f"adds up {field} of {kind} from {of}s", holds)


def shows(kind: str, /, *texts: str, after: str = "", **fields: Any) -> Wish:
    """The page of these records shows one that was added, and these words; `after` a click on that word."""

    def holds(app: App) -> None:
        records = app.collection(kind)
        records.add(**fields)
        page = app.window.open(page_of(records))
        page = app.window.follow(after) if after else page
        names = [] if after else [value for value in fields.values() if isinstance(value, str)]
        readable(page, [*texts, *names])

    return Wish(
        f"shows {kind}: {', '.join([after] * bool(after) + [*texts, *named(fields)])}", holds
    )


def enters(kind: str, /, **labels: str) -> Wish:
    """Somebody adds a record in the browser, by the labels of the form, and sees it after a reload."""

    def holds(app: App) -> None:
        records = app.collection(kind)
        app.window.open(page_of(records))
        app.window.enter(kind, labels)
        texts = [value for value in labels.values() if not value.replace(".", "").isdigit()]
        readable(app.window.open(page_of(records)), texts[:1])
        key = records.key(next(iter(labels)))
        if not any(same(one.get(key), next(iter(labels.values()))) for one in records.all()):
            raise Wrong("what was entered is not in the API's list")

    return Wish(f"enters {kind} in the browser", holds)


def says(*texts: str) -> Wish:
    """The first page says so."""

    def holds(app: App) -> None:
        readable(app.window.open("/"), texts)

    return Wish(f"says {', '.join(texts)}", holds)


def lacks(kind: str, field: str) -> Wish:
    """The field is gone."""

    def holds(app: App) -> None:
        records = app.collection(kind)
        if records.has(field):
            raise Wrong(f"{kind} still has {field}")
        records.add()

    return Wish(f"{kind} has no {field} any more", holds)


def no_longer(kind: str) -> Wish:
    def holds(app: App) -> None:
        try:
            app.collection(kind)
        except Wrong:
            return
        raise Wrong(f"there are still {kind}s")

    return Wish(f"there are no {kind}s any more", holds)


def closed_to_strangers(kind: str) -> Wish:
    """Without a login nothing is shown and nothing taken."""

    def holds(app: App) -> None:
        records = app.collection(kind)
        seen = app.newcomer().request("GET", records.path).status_code
        if seen not in (401, 403):
            raise Wrong(f"a stranger's GET answers {seen}")
        taken = app.newcomer().request("POST", records.path, json={}).status_code
        if taken not in REFUSED:
            raise Wrong(f"a stranger's POST answers {taken}")

    return Wish(f"{kind}s are closed to strangers", holds)


def private(kind: str, /, **fields: Any) -> Wish:
    """Two people each see only what they added themselves. The first who registers may be an administrator."""

    def holds(app: App) -> None:
        people = [app.registered(name) for name in fresh(app, "Ann", "Bea", "Cleo")][1:]
        mine = app.collection(kind, people[0])
        record = mine.add(**fields)
        theirs = app.collection(kind, people[1])
        if identity(record) in {identity(one) for one in theirs.all()}:
            raise Wrong(f"somebody else sees the {kind}")
        if theirs.visitor.request("GET", f"{theirs.path}/{identity(record)}").status_code == 200:
            raise Wrong(f"somebody else opens the {kind} by its id")
        if identity(record) not in {identity(one) for one in mine.all()}:
            raise Wrong(f"who added the {kind} does not see it")

    return Wish(f"{kind}s are private: {', '.join(named(fields))}", holds)


def open_to_readers(kind: str) -> Wish:
    """Anybody may read, nobody may add without a login."""

    def holds(app: App) -> None:
        records = app.collection(kind, app.newcomer())
        records.all()
        if records.visitor.request("POST", records.path, json={}).status_code not in (401, 403):
            raise Wrong("a stranger may add")

    return Wish(f"anybody reads {kind}s, adding needs a login", holds)


def fresh(app: App, *names: str) -> list[str]:
    """Names that nobody of an earlier check has."""
    app.people.append(names[0])
    return [f"{name} {len(app.people)}" for name in names]


def expect(records: Collection, record: Json, fields: Fields) -> None:
    for name, wanted in fields.items():
        seen = record.get(records.key(name))
        if not same(seen, wanted):
            raise Wrong(f"{name} was {wanted!r} and is {seen!r}")


def figure(record: Json, field: str, expected: float) -> None:
    found = [value for key, value in record.items() if plain(field) in plain(key)]
    if not found:
        raise Wrong(f"there is no {field}")
    if not any(same(value, expected) for value in found):
        raise Wrong(f"{field} is {found[0]!r} and should be {expected}")


def refused(status: int, what: Fields) -> None:
    if status not in REFUSED or status in (401, 404, 405):
        raise Wrong(f"{told(what)} answers {status}")


def readable(page: str, texts: Sequence[str]) -> None:
    read = plain(page)
    for text in texts:
        if plain(text) not in read:
            raise Wrong(f"the page does not say {text!r}")


def page_of(records: Collection) -> str:
    return "/" + records.path.rstrip("/").rpartition("/")[2]


def named(fields: Fields) -> list[str]:
    return [name.replace("_", " ") for name in fields]


def told(fields: Fields) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {value!r}" for name, value in fields.items())
