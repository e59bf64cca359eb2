import json

import pytest

from stackwright.sandbox.base import CommandResult
from stackwright.verify.checks.people import LoginFailed, people_of
from stackwright.verify.environment import Login
from stackwright.verify.machine import has_timed_out

STATE = {"cookies": [{"name": "session", "value": "abc"}, {"name": "lang", "value": "en"}]}


def told(*lines: object, exit_code: int = 0, stderr: str = "") -> CommandResult:
    return CommandResult(exit_code, "\n".join(map(json.dumps, lines)), stderr)


def test_who_logged_in_is_known_by_all_their_cookies() -> None:
    (person,) = people_of(told({"name": "staff", "state": STATE}))
    assert (person.name, person.cookie) == ("staff", "session=abc; lang=en")
    assert person.state == STATE


def test_what_the_apps_author_prints_beside_it_is_passed_over() -> None:
    assert people_of(told("hello", ["name"], {"name": 7}, {"name": "ann", "state": "none"})) == ()


def test_what_was_posted_for_a_login_is_known() -> None:
    login = {"path": "/api/session", "body": {"name": "Ann", "pin": "1234"}}
    strange = [
        {"path": "http://elsewhere", "body": {"pin": "1"}},
        {"path": "/a b", "body": {"a": 1}},
        7,
    ]
    (person,) = people_of(told({"name": "ann", "state": STATE, "sent": [*strange, login]}))
    assert person.logins == (Login("/api/session", {"name": "Ann", "pin": "1234"}),)


def test_who_cannot_log_in_is_named() -> None:
    with pytest.raises(LoginFailed, match="staff cannot log in: AssertionError: no"):
        people_of(told({"name": "staff", "error": "AssertionError: no"}))


def test_logins_that_take_too_long_are_told_as_that() -> None:
    with pytest.raises(LoginFailed) as told_so:
        people_of(CommandResult(-1, "", "", timed_out=True))
    assert has_timed_out(str(told_so.value))


def test_a_file_that_cannot_be_run_says_why() -> None:
    with pytest.raises(LoginFailed, match="NameError: nobody"):
        people_of(told(exit_code=1, stderr="NameError: nobody"))
