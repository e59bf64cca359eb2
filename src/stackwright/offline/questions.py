"""Questions and spoken turns as plain field names: 'when it was bought' -> 'bought on (date)'."""

import re
from typing import Final

from stackwright.offline.verbs import EVENTS, agent, lemma
from stackwright.offline.words import plural

_WHO_WHICH: Final = re.compile(
    r"\bwho (\w+) (?:which|what) (?!since|when|where)(\w+)( when)?\b", re.IGNORECASE
)
_WHO_WHICH_WHEN: Final = re.compile(
    r"\bwho (?:has |have )?(\w{2,})ed(?: (up|in|out|off|back))? (?:which|what) (\w+) (?:and )?when\b",
    re.IGNORECASE,
)
_WHO_DOES: Final = re.compile(
    r"\bwho (?:currently |now |still )?(?!is\b|was\b|has\b|does\b)(\w+s) (?:it|them|this one|that one)"
    r"(?: now| currently| at the moment)?(?= *(?:,|;|\.|$|[<(]| and\b))",
    re.IGNORECASE,
)


def _table(*rules: tuple[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern, re.IGNORECASE), to) for pattern, to in rules)


_PAIRS: Final = _table(
    (r"\b(date|day) (?=from \d{1,2}[:.]\d\d)", r"\1, "),
    (r"\b(to \d{1,2}[:.]\d\d) in an? (?=[a-z])", r"\1, "),
    (r"\b(?:(?:is|are|was|were|gets?|being|be) )?(?:recorded|logged|noted(?: down)?|tracked|written down|captured|documented|entered|listed)(?= (?:with|per)\b)", ""),
    (r"\bfrom \d{1,2}[:.]\d\d(?: ?[ap]m)? (?:to|until|till|-) \d{1,2}[:.]\d\d(?: ?[ap]m)?(?:,? for (?:example|instance))?", "start time, end time"),
    (r"\bfrom (?:an? |the )?(?:start )?date (?:until|till|to) (?:an? |the )?(?:end )?date\b", "with start date and end date"),
    (r"(?<!only )(?<!booked )(?<!reserved )(?<!rented )(?<!used )\b(?:once|twice|thrice|(?:two|three|four|several|\d) times) (?:a|per|each|every) (?:day|week|month|year)\b", ""),
    (r",? from (?:an? |the )?([\w-]+ (?:date|day|time|night)) (?:to|until|till) (?:an? |the )?([\w-]+ (?:date|day|time|night))\b", r" with \1 and \2"),
    (r",? from one (?:day|date) (?:to|until|till) (?:another|the next|the other)\b", " with start date and end date"),
    (r"\bplus one\b(?! of\b)", "plus-one"),
    (r"\bits been\b", "it has been"),
    (r"\b([a-z]+s) are (?:people|those|[a-z]{3,}s)(?: who| that| which)? (?:with|have|having) ", r"\1 have "),
    (r"\b(?:takes?|taking) place (?:on|at) (?:an? |the )?(?=date|day|time)", "have "),
    (r"\b(?:and then |then )?(the )?([a-z]+s),? (?:like|such as) (?=(?:which|when|who|how|what|where)\b)", r", \1\2 with "),
    (r"\bmany[- ]to[- ]many(?: relation(?:ship)?s?)? between (\w+(?: \w+)?) and (\w+(?: \w+)?)", r"\1 have many \2 and \2 have many \1"),
    (r"\b(\w+) of (the \w+) and of (the \w+)", r"\1 of \2 and \1 of \3"),
    (r"\b(?:watch|wish|bucket|check)[- ]list\b", "list"),
    (r"\b(want|need|like) (each|every|all|the) ([\w -]{1,40}?) to (?:have|include|contain)\b", r"\1 \2 \3 has"),
    (r"\bfrom (check-?in|arrival|start|pick-?up|move-?in|departure) (?:date )?(?:to|until|till) (check-?out|departure|end|drop-?off|return|move-?out)(?: date)? with\b", r"with \1 date, \2 date,"),
    (r"\b(?:on|at) an? (?:certain |given )?(?:date|day) and (?:an? )?(?:time|hour)\b", "with date, time"),
    (r"\b(an? (?:session|appointment|booking|reservation|rental|lesson|meeting|event)) (?:books|reserves|occupies|uses) (an? [a-z]+) for (an? [a-z]+)\b", r"\1 has \2, \3"),
    (r",? from an? (start|beginning)(?: time)? (?:to|until|till) an? (?:end)(?: time)?\b", r", start, end"),
    (r"^(?:an?|each|every) ([a-z]+) votes ([a-z]+(?:, [a-z]+){0,4},? or [a-z]+) on (?:an?|each|the) ([a-z]+)\b", r"votes: \1, \3, choice (\2)"),
    (r"^(?:and )?(?:mark|tick off|flag) (?:the ones|those|which(?: ones)?|what)(?: that| which)? (?:i|we|you)(?:'ve| have)? (?:already )?([a-z]+)$", r"mark them as \1"),
    (r"\b([a-z]{3,20}) in ([a-z/]{1,12}) before and after\b", r"\1 before in \2 and \1 after in \2"),
    (r"\b(min(?:imum)?) and (?:an? )?(max(?:imum)?) (number of [a-z]+)\b", r"\1 \3 and \2 \3"),
    (r"\b(min(?:imum)?|upper) (?:and|&|/) (max(?:imum)?|lower) ([a-z]+)\b", r"\1 \3 and \2 \3"),
    (r"\bon an? (?:certain |given |specific |particular )?date (?:with|and)\b", "with date,"),
    (r"\bon an? (?:certain |given |specific |particular )?date\b", "with date"),
    (r"\b(something|anything) (?:really |very )?(?:simple|small|easy|basic|light|lightweight|nice|quick)\b", r"\1"),
    (r"(?<=, )since when\b", "since (date)"),
    (r"\b(\w+s) for and \1 against\b", r"\1 scored (integer) and \1 conceded (integer)"),
    (r"\b(?:which|what) ((?:\w+ )?\w+s) (?:are|were|is|was|get|got) (\w+(?:ed|wn|en|ght|ut|ept|old|ent)) (?:where and )?when\b", r"\1 with name and \2 on (date)"),
    (r"\bdate (?:and|&|/|or) time\b|\bdate/time\b", "date-time"),
    (r"\b(start|starting|begin|opening|arrival|from|check-?in|pick-?up|issue|planting|sowing) (?:and|&|/) (end|ending|finish|closing|departure|to|check-?out|drop-?off|return|due|expiry|harvest) (date|time)s? and\b", r"\1 \3, \2 \3 and"),
    (r"\b(start|starting|begin|opening|arrival|from|check-?in|pick-?up|issue|planting|sowing) (?:and|&|/) (end|ending|finish|closing|departure|to|check-?out|drop-?off|return|due|expiry|harvest) (date|time)s?\b", r"\1 \3 and \2 \3"),
    (r"\b(length|width|height|depth) x (width|height|depth)\b", r"\1 and \2"),
    (r"\bas well as\b|\balong with\b|\btogether with\b|\bin addition to\b|\bplus\b(?!\s*[,)]| one\b|-)|\s&(?=\s)|\bas also\b", " and"),
    (r"\b(?:linking|connecting|joining|matching|tying|relating) ([\w -]+?) (?:to|with|and) ", r"linked to \1 and "),
    (r"\bbetween (-?\d[\d.]*) and (-?\d[\d.]*)", r"from \1 to \2"),
    (r"\b([\w -]{1,60}?) (links|connects|joins|matches) (an? [\w ]+?) (?:and|to|with) (an? [\w ]+?)(?= with\b|[,;.]|$)", r"\1 belongs to \3, belongs to \4"),
    (r"\bto-do(s?)\b|\bto do(s?)(?=$| (?:apps?|lists?|items?|tracker|entry|entries|with)\b)", r"todo\1\2"),
)  # fmt: skip
"""Turns that speak of several fields, or hold a comma or an "and": read before a clause is split."""

_ITEMS: Final = _table(
    (r"^(would|can|could|may|will|should) (\w+(?: \w+){0,2})\??$", r"\1 \2 (boolean)"),
    (r"^(?:is|are|was|were|has|does|do) (?:it|he|she|they)(?: already| still| ever| been)* (\w+(?: \w+){0,2})\??$", r"\1 (boolean)"),
    (r"^(?:it )?(starts|begins|ends|finishes) at (?:an? |the )?(?:certain |given |set )?time$", r"\1 at (time)"),
    (r"^(?:the )?(date|day|time|year) (?:it|he|she|they) (?:came|comes|is|was given|went) back$", r"\1 back"),
    (r"^(\w+) (?:no|nr|num)\.?$", r"\1 number"),
    (r"^how much$", "amount"),
    (r"^((?:[a-z]+ ){0,4}[a-z]+) (?:that|which) (?:must be|has to be|should be|is) unique$", r"\1 (unique)"),
    (r"^(?:an? |the )([a-z]+(?: (?!where|when|that|which)[a-z]+)?) (?:they|it|he|she)(?: is| are| was| were)? (?:collects?|prefers?|(?:kept|stored|found|grown|made|came|comes|lives?|stands?|bought|caught|taken)(?: in| on| at| from| to)?)$", r"\1"),
    (r"^(.{3,60}) when (?:it|they) (?:came|comes|is|are|was|were) (?:back|returned|handed in)$", r"\1"),
    (r"^((?:[a-z]+ )?sizes?) from \w+ to \w+$", r"\1"),
    (r"^(may|can|must) (?:the|an?) [a-z]+ (\w+(?: \w+){0,3}?) <yes\|no>$", r"\1 \2 (boolean)"),
    (r"\b(?:the )?(place|shelf|room|spot|box) where (?:it|they) (?:is|are|was|were) [a-z]+$", r"\1"),
    (r"^how many$", "number (integer)"),
    (r"^(kg|kilos|kilograms|grams|liters|litres|tons|tonnes) of ([\w ]+)$", r"\2 in \1"),
    (r"\b(price|amount|cost|sum) (?:i|we|they) (paid|spent|got)\b", r"\1 \2"),
    (r"\b(?:whether|if) (?:i|we|they|he|she|it) (?:still |already )?(own|have|like|need|want|use|know|eat|speak|drive|has)s?\b(?! (?:been|not|\w+ed|\w+en)\b)(?: (?:it|them|this one)\b|(?: an?)?((?: \w+){1,3}))?$", r"\1\2 (boolean)"),
    (r"\b(?:and |to )?whose (?:\w+ )?(?:it|that|this) is\b|\bwho(?:m)? (?:it|they) belongs? to\b", "owner"),
    (r"\bwhat(?: is|'s) wrong(?: with (?:it|them))?\b", "problem"),
    (r"\bwhen (?:it|they|he|she|the \w+) (came|went|left|broke|fell|began)(?: (in|out|back|up|down))?(?= *(?:,|;|\.|$|[<(]| and\b))", r"\1 \2 on (date)"),
    (r"\b(?:which|what) (\w+) (?:it|they|he|she) (?:is|are|was|were|lives?|hangs?|sits?|comes?) (?:on|in|at|from)\b", r"\1"),
    (r"\bhow many (?:of them |of it |bottles |copies |pieces |units )?(?:are|is|we have|i have|there are)? ?(left|remaining|available|in stock|on hand)\b", r"quantity \1 (integer)"),
    (r"\bhow many ([a-z-]+)(?: (?:it|they|he|she|i|we|you|there|the|a|an|are|is|has|have|can|each|per|were|was|came|\w+ed)\b[^,;.<(]*?)?(?=,|;|\.|$| *[<(]| and\b)", r"\1 (integer)"),
    (r"\b(?:how much|what) (?:i|we|they|you|he|she|was)(?:'ve| have)? (?:paid|spent)(?: for (?:it|them))?\b", "price paid (money)"),
    (r"\bhow much (?:of it |of them )?(?:is|are) (?:still )?(left|remaining)\b", r"quantity \1 (number)"),
    (r"\bhow long\b(?: (?:it|they|i|we)\b)?[^,;.<(]*?(?=,|;|\.|$| *[<(]| and\b)", "duration in minutes"),
    (r"\bhow (?:i|we|they|he|she|it) (?:feels?|felt)\b", "mood"),
    (r"\bhow (?:it|they|that) (?:went|goes|turned out)\b", "outcome"),
    (r"^(?:an? |the )?(?:date|day) (?:when |on which )?(?:their|its|his|her|the) ([a-z]+(?: [a-z]+){0,2}) (?:expires?|runs? out|ends?)(?: on)?$", r"\1 expires on (date)"),
    (r"^(?:the )?(languages|instruments|skills|subjects|sports) (?:they|he|she|it) (?:speaks?|plays?|has|have|teach(?:es)?|does|do)$", r"\1"),
    (r"\b(?:the )?date (?:i|we|they|he|she|it)(?: was| were| is)? last (\w+)(?: (?:it|them))?\b", r"last \1"),
    (r"\b(?:the )?(date|day|year|place|time) (?:i|we|they|he|she|it)(?: was| were| is)? (\w+)(?: (?:it|them))?\b", r"\1 \2"),
    (r"\bhow old\b[^,;.<(]*?(?=,|;|\.|$| *[<(]| and\b)", "age"),
    (r"\bhow often\b[^,;.<(]*?(?=,|;|\.|$| *[<(]| and\b)", "frequency"),
    (r"\b(?:whether|if)(?: or not)? (?:it|they|he|she|i|we|the \w+|an? \w+|each \w+)(?:'s|'re)? (?:has been|have been|had been|is|are|was|were|has|have|can be|got|i|i've|we've)? ?(?:already |still |currently |been )*((?!a\b|an\b|the\b)[a-z-]+(?: (?:up|out|back|off|in)(?= *(?:[,;.]|$|and\b))| (?:in|for|out|up) [a-z]+)?)\b(?: (?:it|them|yet|or not|to (?:some|any)(?:one|body)|an? [a-z]+))*", r"\1 (boolean)"),
    (r"\b(?:whether|if) there (?:is|are|was|were) (?:any |an? )?([a-z]+)$", r"\1 (boolean)"),
    (r"\bwhen (?:it|they|he|she) (?:was|were) (\w+) last\b", r"last \1"),
    (r"\bwhen (?:i|we|they|he|she|it|you)(?:'ve| have)? last (\w+)(?: (?:it|them))?\b", r"last \1"),
    (r"\bwhen (?:it|they|he|she|this|the \w+) (?:is|are) due\b(?: back)?", "due date"),
    (r"\bwhen (?:it|they|he|she|the \w+|an? \w+) (?:was|were|is|are|got|has been|have been|will be) (\w+)(?: back)?( out| in| over| off)?\b", r"\1\2 on (date)"),
    (r"\b(?:when|on which day|what day)\b(?= *(?:,|;|\.|$|[<(]| and\b))", "date"),
    (r"\bwhere (?:it|they|he|she|this)(?:'s| is| are| was| were)? ?(?:kept|stored|located|hanging|standing|shelved)?(?= *(?:,|;|\.|$|[<(]| and\b))", "location"),
    (r"\bwhere (?:it|they|he|she|i|we) (?:is|was|were|are|have|has)? ?(?:been )?(\w+(?:ed|ght|und|wn|ot|pt|en))(?: (?:it|them|from))?(?= *(?:,|;|\.|$|[<(]| and\b))", r"place \1"),
    (r"^where\b(?= *(?:,|;|\.|$|[<(]| and\b))", "location"),
    (r"\bwhat (?:kind|type|sort)(?: of \w+)?(?: (?:it|they) (?:is|are|was|were))?", "type"),
)  # fmt: skip
"""Turns that stand for one field."""


_WHO_WHAT_IN: Final = re.compile(r"\bwho (\w+) what (?:in|on|at|during) which (\w+)", re.IGNORECASE)
_WHICH_WHICH: Final = re.compile(r"\bwhich (\w+) (\w+) which (\w+)\b", re.IGNORECASE)


def _from_which_which(found: re.Match[str]) -> str:
    """'which neighbour borrowed which tool' asks for loans of a tool by a neighbour."""
    event = EVENTS.get(lemma(found[2]))
    return found[0] if event is None else f"{plural(event)} of a {found[3]} by a {found[1]}"


def plain_pairs(clause: str) -> str:
    """The clause with those turns in plain words that must be read before it is split."""
    clause = _WHO_WHAT_IN.sub(r"\1 by, what and \2", clause)
    clause = _WHICH_WHICH.sub(_from_which_which, clause)
    clause = _WHO_WHICH_WHEN.sub(_from_who_which_when, clause)
    clause = _WHO_WHICH.sub(_from_who_which, clause)
    for pattern, to in _PAIRS:
        clause = pattern.sub(to, clause)
    return clause


def _from_who_does(found: re.Match[str]) -> str:
    """'who holds it' is its holder; 'who brings it' has no such word."""
    verb = lemma(found[1].lower())
    return agent(found[1].lower()) if verb in _AGENTS else found[0]


_AGENTS: Final = frozenset({"hold", "use", "keep", "own", "borrow", "write", "teach", "drive"})


def plain_question(item: str) -> str:
    """The field that answers a question: 'when it was bought' -> 'bought on (date)'."""
    item = _WHO_DOES.sub(_from_who_does, item)
    for pattern, to in _ITEMS:
        item = pattern.sub(to, item)
    return item


def _from_who_which_when(found: re.Match[str]) -> str:
    """'who pruned which tree when' asks for prunings, each of a tree, by someone, on a date."""
    if EVENTS.get(lemma(f"{found[1]}ed")):
        return found[0]
    kind = f"{found[1]} {found[2]}s" if found[2] else f"{found[1]}ings"
    done = f"{found[1]}ed {found[2] or ''}".strip()
    return f"{kind} with {found[3]}, {found[1]}ed by and {done} on (date)"


def _from_who_which(found: re.Match[str]) -> str:
    """'who borrowed which book' asks for loans of books with a borrower."""
    if found[1].lower() in ("has", "have"):
        if re.search(r"\b(?:know|see|find out|overview of) $", found.string[: found.start()]):
            return found[0]
        return f"loans with {found[2]}, borrower"
    event = EVENTS.get(lemma(found[1]))
    if event is None:
        return f"{found[1]} by and {found[2]}{' and date' if found[3] else ''}"
    when = ", date" if found[3] else ""
    return f"{plural(event)} of {plural(found[2].lower())} with {agent(found[1])}{when}"
