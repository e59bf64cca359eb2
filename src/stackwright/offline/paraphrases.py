"""Whole sentences that tell of records in passing, as plainer sentences that the reader of lists knows.

'When a pupil borrows a book we note the date' becomes 'pupils borrow books' and 'each loan has the date'. Another
wording is another row of `_FORMS`, with a function for what it tells."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from stackwright.offline.field_types import infer
from stackwright.offline.predicates import WHO, deeds_on_records, each_time, objects, predicates
from stackwright.offline.verbs import EVENTS, lemma, occasion_of
from stackwright.offline.words import plural, singular_word, snake

_NOTES: Final = (
    r"(?:jot|note|write|record|log|register|enter|keep|store|track)s?(?: down| track of)?"
)
_EVENT_VERB: Final = "|".join(sorted(EVENTS, key=len, reverse=True))
TOPIC: Final = re.compile(
    r"^(?P<topic>[A-Z][\w' &-]{2,40}): (?P<rest>(?:we|i) (?:have|need|want|would|keep|track|run|use|collect|record|note|offer)\b.*)$",
    re.IGNORECASE,
)
"""'Museum guides: we have tours …' says first what the application is about."""


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


@dataclass(frozen=True)
class _Form:
    """A wording, and what it tells."""

    pattern: re.Pattern[str]
    tell: Callable[[re.Match[str]], list[str]]
    is_sure: bool = False
    links: bool = False
    """It only links kinds, which must be described: 'we send interpreters to courts' tells of neither."""


def paraphrases(
    clause: str, focus: str, is_kind: Callable[[str], bool], main: str = ""
) -> list[Paraphrase]:
    """What the clause may mean, the surest first; `focus` and `is_kind` as for `predicates`, `main` is the first kind."""
    told: list[Paraphrase] = []
    for form in _FORMS:
        found = form.pattern.match(clause)
        if found is None or (form.links and not _are_kinds(found, is_kind)):
            continue
        left = found.groupdict().get("left") or ""
        clauses = tuple(
            one.replace(_MAIN, main).replace(_FOCUS, focus)
            for one in form.tell(found)
            if (main or _MAIN not in one) and (focus or _FOCUS not in one)
        )
        one = Paraphrase(clauses, form.is_sure, left, is_record=True)
        if one.clauses and one.is_sure:
            return [one]
        told.append(one)
    if periodic := each_time(clause, focus):
        return [Paraphrase(tuple(periodic), is_sure=True, is_record=True)]
    told.append(Paraphrase(tuple(predicates(clause, focus, is_kind))))
    told.append(Paraphrase(tuple(deeds_on_records(clause, focus, is_kind))))
    return [one for one in told if one.clauses]


def _are_kinds(found: re.Match[str], is_kind: Callable[[str], bool]) -> bool:
    named = [found[name] for name in ("what", "whom", "owner") if name in found.re.groupindex]
    return all(is_kind(snake(singular_word(one))) for one in named)


def _making(found: re.Match[str]) -> list[str]:
    """'Bidders with name and email place bids with an amount': bids, each of a bidder."""
    who, what = found["who"], found["what"]
    more = [f"{what}: {found['more']}"] if found["more"] else []
    return [
        f"{who}: {found['fields']}",
        *more,
        f"each {singular_word(what)} belongs to a {singular_word(who)}",
    ]


def _has_to_happen(found: re.Match[str]) -> list[str]:
    """'Cleaning has to happen after each departure: who cleans and when'."""
    return [f"{found['kind'].lower()}s: {found['fields']}"]


def _there_are(found: re.Match[str]) -> list[str]:
    """'For each play there are roles, and an actor plays several roles'."""
    told = [f"each {singular_word(found['kinds'])} belongs to a {found['owner']}"]
    return [*told, found["rest"]] if found["rest"] else told


def _doing(found: re.Match[str]) -> list[str]:
    """'Customers with name and phone rent tents': the customers, and what they do."""
    who = found["who"]
    return [
        f"{who}: {found['fields'] or found['inside']}",
        f"{who} {found['verb']} {found['what']}",
    ]


def _signing(found: re.Match[str]) -> list[str]:
    """'Members sign up with name and email and can book a car'."""
    return [f"{found['who']}: {found['fields']}", f"{found['who']} can {found['deed']}"]


def _filled_in(found: re.Match[str]) -> list[str]:
    """'Applicants fill in a form with name and email'."""
    return [f"{found['who']}: {found['fields']}"]


def _present(found: re.Match[str]) -> list[str]:
    """'For every call-out the firefighters that were there'."""
    before = [found["before"].strip(" ,;")] if found["before"] else []
    what = singular_word(found["what"])
    return [*before, f"each of the {found['owner'].replace('-', ' ')} has any number of the {what}"]


def _anyone_signs(found: re.Match[str]) -> list[str]:
    """'Anyone can sign with their name and email'."""
    event = "signature" if found["verb"].lower() == "sign" else EVENTS.get(lemma(found["verb"]))
    return [f"{plural(event)}: {found['fields']}"] if event else []


_MAIN: Final = "record of the first kind"
"""Stands for the kind that the message tells of first: 'whenever someone takes something out'."""
_NAMED_AFTER: Final = frozenset({"change", "check", "test", "count", "control", "reset", "refill"})
"""'Whenever we change a dressing' leaves a dressing change."""
_FOCUS: Final = "record last spoken of"
_ANYTHING: Final = frozenset(
    ["it", "them", "something", "anything", "one", "this", "that", "things"]
)


def _whenever_done(found: re.Match[str]) -> list[str]:
    """'Whenever someone takes something out, we must write down who, when and how much'; 'when a pupil borrows a book we
    note the date'."""
    particle = (found["lead"] or found["particle"] or "").lower()
    comes_back = re.search(r"\b(?:back|returned)\b", found["fields"]) is not None
    event, what = occasion_of(found["verb"], particle, comes_back=comes_back), found["what"].lower()
    if not event and lemma(found["verb"]) in _NAMED_AFTER and what not in _ANYTHING:
        event = f"{singular_word(what)} {lemma(found['verb'])}"
        return [f"{plural(event)}: {found['fields']}"]
    if not event:
        return []
    fields = found["fields"]
    if found["doer"] and lemma(found["verb"]) in EVENTS and what not in _ANYTHING:
        deed = f"{plural(found['doer'])} {lemma(found['verb'])} {plural(what)}"
        return [deed, f"each {event} has {fields}"]
    if event in ("withdrawal", "use", "delivery", "harvest", "feeding", "watering"):
        fields = re.sub(r"\bhow much\b(?! (?:it|we|they|i)\b)", "amount (number)", fields)
    owner = _MAIN if what in _ANYTHING else singular_word(what)
    return [f"each {event} belongs to a {owner}", f"each {event} has {fields}"]


def _lent_to(found: re.Match[str]) -> list[str]:
    """'Staff lend a game to a table: table number, out at'."""
    event, whom = occasion_of(found["verb"]) or "delivery", found["whom"]
    told = [f"{plural(event)}: {found['fields']}", f"each {event} belongs to a {found['what']}"]
    return (
        told
        if re.search(rf"\b{re.escape(whom)}\b", found["fields"])
        else [*told, f"each {event} has {whom}"]
    )


def _answered(found: re.Match[str]) -> list[str]:
    """'Members say whether they come to a concert (yes, no, maybe)'."""
    who, what = singular_word(found["who"]), singular_word(found["what"])
    return [
        f"each attendance belongs to a {who}",
        f"each attendance belongs to a {what}",
        f"each attendance has answer {found['choices'] or '<yes|no|maybe>'}",
    ]


def _steps(found: re.Match[str]) -> list[str]:
    """'Each order has many production steps: cutting, gluing, painting'."""
    kind = found["kind"]
    items = re.split(r",? (?:and|or) |, ", found["items"])
    if any(infer(snake(one) or "x").sure for one in items):
        return []
    last = singular_word(kind.split()[-1])
    one = singular_word(kind)
    told = [
        f"each {found['owner']} has several {kind}",
        f"each {one} has {last} <{'|'.join(items)}>",
    ]
    return [*told, f"each {one} {found['rest']}"] if found["rest"] else told


def _noted_in(found: re.Match[str]) -> list[str]:
    """'I note what we did in each lesson, with the date'."""
    rest = f", {found['rest']}" if found["rest"] else ""
    return [f"each {found['kind']} has {found['first']}{rest}"]


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
    listed = ", ".join(one for one in objects(f" {rest}") if one)
    return [f"each {event} belongs to a {what}", f"each {event} has {listed}"]


def _posted(found: re.Match[str]) -> list[str]:
    """'Anyone can post an idea with a title': ideas, and that anyone can is a wish of its own."""
    before = [found["before"]] if found["before"] else []
    return [*before, f"each {found['kind']} has {found['fields']}"]


def _logged(found: re.Match[str]) -> list[str]:
    """'When we sing a piece we log it: date, occasion': singings of a piece."""
    event = EVENTS.get(lemma(found["verb"])) or f"{lemma(found['verb']).removesuffix('e')}ing"
    return [f"{plural(event)}: {found['fields']}", f"each {event} belongs to a {found['what']}"]


def _rated(found: re.Match[str]) -> list[str]:
    """'Every member gives the book a rating from 1 to 10': ratings, of a book by a member."""
    kind = found["field"]
    return [
        f"each {kind} belongs to a {found['who']}",
        f"each {kind} belongs to a {found['what']}",
        f"each {kind} has {kind}{found['range'] or ''}",
    ]


def _rate(found: re.Match[str]) -> list[str]:
    """'Members rate books 1 to 5 and leave a comment': ratings, of a book by a member."""
    who, what = singular_word(found["who"]), singular_word(found["what"])
    span = f" from {found['low']} to {found['high']}"
    more = f", {found['more']}" if found["more"] else ""
    return [
        f"each rating belongs to a {who}",
        f"each rating belongs to a {what}",
        f"each rating has rating{span}{more}",
    ]


def _chosen(found: re.Match[str]) -> list[str]:
    """'For every meeting one book is chosen': each meeting has one."""
    return [f"each {found['owner']} belongs to a {found['what']}"]


def _flags(found: re.Match[str]) -> list[str]:
    """'Invoice sent and paid are checkboxes'."""
    names = re.split(r",? and |, ", found["names"])
    return [f"it has {', '.join(f'{one} (boolean)' for one in names)}"]


def _plays_at_home(found: re.Match[str]) -> list[str]:
    """'A team plays home and away': each match has a home team and an away team."""
    return [f"each match has a home {found['who']} and an away {found['who']}"]


def _kinds_with(found: re.Match[str]) -> list[str]:
    """'Suppliers (florist, caterer, band) with their quote': of one of these kinds each."""
    items = re.split(r",? (?:and|or) |, ", found["items"])
    if any(infer(snake(one) or "x").sure for one in items):
        return []
    before = [found["before"]] if found["before"] else []
    owner = (
        [f"each {singular_word(found['kind'])} belongs to a {found['owner']}"]
        if found["owner"]
        else []
    )
    return [*before, f"{found['kind']}: type <{'|'.join(items)}>, {found['fields']}", *owner]


def _is_one(found: re.Match[str]) -> list[str]:
    """'Every rope, harness or helmet is an item: tag number, brand'."""
    return [f"{plural(found['what'])}: {found['fields']}"]


def _they_meet(found: re.Match[str]) -> list[str]:
    """'They meet: date, place, topics': meetings of who was spoken of."""
    event = occasion_of(found["verb"])
    return [f"each {event} belongs to a {_FOCUS}", f"each {event} has {found['fields']}"]


def _logs(found: re.Match[str]) -> list[str]:
    """'Every pupil logs the books they read: title, author': books, each of a pupil."""
    what = found["what"]
    told = [f"{what}: {found['fields']}"]
    return [*told, f"each {singular_word(what)} belongs to a {singular_word(found['who'])}"]


def _of_them(found: re.Match[str]) -> list[str]:
    """'I would like to keep the dealers' names and towns separately'."""
    return [f"each {found['kind']} has {found['fields']}"]


def _things_lent(found: re.Match[str]) -> list[str]:
    """'A list of things I lent out: to whom, when'."""
    event = EVENTS.get(lemma(found["verb"])) or "sale"
    return [f"{plural(event)}: {found['fields']}"]


def _form(
    pattern: str,
    tell: Callable[[re.Match[str]], list[str]],
    *,
    is_sure: bool = False,
    links: bool = False,
) -> _Form:
    return _Form(re.compile(pattern, re.IGNORECASE), tell, is_sure, links)


_DOER: Final = r"(?:an?|the|one|any|each|every)"
_FORMS: Final = (
    _form(
        rf"^(?:when(?:ever)?|each time|every time|once|if) (?:{WHO}|someone|somebody|anyone|anybody|one of (?:us|them|the [a-z]+)|{_DOER} (?P<doer>[a-z]+)|[a-z]+s) (?P<verb>[a-z]+)(?: (?P<lead>out|away|in|back|up))? (?:(?:{_DOER}|some|our|their|his|her) )?(?P<what>[a-z]+)(?: (?P<particle>out|away|in|back|up|over))?(?: (?:from|to|of|at|in|on) [a-z ]{{1,30}})?,? {WHO} (?:also |then |must |should |need to |have to |has to |want to |will |would like to |'d like to )*{_NOTES}:? (?P<fields>.+)$",
        _whenever_done,
    ),
    _form(
        r"^(?:staff|we|i|people|members|they|the [a-z]+) (?:can |may )?(?P<verb>lend|rent|hire|give|sell|hand|loan|send|deliver)s?(?: out)? (?:an?|the|our) (?P<what>[a-z]+(?: [a-z]+)?) to (?:an?|the|our) (?P<whom>[a-z]+)(?::| with) (?P<fields>.+)$",
        _lent_to,
        is_sure=True,
    ),
    _form(
        r"^(?:each |every |the |our )?(?P<who>[a-z]+) (?:can |may |should |must )?(?:say|says|tell|tells|answer|answers|vote|votes|indicate|indicates|mark|marks|confirm|confirms|enter|enters|state|states) (?:if|whether) (?:they|he or she|he/she|he|she|it) (?:can |will |are |is |wants? to )?(?:come|comes|coming|attend|attends|attending|take part|takes part|participate|participates|join|joins|play|plays|make it) ?(?:to|in|at|for)? (?:an?|the|each|every) (?P<what>[a-z]+) ?(?P<choices><[^<>]+>)?$",
        _answered,
        is_sure=True,
    ),
    _form(
        r"^(?:each|every|an?|the) (?P<owner>[a-z]+) (?:has|have|goes through|go through|consists of|passes) (?:(?:many|several|some|these|the following|a few|three|four|five|\d) )?(?P<kind>(?:[a-z]+ )?(?:steps|stages|phases|tasks)): (?P<items>[a-z]+(?: [a-z]+)?(?:,? (?:and |or )?(?!every\b|each\b)[a-z]+(?: [a-z]+)?){1,14})(?:,? (?:and )?(?:each|every) (?:one|step|stage|phase|task) (?P<rest>.+))?$",
        _steps,
        is_sure=True,
    ),
    _form(
        r"^(?:the |our )?(?P<who>[a-z]+s) (?:with (?P<fields>[^()]+?)) (?:can |may )?(?:place|make|write|give|submit|post|create|leave|file|send|offer|pledge) (?P<what>[a-z]+s)(?: with (?P<more>.+))?$",
        _making,
        is_sure=True,
    ),
    _form(
        r"^(?P<kind>[a-z]+ing) (?:has to|must|should|needs to|is to) (?:happen|be done|take place) (?:after|before|at|on|for) (?:each|every) [a-z]+: (?P<fields>.+)$",
        _has_to_happen,
        is_sure=True,
    ),
    _form(
        r"^(?:for|in|on|at) (?:each|every) (?P<owner>[a-z]+) there (?:are|can be|may be|should be) (?:several |many |some )?(?P<kinds>[a-z]+s)(?:,? and (?P<rest>(?:an?|each|every) .+))?$",
        _there_are,
        is_sure=True,
    ),
    _form(
        rf"^(?P<who>(?:our |the )?[a-z]+s) (?:with (?P<fields>[^()]+?)|\((?P<inside>[^()]+)\)) (?:can |may )?(?P<verb>{_EVENT_VERB}) (?P<what>[a-z]+s\b.*)$",
        _doing,
        is_sure=True,
    ),
    _form(
        r"^(?P<who>(?:our |the )?[a-z]+s) (?:can |may )?(?:sign|register)(?: up)? with (?P<fields>[^()]+?),? and can (?P<deed>[a-z]+ .+)$",
        _signing,
        is_sure=True,
    ),
    _form(
        r"^(?:the |our )?(?P<who>[a-z]+s) (?:can |may |should )?(?P<left>(?:fill (?:in|out)|complete|submit|send(?: in)?) an? (?:[a-z]+ )?form) with (?P<fields>.+)$",
        _filled_in,
        is_sure=True,
    ),
    _form(
        r"^(?P<before>.+[,;] )??(?:and )?for (?:every|each) (?P<owner>[a-z]+(?:[ -][a-z]+)?),? (?:the|which|all(?: the)?|a list of(?: the)?) (?P<what>[a-z]+s)(?: (?:that|who|which) [\w ]+)?$",
        _present,
        is_sure=True,
        links=True,
    ),
    _form(
        r"^(?P<left>(?:anyone|anybody|everyone|everybody|people|visitors|citizens|supporters) (?:can|may|should be able to) (?P<verb>sign|donate)) with (?:their |a )?(?P<fields>.+?);?$",
        _anyone_signs,
        is_sure=True,
    ),
    _form(
        rf"^(?:{WHO} )?(?:(?:also|then|just|want|need|would|like|have|should|can|must|to) )*{_NOTES} (?P<first>[^,]+?) (?:in|at|for|of|on|about|during|after) (?:each|every) (?P<kind>[a-z]+)(?:,? (?:with|and|plus|together with) (?P<rest>.+))?$",
        _noted_in,
    ),
    _form(
        r"^(?:(?:our|the|my) [a-z -]{1,40}|we|i) (?:gives?|hands?|sends?|sells?|delivers?|distributes?|lends?|rents?|hires?)(?: out)? (?P<what>[a-z]+s) to (?:our |the )?(?P<whom>[a-z]+s)$",
        _given_to,
        links=True,
    ),
    _form(
        r"^(?:the |our )?(?P<what>[a-z]+s) (?:are|get|can be|may be) (?P<verb>lent|borrowed|rented|booked|reserved|hired|loaned)(?: out)? (?P<rest>(?:to|by|for|from|with) .+)$",
        _handed_out,
    ),
    _form(
        r"^(?:(?P<before>[\w' -]{3,40}): )?(?P<left>(?:(?:anyone|everyone|everybody|anybody|people|staff) (?:can|may|should be able to)|[a-z]+s(?: [a-z]+,)?(?: can| may| should be able to)?) (?:offer|list|publish|post|submit|add|create|enter|send|leave|share|suggest|propose|report|write|upload)(?: in)? (?:an?|their|new) (?P<kind>[a-z]+)) with (?P<fields>.+?)(?:,? (?:and )?others? .+)?$",
        _posted,
    ),
    _form(
        rf"^(?:when|whenever|each time|every time|if) {WHO} (?P<verb>[a-z]+) (?:an?|the|one) (?P<what>[a-z]+)(?: [a-z ]{{1,40}}?)?,? {WHO} {_NOTES} (?:it|that|this)(?: down)?: (?P<fields>.+)$",
        _logged,
    ),
    _form(
        r"^(?:the |our )?(?P<who>[a-z]+s) (?:can |may |should )?rate (?:the |a |an |each |every )?(?P<what>[a-z]+)(?: from| with| on a scale (?:of|from))? (?P<low>\d)(?: ?- ?| to )(?P<high>\d{1,2})(?: stars| points)?(?:,? (?:and|or) (?:can |may )?(?:leave|write|give|add) (?P<more>an? [a-z]+))?$",
        _rate,
        is_sure=True,
    ),
    _form(
        r"^(?:(?P<before>(?:for|in|at|on) (?:each|every) (?P<owner>[a-z]+),? .+?),? and )?(?P<kind>[a-z]+s) \((?P<items>[a-z]+(?: [a-z]+)?(?:,? (?:and |or )?[a-z]+(?: [a-z]+)?){1,11})\) with (?:their |the |its |an? )?(?P<fields>.+)$",
        _kinds_with,
        is_sure=True,
    ),
    _form(
        r"^(?:each|every) [a-z]+(?:, [a-z]+)*,? (?:or|and) [a-z]+ is an? (?P<what>[a-z]+): (?P<fields>.+)$",
        _is_one,
        is_sure=True,
    ),
    _form(
        r"^(?:they|we|both) (?:then |usually |regularly )?(?P<verb>meet|train|play)(?: (?:once|weekly|monthly|regularly)(?: an? [a-z]+)?)?: (?P<fields>.+)$",
        _they_meet,
        is_sure=True,
    ),
    _form(
        r"^(?:each|every|all) (?P<who>[a-z]+) (?:can |may )?(?:logs?|records?|notes?|enters?|lists?|keeps?|writes? down|tracks?|adds?|registers?) (?:the |their |his |her |all )?(?P<what>[a-z]+s)(?: (?:they|he|she|that|which) [a-z ]{2,20})?: (?P<fields>.+)$",
        _logs,
        is_sure=True,
    ),
    _form(
        r"^(?:an?|each|every|two) (?P<who>team|club|player)s? plays? (?:at )?home and away$",
        _plays_at_home,
        is_sure=True,
    ),
    _form(
        r"^(?:for|at|in|on) (?:each|every) (?P<owner>[a-z]+),? (?:one|an?) (?P<what>[a-z]+) (?:is|gets) (?:chosen|picked|selected|assigned|played|discussed|read|shown|used|booked)$",
        _chosen,
        is_sure=True,
    ),
    _form(
        r"^(?P<names>[a-z]+(?: [a-z]+)?(?:, [a-z]+(?: [a-z]+)?)*(?:,? and [a-z]+(?: [a-z]+)?)?) (?:is|are) (?:an? )?(?:checkbox|check box|tick ?box|flag|yes/no field|boolean|<yes\|no>)(?:es|s)?$",
        _flags,
        is_sure=True,
    ),
    _form(
        r"^(?:each|every|an?|the) (?P<who>[a-z]+) (?:can |may )?gives? (?:the|an?|each|every|one) (?P<what>[a-z]+) an? (?P<field>rating|score|grade|mark|vote|review)(?P<range> from \d+ to \d+| \d+-\d+| \(?\d+ ?(?:to|-) ?\d+\)?)?$",
        _rated,
    ),
    _form(
        rf"^(?:{WHO} )?(?:(?:also|then|just|want|need|would|like|have|should|can|must|to) )*(?:{_NOTES}|know|have|need) (?:the |our |all )?(?P<kind>[a-z]+?)(?:s'|'s) (?P<fields>[a-z].+?)(?: separately| too| as well)?$",
        _of_them,
    ),
    _form(
        r"^(?:track )?(?:an? )?(?:lists? of )?(?:the |all )?(?:things|stuff|items) (?:that |which )?(?:i|we)(?: have)? (?P<verb>lent|borrowed|sold|bought)(?: out)? ?[:,-] (?P<fields>.+)$",
        _things_lent,
    ),
)
