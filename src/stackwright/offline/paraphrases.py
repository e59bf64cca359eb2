"""Sentences told with verbs of their own, in the few verbs that the reader of lists knows.

'Each key opens one or more doors, is held by an employee and was handed out on a date' becomes 'each key has
many doors', 'each key belongs to an employee' and 'each key has handed out on (date)'. A paraphrase is read only
where the sentence as it stands leaves words that are not understood. Another turn is another row of `_TURNS`."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from stackwright.offline import lexicon
from stackwright.offline.field_types import is_attribute
from stackwright.offline.heads import mask
from stackwright.offline.nouns import Noun, clean_noun
from stackwright.offline.verbs import EVENTS, PARTICIPLES, lemma
from stackwright.offline.words import plural, singular_word, snake

_DET: Final = (
    r"(?:an?|the|one|its|his|her|their|exactly one|at least one|(?:exactly )?(?:two|three|\d{1,3}))"
)
_MANY: Final = r"(?:one or more|one or several|several|many|multiple|various|any number of|a number of|a few|some|more than one|at least one of the)"
_PREP: Final = r"(?:to|from|by|at|in|on|with|for|of|under|into|about|through|over)"
_BE: Final = r"(?:is|are|was|were|gets?|got|has been|have been)"
_SAYS: Final = rf"(?:[a-z]{{2,}}s|come|go|take|need|get|belong|consist|contain|have|cost|last|use|show|record|note|include|list|happen|start|end|begin|run|work) (?=(?:each|every)\b|{_DET}\b|{_MANY}\b|{_PREP}\b|[a-z]+s\b)"
_VERB: Final = (
    rf"(?:(?:also|then|either|always|usually|sometimes|often) )?(?:{_BE} |(?:has|have) |{_SAYS})"
)
_SUBJECT: Final = re.compile(
    rf"^(?:(?:in|at|for|on) (?:our|my|the) [\w-]+(?: [\w-]+)?,? )?(?P<subject>(?P<det>each|every|an?|one|the|all(?: the)?|our|my) (?P<kind>[a-z][\w-]*(?: [a-z][\w-]*){{0,2}}?)|(?P<kinds>[a-z][\w-]*s)|(?P<it>it|they)) (?={_VERB})(?P<rest>.+)$",
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
        (rf"{_BE} with (?P<what>.+)$", r"has \g<what>"),
        (r"(?:lists?|covers?|contains?|includes?|holds?|records?|groups?|combines?) (?P<parts>[a-z]+s\b.*)$", r"has several \g<parts>"),
        (r"(?:records?|notes?|includes?|contains?|holds?|stores?) (?P<list>(?:an?|the|its|their) .+)$", r"has \g<list>"),
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
            return [_related(subject, one, is_kind, usual=False) for one in _objects(told)]
        if "what" in turn.groupindex and not told.startswith(("has many ", "has several ")):
            return [_related(subject, one, is_kind) for one in _objects(told.removeprefix("has "))]
        return [f"{subject} {told}"]
    return [f"{subject} {part}"]


_BEHIND: Final = re.compile(
    rf" (?:in|at|on|for|from|by|to|under|with) (?=(?:{_DET} [a-z]|date\b|time\b))", re.IGNORECASE
)


def _objects(told: str) -> list[str]:
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


_NOTES: Final = r"(?:note|write|record|log|register|enter|keep|store|track)s?(?: down| track of)?"
_WHO: Final = r"(?:i|we|they|you|one|people|staff|the [a-z]+)"
_EVENT_VERB: Final = "|".join(sorted(EVENTS, key=len, reverse=True))
_DOING: Final = re.compile(
    rf"^(?P<who>(?:our |the )?[a-z]+s) (?:with (?P<fields>[^()]+?)|\((?P<inside>[^()]+)\)) (?:can |may )?(?P<verb>{_EVENT_VERB}) (?P<what>[a-z]+s\b.*)$",
    re.IGNORECASE,
)
_WHEN_DONE: Final = re.compile(
    rf"^(?:when|whenever|once|each time|every time|if) (?P<who>an?|the|one) (?P<doer>[a-z]+) (?P<verb>[a-z]+s) (?:an?|the|one) (?P<what>[a-z]+),? {_WHO} (?:also |then )?{_NOTES} (?P<fields>.+)$",
    re.IGNORECASE,
)
_SIGNING: Final = re.compile(
    r"^(?P<who>(?:our |the )?[a-z]+s) (?:can |may )?(?:sign|register)(?: up)? with (?P<fields>[^()]+?),? and can (?P<deed>[a-z]+ .+)$",
    re.IGNORECASE,
)
_NOTED_IN: Final = re.compile(
    rf"^(?:{_WHO} )?(?:(?:also|then|just|want|need|would|like|have|should|can|must|to) )*{_NOTES} (?P<first>[^,]+?) (?:in|at|for|of|on|about|during|after) (?:each|every) (?P<kind>[a-z]+)(?:,? (?:with|and|plus|together with) (?P<rest>.+))?$",
    re.IGNORECASE,
)


def _doing(found: re.Match[str]) -> list[str]:
    """'Customers with name and phone rent tents': the customers, and what they do."""
    who = found["who"]
    return [
        f"{who}: {found['fields'] or found['inside']}",
        f"{who} {found['verb']} {found['what']}",
    ]


def _when_done(found: re.Match[str]) -> list[str]:
    """'When a pupil borrows a book we note the date': of the loan."""
    event = EVENTS.get(lemma(found["verb"]))
    if event is None:
        return []
    deed = f"{plural(found['doer'])} {lemma(found['verb'])} {plural(found['what'])}"
    return [deed, f"each {event} has {found['fields']}"]


def _noted_in(found: re.Match[str]) -> list[str]:
    """'I note what we did in each lesson, with the date'."""
    rest = f", {found['rest']}" if found["rest"] else ""
    return [f"each {found['kind']} has {found['first']}{rest}"]


def _signing(found: re.Match[str]) -> list[str]:
    """'Members sign up with name and email and can book a car'."""
    return [f"{found['who']}: {found['fields']}", f"{found['who']} can {found['deed']}"]


def _given_to(found: re.Match[str]) -> list[str]:
    """'Our food bank gives out parcels to households': each parcel is of one household."""
    return [f"each {singular_word(found['what'])} belongs to a {singular_word(found['whom'])}"]


def _handed_out(found: re.Match[str]) -> list[str]:
    """'Props get borrowed for a production by a person': loans of a prop."""
    event = EVENTS.get(lemma(found["verb"]))
    if event is None:
        return []
    what = singular_word(found["what"])
    rest = found["rest"].replace(" with ", ", ")
    listed = ", ".join(one for one in _objects(f" {rest}") if one)
    return [f"each {event} belongs to a {what}", f"each {event} has {listed}"]


def _posted(found: re.Match[str]) -> list[str]:
    """'Anyone can post an idea with a title': ideas, and that anyone can is a wish of its own."""
    before = [found["before"]] if found["before"] else []
    return [*before, f"each {found['kind']} has {found['fields']}"]


def _filled_in(found: re.Match[str]) -> list[str]:
    """'Applicants fill in a form with name and email'."""
    return [f"{found['who']}: {found['fields']}"]


def _logged(found: re.Match[str]) -> list[str]:
    """'When we sing a piece we log it: date, occasion': singings of a piece."""
    event = EVENTS.get(lemma(found["verb"])) or f"{lemma(found['verb']).removesuffix('e')}ing"
    return [f"{plural(event)}: {found['fields']}", f"each {event} belongs to a {found['what']}"]


def _things_lent(found: re.Match[str]) -> list[str]:
    """'A list of things I lent out: to whom, when'."""
    event = EVENTS.get(lemma(found["verb"])) or "sale"
    return [f"{plural(event)}: {found['fields']}"]


_FILLED_IN: Final = re.compile(
    r"^(?:the |our )?(?P<who>[a-z]+s) (?:can |may |should )?(?P<left>(?:fill (?:in|out)|complete|submit|send(?: in)?) an? (?:[a-z]+ )?form) with (?P<fields>.+)$",
    re.IGNORECASE,
)
_LOGGED: Final = re.compile(
    rf"^(?:when|whenever|each time|every time|if) {_WHO} (?P<verb>[a-z]+) (?:an?|the|one) (?P<what>[a-z]+)(?: [a-z ]{{1,40}}?)?,? {_WHO} {_NOTES} (?:it|that|this)(?: down)?: (?P<fields>.+)$",
    re.IGNORECASE,
)
_THINGS_LENT: Final = re.compile(
    r"^(?:track )?(?:an? )?(?:lists? of )?(?:the |all )?(?:things|stuff|items) (?:that |which )?(?:i|we)(?: have)? (?P<verb>lent|borrowed|sold|bought)(?: out)? ?[:,-] (?P<fields>.+)$",
    re.IGNORECASE,
)
_GIVES: Final = re.compile(
    r"^(?:(?:our|the|my) [a-z -]{1,40}|we|i) (?:gives?|hands?|sends?|sells?|delivers?|distributes?|lends?|rents?|hires?)(?: out)? (?P<what>[a-z]+s) to (?:our |the )?(?P<whom>[a-z]+s)$",
    re.IGNORECASE,
)
_HANDED: Final = re.compile(
    r"^(?:the |our )?(?P<what>[a-z]+s) (?:are|get|can be|may be) (?P<verb>lent|borrowed|rented|booked|reserved|hired|loaned)(?: out)? (?P<rest>(?:to|by|for|from|with) .+)$",
    re.IGNORECASE,
)
_POSTED: Final = re.compile(
    r"^(?:(?P<before>[\w' -]{3,40}): )?(?P<left>(?:(?:anyone|everyone|everybody|anybody|people|staff) (?:can|may|should be able to)|[a-z]+s(?: [a-z]+,)?(?: can| may| should be able to)?) (?:offer|list|publish|post|submit|add|create|enter|send|leave|share|suggest|propose|report|write|upload)(?: in)? (?:an?|their|new) (?P<kind>[a-z]+)) with (?P<fields>.+?)(?:,? (?:and )?others? .+)?$",
    re.IGNORECASE,
)


def _present(found: re.Match[str]) -> list[str]:
    """'For every call-out the firefighters that were there'."""
    before = [found["before"].strip(" ,;")] if found["before"] else []
    what = singular_word(found["what"])
    return [*before, f"each of the {found['owner'].replace('-', ' ')} has any number of the {what}"]


def _anyone_signs(found: re.Match[str]) -> list[str]:
    """'Anyone can sign with their name and email'."""
    event = "signature" if found["verb"].lower() == "sign" else EVENTS.get(lemma(found["verb"]))
    return [f"{plural(event)}: {found['fields']}"] if event else []


def _of_them(found: re.Match[str]) -> list[str]:
    """'I would like to keep the dealers' names and towns separately'."""
    return [f"each {found['kind']} has {found['fields']}"]


_PRESENT: Final = re.compile(
    r"^(?P<before>.+[,;] )??(?:and )?for (?:every|each) (?P<owner>[a-z]+(?:[ -][a-z]+)?),? (?:the|which|all(?: the)?|a list of(?: the)?) (?P<what>[a-z]+s)(?: (?:that|who|which) [\w ]+)?$",
    re.IGNORECASE,
)
_ANYONE_SIGNS: Final = re.compile(
    r"^(?P<left>(?:anyone|anybody|everyone|everybody|people|visitors|citizens|supporters) (?:can|may|should be able to) (?P<verb>sign|donate)) with (?:their |a )?(?P<fields>.+?);?$",
    re.IGNORECASE,
)
_OF_THEM: Final = re.compile(
    rf"^(?:{_WHO} )?(?:(?:also|then|just|want|need|would|like|have|should|can|must|to) )*(?:{_NOTES}|know|have|need) (?:the |our |all )?(?P<kind>[a-z]+?)(?:s'|'s) (?P<fields>[a-z].+?)(?: separately| too| as well)?$",
    re.IGNORECASE,
)


def _there_are(found: re.Match[str]) -> list[str]:
    """'For each play there are roles, and an actor plays several roles'."""
    told = [f"each {singular_word(found['kinds'])} belongs to a {found['owner']}"]
    return [*told, found["rest"]] if found["rest"] else told


def _rated(found: re.Match[str]) -> list[str]:
    """'Every member gives the book a rating from 1 to 10': ratings, of a book by a member."""
    kind = found["field"]
    return [
        f"each {kind} belongs to a {found['who']}",
        f"each {kind} belongs to a {found['what']}",
        f"each {kind} has {kind}{found['range'] or ''}",
    ]


_THERE_ARE: Final = re.compile(
    r"^(?:for|in|on|at) (?:each|every) (?P<owner>[a-z]+) there (?:are|can be|may be|should be) (?:several |many |some )?(?P<kinds>[a-z]+s)(?:,? and (?P<rest>(?:an?|each|every) .+))?$",
    re.IGNORECASE,
)
_RATED: Final = re.compile(
    r"^(?:each|every|an?|the) (?P<who>[a-z]+) (?:can |may )?gives? (?:the|an?|each|every|one) (?P<what>[a-z]+) an? (?P<field>rating|score|grade|mark|vote|review)(?P<range> from \d+ to \d+| \d+-\d+| \(?\d+ ?(?:to|-) ?\d+\)?)?$",
    re.IGNORECASE,
)


def _has_to_happen(found: re.Match[str]) -> list[str]:
    """'Cleaning has to happen after each departure: who cleans and when'."""
    return [f"{found['kind'].lower()}s: {found['fields']}"]


_HAS_TO_HAPPEN: Final = re.compile(
    r"^(?P<kind>[a-z]+ing) (?:has to|must|should|needs to|is to) (?:happen|be done|take place) (?:after|before|at|on|for) (?:each|every) [a-z]+: (?P<fields>.+)$",
    re.IGNORECASE,
)


def _making(found: re.Match[str]) -> list[str]:
    """'Bidders with name and email place bids with an amount': bids, each of a bidder."""
    who, what = found["who"], found["what"]
    more = [f"{what}: {found['more']}"] if found["more"] else []
    return [
        f"{who}: {found['fields']}",
        *more,
        f"each {singular_word(what)} belongs to a {singular_word(who)}",
    ]


_MAKING: Final = re.compile(
    r"^(?:the |our )?(?P<who>[a-z]+s) (?:with (?P<fields>[^()]+?)) (?:can |may )?(?:place|make|write|give|submit|post|create|leave|file|send|offer|pledge) (?P<what>[a-z]+s)(?: with (?P<more>.+))?$",
    re.IGNORECASE,
)
_SURE: Final = (
    (_MAKING, _making),
    (_HAS_TO_HAPPEN, _has_to_happen),
    (_THERE_ARE, _there_are),
    (_DOING, _doing),
    (_SIGNING, _signing),
    (_FILLED_IN, _filled_in),
    (_PRESENT, _present),
    (_ANYONE_SIGNS, _anyone_signs),
)
_PERHAPS: Final = (
    (_WHEN_DONE, _when_done),
    (_NOTED_IN, _noted_in),
    (_GIVES, _given_to),
    (_HANDED, _handed_out),
    (_POSTED, _posted),
    (_LOGGED, _logged),
    (_RATED, _rated),
    (_OF_THEM, _of_them),
    (_THINGS_LENT, _things_lent),
)


TOPIC: Final = re.compile(
    r"^(?P<topic>[A-Z][\w' &-]{2,40}): (?P<rest>(?:we|i) (?:have|need|want|would|keep|track|run|use|collect|record|note|offer)\b.*)$",
    re.IGNORECASE,
)
"""'Museum guides: we have tours …' says first what the application is about."""


def _is_about_kinds(found: re.Match[str], is_kind: Callable[[str], bool]) -> bool:
    """What some forms link must be described: 'we send interpreters to courts' tells of neither."""
    named = [found[name] for name in ("what", "whom", "owner") if name in found.re.groupindex]
    links = found.re in (_GIVES, _PRESENT)
    return not links or all(is_kind(snake(singular_word(one))) for one in named)


_WE_DO: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^{_WHO} (?:can |then |will )?(?:assign|give|hand|send|forward|pass)s? (?:it|them|(?:the|each|every) [a-z]+|[a-z]+s) to (?P<what>(?:an?|one) [a-z]+)(?:,? and (?P<rest>.+))?$",
        rf"^(?:{_WHO} )?(?:can |then |will |may )?(?:set|change|update|choose)s? (?:the |its |their |an? )?(?P<field>(?:status|state|stage|priority|phase) ?<[^<>]+>)$",
        rf"^(?:at|in|on|during|for) (?P<kind>each [a-z]+|every [a-z]+),? {_WHO} [a-z]+ (?P<what>(?:an?|one) [a-z]+)(?:,? and (?P<rest>.+))?$",
    )
)  # fmt: skip
"""What people do with the records that were spoken of."""


def _we_do(clause: str, focus: str, is_kind: Callable[[str], bool]) -> list[str]:
    """'We assign it to a technician and set the status', 'at each meeting we discuss one book'."""
    for form in _WE_DO:
        found = form.match(clause)
        told = found.groupdict() if found else {}
        subject = re.sub(r"^every ", "each ", told.get("kind") or f"each {focus}")
        if found is None or subject == "each ":
            continue
        if told.get("field"):
            return [f"{subject} has {told['field']}"]
        rest = _we_do(told["rest"], focus, is_kind) or [told["rest"]] if told.get("rest") else []
        return [_related(subject, told["what"], is_kind), *rest]
    return []


@dataclass(frozen=True)
class Paraphrase:
    """What a clause may mean, as plainer clauses."""

    clauses: tuple[str, ...]
    is_sure: bool = False
    """The clause is not to be read as it stands."""
    left: str = ""
    """Words that the plainer clauses do not tell."""
    is_record: bool = False
    """It tells of records even where the clause as it stands could be a wish for something else."""


def paraphrases(clause: str, focus: str, is_kind: Callable[[str], bool]) -> list[Paraphrase]:
    """What the clause may mean; `focus` and `is_kind` as for `predicates`."""
    for form, tell in _SURE:
        found = form.match(clause)
        if found is not None and _is_about_kinds(found, is_kind):
            left = found.groupdict().get("left") or ""
            return [Paraphrase(tuple(tell(found)), is_sure=True, left=left)]
    told = [
        Paraphrase(tuple(tell(found)), is_record=True, left=found.groupdict().get("left") or "")
        for form, tell in _PERHAPS
        if (found := form.match(clause)) and _is_about_kinds(found, is_kind)
    ]
    told.append(Paraphrase(tuple(predicates(clause, focus, is_kind))))
    told.append(Paraphrase(tuple(_we_do(clause, focus, is_kind))))
    return [one for one in told if one.clauses]
