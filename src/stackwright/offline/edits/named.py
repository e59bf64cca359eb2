"""Reads requests about what is there already, by the wordings in which every name is a token."""

import re
from typing import Final

from stackwright.offline.edits import (
    choice_forms,
    field_forms,
    limit_forms,
    listing_forms,
    name_forms,
)
from stackwright.offline.edits.patterns import Form
from stackwright.offline.edits.session import NotMeant, Said, Session, Unclear, about
from stackwright.offline.mentions import Grounded, Mention, ground

FORMS: Final[tuple[Form, ...]] = (
    *field_forms.FORMS,
    *limit_forms.FORMS,
    *name_forms.FORMS,
    *choice_forms.FORMS,
    *listing_forms.FORMS,
)
_IT: Final = re.compile(
    r"\b(?:(?:this|that|the (?:new|last)) (?:field|column|one|option|choice)|it|that one|this one|them|these|those|they|that|this)\b(?! (?:is|are|was|can|must|should) )(?! @)",
    re.IGNORECASE,
)
_IT_FIRST: Final = re.compile(r"^(?:it|that|this|they|these|those|that one)\b(?= )", re.IGNORECASE)


def read_named(session: Session, words: str) -> bool:
    """Whether one of the forms says what to do, or that it cannot be done. `session.again` is what is to be
    read instead."""
    session.again = ""
    for grounded in _readings(session, words):
        for pattern, act in FORMS:
            found = pattern.match(grounded.text)
            if found is None:
                continue
            try:
                if not act(Said(session, grounded, found, words)):
                    continue
            except NotMeant:
                continue
            except Unclear as unclear:
                return session.refuse(str(unclear))
            return True
    return False


def _readings(session: Session, words: str) -> list[Grounded]:
    """The words with their names as tokens: without choices first, then with them, then with what 'it' is."""
    readings = [ground(session.spec, words), ground(session.spec, words, with_choices=True)]
    spoken = [one for reading in readings if (one := _with_it(session, reading))]
    return [one for one in (*readings, *spoken) if "@" in one.text or _NO_NAMES.search(one.text)]


_NO_NAMES: Final = re.compile(r"\b(?:remove|delete|drop|no|without|get rid of|take|scrap|disable|turn off|switch off|stop|do not|bring|put|give|restore|get|allow|reset|sort|order)\b", re.IGNORECASE)  # fmt: skip


def _with_it(session: Session, grounded: Grounded) -> Grounded | None:
    mention = _spoken_of(session)
    form = _IT_FIRST if _IT_FIRST.search(grounded.text) else _IT
    if mention is None or not form.search(grounded.text):
        return None
    token = f"@{mention.letter}{len(grounded.mentions)}"
    text = form.sub(token, grounded.text, count=1)
    return Grounded(text, (*grounded.mentions, mention), grounded.owners)


def _spoken_of(session: Session) -> Mention | None:
    spoken = session.spoken
    entity = next((one for one in session.spec.entities if one.name == spoken.entity), None)
    if entity is None:
        return None
    field = next((one for one in entity.fields if one.name == spoken.field), None)
    if field is None:
        return Mention(entity.label_plural.lower(), entity=entity)
    if spoken.choice in field.choices and spoken.choice:
        return Mention(spoken.choice, choices=((entity, field, spoken.choice),))
    return Mention(field.label.lower(), fields=((entity, field),), owner=entity)


def remember(session: Session, words: str) -> None:
    """What was named without a request is what a later 'it' means."""
    for with_choices in (False, True):
        mentions = ground(session.spec, words, with_choices=with_choices).mentions
        if len(mentions) == 1:
            session.spoken = about(mentions[0])
            return
