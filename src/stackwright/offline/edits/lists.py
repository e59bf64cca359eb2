"""Follow-ups that end in a list: 'add a status to tasks: open, done' gives choices, 'add fields to
tasks: size, weight' several fields."""

import re
from typing import Final

from stackwright.offline import lexicon
from stackwright.offline.fields import is_attribute
from stackwright.offline.words import is_plural

_FIELD: Final = r"(?:(?:an?|the|new)\s+)*(?P<field>[\w-]+(?: [\w-]+){0,2}?)(?: (?:field|column|dropdown|choice))?"
_ENTITY: Final = r"(?:the |each |every |all |my |our )?(?P<entity>[\w-]+(?: [\w-]+)??)"
_BEFORE: Final = (
    r"(?:\s*[:=]\s*|\s+-\s+|\s*\((?=[^()]+\)$)|,? either |,? (?:which|that) (?:is|are|can be) (?:either )?"
    r"|,? with (?:the )?(?:following )?(?:possible )?(?:options|values|choices|states)(?: of)?:? )"
)
_LIST: Final = r"(?P<list>[^:()<>]+?)\)?$"
_ADD: Final = r"(?:add|include|introduce|create|put|append|insert)"
_TO: Final = r"(?:to|for|on|in|into)"
_FORMS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_ADD} {_FIELD} {_TO} {_ENTITY}{_BEFORE}{_LIST}",
        rf"{_ADD} {_TO} {_ENTITY} {_FIELD}{_BEFORE}{_LIST}",
        rf"{_ENTITY} (?:should |must |also )*(?:have|has|needs?|gets?) (?=an? ){_FIELD}{_BEFORE}{_LIST}",
        rf"give {_ENTITY} (?=an? ){_FIELD}{_BEFORE}{_LIST}",
    )
)
_FIELDS_OF: Final = re.compile(
    rf"{_ADD} (?:(?:the |these |some |more |new |following )*(?:fields|columns|attributes|properties) )?{_TO} {_ENTITY}\s*:\s*{_LIST}",
    re.IGNORECASE,
)
_BETWEEN: Final = re.compile(
    r"\s*,\s*(?:or |and )?|\s+or\s+|\s+and\s+|\s+->?\s+|\s*[/|]\s*", re.IGNORECASE
)
_MAX_WORDS: Final = 3
_TWO: Final = re.compile(
    rf"^({_ADD} .+? {_TO} {_ENTITY}),? and ((?:an?|the) [\w-]+(?: [\w-]+){{0,2}} {_TO} )",
    re.IGNORECASE,
)


_TWO_NAMES: Final = re.compile(
    r"\b(rename [\w -]+? (?:to|into) [\w -]+?),? and (?!rename\b)((?:the )?[\w -]+? (?:to|into) )",
    re.IGNORECASE,
)


def two_requests(text: str) -> str:
    """'add a size to tasks and a code to projects' with both of its verbs."""
    text = re.sub(r"\badd ?: ?", "add ", text, flags=re.IGNORECASE)
    return _TWO_NAMES.sub(r"\1 and rename \2", _TWO.sub(r"\1 and add \3", text))


def plain_listing(request: str) -> str:
    """The request with its list where the other rules expect it; as it is if it ends in none."""
    if found := _FIELDS_OF.fullmatch(request):
        return f"add {found['list']} to {found['entity']}"
    for form in _FORMS:
        found = form.fullmatch(request)
        if found and not is_plural(found["field"]):
            values = [v for v in _BETWEEN.split(found["list"].strip()) if v]
            return _with_values(found["field"], found["entity"], values) or request
    return request


def _with_values(field: str, entity: str, values: list[str]) -> str | None:
    if not values or any(len(value.split()) > _MAX_WORDS for value in values):
        return None
    if len(values) == 1:
        return f"add {field} ({values[0]}) to {entity}"
    ends = [value.split()[-1].lower() for value in values]
    attributes = sum(is_attribute(end) and end not in lexicon.BOOLEANS for end in ends)
    if attributes * 2 > len(values):
        return f"add {', '.join(values)} to {entity}"
    return f"add {field} <{'|'.join(values)}> to {entity}"
