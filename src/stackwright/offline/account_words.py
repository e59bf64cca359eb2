"""How rights are told: which actions verbs name, and sentences about those who log in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stackwright.offline.account_forms import ACTIONS
from stackwright.offline.words import ascii_words


@dataclass(frozen=True)
class Clause:
    """Words of the message: a login, or who may do what with which records."""

    words: str
    kind: str
    who: str = ""
    verbs: str = ""
    nouns: str = ""


def implied(actions: Sequence[str]) -> list[str]:
    """Who alone may add records may alone change them; who alone may change them, delete them."""
    order = ("add", "change", "delete")
    first = min((order.index(one) for one in actions if one in order), default=len(order))
    return [one for one in order[first:] if one not in actions]


def actions_of(verbs: str) -> Iterator[str]:
    for word in ascii_words(verbs):
        base = next((one for one in (word, word[:-1], word[:-2]) if one in ACTIONS), "")
        yield from ACTIONS.get(base, ())


def told_actions(actions: Sequence[str]) -> str:
    verbs = ["see" if one == "read" else one for one in actions]
    return verbs[0] if len(verbs) == 1 else f"{', '.join(verbs[:-1])} and {verbs[-1]}"


def login_text(roles: Sequence[str], who: str = "") -> str:
    """What a login brings, in a sentence that names those who log in as the message does."""
    named = f" ({who.lower()})" if who and who.lower() != "people" else ""
    text = f"People{named} register with email and password, log in and out"
    if len(roles) == 1:
        return f"{text}."
    return f"{text}; the first is {roles[-1]} and gives others their role."
