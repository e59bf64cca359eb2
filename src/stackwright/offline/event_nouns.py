"""Activities as records: what 'my running' is kept as is a run, 'knitting' a knitting session."""

import re
from typing import Final

from stackwright.offline import lexicon
from stackwright.offline.words import word_set

_OWN_NOUN: Final = {
    "running": "run", "jogging": "run", "cycling": "ride", "biking": "ride", "riding": "ride",
    "swimming": "swim", "hiking": "hike", "walking": "walk", "climbing": "climb", "diving": "dive",
    "driving": "drive", "flying": "flight", "travelling": "trip", "traveling": "trip",
    "sailing": "trip", "fishing": "trip", "camping": "trip", "dreaming": "dream",
    "spending": "expense", "shopping": "purchase", "bowling": "game", "gaming": "game",
}  # fmt: skip
"""Activities of which one occasion has a word of its own."""

_KEEPS: Final = word_set("sailing fishing camping bowling gaming")
"""Of these the occasion needs the activity beside it: 'fishing trip'."""

_COUNTABLE: Final = word_set(
    "meeting building painting drawing recording offering wedding outing listing hearing screening"
    " filing sitting tasting sighting planting sowing cutting casting filling topping pairing fitting"
    " finding saying posting briefing crossing landing launching training evening morning ceiling"
    " earring clothing herring sibling duckling seedling pudding dumpling blessing greeting heading"
    " setting lightning fairing bearing mooring railing carving etching engraving"
    " beginning ending being wellbeing thing everything nothing something anything during"
    " following showing viewing feeding milking watering pruning washing cleaning sterling gathering"
    " happening reckoning understanding warning marking mapping lining coating covering"
)
_GERUND: Final = re.compile(r"[a-z]*[aeiouy][a-z]*ing")
_ONE: Final = re.compile(r"^(?:an?|each|every|one|any|per)\b", re.IGNORECASE)


def occasion(name: str, phrase: str) -> str:
    """The record that one occasion of an activity leaves; any other snake_case name as it is.

    `phrase` is the name's own phrase: what is counted in it ("each outing") is a thing already.
    """
    first, _, last = name.rpartition("_")
    known = lexicon.CONTAINERS | lexicon.PLACES | lexicon.KNOWN_NOUNS | lexicon.STRING_HEADS
    if last in known | _COUNTABLE or not _GERUND.fullmatch(last) or _ONE.match(phrase):
        return name
    own = _OWN_NOUN.get(last)
    if own is None or last in _KEEPS:
        return f"{name}_{own or 'session'}"
    return f"{first}_{own}" if first else own
