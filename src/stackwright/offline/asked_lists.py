"""Lists of things that are asked for in one sentence: a calendar, a total and a chart are three wishes."""

import re
from typing import Final

_THINGS: Final = (
    r"(?:kanban|boards?|calendars?|agenda|schedule|charts?|graphs?|diagrams?|pie|totals?|sums?|counts?|averages?|mean|balance"
    r"|overviews?|dashboard|rankings?|reminders?|e-?mails?|exports?|imports?|print-?outs?|landing page|public page|search(?: box| bar)?|filters?)"
)
_ASKED: Final = re.compile(
    rf"(?:an?|the|some|my|our|one)? ?(?:[\w-]+ ){{0,2}}?{_THINGS}\b"
    r"|(?:the |a )?(?:number|amount|sum|total|average|list) of\b"
    r"|(?:nobody|no one|only|no two|two|never|at most|no more than)\b"
    r"|(?:to )?(?:search|filter|sort|export|import|print|see|show|be able to)\b",
    re.IGNORECASE,
)
"""How one thing begins that an app can show, work out, send or refuse."""
_LEAD: Final = re.compile(
    r"(?:please |also |and |then |finally )*(?:(?:(?:i|we)(?: would|['\u2019]d)?(?: also| really)? (?:want|need|like|love|wish for)|show|give|there (?:should|must) be|it (?:should|must) have|with)"
    r"(?: to (?:have|see|get))?(?: me| us)? )?",
    re.IGNORECASE,
)
_SEPARATOR: Final = re.compile(r"\s*,\s*(?:and |plus |as well as )?|\s+(?:and|plus|as well as)\s+", re.IGNORECASE)  # fmt: skip


def asked_things(statement: str) -> list[str]:
    """The statement alone, or each thing that it asks for, in its words.

    Only a sentence whose every comma-separated head names such a thing is taken apart, and what follows a
    head without being one stays with it: 'a chart per month and room' is one thing."""
    parts: list[str] = []
    at = 0
    for found in _SEPARATOR.finditer(statement):
        if _ASKED.match(statement, found.end()) and not _is_open(statement[: found.start()]):
            parts.append(statement[at : found.start()])
            at = found.end()
    parts.append(statement[at:])
    lead = _LEAD.match(parts[0])
    head = parts[0][lead.end() :] if lead else parts[0]
    are_whole = all(" " in part.strip() for part in (head, *parts[1:]))
    return parts if len(parts) > 1 and are_whole and _ASKED.match(head) else [statement]


def _is_open(before: str) -> bool:
    """Whether brackets are open there."""
    return before.count("(") > before.count(")")
