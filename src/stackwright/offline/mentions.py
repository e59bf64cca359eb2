"""What the words of a message name in the application: kinds of record, fields, choices.

`ground` puts a token in the place of each name, so that a wording says nothing of how things are
called: "make the phone of members required" becomes "make @f0 required".
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final, TypeVar

from stackwright.offline.places import DATES
from stackwright.offline.verbs import PARTICIPLES
from stackwright.offline.words import ascii_words, singular_word
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec

Key = tuple[str, ...]
Found = tuple[EntitySpec, FieldSpec]
T = TypeVar("T")
Choice = tuple[EntitySpec, FieldSpec, str]
_MOST_WORDS = 6
_WORD = re.compile(r"[^\W_](?:[\w+/-]*\w)?")
_SMALL = r"(?:the|an?|each|every|all(?: the| of the)?|any|my|our|your|their|its|his|her|these|those|existing|whole)"
_ARTICLES = re.compile(rf"\b(?:{_SMALL} )+(?=@)|\b(?:number|amount|value|field|column)s? (?:of|for|called|named) (?=@f)", re.IGNORECASE)  # fmt: skip
_NOUNS = re.compile(r"(?<=@)(f\d+)(?: (?:input )?(?:fields?|columns?|attributes?|propert(?:y|ies)|boxe?s?|dropdown|values?))\b|(?<=@)(e\d+) (?:records?|entr(?:y|ies)|entit(?:y|ies)|resources?|section|sections)\b", re.IGNORECASE)  # fmt: skip
_OF = re.compile(
    rf"@(?:([ef])(\d+) (?:of|in|on|for|from|at|inside|off)|f(\d+) (?:to|about|with)) (?:{_SMALL} )*@e(\d+)\b",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(rf"@e(\d+)(?:['\u2019]s|s?['\u2019])? (?:own |{_SMALL} )?@f(\d+)\b", re.IGNORECASE)  # fmt: skip
TOKEN = re.compile(r"@([efc])(\d+)")


@dataclass(frozen=True)
class Mention:
    """All that one phrase may name. `owner`: the kind whose field it is said to be."""

    words: str
    entity: EntitySpec | None = None
    fields: tuple[Found, ...] = ()
    choices: tuple[Choice, ...] = ()
    owner: EntitySpec | None = None

    @property
    def letter(self) -> str:
        if self.entity is not None and self.owner is None:
            return "e"
        return "f" if self.fields else "c"


@dataclass(frozen=True)
class Grounded:
    """The words with a token for each mention, and the kinds of record that they name."""

    text: str
    mentions: tuple[Mention, ...]
    owners: tuple[EntitySpec, ...]

    def restored(self, text: str) -> str:
        """Part of the text in the words of the person."""
        return TOKEN.sub(lambda found: self.mentions[int(found[2])].words, text)

    def restored_but_first(self, text: str) -> str:
        """The first name stays a token."""
        first = TOKEN.search(text)
        if first is None:
            return text
        return text[: first.end()] + self.restored(text[first.end() :])


@dataclass
class Names:
    """Every name of an application, by its words in the singular."""

    exact: dict[Key, Mention] = field(default_factory=dict[Key, Mention])
    short: dict[Key, Mention] = field(default_factory=dict[Key, Mention])

    def find(self, key: Key) -> Mention | None:
        return self.exact.get(key) or self.short.get(key)


def ground(spec: AppSpec, words: str, *, with_choices: bool = False) -> Grounded:
    """The longest names first, from left to right. `with_choices`: choices are names, too."""
    names = names_of(spec, with_choices=with_choices)
    plain = words.replace("@", " ")
    found = list(_WORD.finditer(plain))
    mentions: list[Mention] = []
    text, at, place = "", 0, 0
    while place < len(found):
        mention, size = _longest(names, plain, found, place)
        if mention is None or _says_type(plain, found[place : place + size]):
            place += size or 1
            continue
        first, last = found[place], found[place + size - 1]
        start, end = _without_quotes(plain, first.start(), last.end())
        said = plain[first.start() : last.end()]
        text += f"{plain[at:start]}@{mention.letter}{len(mentions)}"
        mentions.append(replace(mention, words=said))
        at, place = end, place + size
    return _collapsed(text + plain[at:], mentions)


_TYPE: Final = re.compile(r"(?:whole |decimal |phone |long |free |short )?(?:numbers?|dates?|times?|texts?|e-?mails?|links?|urls?|money|phones?|checkbox)", re.IGNORECASE)  # fmt: skip
_BEFORE_TYPE: Final = re.compile(
    r"\b(?:an?|into|whole|decimal|long|free|short|plain) $", re.IGNORECASE
)


def _says_type(text: str, part: Sequence[re.Match[str]]) -> bool:
    """'Into a date' says of which type something is, though a field may be called so."""
    said = text[part[0].start() : part[-1].end()]
    is_before = _BEFORE_TYPE.search(text[: part[0].start()]) is not None
    return is_before and _TYPE.fullmatch(said) is not None


def _longest(
    names: Names, text: str, found: Sequence[re.Match[str]], place: int
) -> tuple[Mention | None, int]:
    for size in range(min(_MOST_WORDS, len(found) - place), 0, -1):
        part = found[place : place + size]
        if any(text[a.end() : b.start()].strip(" ") for a, b in pairwise(part)):
            continue
        key = key_of_words(" ".join(one[0] for one in part))
        if key and (mention := names.find(key)) is not None:
            return mention, size
    return None, 0


def _without_quotes(text: str, start: int, end: int) -> tuple[int, int]:
    is_quoted = start > 0 and end < len(text) and text[start - 1] in "\"'" and text[end] in "\"'"
    return (start - 1, end + 1) if is_quoted else (start, end)


def key_of_words(words: str) -> Key:
    return tuple(singular_word(one) for one in ascii_words(words.replace("_", " ")))


def names_of(spec: AppSpec, *, with_choices: bool) -> Names:
    names = Names()
    for entity in spec.entities:
        for key in {key_of_words(n) for n in (entity.label, entity.label_plural, entity.name)}:
            _put(names.exact, key, Mention("", entity=entity))
            _put(names.short, key[1:], Mention("", entity=entity))
        for one in entity.fields:
            for key in keys_of(one):
                _put(names.exact, key, Mention("", fields=((entity, one),)))
            for key in _ends_of(one):
                _put(names.short, key, Mention("", fields=((entity, one),)))
            if with_choices and one.type == "boolean":
                for key in ((f"un{one.name}",), ("not", *key_of_words(one.label))):
                    _put(names.exact, key, Mention("", choices=((entity, one, "no"),)))
            for choice in one.choices if with_choices else ():
                _put(
                    names.exact, key_of_words(choice), Mention("", choices=((entity, one, choice),))
                )
    return names


def keys_of(one: FieldSpec) -> set[Key]:
    """By which words a field is called: 'due date' is also called 'due', 'phone' 'phone number'."""
    name = one.name.removesuffix("_ids").removesuffix("_id")
    keys = {key_of_words(one.label), key_of_words(name)} - {()}
    for key in tuple(keys):
        if one.type in (*DATES, "time") and key[-1] in ("date", "time", "day", "at", "on"):
            keys |= {key[:-1], (*key[:-1], "date")} if one.type in DATES else {key[:-1]}
        elif one.type in DATES:
            keys.add((*key, "date"))
        usual = {"phone": "number", "email": "address", "url": "link", "boolean": "flag"}
        if one.type in usual and key[-1] != usual[one.type]:
            keys.add((*key, usual[one.type]))
        if one.type == "boolean":
            keys.add((*key, "checkbox"))
        if one.type == "email" and key[-1] == "address":
            keys.add(key[:-1])
        if key[-1] == "number" and one.type == "phone":
            keys.add(key[:-1])
        if key[-1] == "picture":
            keys.add(key[:-1])
    return keys - {()}


def _ends_of(one: FieldSpec) -> Iterator[Key]:
    """'Purchase price' is 'the price', 'number of bottles' 'the bottles', where that is the only one."""
    key = key_of_words(one.label)
    small = key[-1] in PARTICIPLES or (key[-1].endswith("ed") and len(key[-1]) > 4)
    starts = () if small else range(1, len(key))
    ends = (key[at:] for at in starts if key[at] not in ("of", "in", "on", "and"))
    yield from (end for end in ends if end not in {("number",), ("text",), ("time",)})
    if one.type in DATES and len(key) > 1 and key[0] == "date":
        yield ("date",)


def _put(table: dict[Key, Mention], key: Key, mention: Mention) -> None:
    if not key:
        return
    known = table.get(key, Mention(""))
    table[key] = Mention(
        "",
        entity=known.entity or mention.entity,
        fields=_without_twins((*known.fields, *mention.fields)),
        choices=_without_twins((*known.choices, *mention.choices)),
    )


def _without_twins(found: Sequence[T]) -> tuple[T, ...]:
    """Specifications have no hash: their rules may hold a table."""
    return tuple(one for at, one in enumerate(found) if one not in found[:at])


def _collapsed(text: str, mentions: list[Mention]) -> Grounded:
    """'@f0 of every @e1' and '@e1's @f0' are one mention; small words before and behind go."""
    entities = [one.entity for one in mentions if one.letter == "e" and one.entity is not None]
    owners = _without_twins(entities)

    def of(found: re.Match[str]) -> str:
        return _owned(found[0], mentions, int(found[2] or found[3]), int(found[4]))

    def possessed(found: re.Match[str]) -> str:
        return _owned(found[0], mentions, int(found[2]), int(found[1]))

    previous = ""
    while text != previous:
        previous = text
        text = _NOUNS.sub(lambda found: found[1] or found[2], text)
        text = _POSSESSIVE.sub(possessed, _OF.sub(of, text))
    text = " ".join(_ARTICLES.sub("", text).split())
    return Grounded(text, tuple(mentions), owners)


def _owned(said: str, mentions: list[Mention], part: int, whole: int) -> str:
    owner = mentions[whole].entity
    fields = [one for one in mentions[part].fields if owner and one[0].name == owner.name]
    if not fields:
        return said
    mentions[part] = replace(mentions[part], fields=tuple(fields), owner=owner)
    return f"@f{part}"
