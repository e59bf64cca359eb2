"""Files in and out and paper, in the words of people. A wording is a row of `FORMS`."""

import re
from re import Match

from stackwright.offline.asked import Built, Form, Made
from stackwright.offline.places import kind_named, lower, only, with_kit
from stackwright.scaffold.kit_spec import WAYS, ExchangeOptions, Way
from stackwright.scaffold.spec import AppSpec, EntitySpec

_PRONOUN = re.compile(r"^(?:them|it|these|those|this|the list|list|a list|lists|the lists|the table)$", re.IGNORECASE)  # fmt: skip
_ALL = re.compile(r"^(?:everything|all|all of (?:it|them)|(?:the |my |our |all )*(?:data|records|entries|lists?|tables?))?$", re.IGNORECASE)  # fmt: skip
_LIST_OF = re.compile(r"^(?:an? |the |all )*(?:lists?|tables?) of (?:the |all |my |our )*", re.IGNORECASE)  # fmt: skip
_DONE = {
    "import": "can be imported from CSV and JSON files",
    "export": "can be exported as CSV and JSON",
    "print": "can be printed as a list",
}


def _exchange(spec: AppSpec, found: Match[str]) -> Made | None:
    told = found.groupdict()
    first = (told.get("way") or "export").lower()
    ways: list[Way] = [_way(first), *([_way(told["more"].lower())] if told.get("more") else [])]
    entities = _entities(spec, (told.get("what") or "").strip())
    if not entities:
        return None
    known = spec.kit("exchange")
    tables = {one.entity: set(one.ways) for one in known.settings().tables} if known else {}
    for entity in entities:
        tables.setdefault(entity.name, set()).update(ways)
    told_tables = [
        {"entity": name, "ways": [way for way in WAYS if way in mine]}
        for name, mine in tables.items()
    ]
    ExchangeOptions.model_validate({"tables": told_tables})
    nouns = " and ".join(one.label_plural if one is entities[0] else lower(one.label_plural) for one in entities)  # fmt: skip
    text = f"{nouns} {' and '.join(_DONE[way] for way in ways)}."
    return with_kit(spec, "exchange", {"tables": told_tables}), Built(
        text, ways[0], entities[0].name, ""
    )


def _way(word: str) -> Way:
    if word.startswith(("import", "upload", "load", "read in")):
        return "import"
    if word.startswith(("export", "download", "save")):
        return "export"
    return "print"


def _entities(spec: AppSpec, what: str) -> list[EntitySpec]:
    """Those named; for 'them' those that were exchanged last, or the only ones; for no name all."""
    what = _LIST_OF.sub("", what)
    if _PRONOUN.match(what):
        known = spec.kit("exchange")
        before = [one.entity for one in known.settings().tables] if known else []
        found = only(list(spec.entities)) or only([spec.entity(name) for name in before])
        if found is not None:
            return [found]
    if _ALL.match(what):
        return list(spec.entities)
    parts = re.split(r",\s*|\s+and\s+", re.sub(r"^(?:all |the |my |our |your |their )+", "", what))
    named = [kind_named(spec, re.sub(r"^(?:all |the |my |our )+| data$| lists?$", "", part)) for part in parts]  # fmt: skip
    found = [one for one in named if one is not None]
    return found if len(found) == len(parts) else []


_LEAD = r"^(?:please |also |and |then |with |including |like to |love to |be able to |able to |the (?:ability|option|possibility) to |an? |i want to |we want to |i need to |we need to |i can |we can |i'd like to |we'd like to |to |let me |let us |it (?:should|must) be possible to |add |have |there (?:is|should be) )*"
_FILE = r"(?:(?:an? |the |our |my |old |existing )*(?:(?:csv|json)(?:[ -]?(?:files?|format|table))?|(?:csv|json) (?:or|and) (?:csv|json)(?: files?)?|files?|spreadsheet files?|spreadsheets?))"
_FROM = rf"(?: (?:from|out of|via|by|with|in|using|as) {_FILE})"
_TO = rf"(?: (?:as|to|into|in|via|by|with) {_FILE})"
_WHAT = r"(?P<what>(?!(?:as|to|from|into|in|via|by|with|of|out|and|photos?|pictures?|images?|files?|documents?|labels?|invoices?|receipts?|barcodes?)\b)[\w ,-]+?)"
FORMS: tuple[Form, ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), _exchange)
    for pattern in (
        rf"{_LEAD}(?P<way>import)(?:ing)? and (?P<more>export)(?:ing)?(?: (?:of )?{_WHAT})?(?:{_FROM}|{_TO})?$",
        rf"{_LEAD}(?P<way>export)(?:ing)? and (?P<more>print)(?:ing)?(?: (?:of )?{_WHAT})?{_TO}?$",
        rf"{_LEAD}(?P<way>import)(?:ing)?(?: (?:of )?{_WHAT})?{_FROM}?$",
        rf"{_LEAD}(?P<way>upload|load|read in)(?: {_WHAT})?{_FROM}$",
        rf"{_LEAD}(?P<way>export)(?:ing)?(?: (?:of )?{_WHAT})?{_TO}?(?: again)?$",
        rf"{_LEAD}(?P<way>download|save)(?: {_WHAT})?{_TO}$",
        rf"{_LEAD}{_FILE} (?P<way>import|export|download)s?(?: (?:of|for) {_WHAT})?$",
        rf"{_LEAD}(?P<way>import|export)s? (?:of|for) {_WHAT}{_TO}?$",
        rf"{_LEAD}{_WHAT} (?:can|should|must|may) be (?P<way>import|export)ed(?:{_FROM}|{_TO})?$",
        rf"{_LEAD}{_WHAT} (?:can|should|must|may) be (?P<way>print)ed(?: (?:out|as a (?:list|table)|on paper))?$",
        rf"{_LEAD}(?P<way>print)(?:ing)?(?: out)? (?:of )?{_WHAT}(?: (?:as a (?:list|table)|on paper))?$",
        rf"^{_WHAT}{_TO}$",
        rf"{_LEAD}(?P<way>print)(?:able|ed|ing)? (?:views?|versions?|lists?|tables?|pages?)(?: (?:of|for) {_WHAT})?$",
    )
)  # fmt: skip
