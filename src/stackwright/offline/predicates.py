"""What a record is told to do or to be, in the two verbs that the reader of lists knows.

'Each key opens one or more doors, is held by an employee and was handed out on a date' becomes 'each of the key has any
number of the door', 'each key belongs to an employee' and 'each key has handed out on (date)'. Another turn is another
row of `_TURNS`."""

import re
from collections.abc import Callable
from typing import Final

from stackwright.offline import lexicon
from stackwright.offline.field_types import is_attribute
from stackwright.offline.heads import mask
from stackwright.offline.nouns import Noun, clean_noun
from stackwright.offline.verbs import PARTICIPLES
from stackwright.offline.words import singular_word, snake

_DET: Final = (
    r"(?:an?|the|one|its|his|her|their|exactly one|at least one|(?:exactly )?(?:two|three|\d{1,3}))"
)
_MANY: Final = r"(?:one or more|one or several|several|many|multiple|various|any number of|a number of|a few|some|more than one|at least one of the)"
_PREP: Final = r"(?:to|from|by|at|in|on|with|for|of|under|into|about|through|over)"
_BE: Final = r"(?:is|are|was|were|gets?|got|has been|have been)"
_SAYS: Final = rf"(?:[a-z]{{2,}}s|come|go|take|need|get|belong|consist|contain|have|cost|last|use|show|record|note|include|list|happen|start|end|begin|run|work) (?=(?:each|every)\b|{_DET}\b|{_MANY}\b|{_PREP}\b|[a-z]+s\b)"
_VERB: Final = rf"(?:(?:also|then|either|always|usually|sometimes|often) )?(?:{_BE} |(?:has|have) |(?:shows?|says?|tells?|names?|states?|gives?|records?|notes?|specif(?:y|ies)) (?=(?:(?:on|at|in|for|from|to|by) )?(?:which|what|who|how|when|where|whether)\b)|{_SAYS})"
_SUBJECT: Final = re.compile(
    rf"^(?:(?:in|at|for|on) (?:our|my|the) [\w-]+(?: [\w-]+)?,? )?(?P<subject>(?P<det>each|every|an?|the|all(?: the)?|our|my) (?P<kind>[a-z][\w-]*(?: [a-z][\w-]*){{0,2}}?)|(?P<kinds>[a-z][\w-]*s)|(?P<it>it|they)) (?={_VERB})(?P<rest>.+)$",
    re.IGNORECASE,
)
_NEXT: Final = re.compile(rf"(?:,? and|,|;) (?:it |they |each )?(?={_VERB})", re.IGNORECASE)
_DATE: Final = r"(?:an? |the |some )?(?:(?:certain|given|specific|particular|fixed) )?(?:date|day)"
_TIME: Final = r"(?:an? |the |some )?(?:(?:certain|given|specific|particular|fixed) )?(?:time|hour)"
_DONE: Final = rf"(?P<done>(?:[a-z]+ed|{'|'.join(sorted(PARTICIPLES))}|put|set|read|cut|run|born)(?: (?:out|up|in|off|over|back|down|away))?)"

_TURNS: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(rf"(?:(?:also|then|either|always|usually|sometimes|often) )?{pattern}", re.IGNORECASE), says)
    for pattern, says in (
        (rf"{_BE} {_DONE} (?:(?:on|at) {_DATE}|with date)$", r"has \g<done> on (date)"),
        (rf"{_BE} {_DONE} at {_TIME}$", r"has \g<done> at (time)"),
        (rf"(?:starts?|begins?) and (?:ends?|finish(?:es)?) (?:on|at) {_DATE}$", "has start date, end date"),
        (rf"(?:starts?|begins?|opens?) and (?:ends?|closes?|finish(?:es)?) (?:on|at) {_TIME}$", "has start time, end time"),
        (rf"(?:starts?|begins?|opens?) (?:on|at) {_DATE}$", "has start date"),
        (rf"(?:ends?|finish(?:es)?|closes?) (?:on|at) {_DATE}$", "has end date"),
        (rf"(?:starts?|begins?|opens?) (?:at|on) {_TIME}$", "has start time"),
        (rf"(?:ends?|finish(?:es)?|closes?) (?:at|on) {_TIME}$", "has end time"),
        (rf"(?:happens?|takes? place|is held|occurs?) (?:on|at) {_DATE}$", "has date"),
        (rf"(?:consists?|{_BE} (?:made up|composed|made)) of (?:{_MANY} )?(?P<parts>.+)$", r"has several \g<parts>"),
        (rf"(?:{_BE} {_DONE}|comes?|goes|lives?|stands?|stays?|takes? place|works?|plays?|hangs?|lies|sits?|grows?|happens?|{_BE}) {_PREP} (?P<what>{_DET} .+)$", r"\g<what>"),
        (rf"{_BE} {_DONE} by (?P<list>(?!hand\b|post\b|mail\b|car\b|phone\b)[a-z]+)$", r"has \g<list>"),
        (rf"{_BE} with (?P<what>.+)$", r"has \g<what>"),
        (r"(?:lists?|covers?|contains?|includes?|holds?|records?|groups?|combines?) (?P<parts>[a-z]+s\b.*)$", r"has several \g<parts>"),
        (r"(?:records?|notes?|includes?|contains?|holds?|stores?) (?P<list>(?:an?|the|its|their) .+)$", r"has \g<list>"),
        (r"(?:shows?|says?|tells?|names?|states?|gives?|records?|notes?|specif(?:y|ies)|lists?) (?P<list>(?:(?:on|at|in|for|from|to|by) )?(?:which|what|who|how|when|where|whether)\b.+)$", r"has \g<list>"),
        (rf"(?:shows?|says?|tells?|names?|states?|gives?) (?P<shown>{_DET} .+)$", r"\g<shown>"),
        (rf"(?:contains?|includes?|holds?) {_MANY} (?P<what>[a-z].+)$", r"has many \g<what>"),
        (rf"(?!has |have )[a-z]+ {_MANY} (?P<many>[a-z]+s)$", r"\g<many>"),
        (rf"(?!has |have )[a-z]+ {_MANY} (?P<what>[a-z].+)$", r"has many \g<what>"),
        (rf"(?!has |have |is |are |was |were )[a-z]+s? (?P<what>(?!\d){_DET} .+)$", r"has \g<what>"),
    )
)  # fmt: skip


MUTUAL: Final = re.compile(r"each of the (?P<one>[\w ]+) has any number of the (?P<other>[\w ]+)")
"""The paraphrase that says that two kinds have many of each other."""


def predicates(clause: str, focus: str, is_kind: Callable[[str], bool]) -> list[str]:
    """The clause in plainer ones, or nothing where no turn fits.

    `focus` is the kind last spoken of, in words; `is_kind` tells whether a singular noun is a kind that is known
    or described."""
    found = _SUBJECT.match(clause)
    if found is None:
        return []
    subject = _subject(found, focus)
    parts = _parts(found["rest"])
    is_known = is_kind(snake(subject.removeprefix("each ")))
    if found["kinds"] and not is_known and not any(turn.match(parts[0]) for turn, _ in _TURNS):
        return []  # 'pupils take quizzes and get a score' tells of no pupil
    if not subject:
        return []
    return [told for part in parts for told in _plainly(subject, part, is_kind)]


def _subject(found: re.Match[str], focus: str) -> str:
    if found["it"]:
        return f"each {focus}" if focus else ""
    noun = clean_noun(found["kind"] or found["kinds"])
    if noun is None or (
        found["det"] and found["det"].lower() in ("the", "our", "my") and not noun.many
    ):
        return ""
    phrase = noun.phrase[:1].lower() + noun.phrase[1:]
    return f"each {singular_word(phrase)}" if noun.many or found["det"] else ""


def _parts(rest: str) -> list[str]:
    hidden, start, parts = mask(rest), 0, list[str]()
    for found in _NEXT.finditer(hidden):
        parts.append(rest[start : found.start()].strip(" ,;"))
        start = found.end()
    parts.append(rest[start:].strip(" ,;"))
    return [part for part in parts if part]


_OF_ONE: Final = re.compile(
    r"\bone of (?:my|our|the|its|these) (?:\w+ )??(?=[a-z]+s <)", re.IGNORECASE
)


def _plainly(subject: str, part: str, is_kind: Callable[[str], bool]) -> list[str]:
    for turn, says in _TURNS:
        found = turn.match(part)
        if found is None:
            continue
        told = _OF_ONE.sub("a ", found.expand(says))
        if "many" in turn.groupindex:
            one = singular_word(told)
            if not is_kind(one):
                return [f"{subject} has many {told}"]
            return [f"each of the {subject.removeprefix('each ')} has any number of the {one}"]
        if "shown" in turn.groupindex:
            return [_related(subject, one, is_kind, usual=False) for one in objects(told)]
        if "what" in turn.groupindex and not told.startswith(("has many ", "has several ")):
            return [_related(subject, one, is_kind) for one in objects(told.removeprefix("has "))]
        return [f"{subject} {told}"]
    return [f"{subject} {part}"]


_BEHIND: Final = re.compile(
    rf" (?:in|at|on|for|from|by|to|under|with) (?=(?:{_DET} [a-z]|date\b|time\b))", re.IGNORECASE
)


def objects(told: str) -> list[str]:
    """'a film in one of three halls at a time': what a record is told to stand in relation to."""
    hidden, start, parts = mask(told), 0, list[str]()
    for found in _BEHIND.finditer(hidden):
        parts.append(told[start : found.start()])
        start = found.end()
    parts.append(told[start:])
    return [one.strip(" ,") for one in parts]


_OF_SOME: Final = re.compile(r"^one of (?:the |our |my )?(?:\w+ )??([a-z]+s)$", re.IGNORECASE)


def _related(subject: str, told: str, is_kind: Callable[[str], bool], *, usual: bool = True) -> str:
    if some := _OF_SOME.match(told):
        return f"{subject} belongs to a {singular_word(some[1])}"
    noun = clean_noun(re.split(r" (?:with|and|or)\b|[,(<]", told)[0])
    links = noun is not None and (is_kind(noun.name) or (usual and _is_usual(noun)))
    return f"{subject} {'belongs to' if links else 'has'} {told}"


def _is_usual(noun: Noun) -> bool:
    """Whether such a noun is usually a kind of record, though nobody described it."""
    usual = noun.name in lexicon.FIELDS_OF or noun.head in lexicon.PARTIES | lexicon.GROUPERS
    return usual and not is_attribute(noun.head)


WHO: Final = r"(?:i|we|they|you|he|she|one|people|staff|the [a-z]+)"
"""Who notes or does something with records."""
_WE_DO: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^{WHO} (?:can |then |will )?(?:assign|give|hand|send|forward|pass)s? (?:it|them|(?:the|each|every) [a-z]+|[a-z]+s) to (?P<what>(?:an?|one) [a-z]+)(?:,? and (?P<rest>.+))?$",
        rf"^(?:{WHO} )?(?:can |then |will |may )?(?:set|change|update|choose)s? (?:the |its |their |an? )?(?P<field>(?:status|state|stage|priority|phase) ?<[^<>]+>)$",
        rf"^(?:at|in|on|during|for) (?P<kind>each [a-z]+|every [a-z]+),? {WHO} [a-z]+ (?P<what>(?:an?|one) [a-z]+)(?:,? and (?P<rest>.+))?$",
    )
)  # fmt: skip
"""What people do with the records that were spoken of."""


_EACH_TIME: Final = re.compile(
    r"^(?:each|every) (?:day|week|month|year|season|term|session),? (?:they|(?:each|every|the) [a-z]+|[a-z]+s) (?:can |may |then )?(?P<verb>(?!have\b|has\b)[a-z]+) (?:an?|one|their) (?P<what>[a-z]+(?: [a-z]+)?)(?P<rest>,? (?:with|and (?:we|i) [a-z]+) .+)?$",
    re.IGNORECASE,
)
_WITH: Final = re.compile(r"^,? (?:with|and (?:we|i) [a-z]+)(?: down)? ", re.IGNORECASE)


def each_time(clause: str, focus: str) -> list[str]:
    """'Each week they collect a parcel': parcels, one after the other, of what was spoken of."""
    found = _EACH_TIME.match(clause)
    noun = clean_noun(found["what"]) if found else None
    if found is None or noun is None or not focus or is_attribute(noun.head):
        return []
    told = [f"each {found['what']} belongs to a {focus}"]
    rest = _WITH.sub("", found["rest"] or "")
    return [*told, f"each {found['what']} has {rest}"] if rest else told


def deeds_on_records(clause: str, focus: str, is_kind: Callable[[str], bool]) -> list[str]:
    """'We assign it to a technician and set the status', 'at each meeting we discuss one book'."""
    for form in _WE_DO:
        found = form.match(clause)
        told = found.groupdict() if found else {}
        subject = re.sub(r"^every ", "each ", told.get("kind") or f"each {focus}")
        if found is None or subject == "each ":
            continue
        if told.get("field"):
            return [f"{subject} has {told['field']}"]
        rest = (
            deeds_on_records(told["rest"], focus, is_kind) or [told["rest"]]
            if told.get("rest")
            else []
        )
        return [_related(subject, told["what"], is_kind), *rest]
    return []
