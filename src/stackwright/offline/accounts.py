"""What a message says of logins and rights, taken out of it before its records are read.

Each row of `RIGHTS` is one form of sentence. What was taken out and names no record of the application
is told as not built.
"""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from stackwright.offline.account_forms import (
    DEED,
    DEED_WITH_ONE,
    GENERIC,
    GOES_ON,
    HIGHEST,
    LOGINS,
    NEXT_DEED,
    RIGHTS,
)
from stackwright.offline.account_words import Clause, actions_of, implied, login_text, told_actions
from stackwright.offline.places import kind_named, with_kit
from stackwright.offline.right_intents import rights_in
from stackwright.offline.unsupported import Unbuilt
from stackwright.offline.verbs import ADJUNCTS, EVENTS, lemma
from stackwright.offline.words import ascii_words, plural, singular, singular_word
from stackwright.scaffold.kit_spec import MAX_ROLES, AccountsOptions, plural_of
from stackwright.scaffold.spec import AppSpec, EntitySpec

_BEHIND_NO_RECORD: Final = "I found no such kind of record in your message to give rights to."


@dataclass(frozen=True)
class Granted:
    """Words of the message, what is built for them, and what a witness tries."""

    words: str
    text: str
    shows: Literal["login", "right"]
    entity: str = ""
    actions: str = ""
    who: str = ""
    """Those who log in, in the words of the message."""


def take_accounts(text: str, *, is_sure: bool = False) -> tuple[str, tuple[Clause, ...]]:
    """The message without its clauses of logins and rights, and these; none without a sure sign, which
    the login of an application that has one already is (`is_sure`)."""
    rest, clauses = text, list[Clause]()
    for kind, form in RIGHTS:
        rest = form.sub(lambda found, kind=kind: _taken(found, kind, clauses), rest)
    for form in LOGINS:
        rest = form.sub(lambda found: _login(found, clauses), rest)
    if not clauses or not (is_sure or any(map(_is_sure, clauses))):
        return text, ()
    rest = _without_holes(rest)
    return _deeds_of_members(rest, clauses), tuple(clauses)


def _is_sure(clause: Clause) -> bool:
    """'Staff manages bookings' alone tells who works there, not who may do what."""
    is_open = clause.kind == "anyone" and " without " in f" {clause.words.lower()} "
    return clause.kind in ("login", "only", "own") or is_open or "admin" in clause.who.lower()


def _taken(found: re.Match[str], kind: str, clauses: list[Clause]) -> str:
    told = found.groupdict()
    verbs = told["verbs"] or told.get("more") or ""
    who = told.get("who") or told.get("all") or ""
    clauses.append(Clause(found[0].strip(" ,"), kind, who, verbs, told["nouns"]))
    return "\0"


def _login(found: re.Match[str], clauses: list[Clause]) -> str:
    """What goes on behind 'members log in and …' keeps its subject."""
    who = found.groupdict().get("who") or ""
    clauses.append(Clause(found[0].strip(" ,"), "login", who))
    goes_on = NEXT_DEED.match(found.string[found.end() :])
    return f"{found['who']}{GOES_ON}" if who and goes_on else "\0"


def _without_holes(text: str) -> str:
    text = re.sub(rf"{GOES_ON}(?:\s*,)?\s*(?:\b(?:and|to)\b)?\s*", " ", text)
    text = re.sub(r"(?:,?\s*\b(?:and|but|where|that)\b)?\s*\0", "\0", text)
    text = re.sub(r"\0\s*(?:,?\s*\b(?:and|but)\b|[,;])?", " ", text)
    text = re.sub(r"\s+([.,;:!?])", r"\1", text)
    return re.sub(r"(?:[.,;:]\s*)+(?=[.!?])|^[\s.,;:]+", "", text).strip()


def _deeds_of_members(text: str, clauses: Sequence[Clause]) -> str:
    """'Members book courses with title': those who log in are no records, the courses have the title."""
    people = {singular(clause.who) for clause in clauses if clause.kind in ("login", "own")}

    def told(found: re.Match[str]) -> str:
        if singular(found["who"]) not in people | GENERIC:
            return found[0]
        event = EVENTS[lemma(found["verb"])]
        noun, fields = found["noun"], found["with"] or ""
        return f"{noun}{fields}. Each {event} belongs to a {singular_word(noun)}"

    def told_of_one(found: re.Match[str]) -> str:
        if singular(found["who"]) not in people | GENERIC:
            return found[0]
        noun, other = found["noun"], found["other"]
        if other in ("day", "date", "night", "week"):
            return f"Each {EVENTS[lemma(found['verb'])]} belongs to a {noun} and has a {other}"
        ends = f"a {noun} and a {other}" if other else f"a {noun}"
        kinds = f"{plural(other)}{found['fields'] or ''}. " if other else ""
        return f"{kinds}Each {EVENTS[lemma(found['verb'])]} belongs to {ends}"

    return DEED_WITH_ONE.sub(told_of_one, DEED.sub(told, text))


def with_accounts(
    spec: AppSpec, clauses: Sequence[Clause]
) -> tuple[AppSpec, tuple[Granted, ...], tuple[Unbuilt, ...]]:
    """The specification with accounts as the clauses ask for them, and what came of each clause."""
    if not clauses:
        return spec, (), ()
    clauses = list(_expanded(spec, clauses))
    before = spec.kit("accounts")
    known: AccountsOptions | None = before.settings() if before else None
    roles = _roles(clauses, known.roles if known else ())
    rights = (
        {one.entity: one.model_dump(exclude={"entity"}) for one in known.rights} if known else {}
    )
    granted: list[Granted] = []
    unbuilt: list[Unbuilt] = []
    last: tuple[EntitySpec, ...] = spec.entities
    about: list[tuple[Clause, EntitySpec]] = []
    for clause in clauses:
        if clause.kind == "login":
            granted.append(
                Granted(clause.words, login_text(roles, clause.who), "login", who=clause.who)
            )
            continue
        if clause.kind == "sees" and (known or _keeps_own(clauses)):
            text = f"{plural_of(_role(clause.who) or roles[-1]).capitalize()} see and change all records."
            granted.append(Granted(clause.words, text, "login", who=clause.who))
            continue
        if clause.kind == "not" and not any(one.kind == "anyone" for one in clauses):
            unbuilt.append(Unbuilt(clause.words, _BEHIND_NO_STRANGER))
            continue
        last = _entities(spec, clause.nouns, last) or last
        if not (entities := _entities(spec, clause.nouns, last)):
            unbuilt.append(Unbuilt(clause.words, _BEHIND_NO_RECORD))
        about += [(clause, entity) for entity in entities]
    for clause, entity in about:
        others = {
            a for c, e in about if e is entity for a in actions_of(c.verbs) if c is not clause
        }
        mine = rights.setdefault(entity.name, {})
        granted.append(_grant(clause, entity, mine, roles, others))
    if not granted:
        return spec, (), tuple(unbuilt)
    options = {
        **({"registration": "invited"} if _is_by_invitation(clauses) else {}),
        **(before.options if before else {}),
        "roles": list(roles),
        "rights": [{"entity": name, **given} for name, given in rights.items()],
    }
    return with_kit(spec, "accounts", options), tuple(granted), tuple(unbuilt)


def _expanded(spec: AppSpec, clauses: Sequence[Clause]) -> Iterator[Clause]:
    """What those who log in may do 'only': nothing else."""
    who = next((one.who for one in clauses if one.kind == "login"), "")
    for clause in clauses:
        if clause.kind == "just":
            yield from tuple(rights_in(spec, [clause.words], who)) or (
                replace(clause, nouns="nothing of these"),
            )
        else:
            yield clause


def _is_by_invitation(clauses: Sequence[Clause]) -> bool:
    """'Only staff may log in': nobody makes an account for himself."""
    return any(c.kind == "login" and c.words.lower().startswith("only ") for c in clauses)


_BEHIND_NO_STRANGER: Final = "Nothing in your message says what strangers may see."


def _keeps_own(clauses: Sequence[Clause]) -> bool:
    """Whether people see their own records only: the higher roles then see all."""
    return any(clause.kind == "own" for clause in clauses)


def _roles(clauses: Sequence[Clause], known: tuple[str, ...]) -> tuple[str, ...]:
    """From the least to the most: who logs in, then who alone may do something. Those that are known
    keep their places."""
    low = next(
        (
            name
            for clause in clauses
            if clause.kind in ("login", "own", "higher") and (name := _role(clause.who))
        ),
        "",
    )
    higher = [
        name
        for clause in clauses
        if clause.kind in ("only", "manage", "sees")
        and (name := _role(clause.who))
        and (name != low or name in HIGHEST)
    ]
    higher = sorted(dict.fromkeys(higher), key=lambda name: bool(HIGHEST & set(name.split())))
    if low in higher or (HIGHEST & {low} and not higher and not _is_by_invitation(clauses)):
        low = ""
    if any(one.kind == "higher" for one in clauses) and not higher and len(known) < 2:
        higher = ["admin"]
    if known:
        return tuple(dict.fromkeys((*known[:1], *known[1:-1], *higher, *known[-1:])))[:MAX_ROLES]
    return tuple(dict.fromkeys((low or "member", *higher)))[:MAX_ROLES]


_OURSELVES: Final = {"i": "owner", "me": "owner", "we": "staff", "us": "staff"}


def _role(who: str) -> str:
    """'Only I may change them' speaks of the owner."""
    words = [
        one for one in ascii_words(_OURSELVES.get(who.lower(), who)) if one not in ("my", "our")
    ]
    last = [one if one in ADJUNCTS else singular_word(one) for one in words[-1:]]
    name = " ".join([*words[:-1], *last])
    return "" if not words or GENERIC & {name, words[-1]} else name[:30]


def _entities(spec: AppSpec, nouns: str, last: tuple[EntitySpec, ...]) -> tuple[EntitySpec, ...]:
    """The kinds of record that the words name; 'them' are those that were spoken of."""
    plain = " ".join(ascii_words(nouns))
    if plain in ("them", "it", "these", "those"):
        return last
    if plain in (
        "",
        "things",
        "everything",
        "anything",
        "all",
        "all records",
        "records",
        "entries",
        "data",
    ):
        return spec.entities
    parts = [_NO_NAME.sub("", part) for part in re.split(r",\s*|\s+(?:and|or)\s+", nouns)]
    if (
        plain.removeprefix("the ") in ("answers", "responses", "submissions", "replies", "results")
        and len(spec.entities) == 1
    ):
        return spec.entities
    found = [kind_named(spec, one) or kind_named(spec, one.split(" ")[-1]) for one in parts]
    return () if None in found else tuple(dict.fromkeys(one for one in found if one is not None))


_NO_NAME: Final = re.compile(r"\b(?:any|own|new) ", re.IGNORECASE)


def _grant(
    clause: Clause,
    entity: EntitySpec,
    rights: dict[str, str],
    roles: Sequence[str],
    others: Container[str],
) -> Granted:
    """`others` are the actions with these records of which other clauses tell."""
    actions = list(dict.fromkeys(actions_of(clause.verbs)))
    nouns = entity.label_plural.lower()
    if clause.kind == "own":
        actions = [one for one in actions if one != "add"] or ["read"]
        if "read" in actions:
            actions = ["read", "change", "delete"]
        who, text = "own", f"People {told_actions(actions)} only their own {nouns}"
        text += (
            f"; {' and '.join(map(plural_of, roles[1:]))} see and change all."
            if len(roles) > 1
            else "."
        )
    elif clause.kind == "not":
        who, text = "signed_in", f"Only who is signed in may {told_actions(actions)} {nouns}."
    elif clause.kind == "all":
        who, text = "signed_in", f"Who is signed in may {told_actions(actions)} {nouns}."
    elif clause.kind == "anyone":
        who, text = "anyone", f"Anyone may {told_actions(actions)} {nouns} without a login."
    elif clause.kind == "higher":
        who, text = roles[-1], f"Only {plural_of(roles[-1])} may {told_actions(actions)} {nouns}."
    else:
        actions += [one for one in implied(actions) if one not in others]
        who = _role(clause.who) or roles[0]
        if who == roles[0]:
            who, text = "signed_in", f"Only who is signed in may {told_actions(actions)} {nouns}."
        else:
            text = f"Only {plural_of(who)} may {told_actions(actions)} {nouns}."
    rights |= dict.fromkeys(actions, who)
    return Granted(clause.words, text, "right", entity.name, " ".join(actions))
