"""Questions and spoken turns as plain field names: 'when it was bought' -> 'bought on (date)'."""

import re
from typing import Final

from stackwright.offline import units
from stackwright.offline.embedded_clauses import field_of_clause
from stackwright.offline.verbs import EVENTS, agent, lemma
from stackwright.offline.words import plural

_WHO_WHICH: Final = re.compile(
    r"\bwho (\w+) (?:which|what) (?!since|when|where)(\w+)( when)?\b", re.IGNORECASE
)
_WHO_WHICH_WHEN: Final = re.compile(
    r"\bwho (?:has |have )?(\w{2,})ed(?: (up|in|out|off|back))? (?:which|what) (\w+) (?:and )?when\b",
    re.IGNORECASE,
)


def _table(*rules: tuple[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern, re.IGNORECASE), to) for pattern, to in rules)


_PAIRS: Final = _table(
    (r"\b(?:two|three|2|3) (?:photo|picture|image)(?:graph)?s, (?:of )?(?:the |an? )?([a-z]+) and (?:of )?(?:the |an? )?([a-z]+)\b", r"\1 photo and \2 photo"),
    (r"\b([a-z]+s),? (?:where|for which|of which|in which|on which) (?:we|i|you|they) (?:will |want to |also )?(?:note|record|write down|keep|log|enter|store|register)(?: down)? (?=(?:the|an?|its|their)\b)", r"\1 with "),
    (r"\bstarting (?:on|at) an? (?:date|day),? (?:and )?ending (?:on|at) an? (?:date|day)\b", "start date, end date"),
    (r"\bto do(?=\s?/)", "to-do"),
    (r"\bdates? (?:from|start) ?(?:/|and|-|,) ?(?:to|until|end)\b", "start date, end date"),
    (r"\b(photo|picture) before and after\b", r"\1 before and \1 after"),
    (r"\bfrom what time (?:till|until|to) what time\b", "start time, end time"),
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
    (r"\bfirst and last names?\b", "first name, last name"),
    (r"\b(phone(?: number)?) in case of (?:an )?emergency\b", r"emergency \1"),
    (r"\bunder an? (?:certain )?name with\b", "with name,"),
    (r"\bfrom [a-z]+ to [a-z]+ (?=\()", ""),
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
    (r"\bas well as\b|\balong with\b|\btogether with\b|\bin addition to\b|(?<!/ )\bplus\b(?!\s*[,)]| one\b|-)|\s&(?=\s)|\bas also\b", " and"),
    (r"\b(?:linking|connecting|joining|matching|tying|relating) ([\w -]+?) (?:to|with|and) ", r"linked to \1 and "),
    (r"\bbetween (-?\d[\d.]*) and (-?\d[\d.]*)", r"from \1 to \2"),
    (r"\b([\w -]{1,60}?) (links|connects|joins|matches) (an? [\w ]+?) (?:and|to|with) (an? [\w ]+?)(?= with\b|[,;.]|$)", r"\1 belongs to \3, belongs to \4"),
    (r"\bto-do(s?)\b|\bto do(s?)(?=$| (?:apps?|lists?|items?|tracker|entry|entries|with)\b)", r"todo\1\2"),
)  # fmt: skip
"""Turns that speak of several fields, or hold a comma or an "and": read before a clause is split."""

_ITEMS: Final = _table(
    (r"^(?:it )?(starts|begins|ends|finishes) at (?:an? |the )?(?:certain |given |set )?time$", r"\1 at (time)"),
    (r"^how much$", "amount"),
    (r"^how many$", "quantity"),
    (r"^(?:on|at|in|for|from|to|by) which ([a-z]+(?: [a-z]+)?)$", r"\1"),
    (r"^(?:an? )?pics?$", "photo"),
    (r"^what (?:it's|its|it is) worth(?: now| today)?$", "worth"),
    (r"^([a-z ]{2,30}?) (?:from )?A1 (?:to|-) C2$", r"\1 <A1|A2|B1|B2|C1|C2>"),
    (r"^((?:an? |the )?[a-z]{2,30}) (?:at|in) the (?:end|beginning|start)$", r"\1"),
    (r"^if (?:not|so|no|yes),? why(?: not)?$", "reason"),
    (r"^(?:can |may )?(?:leave|give|write) (?:an?|their) (comment|message|note|remark|reason)$", r"\1"),
    (r"^from (\d{1,4}) to (\d{1,4}) ([a-z]+s)$", r"number of \3 from \1 to \2"),
    (r"^([a-z].+) for (?:the )?next (?:time|lesson|week|visit|session|meeting)$", r"\1"),
    (r"^(?:somebody|someone|(?:the |a )?person|who is|who's) (responsible|in charge)$", "responsible"),
    (r"^at what time$", "time (time)"),
    (r"^([a-z]+) by whom$", r"\1 by"),
    (r"^(.{2,40}) as an? (?:attachment|attached file|file|upload|document)$", r"\1 attached file"),
    (r"^(?:on|at|under|in) (?:an?|one) (?:(?:certain|given|particular|specific|set) )?(day|date|time|name)$", r"\1"),
    (r"^at an? (?:(?:certain|given|particular|specific|set) )?hour$", "time"),
    (r"^(\w+) (?:no|nr|num)\.?$", r"\1 number"),
    (r"^((?:[a-z]+ ){0,4}[a-z]+) (?:that|which) (?:must be|has to be|should be|is) unique$", r"\1 (unique)"),
    (r"^((?!must|should|has)(?:[a-z]+ ){0,3}[a-z]+(?<! be)(?<! is)(?<! are)(?<! and)),? unique$", r"\1 (unique)"),
    (r"^((?:[a-z]+ )?sizes?) from \w+ to \w+$", r"\1"),
    (r"^(kg|kilos|kilograms|grams|liters|litres|tons|tonnes) of ([\w ]+)$", r"\2 in \1"),
)  # fmt: skip
"""Turns that stand for one field."""


_WHO_WHAT_IN: Final = re.compile(r"\bwho (\w+) what (?:in|on|at|during) which (\w+)", re.IGNORECASE)
_WHICH_WHICH: Final = re.compile(r"\bwhich (\w+) (\w+) which (\w+)\b", re.IGNORECASE)


def _from_which_which(found: re.Match[str]) -> str:
    """'which neighbour borrowed which tool' asks for loans of a tool by a neighbour."""
    event = EVENTS.get(lemma(found[2]))
    if event is None:
        return f"the {found[1]}, the {found[3]}"
    return f"{plural(event)} of a {found[3]} by a {found[1]}"


def plain_pairs(clause: str) -> str:
    """The clause with those turns in plain words that must be read before it is split."""
    clause = _WHO_WHAT_IN.sub(r"\1 by, what and \2", clause)
    clause = _WHICH_WHICH.sub(_from_which_which, clause)
    clause = _WHO_WHICH_WHEN.sub(_from_who_which_when, clause)
    clause = _WHO_WHICH.sub(_from_who_which, clause)
    for pattern, to in _PAIRS:
        clause = pattern.sub(to, clause)
    return clause


_CHUNK: Final = re.compile(
    r"(\s*(?:[,;]|[<(][^<>()]*[>)])\s*|(?:^|\s+)and\s+|^(?:please |also |add |store |track |include |mark |with |record |note )+)",
    re.IGNORECASE,
)
"""What stands between, before and behind the names of fields."""


_CHOSEN: Final = re.compile(r" \(boolean\)(?= <)")


def plain_question(item: str) -> str:
    """The field that answers a question: 'when it was bought' -> 'bought on (date)'."""
    parts = _CHUNK.split(item)
    parts[::2] = [_plain(part) for part in parts[::2]]
    item = "".join(parts)
    item = _CHOSEN.sub("", item)
    for pattern, to in _ITEMS:
        item = pattern.sub(to, item)
    return item


def _plain(part: str) -> str:
    """One question or relative clause; a unit behind it is kept: 'how heavy it is in kg'."""
    rest, measure = units.take(part)
    name = field_of_clause(rest)
    return part if name is None else f"{name}{part[len(rest) :] if measure else ''}"


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
