"""Looks again and again for mails that are due, and sends each of them once.

Before a mail is sent, a process marks its record, which only one process can. A mark whose process
was killed is taken over after `HOLD`: whether its mail went out is not known then, and it is sent
again with the same Message-ID. So a mail is never lost, and it comes twice only if its process was
killed between sending it and writing that down.
"""

import asyncio
import logging
import re
from collections.abc import AsyncGenerator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bson import ObjectId
from pydantic_settings import BaseSettings, SettingsConfigDict
from pymongo.errors import ConnectionFailure

from database import Document, collection
from links import titles_of
from mail import send_mail
from messages.plan import APP, MAILS
from messages.rule import MailRule
from registry import ENTITIES

BEGUN = "_messages"
HOLD = timedelta(minutes=2)
"""Longer than a mail server takes to answer; a mark that is older is of a dead process."""

AT_ONCE = 200
"""Of one kind in one look; the others follow in the next."""

PLACE = re.compile(r"\{(\w+)\}")
log = logging.getLogger(__name__)
_begun: set[str] = set()


class ScheduleSettings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")

    messages_interval_s: float = 2.0


settings = ScheduleSettings()


async def send_again_and_again() -> None:
    """Until the application stops. A look that fails is told, and the next one comes."""
    while True:
        try:
            await send_due()
        except ConnectionFailure:
            pass  # the database is away: what is due then is due afterwards
        except Exception:
            log.exception("mails that are due could not be sent")
        await asyncio.sleep(settings.messages_interval_s)


async def send_due() -> None:
    for rule in MAILS:
        await _begin(rule)
        async for record in _due(rule):
            await _send_once(rule, record)
        await _forget_what_changed(rule)


def _mark(rule: MailRule) -> str:
    return f"_mailed.{rule.name}"


async def _begin(rule: MailRule) -> None:
    """What was so before the rule was there is no news: nobody gets a mail of it."""
    if rule.name in _begun:
        return
    known = await collection(BEGUN).find_one({"_id": rule.name})
    if known is None and rule.when != "before":
        told = {"state": "before", "mail": str(ObjectId())}
        query = {**_query(rule), _mark(rule): {"$exists": False}}
        await collection(rule.entity).update_many(query, {"$set": {_mark(rule): told}})
    if known is None:
        begun = {"$set": {"at": datetime.now(UTC)}}
        await collection(BEGUN).update_one({"_id": rule.name}, begun, upsert=True)
    _begun.add(rule.name)


def _query(rule: MailRule) -> Document:
    match rule.when:
        case "before":
            now = datetime.now(UTC)
            end = now + timedelta(hours=rule.hours)
            days = {"$gt": now.date().isoformat(), "$lte": end.date().isoformat()}
            return {"$or": [{rule.field: {"$gt": now, "$lte": end}}, {rule.field: days}]}
        case "becomes":
            return {rule.field: rule.value}
        case _:
            return {}


async def _due(rule: MailRule) -> AsyncGenerator[Document]:
    """The records of which no mail was sent, nor is being sent, the oldest first."""
    query = _query(rule)
    if rule.when != "before":
        late = {f"{_mark(rule)}.state": "sending", f"{_mark(rule)}.at": {"$lt": _late()}}
        query = {**query, "$or": [{_mark(rule): {"$exists": False}}, late]}
    count = 0
    async for record in collection(rule.entity).find(query).sort("_id", 1):
        if _is_due(rule, record):
            yield record
            count += 1
        if count >= AT_ONCE:
            return


def _is_due(rule: MailRule, record: Document) -> bool:
    """A record whose date is changed gets another reminder. A day begins at midnight, UTC."""
    mark = record.get("_mailed", {}).get(rule.name)
    is_dead = mark is not None and mark["state"] == "sending" and mark["at"] < _late()
    if mark is not None and not is_dead and mark.get("about") == _about(rule, record):
        return False
    value = record.get(rule.field)
    if rule.when != "before" or not isinstance(value, str):
        return True
    day = date.fromisoformat(value)
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return datetime.now(UTC) >= begin - timedelta(hours=rule.hours)


def _about(rule: MailRule, record: Document) -> str:
    return str(record.get(rule.field)) if rule.when == "before" else ""


def _late() -> datetime:
    return datetime.now(UTC) - HOLD


async def _send_once(rule: MailRule, record: Document) -> None:
    to = await _address(rule, record)
    key = await _claim(rule, record) if to else ""
    if not key:
        return  # without an address it is tried again when there is one
    subject, text = await _words(rule, record)
    await send_mail(to, subject, text, key)
    sent = {"_id": record["_id"], f"{_mark(rule)}.mail": key}
    await collection(rule.entity).update_one(sent, {"$set": {f"{_mark(rule)}.state": "sent"}})


async def _claim(rule: MailRule, record: Document) -> str:
    """The name of the mail; "" if another process has it, or the record was changed meanwhile."""
    before = record.get("_mailed", {}).get(rule.name)
    query: Document = {"_id": record["_id"]}
    if rule.field:
        query[rule.field] = record.get(rule.field)
    if before is None:
        query[_mark(rule)] = {"$exists": False}
    else:
        query |= {f"{_mark(rule)}.mail": before["mail"], f"{_mark(rule)}.at": before.get("at")}
    is_again = before is not None and before["state"] == "sending"
    key = before["mail"] if is_again else f"{rule.name}/{record['_id']}/{ObjectId()}"
    now = datetime.now(UTC)
    mark = {"state": "sending", "at": now, "mail": key, "about": _about(rule, record)}
    taken = await collection(rule.entity).update_one(query, {"$set": {_mark(rule): mark}})
    return key if taken.modified_count == 1 else ""


async def _address(rule: MailRule, record: Document) -> str:
    holder: Document | None = record
    if rule.via:
        query = {"_id": record.get(rule.via), "_owner": record["_owner"]}
        holder = await collection(rule.target).find_one(query, {rule.to: 1})
    return str((holder or {}).get(rule.to) or "")


SUBJECTS = {
    "before": "Reminder: {label} {title}",
    "becomes": "{title}: {value}",
    "added": "New {label}: {title}",
}
TEXTS = {
    "before": "This is a reminder of the {label} “{title}” on {moment}.\n\n{app}\n",
    "becomes": "The {label} “{title}” is now: {value}.\n\n{app}\n",
    "added": "There is a new {label}: “{title}”.\n\n{app}\n",
}


async def _words(rule: MailRule, record: Document) -> tuple[str, str]:
    titles = await titles_of(ENTITIES[rule.entity], [record["_id"]], record["_owner"])
    told = {
        "label": rule.label,
        "title": titles.get(record["_id"], ""),
        "moment": _readable(record.get(rule.field)),
        "value": rule.value,
        "app": APP,
    }
    return (
        _filled(rule.subject or SUBJECTS[rule.when], told),
        _filled(rule.text or TEXTS[rule.when], told),
    )


def _filled(text: str, told: dict[str, str]) -> str:
    """Each name once, so that what people typed is never taken for a name."""
    return PLACE.sub(lambda found: told.get(found[1], found[0]), text)


def _readable(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    return str(value or "")


async def _forget_what_changed(rule: MailRule) -> None:
    """A record that leaves the status and comes back gets another mail."""
    if rule.when == "becomes":
        query = {
            rule.field: {"$ne": rule.value},
            f"{_mark(rule)}.state": {"$in": ["sent", "before"]},
        }
        await collection(rule.entity).update_many(query, {"$unset": {_mark(rule): ""}})
