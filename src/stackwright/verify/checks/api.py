"""Every resource that the API's schema describes does what it says, seen from outside."""

from stackwright.verify.check import Subject, Verdict, failed, passed
from stackwright.verify.environment import PREVIEW, EnvironmentFailed
from stackwright.verify.meaning.limits import try_limits, try_unknown_fields
from stackwright.verify.meaning.lists import try_lists
from stackwright.verify.meaning.nested import nested_in_database, try_leaving_nothing, try_nested
from stackwright.verify.meaning.records import (
    try_actions,
    try_changes,
    try_deleting,
    try_little,
    try_reading,
    try_storing,
    try_texts,
)
from stackwright.verify.meaning.references import (
    try_deleting_what_is_referred_to,
    try_references,
)
from stackwright.verify.meaning.rules import try_rules_when_changing
from stackwright.verify.meaning.trial import Trial
from stackwright.verify.records import (
    UNKNOWN_ID,
    ApiFault,
    AppApi,
    LoginWanted,
    TemporaryRecords,
    id_of,
    read_api,
)


async def api_works(subject: Subject) -> Verdict:
    """Leaves no record behind, except where nothing deletes one and the database is the proof's."""
    notes: list[str] = []
    problems: list[str] = []
    try:
        api = await read_api(subject.sandbox, subject.app.backend_port, subject.environment.cookie)
        may_stay = subject.app != PREVIEW
        await _read_all(api, notes, problems)
        for resource in api.description.resources:
            trial = Trial(TemporaryRecords(api, may_stay=may_stay), resource, problems)
            if subject.environment.was_started:
                trial.holding = subject.environment.holding
                trial.holdings = subject.environment.holdings
            seen = await _exercise(trial, may_stay=may_stay)
            notes.append(f"{resource.name}: {seen}")
    except (ApiFault, EnvironmentFailed) as fault:
        problems.append(str(fault))
    if problems:
        log = await subject.environment.logs("backend")
        told = "\n".join(dict.fromkeys(problems))
        return failed(f"{told}\n\nThe backend's log ends:\n{log[-1500:]}")
    return passed("; ".join(notes) or "no resources yet")


async def _read_all(api: AppApi, notes: list[str], problems: list[str]) -> None:
    """What can be read without arguments, while the database is empty."""
    for path in api.description.plain_gets:
        try:
            await api.ask("GET", path)
        except LoginWanted as wanted:
            notes.append(str(wanted))
        except ApiFault as fault:
            problems.append(str(fault))


async def _exercise(trial: Trial, *, may_stay: bool) -> str:
    resource = trial.resource
    try:
        await _refuse_unknown(trial)
        if resource.create is None or not (resource.can_delete or may_stay):
            return "read only" if resource.create is None else "not tried: nothing deletes a record"
        await _refuse_nothing(trial)
        trial.sent, record = await trial.temporary.make(resource)
        trial.record_id = id_of(record) or ""
        return ", ".join(await _try_all(trial))
    except LoginWanted:
        return "wants a login, not tried"
    except ApiFault as fault:
        trial.add(str(fault))
        return "failed"
    finally:
        await trial.attempt(trial.temporary.remove_all())


async def _try_all(trial: Trial) -> list[str]:
    """What was done. Reading comes first: later probes change the record."""
    resource = trial.resource
    done = ["created"]
    await trial.attempt(try_storing(trial))
    if resource.can_get or resource.can_list:
        await trial.attempt(try_reading(trial))
        done.append("read")
    probes = (try_little, try_unknown_fields, try_limits, try_references, try_texts)
    for probe in probes:
        await trial.attempt(probe(trial))
    if resource.can_list:
        await trial.attempt(try_lists(trial))
        done.append("listed")
    if resource.update is not None:
        await trial.attempt(try_changes(trial))
        await trial.attempt(try_rules_when_changing(trial))
        done.append("changed")
    await trial.attempt(try_actions(trial))
    await trial.attempt(try_nested(trial))
    if resource.can_delete:
        await trial.attempt(_delete(trial))
        done.append("deleted")
    await trial.attempt(try_deleting_what_is_referred_to(trial))
    return done


async def _delete(trial: Trial) -> None:
    """The record, and what belongs to it."""
    nested = await nested_in_database(trial)
    if not nested or trial.holdings is None:
        return await try_deleting(trial)
    before = await trial.holdings()
    await try_deleting(trial)
    return await try_leaving_nothing(trial, nested, before)


async def _refuse_unknown(trial: Trial) -> None:
    if trial.resource.can_get:
        path = trial.resource.item_path(UNKNOWN_ID)
        answer = await trial.api.ask("GET", path)
        if answer.ok:
            raise ApiFault(f"GET {path} finds a record: {answer.text[:200]}")


async def _refuse_nothing(trial: Trial) -> None:
    create = trial.resource.create
    if create is not None and create.get("required"):
        answer = await trial.api.ask("POST", trial.resource.collection, {})
        if answer.ok:
            raise ApiFault(
                f"POST {trial.resource.collection} accepts {{}} although fields are required."
            )
