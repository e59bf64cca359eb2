"""Reads a description of a record-keeping application into a specification, without a model."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from stackwright.core.message_words import is_introduction
from stackwright.offline import lexicon, normalise
from stackwright.offline.accounts import Granted, take_accounts, with_accounts
from stackwright.offline.asked_lists import asked_things
from stackwright.offline.back_references import with_names
from stackwright.offline.clause_relations import explain
from stackwright.offline.described import described_kinds
from stackwright.offline.draft import AppDraft
from stackwright.offline.field_types import TYPE_WORDS, is_attribute
from stackwright.offline.file_forms import asks_for_files
from stackwright.offline.fulfilled import Fulfilled, fulfil, with_pictures
from stackwright.offline.languages import is_plain_list, kinds_listed, list_inside
from stackwright.offline.look_forms import is_about_look
from stackwright.offline.nouns import read_noun
from stackwright.offline.places import kind_named
from stackwright.offline.plainest import read_plainest
from stackwright.offline.refusals import NotAnApplication, no_records, refuse_other_requests
from stackwright.offline.right_intents import rights_in
from stackwright.offline.sentence_patterns import BUILD, drop_technology
from stackwright.offline.sentences import NICE_TO_HAVE, SentenceReader
from stackwright.offline.spec_builder import to_spec
from stackwright.offline.unsupported import Unbuilt
from stackwright.offline.view_forms import take_moves
from stackwright.offline.words import singular, snake, title_case
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec

__all__ = ["NotAnApplication", "Reading", "describe", "read_app"]


@dataclass(frozen=True)
class Reading:
    """What was understood, as a specification and in plain sentences, and what was not."""

    spec: AppSpec
    understood: tuple[str, ...]
    unbuilt: tuple[Unbuilt, ...]
    unread: tuple[str, ...]
    """Clauses that no form fits, in the words of the message."""
    fulfilled: tuple[Fulfilled, ...] = ()
    granted: tuple[Granted, ...] = ()
    """Logins and rights."""
    calls_it: str = ""
    """What the message calls the application: 'a small recipe box'."""


_NAMED = re.compile(
    r"(?:,\s*)?(?:\b(?:and |please )?(?:it(?:'s| is| should be)? )?(?:[Cc]alled|[Nn]amed|[Tt]itled|[Cc]all it|[Nn]ame it|[Ee]ntitled|with the (?:name|title)|(?<![Mm]y )(?:the )?(?:title|name) (?:is|should be))\s*:?\s*)(?:\"([^\"\n]{1,60})\"|'([^'\n]{1,60})'|([A-Z][\w&'+-]*(?:\s+(?:(?:of|the|and|for|&)\s+)?[A-Z0-9][\w&'+-]*){0,5})|([a-z][\w-]*)(?=\s*(?:$|[.,;:!]|\bwith\b|\bthat\b|\bwhere\b|\bto\b|\bfor\b)))"
)


def read_app(text: str) -> Reading:
    """The application a text describes; raises NotAnApplication. Same text, same answer."""
    clean = normalise.plain(text)
    listed = clean if is_plain_list(clean) else list_inside(clean)
    foreign, clean = kinds_listed(listed) if listed != clean else [], listed
    refuse_other_requests(clean)
    app = AppDraft()
    said = drop_technology(_take_title(clean, app))
    clean, rights = take_accounts(said)
    sentences = SentenceReader(app)
    statements = normalise.statements(clean)
    app.described = described_kinds(map(normalise.clause_of, statements))
    for said_so in chain.from_iterable(map(asked_things, with_names(statements))):
        statement = NICE_TO_HAVE.sub("", said_so)
        if is_about_look(statement) or asks_for_files(statement):
            sentences.app.unread.append(statement.strip(" .!"))
        else:
            rest, moves = take_moves(statement)
            sentences.app.unread += moves
            sentences = read_plainest(sentences, normalise.clause_of(rest))
    app = sentences.app
    sentences.forms.kinds.finish()
    _keep_words(app, foreign)
    _take_bare_noun(clean, app)
    _require_records(app, sentences, clean)
    phrases = [*(wish.words for wish in app.unbuilt), *app.unread]
    about = {wish.words: wish.about for wish in app.unbuilt if wish.about}
    spec, pictures = with_pictures(to_spec(app, " ".join(said.split())))
    spec, fulfilled = fulfil(spec, phrases, about)
    fulfilled = (*pictures, *fulfilled)
    done = [one.words for one in fulfilled]
    spec = _without_looks(spec, fulfilled)
    left = [one for one in phrases if not _is_in(one, done)]
    spec, granted, rightless = with_accounts(spec, (*rights, *rights_in(spec, left)))
    done += [one.words for one in granted]
    understood = (
        *describe(spec),
        *explain(app, {e.name for e in spec.entities}),
        *(one.text for one in granted),
    )
    asked = (*app.unbuilt, *rightless)
    unbuilt = tuple(wish for wish in dict.fromkeys(asked) if not _is_in(wish.words, done))
    unread = tuple(
        words
        for words in dict.fromkeys(app.unread)
        if not (_is_in(words, done) or is_introduction(words) or _says_nothing(spec, words))
    )
    return Reading(spec, understood, unbuilt, unread, fulfilled, granted, app.calls_it)


def _without_looks(spec: AppSpec, fulfilled: Sequence[Fulfilled]) -> AppSpec:
    """The start page describes what the application keeps, not how it looks."""
    description = spec.description
    for one in fulfilled:
        if one.shows == "look":
            description = re.sub(rf"\s*{re.escape(one.words)}[.!]?", "", description)
    return spec.model_copy(update={"description": description})


_EMPTY = re.compile(
    r"(?:(?:and|so|then|also) )*(?:i|we|you|they|it) (?:also |just |usually |always )*(?:records?|notes?|writes?|tracks?|keeps?|logs?|stores?|lists?|collects?|registers?)(?: down| track of)?"
    r"|down|either|too|up|both",
    re.IGNORECASE,
)
_HOW_MANY = re.compile(
    r"(?:(?:i|we|they) (?:have|own|run|keep) )?(?:(?:about|around|some|roughly|nearly|over|more than|only) )?\d{1,6} (?P<kind>[\w -]{1,40})",
    re.IGNORECASE,
)


def _says_nothing(spec: AppSpec, words: str) -> bool:
    """'I record', or how many there are of what is kept anyway: nothing is lost with it."""
    counted = _HOW_MANY.fullmatch(words)
    if counted is not None and kind_named(spec, counted["kind"]) is not None:
        return True
    return _EMPTY.fullmatch(words) is not None


def _is_in(words: str, done: Sequence[str]) -> bool:
    """A phrase that was built, alone or together with the one beside it."""
    return any(f" {words} " in f" {one} " for one in done)


def _take_title(text: str, app: AppDraft) -> str:
    found = _NAMED.search(text)
    if found:
        given = next(g for g in found.groups() if g)
        app.title = given.strip() if found.group(4) is None else title_case(given.strip())
        return text[: found.start()] + " " + text[found.end() :]
    return text.replace('"', " ")


def _take_bare_noun(text: str, app: AppDraft) -> None:
    """'Todo' alone names a kind of record."""
    noun = read_noun(BUILD.sub("", text.strip(" .!\n")))
    if app.entities or noun is None or len(text.split()) > 3:
        return
    if noun.name in lexicon.FIELDS_OF and not is_attribute(noun.head):
        app.orphans = []
        app.entity(noun.name)


def _keep_words(app: AppDraft, kinds: Sequence[str]) -> None:
    """Kinds in another language keep the words that the person wrote."""
    for kind in kinds:
        if (entity := app.find(snake(kind)) or app.find(singular(snake(kind)))) is not None:
            entity.label = kind
            app.title = app.title or kind


def _require_records(app: AppDraft, frames: SentenceReader, text: str) -> None:
    solid = [e for e in app.entities.values() if not e.weak or e.given]
    implied = app.implied is not None and frames.evidence > 0
    known = [e for e in app.entities.values() if e.name.split("_")[-1] in lexicon.FIELDS_OF]
    short = len(text.split()) <= 3
    if (
        not solid
        and not implied
        and not (app.orphans and (len(app.orphans) > 1 or app.entities))
        and not known
    ):
        raise no_records(text)
    if (
        frames.evidence == 0
        and not known
        and not any(e.given for e in app.entities.values())
        and not app.orphans
        and ((len(solid) < 2 and not short) or (short and len(solid) < 1))
    ):
        raise no_records(text)


def describe(spec: AppSpec) -> tuple[str, ...]:
    """One plain sentence per entity."""
    return tuple(_describe_entity(e) for e in spec.entities)


def _describe_entity(entity: EntitySpec) -> str:
    return f"{entity.label_plural}: {', '.join(_describe_field(f) for f in entity.fields)}."


def _describe_field(field: FieldSpec) -> str:
    text = (
        field.label[0].lower() + field.label[1:] if not field.label[:2].isupper() else field.label
    )
    if field.type == "reference":
        return f"{text} (one of the {(field.target or '').replace('_', ' ')} records)"
    if field.type == "references":
        return f"{text} (any number of {(field.target or '').replace('_', ' ')} records)"
    if field.choices:
        return f"{text} ({', '.join(field.choices)})"
    if field.computed:
        return f"{text} (calculated)"
    notes = [n for n in (field.unit, _type_words(field)) if n]
    return f"{text} ({', '.join(notes)})" if notes else text


def _type_words(field: FieldSpec) -> str:
    if field.type == "string":
        return ""
    return TYPE_WORDS.get(field.type, field.type if field.type not in field.name else "")
