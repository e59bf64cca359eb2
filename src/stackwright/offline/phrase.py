"""A clause whose names are signs, from which intents take away what they understand.

`phrase_of(spec, "unpaid invoices per client").text` is "@0 @1 per @2". An intent that fits takes its words
out of the text; it may build only if nothing but words without meaning is left.
"""

import re
from dataclasses import dataclass, field
from re import Match, Pattern
from typing import Final

from stackwright.offline.slots import Token, tokens_of
from stackwright.offline.words import word_set
from stackwright.scaffold.spec import AppSpec

SIGN: Final = re.compile(r"@(\d+)")
IDLE: Final = word_set(
    "the a an this that that's these those all every everything anything each any some my our your their its his her of me us them it"
    " is are was were be been have has had i we you they who which whose what where there i'd we'd it'd"
    " show shows display see view list lists page table overview report find know get give want wants need needs like would could should can"
    " please also and but so then too just always currently still now really very quickly simply easily want to have able in for on at with from as"
    " glance app able let let's make us add include automatically right"
    " records record entries entry ones one people who's separate extra own special called named by do does did up out"
)  # fmt: skip
"""Words that say nothing of what is to be shown."""


@dataclass
class Phrase:
    """The text shrinks with every word that is understood."""

    spec: AppSpec
    tokens: tuple[Token, ...]
    text: str
    taken: list[Token] = field(default_factory=list[Token])

    def copy(self) -> "Phrase":
        return Phrase(self.spec, self.tokens, self.text, list(self.taken))

    def take(self, form: Pattern[str]) -> Match[str] | None:
        """The first fit, whose words are gone now."""
        found = form.search(self.text)
        if found is not None:
            self.text = f"{self.text[: found.start()]} {self.text[found.end() :]}"
            self.taken += [self.tokens[int(sign)] for sign in SIGN.findall(found[0])]
        return found

    def token(self, number: str) -> Token:
        return self.tokens[int(number)]

    @property
    def names(self) -> list[Token]:
        """Those that nothing has taken yet."""
        return [self.tokens[int(number)] for number in SIGN.findall(self.text)]

    def drop(self, token: Token) -> None:
        self.text = self.text.replace(f"@{self.tokens.index(token)} ", " ")
        self.taken.append(token)

    @property
    def is_explained(self) -> bool:
        """Whether only words without meaning are left."""
        words = (word for word in self.text.split() if word[0].isalnum() or word[0] in "@#%*/+=<>")
        return all(word in IDLE for word in words)


_WISHED: Final = re.compile(
    r"\b(?:it|that) (?:would|'d) be (?:really |very )?(?:nice|good|great|lovely|useful|helpful|handy|neat)(?: to| if)?\b",
    re.IGNORECASE,
)


_UNITS_OF_TIME: Final = word_set(
    "day days night nights week weeks month months year years hour hours minute minutes"
)
_PER: Final = frozenset({"per", "by", "each", "every", "over", "this"})


def _counts(tokens: tuple[Token, ...], place: int) -> bool:
    """'The number of invoices' speaks of none of their numbers, 'per year' of no year."""
    if place and tokens[place - 1].number is not None and tokens[place].low in _UNITS_OF_TIME:
        return True  # 'within 7 days' speaks of no field 'days'
    before = tokens[place - 1].low if place else ""
    if before in _PER and tokens[place].low in ("day", "week", "month", "year", "time"):
        return True
    is_of = place + 1 < len(tokens) and tokens[place + 1].low == "of"
    return is_of and tokens[place].low in ("number", "numbers", "count", "amount", "total", "sum")


def phrase_of(spec: AppSpec, words: str) -> Phrase:
    tokens = tokens_of(spec, _WISHED.sub("", words))
    shown = (
        f"@{place}"
        if one.names and not _counts(tokens, place)
        else f"#{one.number:g}"
        if one.number is not None
        else one.low
        for place, one in enumerate(tokens)
    )
    return Phrase(spec, tokens, f" {' '.join(shown)} ")
