"""Lists stay fast, and exports whole, when there is more in them than on the first day."""

import csv
import io
import re
import time

from stackwright.verify.check import Subject, Verdict, failed, passed
from stackwright.verify.environment import EnvironmentFailed
from stackwright.verify.machine import patience, read_pressure
from stackwright.verify.meaning.nested import add_nested, nested_actions
from stackwright.verify.openapi import Resource
from stackwright.verify.records import (
    Answer,
    ApiFault,
    AppApi,
    LoginWanted,
    TemporaryRecords,
    id_of,
    read_api,
    records_in,
)

RECORDS = 2_000
LIMIT_S = 2.0
TIMES = 3
PAGE_SIZES = frozenset({10, 15, 20, 25, 30, 40, 50, 100, 200, 250, 500, 1000})
"""An export that holds just so many records of more holds a page of them. Another number may be that of
groups, or of those that the export is about."""
MAX_EXPORT_CHARS = 1_000_000
_EXPORT = re.compile(r"export|download|csv|backup", re.IGNORECASE)


async def lists_are_fast(subject: Subject) -> Verdict:
    """Leaves the proof's database empty."""
    try:
        api = await read_api(subject.sandbox, subject.app.backend_port, subject.environment.cookie)
        temporary = TemporaryRecords(api, may_stay=True)
        for resource in api.description.resources:
            if resource.create is not None:
                await _make(temporary, resource)
        await subject.environment.multiply(RECORDS)
        # figures over all records are no lists: 2,000 rooms with 2,000 bookings are nobody's
        lists = [one.collection for one in api.description.resources if one.can_list]
        seconds = {path: await _seconds(api, path) for path in lists}
        limit_s = LIMIT_S * patience(await read_pressure(subject.sandbox))
        short = await short_exports(api)
        await subject.environment.reset()
    except EnvironmentFailed as error:
        return failed(str(error))
    except ApiFault as fault:
        return failed(
            f"{fault}\nThere are {RECORDS} records in the database: read a page at a time."
        )
    slow = [
        f"GET {path} takes {took:.1f} s with {RECORDS} records in the database: read a page at a "
        "time, and ask the database once instead of once per record."
        for path, took in seconds.items()
        if took > limit_s
    ]
    if slow or short:
        return failed("\n".join([*slow, *short]))
    slowest = max(seconds.values(), default=0.0)
    return passed(f"at most {slowest:.2f} s with {RECORDS} records")


async def short_exports(api: AppApi) -> list[str]:
    """What is wrong with the exports that can be asked for without arguments. Raises ApiFault."""
    told: list[str] = []
    for path in filter(_EXPORT.search, api.description.plain_gets):
        try:
            answer = await api.ask("GET", path)
        except LoginWanted:
            continue
        count = rows_in(answer) if answer.ok else 0
        if count in PAGE_SIZES:
            told.append(
                f"GET {path} holds {count} of {RECORDS} records: an export holds all, not a page of them."
            )
    return told


def rows_in(answer: Answer) -> int:
    """How many records a file holds: of JSON those of its list, else its lines without the first."""
    if answer.value is not None:
        return len(records_in(answer.value) or [])
    if len(answer.text) > MAX_EXPORT_CHARS:
        return 0
    try:
        return max(sum(1 for _ in csv.reader(io.StringIO(answer.text))) - 1, 0)
    except csv.Error:
        return 0


async def _make(temporary: TemporaryRecords, resource: Resource) -> None:
    """One record, and one of each thing that can be added to it."""
    try:
        _, record = await temporary.make(resource)
        for action in nested_actions(temporary.api, resource):
            await add_nested(temporary, action, id_of(record) or "")
    except (ApiFault, LoginWanted):  # the check of the API tells what is wrong there
        return


async def _seconds(api: AppApi, path: str) -> float:
    """The quickest of some times: the others say more about the machine."""
    best = LIMIT_S * 100
    for _ in range(TIMES):
        started = time.monotonic()
        try:
            await api.ask("GET", path)
        except LoginWanted:
            return 0.0
        best = min(best, time.monotonic() - started)
        if best < LIMIT_S:
            break
    return best
