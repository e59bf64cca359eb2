"""Verbs: what they are a form of, and which of them leave a record behind ("borrow" -> a loan)."""

import re
from typing import Final

from stackwright.offline import lexicon
from stackwright.offline.words import word_set

EVENTS: Final[dict[str, str]] = {
    "borrow": "loan", "lend": "loan", "rent": "rental", "hire": "rental", "lease": "lease",
    "book": "booking", "reserve": "reservation", "enroll": "enrollment", "enrol": "enrollment",
    "register": "registration", "sign": "signup", "attend": "attendance", "apply": "application",
    "subscribe": "subscription", "adopt": "adoption", "buy": "purchase", "purchase": "purchase",
    "review": "review", "rate": "rating", "vote": "vote", "take": "enrollment", "donate": "donation",
}  # fmt: skip
"""The record that a deed between two kinds leaves behind."""

OCCASIONS: Final[dict[str, str]] = {
    "sell": "sale", "repair": "repair", "pay": "payment", "fix": "repair", "service": "service", "feed": "feeding",
    "visit": "visit", "call": "call", "inspect": "inspection", "treat": "treatment", "deliver": "delivery",
    "collect": "collection", "return": "return", "use": "use", "clean": "cleaning", "move": "move", "drive": "trip",
    "water": "watering", "order": "order", "withdraw": "withdrawal", "check": "check", "test": "test", "weigh": "weighing",
    "measure": "measurement", "harvest": "harvest", "train": "training", "donate": "donation", "replace": "replacement",
    "play": "game", "meet": "meeting", "complain": "complaint", "give": "donation", "hold": "event", "teach": "lesson",
    "refuel": "refuel", "brew": "brew", "bake": "bake", "cook": "meal", "catch": "catch", "climb": "climb",
    "win": "win", "lose": "loss", "spend": "expense", "break": "fault", "fail": "failure",
}  # fmt: skip
"""What doing it once is called, where no link is left behind by the deed itself."""


def occasion_of(verb: str, particle: str = "", *, comes_back: bool = False) -> str:
    """The record that somebody keeps of a deed: 'borrows' -> 'loan', 'takes out' -> 'withdrawal'."""
    base = lemma(verb)
    if base == "take":
        return "loan" if comes_back else "withdrawal"
    if base == "bring" and particle in ("in", "back"):
        return "return" if particle == "back" else "intake"
    return EVENTS.get(base) or OCCASIONS.get(base) or ""


RECORDING: Final = word_set("log record enter submit file report note track register keep")
MAKING: Final = word_set(
    "place make write hand submit create post report own buy order publish give receive pay teach bring"
    " send leave request breed grow run lead organize organise host produce lay shoot"
)
JOINING: Final = word_set(
    "join enter work belong play compete participate live sit stay train study"
)
"""Verbs whose subject is found in their object: players join teams."""

COMMON: Final = word_set(
    "ask become begin bring call carry clean collect come cook deliver do drive eat find fix fly"
    " follow get give go grade grow hand help hold install keep know lead leave let lose maintain manage"
    " mark meet milk move need offer own paint pick plan provide raise reach read recommend repair"
    " replace ride run say see seem sell send serve share show speak stand start stop store suggest"
    " supply teach tell test think train try turn use visit walk want wash watch wear win work write"
    " arrive depart return sleep travel coach inspect perform set explore supervise assign award produce treat sponsor board lay shoot"
)
KNOWN: Final = frozenset(EVENTS) | RECORDING | MAKING | JOINING | COMMON

ADJUNCTS: Final = word_set(
    "sales goods sports arts parts savings works news maths games clothes series species earnings"
)
"""Plurals that stand before another noun: 'sales order items' is no deed."""

NOT_NOUNS: Final = word_set(
    "know knows knew known come comes came keep keeps kept seem seems left says said thinks thought"
    " went goes gets got become becomes became happens happened wants wanted likes liked tell tells"
    " told forget forgets forgot lose loses nobody somebody everybody everyone"
)
"""Words that end a noun phrase: 'reptiles keep refusing' speaks of reptiles."""

_IRREGULAR: Final = {
    "lent": "lend", "sold": "sell", "bought": "buy", "taken": "take", "took": "take", "held": "hold",
    "made": "make", "given": "give", "worn": "wear", "kept": "keep", "led": "lead", "built": "build",
    "taught": "teach", "written": "write", "driven": "drive", "flown": "fly", "ridden": "ride",
    "shod": "shoe", "run": "run", "won": "win", "sent": "send", "paid": "pay", "seen": "see",
    "spent": "spend", "drunk": "drink", "eaten": "eat", "slept": "sleep", "swum": "swim", "lost": "lose",
    "read": "read", "found": "find", "grown": "grow", "done": "do", "caught": "catch", "met": "meet",
}  # fmt: skip
PARTICIPLES: Final = frozenset(_IRREGULAR) - KNOWN
"""Irregular forms that are no base form: 'decisions made in meetings' tells of no deed."""


def lemma(word: str) -> str:
    """The base form of a verb where it is known: 'lends', 'applied' -> 'lend', 'apply'."""
    low = word.lower()
    if low in KNOWN:
        return low
    if low in _IRREGULAR:
        return _IRREGULAR[low]
    return next((f for f in _stems(low) if f in KNOWN), low.removesuffix("s"))


def _stems(word: str) -> list[str]:
    if word.endswith("ing"):
        return [word[:-3], word[:-3] + "e", word[:-4]]
    if word.endswith("ed"):
        return [word[:-1], word[:-2], word[:-3] + "y", word[:-3]]
    return [word[:-1], word[:-2], word[:-3] + "y"] if word.endswith("s") else []


def agent(verb: str) -> str:
    """Who does it: 'holds' -> 'holder', 'uses' -> 'user'."""
    base = lemma(verb)
    if base.endswith("e"):
        return base + "r"
    doubles = len(base) == 3 and base[1] in "aeiou" and base[2] in "bdgmnpt"
    return base + (base[-1] if doubles else "") + "er"


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
