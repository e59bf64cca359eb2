"""Whole sentences that tell of records in passing, as plainer sentences that the reader of lists knows.

'When a pupil borrows a book we note the date' becomes 'pupils borrow books' and 'each loan has the date'. Another
wording is another row of `_FORMS`, with a function for what it tells."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from stackwright.offline.predicates import WHO, deeds_on_records, objects, predicates
from stackwright.offline.verbs import EVENTS, lemma
from stackwright.offline.words import plural, singular_word, snake

_NOTES: Final = r"(?:note|write|record|log|register|enter|keep|store|track)s?(?: down| track of)?"
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


def paraphrases(clause: str, focus: str, is_kind: Callable[[str], bool]) -> list[Paraphrase]:
    """What the clause may mean, the surest first; `focus` and `is_kind` as for `predicates`."""
    told: list[Paraphrase] = []
    for form in _FORMS:
        found = form.pattern.match(clause)
        if found is None or (form.links and not _are_kinds(found, is_kind)):
            continue
        left = found.groupdict().get("left") or ""
        one = Paraphrase(tuple(form.tell(found)), form.is_sure, left, is_record=True)
        if one.clauses and one.is_sure:
            return [one]
        told.append(one)
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


_FORMS: Final = (
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
        rf"^(?:when|whenever|once|each time|every time|if) (?P<who>an?|the|one) (?P<doer>[a-z]+) (?P<verb>[a-z]+s) (?:an?|the|one) (?P<what>[a-z]+),? {WHO} (?:also |then )?{_NOTES} (?P<fields>.+)$",
        _when_done,
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
