"""What one wish is found to be, from all witnesses that try it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stackwright.core.message_words import (
    asks_for_figures,
    asks_for_look,
    asks_for_mail,
    content_words,
    forbids,
    untried,
)
from stackwright.core.wishes import Wish, WishKind, WishState
from stackwright.verify.witnesses.belief import reason_not_to_believe
from stackwright.verify.witnesses.results import WitnessResult
from stackwright.verify.witnesses.shape import WitnessFile, WitnessTest
from stackwright.verify.witnesses.telling import causes, failure_in_words, step_in_words

MAX_CAUSE_LINES = 6
MIN_SHARED_WORDS = 2
NO_WITNESS = "No witness tries it."
NO_REFUSAL = "Nothing was refused while its witnesses ran: a rule is shown by trying what it forbids, through the API too."
OTHER_REFUSAL = (
    "What was refused while its witnesses ran was refused for {}, not by the rule: send what the app would take "
    "but for the rule, as somebody who may, with every required field and none that it does not know."
)
NO_MAIL = "No mail came while its witnesses ran: wait for it by `app.wait_for_mail`, and assert whom it is to."
NO_REMOVAL = "Nobody was refused to remove anything while its witnesses ran: try that as well, by `app.api.delete`."
NO_CHANGE = "Nobody was refused to change anything while its witnesses ran: try that as well, by `app.api.patch`."
_RIGHTS = re.compile(
    r"\b(only|own|log(?:s|ged|in)?|sign(?:s|ed)?|admins?|owners?|private|passwords?|pins?|allowed|rights?|roles?"
    r"|nur|eigene\w*|angemeldet\w*|seuls?|propres?|solo|propi[oa]s?)\b",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"\b(others?|members?|guests?|users?|visitors?|strangers?|staff|managers?|volunteers?|every(?:one|body)|who"
    r"|no(?:body| one)|any(?:one|body)|their|niemand|nadie|personne)\b",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"\d|\b(two|three|four|five|six|seven|eight|nine|ten|twelve|most|more than|less than|overlap\w*|twice)\b",
    re.IGNORECASE,
)
_FORM = re.compile(
    r"\b(required?|requires|mandatory|must have|must be|needs?|empty|blank|without|missing|valid|invalid|formats?"
    r"|whole|digits?|letters?|characters?|exists?|unknown|fill\w*|leer|pflicht\w*|obligatoire|obligatori[oa])\b",
    re.IGNORECASE,
)
"""What a wish speaks of when a refusal for who asks, or for the form of what is sent, is what it wants."""
_REMOVING = r"(?:delet|remov|eras)(?:e[sd]?|ing)"
_CHANGING = r"(?:(?:chang|renam)(?:e[sd]?|ing)|(?:edit|updat|modif)\w*)"
_BOTH_FORBIDDEN = re.compile(
    r"\b(?:(?:nobody|no[ -]one|none)(?: else)? (?:may|can|must|should)|(?:may|can|must|should)(?:\s*not|n[o'\u2019]t|['\u2019]t)"
    r"|only [^.,;!?\n]{1,60}? (?:may|can))\b(?:(?!\b(?:can|may|but)\b)[^.,;!?\n]){0,60}?"
    rf"\b(?:{_CHANGING}\b[^.,;!?\n]{{0,20}}?\b(?:n?or|and)\b[^.,;!?\n]{{0,20}}?\b{_REMOVING}"
    rf"|{_REMOVING}\b[^.,;!?\n]{{0,20}}?\b(?:n?or|and)\b[^.,;!?\n]{{0,20}}?\b{_CHANGING})\b",
    re.IGNORECASE,
)
_REMOVED = re.compile(r"^\w+ (?:DELETE |POST \S*(?:delet|remov|eras))", re.IGNORECASE)
_CHANGED = re.compile(r"^\w+ (?:PUT|PATCH|POST) ", re.IGNORECASE)
_TELLING = re.compile(
    r"\b(?:says?|shows?|tells?|explains?|warns?|messages?|hints?)\b", re.IGNORECASE
)
_CLAUSE_END = re.compile(r"[,;:.]|\b(?:and|but|und|aber|et|mais|y|pero)\b", re.IGNORECASE)
_PLACE = re.compile(r"^test_\w+\.py:\d+: ")


@dataclass(slots=True)
class Tried:
    """One test: what is wrong with it, or how it ended."""

    file: WitnessFile
    test: WitnessTest
    result: WitnessResult | None = None
    doubt: str = ""
    """Why it is not believed, though it passes."""

    @property
    def id(self) -> str:
        return f"{self.file.path}::{self.test.name}"

    @property
    def problem(self) -> str:
        """Why it cannot be run; empty when it can."""
        problems = self.file.problems or self.test.problems
        return "; ".join(problems)

    @property
    def has_failed(self) -> bool:
        return self.result is not None and not self.result.passed


def is_rule(wish: Wish) -> bool:
    return wish.kind == "rule" or any(map(forbids, wish.quotes))


def is_new_rule(wish: Wish, known: Iterable[Wish] = ()) -> bool:
    """A rule that was not there before. One that is only to be told may have been: about the form of what is
    sent, or a rule that was proven for an older wish among the `known`."""
    if not is_rule(wish):
        return False
    parts = [part for quote in wish.quotes for part in _CLAUSE_END.split(quote)]
    if not any(map(_TELLING.search, parts)):
        return True
    if any(forbids(part) and not _TELLING.search(part) for part in parts):
        return True
    if any(map(_FORM.search, wish.quotes)):
        return False
    return not any(one.is_pinned and is_rule(one) and _speaks_of(wish, one) for one in known)


def _speaks_of(wish: Wish, older: Wish) -> bool:
    """Whether the amounts of a wish, and two more of its words, are words of an older one."""
    mine, others = (
        {word.casefold() for quote in one.quotes for word in content_words(quote)}
        for one in (wish, older)
    )
    amounts = {word for word in mine if _AMOUNT.fullmatch(word) or word.isnumeric()}
    return amounts <= others and len((mine & others) - amounts) >= MIN_SHARED_WORDS


def has_figures(wish: Wish) -> bool:
    return any(map(asks_for_figures, wish.quotes))


def kind_of(wish: Wish) -> WishKind:
    """A look only if the person spoke of one: something else cannot be seen in styles."""
    if wish.kind == "look" and not any(map(asks_for_look, wish.quotes)):
        return "behaviour"
    return wish.kind


def first_doubt(results: Sequence[WitnessResult], wishes: Sequence[Wish]) -> str:
    doubts = (
        reason_not_to_believe(
            results, kind_of(wish), is_rule=is_rule(wish), has_figures=has_figures(wish)
        )
        for wish in wishes
    )
    return next((doubt for doubt in doubts if doubt), "")


def untried_words(wish: Wish, tests: Sequence[Tried]) -> str:
    """Why they do not say that they try the wish; "" when they do. A look is seen in styles, which have no
    words of the person's."""
    if kind_of(wish) == "look":
        return ""
    words = [word for one in tests for word in one.test.words]
    if is_rule(wish):
        words += [word for one in tests for word in one.test.absent_words]
    missing = untried(wish.quotes, words)
    if not missing:
        return ""
    told = "; ".join(f"\u201c{part}\u201d" for part in missing)
    # A short quote may hold no word that the app could show: "filters by".
    way = "quote it in a wish of its own" if len(wish.quotes) > 1 else "quote more of its sentence"
    return (
        f"Its witnesses name nothing of {told}: try that as well, by the labels, texts and fields of "
        f"the app, or {way}."
    )


def judged(wish: Wish, tests: Sequence[Tried]) -> tuple[WishState, str]:
    """The state of a wish and the reason, from all tests that try it."""
    if not tests:
        return "open", NO_WITNESS
    for one in tests:
        if one.problem:
            return "open", f"acceptance/{one.id}: {one.problem}."
    for one in tests:
        if one.result is None:
            return "open", f"acceptance/{one.id} was not run."
        if one.has_failed:
            return "failing", failure_in_words(one.result)
    for one in tests:
        if one.doubt:
            return "open", f"acceptance/{one.id} cannot be believed. {one.doubt}"
    if missing := _unrefused(wish, tests) or _unsent(wish, tests) or untried_words(wish, tests):
        return "open", missing
    return "proven", ""


def _unrefused(wish: Wish, tests: Sequence[Tried]) -> str:
    """One of the witnesses of a rule has to be refused what the rule is about; others may show what is
    allowed."""
    results = [one.result for one in tests if one.result is not None]
    if not is_rule(wish):
        return ""
    if any(result.refused for result in results):
        return _deed_left_out(wish, results)
    words = " ".join((*wish.quotes, wish.text))
    if any(result.refused_person for result in results):
        is_meant = _RIGHTS.search(words) or (_PEOPLE.search(words) and not _AMOUNT.search(words))
        return _deed_left_out(wish, results) if is_meant else OTHER_REFUSAL.format("who asked")
    if any(result.refused_form for result in results):
        return "" if _FORM.search(words) else OTHER_REFUSAL.format("its form, or for an unknown id")
    return NO_REFUSAL


def _deed_left_out(wish: Wish, results: Sequence[WitnessResult]) -> str:
    """Who may neither change nor remove something is refused both."""
    refused = [one for result in results for one in result.refusals]
    for quote in wish.quotes if refused else ():
        if _BOTH_FORBIDDEN.search(quote) is None:
            continue
        if not any(map(_REMOVED.search, refused)):
            return NO_REMOVAL
        if not any(_CHANGED.search(one) and not _REMOVED.search(one) for one in refused):
            return NO_CHANGE
    return ""


def _unsent(wish: Wish, tests: Sequence[Tried]) -> str:
    """A page can say that a mail was sent; only the mail shows it."""
    is_seen = any(one.result is not None and one.result.mails for one in tests)
    return "" if is_seen or not any(map(asks_for_mail, wish.quotes)) else NO_MAIL


def _cause(error: str) -> str:
    """What pytest marks as the error itself, without the page that Playwright describes below it."""
    place = [line for line in error.splitlines() if _PLACE.match(line)]
    lines = causes(error).splitlines()
    told = [line[:300] for line in lines][:MAX_CAUSE_LINES] or [error[-600:]]
    return "\n".join([*told, *place[-1:]])


def details_of(one: Tried) -> str:
    assert one.result is not None
    steps = " → ".join(step_in_words(step.text) for step in one.result.steps[-6:])
    parts = [f"acceptance/{one.id} fails.", _cause(one.result.error)]
    if steps:
        parts.append(f"Steps: {steps}")
    if one.result.complaints:
        parts.append("The browser complains: " + "; ".join(one.result.complaints[:4]))
    return "\n".join(parts)
