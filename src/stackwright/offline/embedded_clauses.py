"""Questions and relative clauses as the names of fields, read word by word.

'whether the deposit was paid' -> 'deposit paid (boolean)', 'the shelf it stands on' -> 'shelf',
'when it came back' -> 'came back on (date)'. Each word is looked at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from stackwright.offline.clause_words import (
    ADVERBS,
    ANYBODY,
    BE,
    COSTS,
    DAYS,
    DEFINITE,
    DETERMINERS,
    FLAGS,
    HOW,
    MEASURES,
    MODALS,
    OBJECTS,
    OWNED,
    PAID,
    PARTICLES,
    PAST,
    PLACES,
    PRONOUNS,
    QUESTIONS,
    STAYS,
    VAGUE,
)
from stackwright.offline.verbs import KNOWN, PARTICIPLES, agent, lemma
from stackwright.offline.words import is_plural


@dataclass(frozen=True)
class _Clause:
    """`subject` without its article, and empty when it is the record itself ('it', 'a key')."""

    subject: tuple[str, ...]
    modal: str
    predicate: tuple[str, ...]
    last: bool

    @property
    def verb(self) -> str:
        """What is done, with its particle: 'came back'."""
        words = self.predicate[: 2 if self.predicate[1:2] and self.predicate[1] in PARTICLES else 1]
        return " ".join(words)

    def named(self, *words: str) -> str:
        return " ".join((*self.subject, *words))


def field_of_clause(text: str) -> str | None:
    """The name, with its type in brackets, of the field that a question or a relative clause stands for.

    None when the text is neither. `text` holds no comma, no brackets and no choices."""
    words = (
        text.lower()
        .replace("it's ", "it is ")
        .replace("what's ", "what is ")
        .replace("they're ", "they are ")
        .rstrip("?")
        .split()
    )
    if not words or len(words) > 16:
        return None
    if (
        words[0] in _PREPOSITIONS
        and words[1:2]
        and words[1] in ("which", "what")
        and len(words) < 5
    ):
        words.pop(0)
    first = words[0]
    if reader := _READERS.get(first):
        return reader(words[1:])
    if first in MODALS | {"is", "are", "was", "were"}:
        return _direct(words)
    at = next((i for i in range(1, len(words)) if _opens_clause(words, i)), 0)
    if not at:
        return f"{' '.join(words[:-1])} date" if words[-1] == "when" and len(words) < 4 else None
    before, word = words[:at], words[at]
    if before[-1] == "with" and len(before) > 1:
        return None  # 'suppliers with what they deliver' are records
    if word in ("whether", "if"):
        return _whether(words[at + 1 :]) if FLAGS.issuperset(before) else None
    if word == "how":
        counted = _how(words[at + 1 :]) if words[at + 1 : at + 2] == ["many"] and at < 2 else None
        return f"{before[0]} (integer)" if counted and _is_verb(before[0]) else counted
    return _relative(before, words[at:])


_PREPOSITIONS: Final = frozenset(["for", "on", "at", "in", "by", "from", "with"])


def _opens_clause(words: list[str], at: int) -> bool:
    """Whether a relative clause, with or without its pronoun, begins here: 'the date | it came in'."""
    word, before = words[at], words[at - 1]
    if word in QUESTIONS - {"that"} or (word == "that" and words[at + 1 : at + 2] != ["is"]):
        return at + 1 < len(words)
    if at + 1 >= len(words) or before in DETERMINERS | MODALS | BE or (before in KNOWN and at > 1):
        return False
    return word in PRONOUNS - {"each", "this", "these"} or (
        word in DEFINITE and before in DAYS | PLACES and len(words) > at + 2
    )


def _clause(words: list[str]) -> _Clause | None:
    """Subject, auxiliaries and predicate; None when nothing is told."""
    at, subject = 0, ()
    if words[:1] and words[0] in PRONOUNS | {"there"}:
        at = 1
    elif words[:1] and words[0] in DETERMINERS:
        at = next((i for i, word in enumerate(words[:6]) if i > 1 and _is_verb(word)), 0)
        subject = tuple(words[1:at]) if words[0] in DEFINITE else ()
    elif len(words) > 1 and is_plural(words[0]) and _is_verb(words[1]):
        at, subject = 1, (words[0],)
    if words and words[0] in DETERMINERS and not at:
        return None
    modal, last = "", False
    while at < len(words) and words[at] in BE | MODALS | ADVERBS | {"last"}:
        modal = words[at] if words[at] in MODALS else "" if words[at] in BE else modal
        last = last or words[at] == "last"
        at += 1
    rest = words[at:]
    if rest and at and words[at - 1] in BE and _is_done(rest[0]):
        rest = rest[: next((i for i, word in enumerate(rest) if word in ("a", "an")), len(rest))]
    end = next((i for i, word in enumerate(rest) if i and word in QUESTIONS), len(rest))
    return _Clause(
        subject, modal, tuple(_without_objects(rest[:end])), last or rest[-1:] == ["last"]
    )


def _without_objects(words: list[str]) -> list[str]:
    """'lent it to someone' -> 'lent', 'worked again' and 'wrong with it' -> 'wrong'."""
    kept = [PAST.get(word, word) for word in words if word not in DEFINITE | {"a", "an", "last"}]
    while len(kept) > 1 and kept[-1] in OBJECTS - {"again"} | {
        "someone",
        "somebody",
        "anyone",
        "anybody",
    }:
        kept.pop()
        while len(kept) > 1 and kept[-1] in ("to", "with", "for", "by", "from", "of"):
            kept.pop()
    return kept


def _is_verb(word: str) -> bool:
    known = lemma(word) in KNOWN or word in PARTICIPLES | BE | MODALS
    return (
        known
        or _is_done(word)
        or word in ("expires", "runs", "ends", "belongs", "weighs", "costs", "broke")
    )


def _is_done(word: str) -> bool:
    return (word.endswith("ed") and len(word) > 4) or word in PARTICIPLES


def _whether(words: list[str]) -> str | None:
    clause = _clause(words)
    if clause is None or not clause.predicate or words[0] == clause.predicate[0]:
        return None
    told = list(clause.predicate)
    if "or" in told:
        return clause.named(*told)
    if clause.modal and not (_is_done(told[0]) or words[0] == "there"):
        told.insert(0, clause.modal)
    return f"{clause.named(*told)} (boolean)" if len(told) < 6 else None


def _direct(words: list[str]) -> str | None:
    """'is it rented', 'may the child go home alone', 'would return'."""
    if words[1:2] and words[1] in PRONOUNS | DETERMINERS:
        clause = _clause(words[1:])
        if clause is None or not clause.predicate or (words[0] in BE and clause.subject):
            return None
        kept = [words[0]] if words[0] in MODALS - {"has", "have", "do", "does", "did"} else []
        return f"{' '.join((*kept, *clause.predicate))} (boolean)"
    is_short = 1 < len(words) < 5 and words[0] in MODALS - {
        "has",
        "have",
        "do",
        "does",
        "did",
        "need",
        "needs",
        "want",
        "wants",
        "had",
    }
    return f"{' '.join(words)} (boolean)" if is_short else None


def _when(words: list[str]) -> str | None:
    clause = _clause(words) if words else None
    if clause is None:
        return None if words else "date"
    if not clause.predicate:
        return "date"
    if clause.predicate[0] == "due":
        return clause.named("due date")
    if clause.last:
        return f"last {clause.predicate[0]}"
    return f"{clause.named(clause.verb)} on (date)"


def _where(words: list[str]) -> str | None:
    clause = _clause(words) if words else None
    if clause is None:
        return None if words else "location"
    told = clause.predicate
    if not told or told[0] in STAYS:
        return clause.named("location")
    if told[-1] == "from":
        return clause.named("origin")
    return f"place {clause.verb}" if _is_done(told[0]) else clause.named("location")


def _who(words: list[str]) -> str | None:
    """'who holds it' is its holder; 'who brings it' has no such word."""
    if (
        words[:1]
        and lemma(words[0]) in OWNED
        and words[0].endswith("s")
        and words[1:2]
        and words[1] in OBJECTS
    ):
        return agent(words[0])
    clause = _clause(words)
    return (
        "owner"
        if clause and clause.predicate[:2] in (("belongs", "to"), ("belong", "to"))
        else None
    )


def _whose(words: list[str]) -> str | None:
    return "owner" if len(words) > 2 and words[-1] == "is" else None


def _noun_and_rest(words: list[str]) -> tuple[list[str], list[str]]:
    """'spare keys there are' -> 'spare keys', 'there are'."""
    stops = PRONOUNS | DETERMINERS | BE | MODALS | {"there", "per"}
    end = next(
        (i for i, word in enumerate(words) if word in stops or (i and _is_done(word))), len(words)
    )
    return words[:end], words[end:]


def _how(words: list[str]) -> str | None:
    if not words:
        return None
    first, (noun, rest) = words[0], _noun_and_rest(words[1:])
    left = next((word for word in ("left", "remaining", "available") if word in words), "")
    if first == "many":
        if not noun or noun[0] in ("of", left):
            return f"quantity {left} (integer)" if left else "number (integer)"
        return f"{' '.join(w for w in noun if w != left)} (integer)"
    if first == "much":
        clause = _clause(rest) if rest else None
        told = clause.predicate[0] if clause and clause.predicate else ""
        if left:
            return f"{' '.join(w for w in noun if w not in ('of', left)) or 'quantity'} {left} (number)"
        if noun:
            return f"{' '.join(noun)} (number)"
        return COSTS.get(told) or (f"amount {told}" if told else None)
    if first in MEASURES:
        return MEASURES[first]
    if words[1:2] and first in PRONOUNS:
        return HOW.get(words[1])
    return None


def _which(words: list[str]) -> str | None:
    """'which shelf it is on' -> 'shelf', 'what kind it is' -> 'type', 'what I paid' -> 'price paid'."""
    noun, rest = _noun_and_rest(words)
    if noun and noun[0] in ("for", "to", "with", "in", "on", "from"):
        return None
    if noun and noun[0] in ("kind", "type", "sort"):
        return "type"
    if noun == ["wrong"] or (rest[:1] and rest[0] in BE and "wrong" in rest):
        return "problem"
    if noun and len(noun) < 4 and not _is_verb(noun[0]):
        return " ".join(noun)
    clause = _clause(rest) if rest and rest[0] in PRONOUNS else None
    if clause is None or not clause.predicate:
        return None
    if clause.predicate[0] == "made" and clause.predicate[-1] in ("of", "from"):
        return "material"
    return COSTS.get(clause.predicate[0])


def _relative(before: list[str], words: list[str]) -> str | None:
    """'the date it came in', 'the place where it was found', 'the amount we paid', 'the child who speaks it'."""
    head = [word for word in before if word not in DETERMINERS]
    told = words[1:] if words[0] in QUESTIONS else words
    if head[-1:] and head[-1] in ("in", "on", "at", "from", "to"):
        head.pop()
    clause = _clause(told)
    if (
        not head
        or len(head) > 3
        or clause is None
        or not clause.predicate
        or any(_is_verb(w) for w in head[1:])
    ):
        return None
    last, verb = head[-1], clause.predicate[0]
    if verb in ("unique", "one") or any(word.endswith("'s") for word in told):
        return None
    if words[0] == "when" and last not in DAYS and _is_done(verb) and told[0] == verb:
        return f"{' '.join(head)} {clause.verb}"
    if told[0] in ("has", "have", "with") or (
        told[0] not in PRONOUNS | DETERMINERS and words[0] not in QUESTIONS
    ):
        return None
    if last in DAYS:
        return _day(head, clause)
    if last in ANYBODY:
        return f"who {' '.join(told)}" if told[0] not in PRONOUNS else clause.verb
    if last in PAID and _is_done(verb):
        return f"{' '.join(head)} {verb}"
    return " ".join(head)


def _day(head: list[str], clause: _Clause) -> str:
    name, verb = " ".join(head), clause.predicate[0]
    if verb in VAGUE:
        return name
    if verb == "due":
        return "due date"
    if clause.last:
        return f"last {verb}"
    if head[-1] == "year":
        return f"{name} {clause.named(clause.verb)} (year)"
    if clause.subject:
        return (
            clause.named(clause.verb, "on (date)")
            if head[-1] in ("date", "day")
            else f"{name} {clause.named(clause.verb)}"
        )
    if clause.verb.endswith(" back"):
        return f"{name} back"
    if head[-1] == "time" and _is_done(verb):
        return f"{name} {clause.verb} (time)"
    moved = " " in clause.verb and not _is_done(verb)
    return (
        f"{clause.verb} on (date)"
        if moved and head[-1] in ("date", "day")
        else f"{name} {clause.verb}"
    )


_READERS: Final[dict[str, Callable[[list[str]], str | None]]] = {
    "whether": _whether, "if": _whether, "when": _when, "where": _where, "who": _who, "whom": _who,
    "whose": _whose, "how": _how, "what": _which, "which": _which,
}  # fmt: skip
