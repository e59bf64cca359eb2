"""A second record with the same values: where a rule of the app refuses it, its page says so, and where the page
offers it no more, the API refuses it."""

from urllib.parse import urlsplit

from stackwright.verify.meaning.rules import AGAINST_A_RULE
from stackwright.verify.records import Answer, ApiFault, LoginWanted, id_of
from stackwright.verify.use.elements import Form, Write
from stackwright.verify.use.journey import Journey, Reopen
from stackwright.verify.use.sent import json_of


async def try_twin(journey: Journey, form: Form, made: Write, reopen: Reopen) -> bool:
    """Send the form again as it was sent before. Whether the page was loaded anew for that: only where the
    API tells of a second record, which is asked first."""
    answer = await _asked(journey, made)
    if answer is None or not (_is_refusal(answer) or _is_another(answer, made)):
        return False
    if not await reopen():
        return False

    async def is_offered() -> bool:
        return any(_is_like(one, form) for one in await journey.screen.forms())

    is_there = await journey.screen.until(is_offered)
    forms = await journey.screen.forms()
    again = next((one for one in forms if one.signature == form.signature), None)
    if not is_there and not _is_refusal(answer):
        journey.add(
            f"{form.title} was sent and is not offered any more, but POST {urlsplit(made.url).path} does it "
            "once more for other programs. Refuse it with 409."
        )
    elif again is not None and _is_refusal(answer):
        write = await journey.send_again(again)
        if write is not None and write.status in AGAINST_A_RULE:
            await journey.judge_refusal(again, write)
    journey.screen.complaints()
    return True


def _is_like(form: Form, other: Form) -> bool:
    """A form may gain a field once there is a record."""
    is_called_so = form.submit_name == other.submit_name
    return is_called_so or bool(set(form.signature) & set(other.signature))


def _is_refusal(answer: Answer) -> bool:
    return answer.status in AGAINST_A_RULE


def _is_another(answer: Answer, made: Write) -> bool:
    """Whether it made a record, and not the same one again."""
    return answer.ok and id_of(answer.value) not in (None, id_of(made.answer))


async def _asked(journey: Journey, made: Write) -> Answer | None:
    """Leaves no second record behind where records can be deleted."""
    path = urlsplit(made.url).path
    body = json_of(made.sent)
    if made.method != "POST" or body is None:
        return None
    try:
        answer = await journey.api.ask("POST", path, body)
        if answer.ok and (twin := id_of(answer.value)):
            await journey.api.ask("DELETE", f"{path.rstrip('/')}/{twin}")
    except (ApiFault, LoginWanted):
        return None
    return answer
