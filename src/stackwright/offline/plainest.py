"""Reads a clause as it stands or as a paraphrase, whichever leaves fewer words that are not understood."""

import copy
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from stackwright.offline.clauses import read_deed
from stackwright.offline.draft import AppDraft
from stackwright.offline.link_forms import refer_many, speaks_of_links
from stackwright.offline.paraphrases import TOPIC, Paraphrase, paraphrases
from stackwright.offline.predicates import MUTUAL
from stackwright.offline.sentences import SentenceReader
from stackwright.offline.verbs import KNOWN, lemma
from stackwright.offline.words import is_plural

_DEEPEST: Final = 2
_MOST_WORDS: Final = 120
"""Longer clauses are read as they stand: each way of reading costs a copy of the draft."""


def read_plainest(reader: SentenceReader, clause: str, *, depth: int = 0) -> SentenceReader:
    """The reader after the clause; the one given is used up. `depth`: paraphrases around this one."""
    topic = TOPIC.match(clause)
    if topic and not _tells(topic["topic"]):
        reader.app.phrase = reader.app.phrase or topic["topic"]
        clause = topic["rest"]
    focus = reader.forms.kinds.focus
    told: list[Paraphrase] = []
    if depth < _DEEPEST and len(clause.split()) <= _MOST_WORDS and not speaks_of_links(clause):
        about = focus.name.replace("_", " ") if focus else ""
        main = next(iter(reader.app.entities), "").replace("_", " ")
        told = paraphrases(clause.rstrip(" ;"), about, reader.app.is_kind, main)
        if not (reader.app.entities or reader.app.described):
            told = [one for one in told if one.is_record or len(one.clauses) > 1]
    if not told:
        return _read(reader, [clause])
    marks = len(reader.app.unread), len(reader.app.unbuilt)
    if told[0].is_sure:
        return _in_words_of(clause, _paraphrased(reader, told[0], depth), marks)
    before = copy.deepcopy(reader)
    plain = best = _read(reader, [clause])
    for one in told:
        if _left(best.app, wishes=one.is_record) > _left(before.app, wishes=one.is_record):
            other = _paraphrased(copy.deepcopy(before), one, depth)
            if _left(other.app, wishes=True) < _left(best.app, wishes=True):
                best = other
    return best if best is plain else _in_words_of(clause, best, marks)


def _tells(topic: str) -> bool:
    """'Members pay rent: I need to see …' tells something; 'Museum guides: we have …' is a topic."""
    words = topic.lower().split()
    is_deed = len(words) > 1 and is_plural(words[0]) and lemma(words[1]) in KNOWN
    return read_deed(topic) is not None or (is_deed and not is_plural(words[1]))


def _read(reader: SentenceReader, clauses: Sequence[str]) -> SentenceReader:
    for one in clauses:
        reader.read(one)
    return reader


def _paraphrased(reader: SentenceReader, told: Paraphrase, depth: int) -> SentenceReader:
    reader.app.unread += [told.left] if told.left else []
    for one in told.clauses:
        if pair := MUTUAL.fullmatch(one):
            refer_many(reader.app.entity(pair["one"]), reader.app.entity(pair["other"]))
        else:
            reader = read_plainest(reader, one, depth=depth + 1)
    return reader


def _in_words_of(said: str, reader: SentenceReader, marks: tuple[int, int]) -> SentenceReader:
    """What is left since the marks, in the words of the message."""
    unread, unbuilt = marks
    app = reader.app
    app.unread[unread:] = [_as_said(words, said) for words in app.unread[unread:]]
    app.unbuilt[unbuilt:] = [
        replace(wish, words=_as_said(wish.words, said)) for wish in app.unbuilt[unbuilt:]
    ]
    return reader


def _as_said(words: str, said: str) -> str:
    """The words as they stand in the message, without the subject that a paraphrase repeats."""
    told = words.split()
    ends = (" ".join(told[at:]) for at in range(min(len(told), _LONGEST_SUBJECT)))
    return next((one for one in ends if one in said), said)


_LONGEST_SUBJECT: Final = 6


def _left(app: AppDraft, *, wishes: bool) -> int:
    """How many words are not understood; with `wishes` also those that ask for something else than records."""
    told = [*app.unread, *((one.words for one in app.unbuilt) if wishes else ())]
    return sum(len(words.split()) for words in told)
