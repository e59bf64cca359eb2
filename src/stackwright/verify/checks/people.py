"""The people of the app can log in, as `acceptance/actors.py` says; the checks after it act as them."""

import re
from collections.abc import Sequence
from typing import Any, cast

import orjson

from stackwright.sandbox.base import WORKSPACE_ROOT, CommandResult, SandboxFileMissing
from stackwright.verify.browser import BrowserFailed
from stackwright.verify.check import Subject, Verdict, failed, passed
from stackwright.verify.environment import EnvironmentFailed, Login, Person
from stackwright.verify.records import ApiFault, LoginWanted, as_object, read_api
from stackwright.verify.witnesses.runner import WitnessRunner, WitnessTarget
from stackwright.verify.witnesses.shape import ACTORS, MAX_BYTES, actors_problems

_PATH = f"{WORKSPACE_ROOT}/acceptance/{ACTORS}"
MAX_PEOPLE = 8
MAX_LOGINS = 10
_IS_PATH = re.compile(r"/[\x21-\x7e]{0,200}")


class LoginFailed(Exception):
    """Somebody cannot log in; the text says who, and why."""


async def people_log_in(subject: Subject) -> Verdict:
    """Leaves in the proof's database what the logins made; emptying it brings that back."""
    try:
        await subject.browser.become(None)
        await subject.environment.forget_people()
        people = await _logged_in(subject)
        await subject.environment.keep_people(people)
        await subject.browser.become(people[-1].state if people else None)
        unnamed = None if people else await _what_wants_a_login(subject)
    except (LoginFailed, BrowserFailed, EnvironmentFailed, ApiFault) as error:
        return failed(str(error))
    if unnamed is not None:
        return failed(
            f"{unnamed}, but acceptance/{ACTORS} names nobody, so that nothing behind the login can be "
            "looked at. Write there how each kind of person logs in, who may do most last."
        )
    return passed(", ".join(one.name for one in people) or "nobody logs in")


async def _logged_in(subject: Subject) -> tuple[Person, ...]:
    try:
        actors = await subject.sandbox.read(_PATH, max_bytes=MAX_BYTES)
    except (SandboxFileMissing, ValueError):
        return ()
    if problems := actors_problems(actors):
        raise LoginFailed(f"acceptance/{ACTORS}: {'; '.join(problems)}.")
    target = WitnessTarget(
        app=subject.app,
        browser_port=await subject.browser.debugging_port(),
        token=subject.environment.token,
    )
    runner = WitnessRunner(subject.sandbox, subject.library, subject.marks)
    return people_of(await runner.log_in({ACTORS: actors}, target))


def people_of(told: CommandResult) -> tuple[Person, ...]:
    """Those who logged in, as the library printed them. Raises LoginFailed."""
    lines = [as_object(_json(line)) for line in told.stdout.splitlines()]
    found = [line for line in lines if line is not None and isinstance(line.get("name"), str)]
    for line in found:
        if "error" in line:
            raise LoginFailed(f"{line['name']} cannot log in: {str(line['error'])[:600]}")
    if told.timed_out:
        raise LoginFailed("To log everybody in did not end in time.")
    if told.exit_code != 0:
        said = (told.stderr or told.stdout)[-800:]
        raise LoginFailed(f"acceptance/{ACTORS} cannot be used: {said}")
    return tuple(
        Person(
            line["name"][:80],
            _cookie(line["state"].get("cookies", ())),
            line["state"],
            _logins(line.get("sent")),
        )
        for line in found[:MAX_PEOPLE]
        if isinstance(line.get("state"), dict)
    )


def _logins(sent: Any) -> tuple[Login, ...]:
    told = [as_object(one) or {} for one in cast(list[Any], sent if isinstance(sent, list) else [])]
    return tuple(
        Login(path, body)
        for one in told[:MAX_LOGINS]
        if isinstance(path := one.get("path"), str)
        and _IS_PATH.fullmatch(path)
        and (body := as_object(one.get("body")))
    )


def _json(line: str) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return None


def _cookie(cookies: Sequence[Any]) -> str:
    pairs = [as_object(one) or {} for one in cookies]
    return "; ".join(f"{one.get('name')}={one.get('value')}" for one in pairs)


async def _what_wants_a_login(subject: Subject) -> str | None:
    """The first reading that is refused to strangers."""
    api = await read_api(subject.sandbox, subject.app.backend_port)
    for resource in api.description.resources:
        if not resource.can_list:
            continue
        try:
            await api.ask("GET", resource.collection)
        except LoginWanted as wanted:
            return str(wanted)
        except ApiFault:  # the check of the API tells
            continue
    return None
