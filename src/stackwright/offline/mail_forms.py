"""Reminders and other mails in the words of people. A wording is a row of `FORMS`."""

import re
from re import Match

from stackwright.offline.asked import Built, Form, Made
from stackwright.offline.places import (
    DATES,
    fields_named,
    kind_named,
    kinds_named,
    lower,
    moment_of,
    only,
    stems,
    with_kit,
)
from stackwright.scaffold.kit_spec import Mail
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec

_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "seven": 7}
_HOURS = {"hour": 1, "day": 24, "week": 24 * 7}


def _reminder(spec: AppSpec, found: Match[str]) -> Made | None:
    """'Send a reminder e-mail 24 hours before the appointment'."""
    place = _moment(spec, found["what"])
    to = _address(spec, place[0], found.groupdict().get("whom") or "") if place else None
    if place is None or to is None:
        return None
    entity, field = place
    number = _NUMBERS.get(found["number"].lower()) or int(found["number"])
    hours = number * _HOURS[found["unit"].lower().rstrip("s")]
    if field.type == "date" and hours < 24:
        return None  # a day has no hour
    mail = Mail(entity=entity.name, to=to, when="before", field=field.name, hours=hours)
    span = f"{number} {found['unit'].lower()}"
    text = f"A reminder is mailed {span} before the {lower(field.label)} of {lower(entity.label_plural)}."
    return _with_mail(spec, mail, text)


def _moment(spec: AppSpec, what: str) -> tuple[EntitySpec, FieldSpec] | None:
    """The date of a record, or the one that is named."""
    kind = kind_named(spec, what)
    if kind is not None:
        field = moment_of(kind)
        return (kind, field) if field is not None and field.type in DATES else None
    named = [
        (entity, field)
        for entity in spec.entities
        for field in fields_named(entity, re.sub(r"\b(?:it|they|is|are|on)\b", " ", what))
        if field.type in DATES
    ]
    return only(named)


def _news(spec: AppSpec, found: Match[str]) -> Made | None:
    """'Mail the customer when the order is ready'."""
    value = stems(found["value"])
    kind = kind_named(spec, found["what"])
    places = [
        (entity, field, choice)
        for entity in spec.entities
        for field in entity.fields
        for choice in field.choices
        if stems(choice) == value
        and (entity is kind or (kind is None and field in fields_named(entity, found["what"])))
    ]
    place = only(places)
    to = _address(spec, place[0], found["whom"] or "") if place else None
    if place is None or to is None:
        return None
    entity, field, choice = place
    mail = Mail(entity=entity.name, to=to, when="becomes", field=field.name, value=choice)
    text = f"A mail is sent when the {lower(field.label)} of {lower(entity.label_plural)} becomes {choice}."
    return _with_mail(spec, mail, text)


def _added(spec: AppSpec, found: Match[str]) -> Made | None:
    """'Mail the customer when an order is added'."""
    kind = kind_named(spec, found["what"])
    to = _address(spec, kind, found["whom"] or "") if kind else None
    if kind is None or to is None:
        return None
    mail = Mail(entity=kind.name, to=to, when="added")
    return _with_mail(spec, mail, f"A mail is sent when {lower(kind.label_plural)} are added.")


def _address(spec: AppSpec, entity: EntitySpec, whom: str) -> str | None:
    """The e-mail field of whom the words name, of the record itself or of one it refers to."""
    found: list[tuple[EntitySpec, FieldSpec, str]] = [
        (entity, field, field.name) for field in entity.fields if field.type == "email"
    ]
    for link in entity.fields:
        if link.type == "reference":
            target = spec.entity(str(link.target))
            found += [
                (target, field, f"{link.name}.{field.name}")
                for field in target.fields
                if field.type == "email"
            ]
    wanted = re.sub(r"^(?:the|each|every|all|our|my|their|his|her) ", "", whom.strip(), flags=re.IGNORECASE)  # fmt: skip
    if wanted and wanted.lower() not in ("them", "him", "her", "people", "everybody", "everyone"):
        found = [
            one for one in found if one[0] in kinds_named(spec, wanted) or _is_label(one, wanted)
        ]
    one = only(found)
    return one[2] if one else None


def _is_label(place: tuple[EntitySpec, FieldSpec, str], wanted: str) -> bool:
    """'The guardian' of an e-mail field that is called 'guardian e-mail'."""
    return stems(wanted) <= stems(place[1].label.replace("mail", " "))


def _with_mail(spec: AppSpec, mail: Mail, text: str) -> Made:
    use = spec.kit("messages")
    mails = [one for one in (use.settings().mails if use else ()) if one != mail]
    told = [one.model_dump(exclude_defaults=True) for one in (*mails, mail)]
    return with_kit(spec, "messages", {"mails": told}), Built(text, "mail", mail.entity, mail.name)


_LEAD = r"^(?:please |also |and |then |the app should |the system should |it should |automatically |we want to |i want to |we |i )*"
_A_MAIL = r"(?:an? )?(?:automatic )?(?:reminders?(?: e-?mails?| mails?)?|e-?mail reminders?|e-?mails? as a reminder|e-?mails?|mails?|notifications?(?: by e-?mail)?|messages?(?: by e-?mail)?)"
_WHOM = r"(?P<whom>[a-z][\w' -]{0,40}?)"
_BEFORE = r"(?P<number>\d{1,3}|an?|one|two|three|four|seven) (?P<unit>hours?|days?|weeks?) before (?:the |each |every |an? |their |his |her |it |they )*(?P<what>[a-z][\w -]{0,40}?)"
_WHEN = r"(?:when|whenever|as soon as|once|if)"
_WHAT = r"(?:the |an? |their |his |her |its |each )?(?:new )?(?P<what>[a-z][\w -]{0,40}?)"
_IS = r"(?:is|are|becomes?|gets?|has become|turns?|changes? to|is set to) (?P<value>[a-z][\w -]{0,40}?)"
_SEND = r"(?:send|sends|mail|mails|e-?mail|e-?mails|notify|notifies|inform|informs|tell|write to)"
_NEW = r"(?:is|are|gets?|has been|have been) (?:added|created|made|placed|entered|received|booked)"
_CHANNEL = r"(?: by e-?mail| by mail| via e-?mail| an? e-?mail| an? mail)?"

FORMS: tuple[Form, ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), make)
    for pattern, make in (
        (rf"{_LEAD}(?:send|mail|e-?mail)s? (?:(?:the |each |every |all )?{_WHOM} )??{_A_MAIL} {_BEFORE}$", _reminder),
        (rf"{_LEAD}(?:remind|reminds) {_WHOM}{_CHANNEL} {_BEFORE}$", _reminder),
        (rf"^{_WHOM} (?:should |will |must |to )?(?:get|gets|receive|receives|are sent|is sent) {_A_MAIL} {_BEFORE}$", _reminder),
        (rf"{_LEAD}(?:send (?:an? )?(?:e-?mail|mail|message|notification) to|{_SEND}) {_WHOM}{_CHANNEL} {_WHEN} {_WHAT} {_NEW}$", _added),
        (rf"{_LEAD}(?:send (?:an? )?(?:e-?mail|mail|message|notification) to|{_SEND}) {_WHOM}{_CHANNEL} {_WHEN} {_WHAT} {_IS}$", _news),
        (rf"^{_WHOM} (?:should |will |must )?(?:get|gets|receive|receives) (?:an? )?(?:e-?mail|mail|message|notification) {_WHEN} {_WHAT} {_IS}$", _news),
    )
)  # fmt: skip
