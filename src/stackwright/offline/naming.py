"""What a phrase could name, before anything is made of it: a field, a kind of record, or neither."""

import re
from dataclasses import dataclass

from stackwright.offline import lexicon
from stackwright.offline.choices import choose_item
from stackwright.offline.draft import EntityDraft
from stackwright.offline.field_types import infer
from stackwright.offline.fields import is_field_name, read_field
from stackwright.offline.heads import CONNECTOR, mask, read_head, split_items
from stackwright.offline.nouns import Noun, clean_noun
from stackwright.offline.questions import plain_question
from stackwright.offline.verbs import KNOWN, lemma
from stackwright.offline.words import UNCOUNTABLE, snake, word_set

PRONOUN = re.compile(
    r"^(?:it|they|each(?: one| of them)?|every one|both|these|those|all of them|each record|each entry|every record|every entry|them|that|which|who|the following|one)?(?: also)?$",
    re.IGNORECASE,
)
THEIR = re.compile(r"(?:all |also )?(?:their|its)\b", re.IGNORECASE)
ONE = re.compile(r"(?:an?|one|exactly one|the|our|each|every|its|their)\b", re.IGNORECASE)
MANY = re.compile(
    r"(?:many|several|multiple|any number of|a number of|one or more|zero or more|more than one|lots of)\b",
    re.IGNORECASE,
)
_SPANS = word_set("day week month quarter year hour minute night person unit piece time")
_COUNTED = re.compile(r"(?:two|three|four|five|six|seven|eight|\d+) ")
_PARTED = (lexicon.PARTS - lexicon.PARTIES) | {"line", "attendee", "participant"}
_NAMED_LIKE_FIELDS = word_set("role skill topic grade contact link photo location message category")
_FIELD_TYPES = frozenset({"text", "tags", "integer", "number", "boolean", "url", "email", "enum"})


@dataclass
class Place:
    """Where a list stands: whose fields it names (None: the app's), and whether it lists kinds."""

    owner: EntityDraft | None = None
    kinds: bool = False
    loose: bool = False
    """No frame said what is listed: only what is surely a field or a kind is read."""
    weak: bool = False
    """What is named may be part of a story ('we have two dogs')."""
    first: bool = True
    linking: bool = False
    """The item before was a link: 'belongs to a book' goes on with 'and a member'."""
    unbuilt: bool = False
    """The item before asked for something that is not built."""
    needing: bool = False
    """'A job gets several workers': people that are there for other jobs, too."""
    closed_list: bool = False
    """A colon or a bracket opened the list: what stands in it is all about its owner."""
    after_kind: bool = False
    """The item before was a kind of record, so that the next is likely to be one too."""
    fresh: bool = False
    """No item was read since the owner was named."""
    things: bool = False
    """The item before told what is done to many things: others of them may follow."""
    lost: str = ""
    """The item before, if no form fits it: 'and has a date' goes on with its subject."""
    deferred: bool = False
    """An item before told of kinds that are described later, or not at all."""
    length: int = 0
    """How many items the list has."""
    rest: tuple[str, ...] = ()
    """Its items behind the first."""
    outer: EntityDraft | None = None
    """Whose list goes on after the fields of a part of it."""
    within: bool = False
    """'Recipes with ingredients with amounts and steps': the steps are beside the ingredients."""
    whole: EntityDraft | None = None
    """What all kinds of the list belong to: 'each wedding has tasks with a date and guests with a name'."""


def plain_name(item: str) -> str:
    """An item without its choices and what stands in brackets."""
    return re.sub(r"<[^<>]*>|\([^()]*\)", "", choose_item(plain_question(item)))


_THERE = re.compile(r" (?:in|at|on|about|from|with|through|via|by) (?:their|our|the|an?) [a-z]+(?: [a-z]+)?$| (?:without [a-z]+(?: in| up)?|online|themselves)$", re.IGNORECASE)  # fmt: skip


def told_of(before: str) -> Noun | None:
    """What people do something with: 'drivers offer rides' tells of rides."""
    words = _THERE.sub("", before).split()
    for at, word in enumerate(words):
        if not at or lemma(word.lower()) not in KNOWN:
            continue
        said = re.sub(r"^(?:in|out|up|on|down) ", "", " ".join(words[at + 1 :]))
        noun = clean_noun(said)
        if noun is not None and (noun.many or noun.single) and not is_detail(noun):
            return noun
    return None


def is_sure_field(item: str) -> bool:
    """Whether an item says of which type its field is, by its words or by what stands beside them."""
    draft = read_field(choose_item(plain_question(item)))
    return draft is not None and draft.sure


def is_detail(noun: Noun) -> bool:
    """Many words that name a field rather than kinds: 'notes', 'seats'."""
    draft = infer(snake(noun.phrase))
    if not draft.sure or draft.type == "money" or noun.name in lexicon.PARTIES | {"plot"}:
        return False
    return draft.type in ("text", "tags") or noun.name not in lexicon.FIELDS_OF


def is_known_noun(noun: Noun) -> bool:
    """Whether a noun is a usual kind of record, by itself or as a compound: 'line item'."""
    known = lexicon.PARTIES | lexicon.PARTS | lexicon.LINKS | lexicon.GROUPERS
    return noun.name in lexicon.FIELDS_OF or noun.head in lexicon.FIELDS_OF or noun.head in known


def may_be_target(noun: Noun, phrase: str) -> bool:
    """Whether what a record belongs to can be a kind that nobody named before."""
    if noun.head in _SPANS:
        return False
    if noun.single or noun.each or ONE.match(phrase):
        return True
    counted = _COUNTED.match(phrase) is not None
    return noun.many and (is_known_noun(noun) or counted or does_something(noun))


def does_something(noun: Noun) -> bool:
    """Whether the word says who does something: 'farriers', 'funders'."""
    return noun.many and re.fullmatch(r"[a-z]{3,}(?:er|or|ist|ian)", noun.head) is not None


def is_part(noun: Noun) -> bool:
    """Whether such records live inside others: 'steps', 'line items'."""
    return any(noun.head.endswith(part) for part in _PARTED)


def names_many(noun: Noun, item: str, owner: EntityDraft | None, place: Place) -> bool:
    """Whether 'many of a kind' is meant where a field could stand; no kind is known by the name."""
    if not noun.many or noun.name in lexicon.USERS:
        return False
    draft = infer(snake(noun.phrase))
    is_field = (is_detail(noun) if owner is None else draft.sure) and draft.type in _FIELD_TYPES
    if owner is None:
        return not is_field or (place.length == 1 and len(noun.phrase.split()) > 1)
    if place.after_kind and place.kinds and not place.closed_list and not is_detail(noun):
        return True
    countable = noun.phrase.split()[-1].lower() not in UNCOUNTABLE and not place.closed_list
    usual = noun.name in lexicon.FIELDS_OF or (countable and is_known_noun(noun))
    return usual and not is_field and noun.name not in _NAMED_LIKE_FIELDS


def lists_kinds(text: str) -> bool:
    """Whether a list begins with many of something, not with a field."""
    head = first_noun(text)
    return head is not None and head.many and (has_details(text) or not is_detail(head))


def first_noun(text: str) -> Noun | None:
    first = next(iter(split_items(text)), "")
    cut = CONNECTOR.search(mask(first))
    said = first.split("(")[0] if cut is None else first[: cut.start()]
    head = read_head(said)
    return head.noun if head is not None else told_of(said) if "(" in first or cut else None


def has_details(text: str) -> bool:
    """Whether the first item of a list is told with a list of its own."""
    first = next(iter(split_items(text)), "")
    return "(" in first or CONNECTOR.search(mask(first)) is not None


def lists_fields(text: str) -> bool:
    """Whether more than half of a list could be names of fields."""
    parts = split_items(text)
    return sum(is_field_name(plain_name(p), asked=True) for p in parts) * 2 > len(parts)


def is_story(text: str) -> bool:
    """Whether at least half of a list is neither a field nor a kind: 'our club has 40 people'."""
    parts = split_items(text)
    return sum(_could_be_read(part) for part in parts) * 2 <= len(parts)


def _could_be_read(item: str) -> bool:
    head = read_head(item)
    if head is not None and head.noun.name not in lexicon.USERS:
        return True
    is_field = is_field_name(plain_name(item), asked=True)
    return is_field or CONNECTOR.search(mask(item)) is not None
