"""Sentences that tell of a kind of record in passing, in the words that the reader of lists knows.

'In every grave there can be several persons, with their name' says that each grave has several persons with a name."""

import re
from collections.abc import Callable
from typing import Final

from stackwright.offline.verbs import EVENTS, lemma
from stackwright.offline.words import plural, singular_word

_A: Final = r"(?:an?|each|every|the|one)"
_NOTES: Final = r"(?:(?:want|need|have|would like|'d like) to )?(?:enter|note(?: down)?|write down|record|log|register|store|keep)"
_FIELDS: Final = r"(?:(?:their|its|his|her|the|an?) )?(?P<fields>.+)"

_NEXT: Final = re.compile(
    rf",? (?:and|while|but) (?={_A} [\w-]+(?: [\w-]+)? (?:has|have|belongs? to|consists? of|comes? with) (?!many|several|multiple|one or more|any number))",
    re.IGNORECASE,
)
"""'We have four teams, and every skater has a name': two sentences."""


def definitions(statement: str, kind: str) -> list[str]:
    """The statement in plainer ones; `kind` is the last that was named before it, "" for none."""
    parts: list[str] = []
    for part in _NEXT.split(statement):
        found = next(
            (told for form, tell in _FORMS if (told := _told(form, tell, part, kind))), None
        )
        parts += found or [part]
    return parts


def _told(
    form: re.Pattern[str], tell: Callable[[re.Match[str], str], list[str]], part: str, kind: str
) -> list[str]:
    found = form.search(part)
    return tell(found, kind) if found else []


def _several_in_each(found: re.Match[str], _: str) -> list[str]:
    return _owned(found["kinds"], found["owner"], found["fields"])


def _owned(kind: str, owner: str, fields: str) -> list[str]:
    one = singular_word(kind)
    return [f"{plural(one)}: {fields}", f"Each {one} belongs to a {owner}"]


def _under_it(found: re.Match[str], kind: str) -> list[str]:
    """'…, and under it every job with the date and the hours'."""
    before = found.string[: found.start()].rstrip(" ,")
    owner = _kind_told(before) or kind
    return [before, *_owned(found["kind"], owner, found["fields"])] if owner else []


def _kind_told(words: str) -> str:
    """'For each piano I want the maker' tells of a piano."""
    told = _FOR_EACH.search(words)
    return singular_word(told[1]) if told else ""


_FOR_EACH: Final = re.compile(r"\b(?:for|of|with) (?:each|every|all|an?) ([a-z]+)\b", re.IGNORECASE)


def _belongs_and_says(found: re.Match[str], _: str) -> list[str]:
    return [
        f"{found['kind']} belongs to {found['owner']}",
        f"{found['kind']} has {found['fields']}",
    ]


def _when_done(found: re.Match[str], _: str) -> list[str]:
    """'When a pen is sold I want to enter the buyer': a sale, of a pen."""
    event = EVENTS.get(lemma(found["verb"])) or _DONE.get(found["verb"].lower())
    if event is None:
        return []
    return _owned(event, found["kind"], found["fields"])


_DONE: Final = {
    "sold": "sale",
    "lent": "loan",
    "repaired": "repair",
    "bought": "purchase",
    "paid": "payment",
    "hired": "hire",
    "rented": "rental",
    "serviced": "service",
    "fed": "feeding",
}


def _stages(found: re.Match[str], _: str) -> list[str]:
    """'An order is first planned, then done and finally paid' tells of a status."""
    stages = re.split(r",? (?:and )?(?:then|finally|at last|afterwards) ", found["stages"])
    return [f"{found['kind']} has a status ({', '.join(one.strip(' ,') for one in stages)})"]


def _each_with(found: re.Match[str], _: str) -> list[str]:
    """'A formula is made of ingredients, each with an amount': so much of each of them."""
    return [f"{found['before']}has several {found['kinds']} with {found['fields']}"]


def _signed(found: re.Match[str], _: str) -> list[str]:
    """'People register for an event with name and email': registrations, of an event."""
    event = EVENTS.get(lemma(found["verb"]))
    return _owned(event, found["owner"], found["fields"]) if event else []


def _paid(found: re.Match[str], _: str) -> list[str]:
    """'Each tenant pays a fee: year, amount'."""
    return _owned(found["kind"], found["owner"], found["fields"])


def _alike(found: re.Match[str], _: str) -> list[str]:
    """'Log calls and meetings with a contact: date, notes' tells of two kinds with the same fields."""
    kinds = [one for one in re.split(r",? and |, ", found["kinds"]) if one]
    of = found["owner"]
    told = [f"{one}: {found['fields']}" for one in kinds]
    return told + [f"Each {singular_word(one)} belongs to {of}" for one in kinds if of]


def _lent(found: re.Match[str], kind: str) -> list[str]:
    """'Some are lent to friends: who has it, since when': loans of what was told of before."""
    thing = found["kind"] or kind
    loans = f"loans: {found['fields']}"
    return [loans, f"Each loan belongs to a {singular_word(thing)}"] if thing else [loans]


_FORMS: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), tell)
    for pattern, tell in (
        (
            rf"^(?:in|on|at|under|for|to) (?:every|each|an?) (?P<owner>[\w-]+) (?:there )?(?:can|may|will|are|is)(?: be| have)? (?:several|many|one or more|any number of|multiple) (?P<kinds>[\w-]+),? with {_FIELDS}$",
            _several_in_each,
        ),
        (
            rf",? (?:and )?(?:under|below|for|with|in) (?:it|each|each of them|that),? (?:every|each|all(?: the)?|several) (?P<kind>[a-z]+) (?:with|and) {_FIELDS}$",
            _under_it,
        ),
        (
            rf"^(?P<kind>{_A} [\w-]+(?: [\w-]+)?) belongs to (?P<owner>an? [\w-]+(?: [\w-]+)?) and (?:says|tells|states|shows|records|contains|includes|holds|gives|has) (?P<fields>.+)$",
            _belongs_and_says,
        ),
        (
            rf"^(?:when|whenever|once|as soon as|if) {_A} (?P<kind>[\w-]+) (?:is|gets|was|has been) (?P<verb>[a-z]+),? (?:i|we|you) ?{_NOTES} {_FIELDS}$",
            _when_done,
        ),
        (
            rf"^(?P<kind>{_A} [\w-]+) (?:is|are|gets) first (?P<stages>[\w -]{{1,40}}(?:,? (?:and )?(?:then|finally|at last|afterwards) [\w -]{{1,40}}?){{1,8}})$",
            _stages,
        ),
        (
            rf"^(?:people|visitors|users|guests|customers|clients|members|anyone|everyone|they) (?:can |may |must |should |will )?(?:also )?(?P<verb>register|sign|apply|enroll?|book|subscribe)(?: up| in)?(?: for| to| in| on)? {_A} (?P<owner>[a-z]+) with {_FIELDS}$",
            _signed,
        ),
        (
            rf"^(?P<before>.*\b)(?:is made of|are made of|consists of|consist of|is made up of|uses?|contains?|needs?|has|have) (?:several |some |many )?(?P<kinds>[a-z]+s),? each (?:with|having) {_FIELDS}$",
            _each_with,
        ),
        (
            rf"^(?:(?:every|each) (?:day|week|month|year),? )?{_A} (?P<owner>[a-z]+) (?:pays|makes|places|submits|receives|gets|files|writes) an? (?P<kind>[a-z]+): {_FIELDS}$",
            _paid,
        ),
        (
            r"^(?:(?:and |also |i |we |to |want |need |please |just )*(?:log|record|track|note|keep track of|write down|register|store) )?(?:the |all |our |my )?(?P<kinds>[a-z]+s(?:, [a-z]+s)*,? and [a-z]+s)(?: (?:with|of|for|by|on) (?P<owner>(?:an?|each|every) [a-z]+))?(?::| have) (?P<fields>[^:]+,[^:]+)$",
            _alike,
        ),
        (
            rf"^(?:some|many|most|several|a few)(?: of (?:them|these|the (?P<kind>[a-z]+s)))? (?:are|get|were)(?: sometimes| often)? (?:lent|loaned|given|rented)(?: out)?(?: to [a-z]+)?: {_FIELDS}$",
            _lent,
        ),
    )
)
