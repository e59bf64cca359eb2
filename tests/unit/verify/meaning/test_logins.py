import json
from collections.abc import Mapping
from typing import Any, cast

import pytest

from stackwright.sandbox.base import HttpAnswer, Sandbox
from stackwright.verify.environment import AppAddress, Login, Person
from stackwright.verify.meaning.logins import login_problems
from stackwright.verify.openapi import described
from stackwright.verify.records import AppApi

SCHEMA: dict[str, Any] = {
    "paths": {
        "/api/notes": {"get": {}},
        "/api/session": {"post": {}, "delete": {}},
        "/api/public": {"get": {}},
    }
}
APP = AppAddress(1, 2, "http://127.0.0.1:1", "proof")
BODY = {"name": "Ann", "passphrase": "a long secret"}
PEOPLE = (Person("ann", "", {}, (Login("/api/register", BODY), Login("/api/session", BODY))),)


class Door:
    """An app over HTTP with a login, and one mistake by its name."""

    def __init__(self, mistake: str) -> None:
        self.mistake = mistake
        self.secret = BODY["passphrase"]
        self.sessions: set[str] = set()

    async def request(
        self,
        _port: int,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        body: bytes | None = None,
        **_: Any,
    ) -> HttpAnswer:
        sent = dict(one.split("=", 1) for one in headers.get("cookie", "").split("; ") if one)
        session = sent.get("desk", "")
        if (method, path) == ("POST", "/api/session"):
            return self._signed_in(json.loads(body or b"{}"))
        if (method, path) == ("POST", "/api/register"):
            return self._registered(json.loads(body or b"{}"))
        if (method, path) == ("DELETE", "/api/session"):
            return self._signed_out(session)
        is_open = session in self.sessions or path == "/api/public"
        return HttpAnswer(200 if is_open else 401, {}, b"[]")

    def _registered(self, body: Mapping[str, str]) -> HttpAnswer:
        if self.mistake == "again":
            self.secret = body["passphrase"]
        if self.mistake not in ("again", "same", "namesakes"):
            return HttpAnswer(409, {}, b"{}")
        made = "ann" if self.mistake == "same" else "another"
        return HttpAnswer(201, {}, json.dumps({"id": made}).encode())

    def _signed_in(self, body: Mapping[str, str]) -> HttpAnswer:
        start, end = body["passphrase"][:4], body["passphrase"][4:]
        if self.mistake in ("start", "end"):
            is_right = start == "a lo" if self.mistake == "start" else end == "ng secret"
        else:
            is_right = body["passphrase"] == self.secret
        if not is_right and self.mistake not in ("any", "says"):
            return HttpAnswer(401, {}, b"{}")
        if body != BODY and self.mistake == "says":
            return HttpAnswer(200, {}, b'{"error": "wrong"}', ("flash=wrong; Max-Age=0",))
        session = f"s{len(self.sessions)}"
        self.sessions.add(session)
        attributes = {"readable": "SameSite=Lax", "sent": "HttpOnly; SameSite=None; Secure"}
        kept = f"desk={session}; {attributes.get(self.mistake, 'HttpOnly')}"
        return HttpAnswer(200, {}, b'{"name": "Ann", "id": "ann"}', (kept, "csrf=1; SameSite=Lax"))

    def _signed_out(self, session: str) -> HttpAnswer:
        if self.mistake not in ("stays", "forgets"):
            self.sessions.discard(session)
        forgets = ('desk=""; Max-Age=0',) if self.mistake == "forgets" else ()
        return HttpAnswer(204, {}, b"", forgets)


async def found(mistake: str) -> list[str]:
    api = AppApi(cast(Sandbox, Door(mistake)), 2, described(SCHEMA))
    return await login_problems(api, APP, PEOPLE)


@pytest.mark.parametrize(
    "sound",
    [
        pytest.param("none", id="sound"),
        pytest.param("says", id="says with 200 that it was wrong"),
        pytest.param("forgets", id="only the browser forgets the session"),
        pytest.param("namesakes", id="two people may have the same name"),
    ],
)
async def test_a_login_that_keeps_others_out_is_sound(sound: str) -> None:
    assert await found(sound) == []


@pytest.mark.parametrize("mistake", ["any", "start", "end"])
async def test_a_wrong_secret_must_not_let_in(mistake: str) -> None:
    (problem,) = await found(mistake)
    assert problem.startswith("POST /api/session lets ann in with a wrong passphrase as well.")


@pytest.mark.parametrize("mistake", ["again", "same"])
async def test_who_signs_up_under_a_name_that_is_taken_must_not_have_the_account(
    mistake: str,
) -> None:
    (problem, *_) = await found(mistake)
    assert problem.startswith(
        "POST /api/register with what ann signed up with and another passphrase"
    )


async def test_signing_out_must_end_the_session() -> None:
    (problem,) = await found("stays")
    assert "After DELETE /api/session the same cookie still opens GET /api/notes" in problem


@pytest.mark.parametrize(
    ("mistake", "why"), [("readable", "can be read by scripts"), ("sent", "by every web site")]
)
async def test_the_cookie_of_a_login_is_kept_from_scripts_and_other_sites(
    mistake: str, why: str
) -> None:
    (problem,) = await found(mistake)
    assert problem.startswith("The cookie 'desk', which opens GET /api/notes,")
    assert why in problem
