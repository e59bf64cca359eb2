"""A second record with the same values: where a rule of the app refuses it, its page says so."""

from urllib.parse import urlsplit

from stackwright.verify.meaning.rules import AGAINST_A_RULE
from stackwright.verify.records import ApiFault, LoginWanted, id_of
from stackwright.verify.use.elements import Form, Write
from stackwright.verify.use.journey import Journey, Reopen
from stackwright.verify.use.sent import json_of


async def try_twin(journey: Journey, form: Form, made: Write, reopen: Reopen) -> bool:
    """Send the form again as it was sent before. Whether the page was loaded anew for that: only where the
    API refuses a second record, which is asked first."""
    if not await _is_refused(journey, made) or not await reopen():
        return False
    again = next((f for f in await journey.screen.forms() if f.signature == form.signature), None)
    write = await journey.send_again(again) if again is not None else None
    if again is not None and write is not None and write.status in AGAINST_A_RULE:
        await journey.judge_refusal(again, write)
    journey.screen.complaints()
    return True


async def _is_refused(journey: Journey, made: Write) -> bool:
    """Leaves no second record behind where records can be deleted."""
    path = urlsplit(made.url).path
    body = json_of(made.sent)
    if made.method != "POST" or body is None:
        return False
    try:
        answer = await journey.api.ask("POST", path, body)
        if answer.ok and (twin := id_of(answer.value)):
            await journey.api.ask("DELETE", f"{path.rstrip('/')}/{twin}")
    except (ApiFault, LoginWanted):
        return False
    return answer.status in AGAINST_A_RULE
