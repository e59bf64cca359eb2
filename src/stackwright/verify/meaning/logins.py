"""A login lets in who knows the secret and nobody else, nobody signs up as somebody who is there, the cookie
is kept from scripts and other sites, and signing out ends it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from stackwright.sandbox.base import HttpAnswer
from stackwright.verify.environment import AppAddress, Login, Person
from stackwright.verify.openapi import Schema
from stackwright.verify.records import ApiFault, AppApi, LoginWanted, as_object, id_of

MAX_LOGINS, MAX_DOORS = 4, 12
TIMEOUT_S = 20
_SECRET = re.compile(r"pass(?:word|phrase|code|wd)?$|^(?:pin|secret)$", re.IGNORECASE)
_LOGS_IN = re.compile(
    r"(?:log|sign)[-_]?in|\b(?:sessions?|auth|token|enter|unlock)$", re.IGNORECASE
)
_LOGS_OUT = re.compile(r"(?:log|sign)[-_]?(?:out|off)$", re.IGNORECASE)
_SESSION = re.compile(r"\b(?:sessions?|log-?in)$", re.IGNORECASE)
_DELETES = re.compile(r"max-age=0\b|\b1970\b|^[^=]+=\"*(?:;|$)", re.IGNORECASE)
"""A Set-Cookie by which the browser forgets it."""


async def login_problems(api: AppApi, app: AppAddress, people: Sequence[Person]) -> list[str]:
    """Tried with what was sent while people logged in. New sessions stay in the database."""
    logins = {
        login.path: (person, login, key)
        for person in people
        for login in person.logins
        if _LOGS_IN.search(login.path) and (key := _secret_of(login.body))
    }
    found: list[str] = []
    for person, login, key in [*logins.values()][:MAX_LOGINS]:
        right = await _log_in(api, app, login)
        if not _is_ok(right):
            continue
        found.append(await _with_a_wrong_secret(api, app, person, login, key, right))
        found.append(await _signs_up_again(api, app, person, login, right))
        signed_in = api.as_person(_header_of(_kept(right)))
        door = await _door(api.as_person(""), signed_in) if signed_in.cookie else None
        if door is not None:
            found.append(await _loose_cookie(signed_in, right, door))
            found.append(await _stays_signed_in(signed_in, door))
    return [problem for problem in found if problem]


def _secret_of(body: Mapping[str, Any]) -> str | None:
    return next(
        (name for name, value in body.items() if isinstance(value, str) and _SECRET.search(name)),
        None,
    )


async def _with_a_wrong_secret(
    api: AppApi, app: AppAddress, person: Person, login: Login, key: str, right: HttpAnswer
) -> str:
    """Whether one wrong letter, at either end, goes through; "" when it does not."""
    for secret in _wrong_secrets(login.body[key]):
        wrong = await _log_in(api, app, Login(login.path, {**login.body, key: secret}))
        if _lets_in(wrong, right):
            return (
                f"POST {login.path} lets {person.name} in with a wrong {key} as well. Compare all of it "
                "with the one that was set."
            )
    return ""


def _wrong_secrets(right: str) -> Iterator[str]:
    """Of the same shape: what is refused for its shape says nothing of how it is compared."""
    yield right[:-1] + _other(right[-1:])
    yield _other(right[:1]) + right[1:]


def _other(letter: str) -> str:
    if letter.isdecimal():
        return str((int(letter) + 1) % 10)
    return ("b" if letter != "b" else "c") if letter.islower() else "B" if letter != "B" else "C"


async def _signs_up_again(
    api: AppApi, app: AppAddress, person: Person, login: Login, right: HttpAnswer
) -> str:
    """Whether a stranger who signs up under somebody's name has their account; "" when not."""
    for way in person.logins:
        key = _secret_of(way.body)
        if key is None or _LOGS_IN.search(way.path):
            continue
        secret = next(_wrong_secrets(way.body[key]))
        again = await _log_in(api, app, Login(way.path, {**way.body, key: secret}))
        if not _is_ok(again):
            continue
        is_same = _id_in(again) is not None and _id_in(again) == _id_in(right)
        if is_same or not _is_ok(await _log_in(api, app, login)):
            return (
                f"POST {way.path} with what {person.name} signed up with and another {key} gives away "
                f"{person.name}'s account. Refuse who signs up under a name that is taken."
            )
    return ""


def _id_in(answer: HttpAnswer) -> str | None:
    try:
        return id_of(orjson.loads(answer.body))
    except orjson.JSONDecodeError:
        return None


async def _log_in(api: AppApi, app: AppAddress, login: Login) -> HttpAnswer:
    """As the app's own page asks, without cookies."""
    return await api.sandbox.request(
        app.frontend_port,
        "POST",
        login.path,
        headers={"content-type": "application/json", "origin": app.origin},
        body=orjson.dumps(login.body),
        timeout_s=TIMEOUT_S,
    )


def _is_ok(answer: HttpAnswer) -> bool:
    return 200 <= answer.status < 300


def _lets_in(answer: HttpAnswer, right: HttpAnswer) -> bool:
    """Some apps answer 200 and say in the body that it was wrong."""
    if not _is_ok(answer):
        return False
    if right.set_cookies:
        return bool(_kept(answer))
    return _names_in(answer) == _names_in(right)


def _names_in(answer: HttpAnswer) -> set[str]:
    try:
        return set(as_object(orjson.loads(answer.body)) or ())
    except orjson.JSONDecodeError:
        return set()


def _kept(answer: HttpAnswer) -> list[str]:
    """The Set-Cookie headers of what a browser keeps."""
    return [one for one in answer.set_cookies if not _DELETES.search(one)]


def _header_of(cookies: Iterable[str]) -> str:
    """The header by which a browser sends them back."""
    return "; ".join(one.partition(";")[0] for one in cookies)


async def _loose_cookie(person: AppApi, login: HttpAnswer, door: str) -> str:
    """Whether who is logged in is told by a cookie that scripts can read or other sites may send; "" when
    it is not. A second cookie, as against forged requests, opens nothing by itself."""
    kept = _kept(login)
    for looks_loose, problem in (
        (_is_readable, "can be read by scripts: set it with HttpOnly"),
        (_is_sent_by_all, "is sent along by every web site: set it with SameSite=Lax"),
    ):
        firm = [one for one in kept if not looks_loose(one)]
        if len(firm) < len(kept) and not await _opens(person.as_person(_header_of(firm)), door):
            name = next(one for one in kept if looks_loose(one)).partition("=")[0]
            return f"The cookie {name!r}, which opens GET {door}, {problem}."
    return ""


def _attributes(cookie: str) -> set[str]:
    return {part.strip().lower() for part in cookie.split(";")[1:]}


def _is_readable(cookie: str) -> bool:
    return "httponly" not in _attributes(cookie)


def _is_sent_by_all(cookie: str) -> bool:
    return "samesite=none" in _attributes(cookie)


async def _stays_signed_in(person: AppApi, door: str) -> str:
    """What is closed to strangers and open with the cookies of a session that was left; "" for nothing."""
    for method, path in _ways_out(person.description.root):
        left = await person.sandbox.request(
            person.port, method, path, headers={"cookie": person.cookie}, timeout_s=TIMEOUT_S
        )
        forgets = any(map(_DELETES.search, left.set_cookies))
        if _is_ok(left) and not forgets and await _opens(person, door):
            return (
                f"After {method} {path} the same cookie still opens GET {door}. End the session and "
                "delete its cookie."
            )
    return ""


async def _door(stranger: AppApi, person: AppApi) -> str | None:
    """A reading that only people who are logged in may do."""
    paths = [one.collection for one in stranger.description.resources if one.can_list]
    for path in dict.fromkeys([*paths, *stranger.description.plain_gets][:MAX_DOORS]):
        if not await _opens(stranger, path) and await _opens(person, path):
            return path
    return None


async def _opens(api: AppApi, path: str | None) -> bool:
    try:
        return path is not None and (await api.ask("GET", path)).ok
    except (ApiFault, LoginWanted):
        return False


def _ways_out(root: Schema) -> Iterator[tuple[str, str]]:
    for path, operations in (as_object(root.get("paths")) or {}).items():
        if "{" in path:
            continue
        for method in as_object(operations) or {}:
            ends = _LOGS_OUT if method.lower() in ("post", "get") else _SESSION
            if method.lower() in ("post", "get", "delete") and ends.search(path):
                yield method.upper(), path
