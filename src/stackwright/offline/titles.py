"""What the application is called, and which field names a record."""

import re
import textwrap
from typing import Final

from stackwright.offline import lexicon
from stackwright.offline.draft import AppDraft, FieldDraft
from stackwright.offline.words import plural, title_case, word_set

MAX_INTRODUCTION: Final = 200
_TITLES = (
    *("name", "title", "subject", "headline", "label"),
    *("question", "full_name", "code", "number"),
)


def title_field(drafts: list[FieldDraft]) -> FieldDraft:
    by_name = {f.name: f for f in drafts if f.type in ("string", "text") and f.name != "notes"}
    for wanted in _TITLES:
        if wanted in by_name:
            return by_name[wanted]
    for ending in ("_name", "_title", "_number", "_code"):
        if found := next((f for n, f in by_name.items() if n.endswith(ending)), None):
            return found
    ranks = (
        ("string",),
        ("email", "phone"),
        ("body",),
        ("date", "datetime"),
        ("text", "reference"),
    )
    for kinds in ranks:
        for draft in drafts:
            body = draft.type == "text" and draft.name != "notes"
            if draft.type in kinds or (kinds == ("body",) and body):
                return draft
    return drafts[0]


def title_of(app: AppDraft) -> str:
    """The given title, or one made of the application's own words."""
    if app.title:
        return app.title[:80]
    generic = word_set(
        "app application website site tool system platform something thing database program "
        "software page service solution"
    )
    first = next(iter(app.entities.values()))
    phrase = list(re.findall(r"[\w'-]+", app.phrase or ""))
    if len(phrase) == 1 and phrase[0].lower() in ("crm", "inventory") and app.place:
        return title_case(f"{app.place} {phrase[0]}")
    if phrase and not all(
        w.lower() in generic | lexicon.CONTAINERS - {"inventory", "crm", "wiki", "erp"}
        for w in phrase
    ):
        return title_case(" ".join(phrase))
    parts = first.name.split("_")
    if app.place and len(app.entities) > 1:
        return title_case(app.place)
    if app.place and len(parts) > 1 and app.place.lower() not in lexicon.USERS:
        return title_case(f"{parts[0]} {app.place}")
    return title_case(plural(first.name).replace("_", " "))


def introduction_of(message: str) -> str:
    """The first whole sentences of a message, for the start page: at most MAX_INTRODUCTION characters."""
    text = " ".join(message.split())
    if len(text) <= MAX_INTRODUCTION:
        return text
    end = max(text.rfind(mark, 0, MAX_INTRODUCTION) for mark in (". ", "! ", "? "))
    if end < 0:
        return textwrap.shorten(text, MAX_INTRODUCTION, placeholder="…")
    return text[: end + 1]
