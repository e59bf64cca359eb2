"""The wordings that the forms of `forms.FormReader` look for, each with an example."""

import re

from stackwright.offline.verbs import JOINING, MAKING, RECORDING
from stackwright.offline.words import word_set

BRACKETS = re.compile(r"^([^(]*?[\w'\">])\s*\(((?:[^()]|\([^()]*\))*)\)\s*(.*)$")
IN_THEM = re.compile(r" (?:in|of|on|at|from|for) (?:them|it|these|those|each)$", re.IGNORECASE)
"""'buildings (address), the lifts in them (maker, year)'."""
LONG = re.compile(r"\b\d+ (?:days?|weeks?|months?|years?|hours?|minutes?)\b", re.IGNORECASE)
"""'A loan lasts 14 days' speaks of no days as records."""
DO = word_set("mark see show know note tick check list tell find flag")
"""'Mark who has paid' tells what to do."""
THEY_CAN = re.compile(
    r"(?:the |which |what )[a-z]+s (?:used\b|(?:they|he|she|it|that they|who) (?:can|may|know|knows|speak|speaks|play|plays)\b)",
    re.IGNORECASE,
)
"""'ringers with a name and the bells they can ring'."""
IS_QUESTION = re.compile(r"(?:can|could|is|are|would|should|may|will|does|do)\b", re.IGNORECASE)
ASIDE = re.compile(r"\([^()]*\)|<[^<>]*>")
MARKED = re.compile(
    r"\b(?:marked|flagged|ticked off|checked off|mark (?:them|it|(?:an?|the|each) \w+|\w+)|flag (?:them|it)|tick(?: them| it)? off)\s*(?:as\s+)?(.*)$",
    re.IGNORECASE,
)
ASKED = re.compile(r"(?:who|whom|which|what|when)\b", re.IGNORECASE)
FAVOURITE = {"favourites": "favourite", "favorites": "favorite"}
"""'I want to mark favourites'."""
UNIQUE = re.compile(r"^(?:an? )?unique ([\w -]+)$", re.IGNORECASE)
WHERE = re.compile(
    r"^(?:where|in which|whereby) (?!(?:it|they|he|she|i|we|you|the)\b)", re.IGNORECASE
)
ADDRESS = re.compile(r"^(?:the |an? )?[\w-]+ (?:link|url)$", re.IGNORECASE)
SIGNING = re.compile(
    r"^(?:[\w-]+ )?\w+ (?:can |may |could |should )?(?:(sign|register|apply|enroll?|subscribe|donate|vote)(?: up| in| online)*"
    r"|(book|reserve) (?:an?|their|one) (?:place|spot|seat|slot))$",
    re.IGNORECASE,
)
"""'People sign up with name and email': what is kept are signups."""
HAPPENS = re.compile(r"(?:it )?(?:happens?|takes? place|occurs?|(?:is|are) (?:held|done|made|planned))$", re.IGNORECASE)  # fmt: skip
"""'A tuning is for a piano, happens on a date': what it has."""
WHEN_ONE = re.compile(r"(?:when|whether|if) (?:an?|the) ([a-z]+) (?:was|is|were)\b", re.IGNORECASE)  # fmt: skip
WHEN_IT = re.compile(r"(?:when|whether|if) (?:it|they)\b", re.IGNORECASE)
GOES_ON = re.compile(r"(?:was|were|is|are|may|can|must|should|often|sometimes)\b", re.IGNORECASE)
"""'Each postcard shows a place, was sent by …, has a date': all of it is told of the postcard."""
DEFINITE = re.compile(r"(?:my|our|the) ", re.IGNORECASE)
APPS = word_set("app application tool website program software")
IT_HAS = re.compile(r"(?:it|they|each)\b")
FIGURE_OF = re.compile(r"(?:the )?(?:costs?|total|sum|margin|profit|average|number|value|price) of (?:an?|each|every|the|one) (?P<kind>[a-z]+)$", re.IGNORECASE)  # fmt: skip
"""'Cost of a dish' by itself asks for a figure."""
SIDE = re.compile(r"(?P<kind>[a-z]+) (?:[12]|[ab]|one|two)$", re.IGNORECASE)
MOST = re.compile(r"the (?:most|fewest|highest|lowest|best|longest|shortest|biggest)\b", re.IGNORECASE)  # fmt: skip
COUNTED = re.compile(r"an? ", re.IGNORECASE)
SPOKEN_OF = re.compile(r"(?:it|they|each|this|these|that|which)\b", re.IGNORECASE)
HAS_ONE = re.compile(r"^has (?!an? |the |its |their |\d)([a-z-]+(?: [a-z-]+)?)$", re.IGNORECASE)
"""'Rooms: name, has projector': yes or no."""
ONE_EACH = re.compile(r"^(?:only |just |exactly )?(?:one|a single) [\w-]+ (?:each|per\b.*)$", re.IGNORECASE)  # fmt: skip
GOES = re.compile(r"^(?:(?P<who>(?:an?|each|every|the) (?!status|state|stage)[\w-]+) )?(?:it |they |(?:the |its |their )?(?:status|state|stage) )?(?:goes?|moves?|changes?|runs?) from (?P<stages>[a-z][\w -]{0,40}?(?:,? (?:to|then) [a-z][\w -]{0,40}?)+)$", re.IGNORECASE)  # fmt: skip
BEST = re.compile(
    r"(?:[a-z]{3,}(?:est|iest)|most|least|best|worst|top|latest|last|next|favou?rite) (?!(?:test|west|rest|quest|guest|forest|harvest|request)\b)[a-z]"
)
FILE = re.compile(r"^(?:[\w-]+ ){1,2}(?:pdf|scan|(?:pdf |audio |video )file)$", re.IGNORECASE)
HOW_MANY = re.compile(r"how (?:many|much)\b.* (?:per|by|for each) ", re.IGNORECASE)
HINTED = re.compile(r"\((?:integer|number|boolean|money|date|time|text)\)$")
ASKING = re.compile(r"\b(?:whether|if)\b", re.IGNORECASE)
COPY = re.compile(r"^(?:an? |the )?(?P<file>pdf|scan|copy|photo|picture|image|recording) of (?:the |its |their |an? )(?P<of>[a-z]+)$", re.IGNORECASE)  # fmt: skip
PEOPLE_DO = re.compile(r"^([a-z]+s) ([a-z]+(?<!s)(?<!ing)) ([a-z]+s)$", re.IGNORECASE)
WHICH = re.compile(r" (?:that|which|who) (?!(?:has|have|with)\b)[a-z]", re.IGNORECASE)
NAME = re.compile(r"(?:their |an? |the )?(?:full )?names?\b", re.IGNORECASE)
LASTS = re.compile(r"^(?:(?P<who>[\w -]{1,60}?) )??(?:always )?(?:takes?|lasts?|is|are)(?: about| always| exactly)? (?P<number>\d{1,4}) (?P<unit>minutes?|mins?|hours?)(?: long)?$", re.IGNORECASE)  # fmt: skip
TELLING = (
    RECORDING | MAKING | JOINING | word_set("pick collect lead visit perform set bring board use")
)
TIMED = word_set(
    "downtime outage shift slot appointment lesson session meeting rehearsal training talk screening performance"
)
"""These are over on the day on which they begin."""
SPANS_OF_TIME = word_set("day week month year quarter season")
"""'Honey per hive per year' asks for a figure."""
SPAN_ENDS = frozenset({"start", "end", "from", "to", "until", "till"})
