"""Reads a description of a record-keeping application into a specification, without a model."""

import re
from dataclasses import dataclass

from stackwright.offline import lexicon, normalise
from stackwright.offline.clause_relations import explain
from stackwright.offline.draft import AppDraft
from stackwright.offline.fields import is_attribute
from stackwright.offline.nouns import read_noun
from stackwright.offline.sentence_patterns import BUILD, drop_technology
from stackwright.offline.sentences import Frames
from stackwright.offline.spec_builder import to_spec
from stackwright.offline.words import title_case
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec


class NotAnApplication(Exception):
    """The text describes no records to keep. `reason` is a sentence for the person who wrote it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Reading:
    """What was understood, as a specification and in plain sentences, and what was left out."""

    spec: AppSpec
    understood: tuple[str, ...]
    ignored: tuple[str, ...]


_HOW = 'Describe the records to keep, for example "a library with books, authors and loans with due dates".'
_NAMED = re.compile(
    r"(?:,\s*)?(?:\b(?:and |please )?(?:it(?:'s| is| should be)? )?(?:[Cc]alled|[Nn]amed|[Tt]itled|[Cc]all it|[Nn]ame it|[Ee]ntitled|with the (?:name|title)|(?:the )?(?:title|name) (?:is|should be))\s*:?\s*)(?:\"([^\"\n]{1,60})\"|'([^'\n]{1,60})'|([A-Z][\w&'+-]*(?:\s+(?:(?:of|the|and|for|&)\s+)?[A-Z0-9][\w&'+-]*){0,5})|([a-z][\w-]*)(?=\s*(?:$|[.,;:!]|\bwith\b|\bthat\b|\bwhere\b|\bto\b|\bfor\b)))"
)
_QUOTED = re.compile(
    r"\b(app|application|tool|site|website|tracker|system)\s+\"([^\"\n]{2,60})\"", re.IGNORECASE
)
_GREETING = re.compile(
    r"^(?:hi|hello|hey|yo|good (?:morning|evening|day)|thanks|thank you|test|ping|ok|okay|yes|no|help)\b[^a-z]*(?:there|you|again|everyone|all|so much|me)?[^a-z]*$",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"^(?:what|why|how|who|when|where|which|is|are|does|do|did|am|was)\b(?!.*\b(?:track|record|manage|app|store)\b.*\b(?:with|:))",
    re.IGNORECASE,
)
_CAN_YOU = re.compile(
    r"^(?:can|could|would|will|do) you (?!.*\b(?:build|create|make|develop|set up|generate|design|write|track|manage|whip up|put together|come up with|throw together|prepare|provide|give (?:me|us))\b)",
    re.IGNORECASE,
)
_WORK_ON_CODE = re.compile(
    r"\b(?:fix|debug|refactor|explain|review|optimi[sz]e|rewrite|deploy|run|compile)\b.{0,30}\b(?:bug|code|line|function|error|test|tests|script|server|crash|traceback|deployment)\b",
    re.IGNORECASE,
)
_WRITING = re.compile(
    r"^(?:please\s+)?(?:write|tell|sing|draw|compose|translate|summari[sz]e|paint|calculate|solve)\b(?!.{0,40}\b(?:app|application|tool|system|tracker|software|program|website)\b)",
    re.IGNORECASE,
)
_FOREIGN = frozenset(["ich", "und", "eine", "einen", "ein", "der", "die", "das", "mit", "fuer", "für", "moechte", "möchte", "wir", "bitte", "une", "des", "les", "avec", "pour", "je", "un", "una", "con", "para", "los", "las", "que", "quiero", "necesito", "nous", "por", "del", "della", "il", "gli", "voglio", "een", "het", "voor", "met", "ik", "wil", "jag", "och", "med", "vill", "para", "uma", "com", "quero", "", "", "", "", ""])  # fmt: skip
_ENGLISH = frozenset(["the", "a", "an", "with", "and", "of", "for", "to", "that", "which", "where", "i", "we", "my", "our", "each", "every", "has", "have", "is", "are", "in", "on", "track", "manage", "keep", "app"])  # fmt: skip


def read_app(text: str) -> Reading:
    """The application a text describes; raises NotAnApplication. Same text, same answer."""
    clean = normalise.plain(text)
    _refuse_other_requests(clean)
    app = AppDraft()
    clean = drop_technology(_take_title(clean, app))
    frames = Frames(app)
    for statement in normalise.statements(clean):
        frames.read_sentence(normalise.rewrite(statement))
    _take_bare_noun(clean, app)
    _require_records(app, frames, clean)
    spec = to_spec(app, " ".join(clean.split()))
    understood = (*describe(spec), *explain(app, {e.name for e in spec.entities}))
    return Reading(spec, understood, tuple(dict.fromkeys(app.ignored)))


def _refuse_other_requests(text: str) -> None:
    flat = " ".join(text.split()).strip()
    if not re.search(r"[^\W\d_]{2}", flat):
        raise NotAnApplication(f"There is no description in this message. {_HOW}")
    if _GREETING.match(flat):
        raise NotAnApplication(f"Hello! I build record-keeping applications. {_HOW}")
    if _QUESTION.match(flat) or _CAN_YOU.match(flat):
        raise NotAnApplication(
            f"Without a model key I cannot answer questions; I build record-keeping applications. {_HOW}"
        )
    if _WORK_ON_CODE.search(flat):
        raise NotAnApplication(f"Working on existing code needs a model key. {_HOW}")
    if _WRITING.match(flat):
        raise NotAnApplication(
            f"This needs a model key; without one I build record-keeping applications. {_HOW}"
        )
    words = re.findall(r"[^\W\d_]+", flat.lower())
    foreign, english = sum(w in _FOREIGN for w in words), sum(w in _ENGLISH for w in words)
    non_latin = sum(ord(c) > 0x24F for c in flat if c.isalpha()) * 2 > sum(
        c.isalpha() for c in flat
    )
    if (
        ((foreign >= 2 and foreign > english) or non_latin)
        and not re.search(r"\(.+,.+\)|:.+,", flat)
    ) or non_latin:
        raise NotAnApplication(f"Without a model key I read English only. {_HOW}")


def _take_title(text: str, app: AppDraft) -> str:
    found = _NAMED.search(text)
    if found:
        given = next(g for g in found.groups() if g)
        app.title = given.strip() if found.group(4) is None else title_case(given.strip())
        return text[: found.start()] + " " + text[found.end() :]
    quoted = _QUOTED.search(text)
    if quoted:
        app.title = quoted.group(2).strip()
        return text[: quoted.end(1)] + text[quoted.end() :]
    return text.replace('"', " ")


def _take_bare_noun(text: str, app: AppDraft) -> None:
    """'Todo' alone names a kind of record."""
    noun = read_noun(BUILD.sub("", text.strip(" .!\n")))
    if app.entities or noun is None or len(text.split()) > 3:
        return
    if noun.name in lexicon.FIELDS_OF and not is_attribute(noun.head):
        app.orphans = []
        app.entity(noun.name)


def _require_records(app: AppDraft, frames: Frames, text: str) -> None:
    solid = [e for e in app.entities.values() if not e.weak]
    implied = app.implied is not None and frames.evidence > 0
    known = [e for e in app.entities.values() if e.name.split("_")[-1] in lexicon.FIELDS_OF]
    short = len(text.split()) <= 3
    if (
        not solid
        and not implied
        and not (app.orphans and (len(app.orphans) > 1 or app.entities))
        and not known
    ):
        raise NotAnApplication(f"I found no records to keep in this text. {_HOW}")
    if (
        frames.evidence == 0
        and not known
        and not any(e.given for e in app.entities.values())
        and not app.orphans
        and ((len(solid) < 2 and not short) or (short and len(solid) < 1))
    ):
        raise NotAnApplication(f"I found no records to keep in this text. {_HOW}")
    if not app.entities and not app.implied and not app.orphans:
        raise NotAnApplication(f"I found no records to keep in this text. {_HOW}")


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
    if field.choices:
        return f"{text} ({', '.join(field.choices)})"
    if field.computed:
        return f"{text} (calculated)"
    notes = [n for n in (field.unit, _type_words(field)) if n]
    return f"{text} ({', '.join(notes)})" if notes else text


def _type_words(field: FieldSpec) -> str:
    words = {
        "boolean": "yes or no",
        "integer": "whole number",
        "text": "long text",
        "datetime": "date and time",
        "string": "",
    }
    return words.get(field.type, field.type if field.type not in field.name else "")
