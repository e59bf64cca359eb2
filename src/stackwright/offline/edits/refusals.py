"""What is said of a follow-up that changes nothing, with an example out of the application's own names."""

from collections.abc import Sequence
from typing import Final

from stackwright.offline.answers import of_spec
from stackwright.offline.mentions import ground
from stackwright.offline.places import lower
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec

_LOOK: Final = "make it darker"


def left_over(spec: AppSpec, unread: Sequence[str], *, is_all: bool) -> list[str]:
    """One sentence for each clause that nothing understood. `is_all`: nothing else was done, so that an
    example helps."""
    if not unread:
        return []
    quoted = ", ".join(f"“{words}”" for words in unread)
    if not is_all:
        return [f"I did nothing about {quoted}."]
    return [
        f"I did not understand {quoted}, and changed nothing for it. {_examples(spec, unread[0])}"
    ]


def nothing_asked(spec: AppSpec) -> str:
    """For a greeting, thanks, or nothing."""
    return f"There is nothing to change in this message. {_examples(spec, '')}"


def answered(question: str, spec: AppSpec) -> str:
    """What the application keeps, where the question is about it."""
    told = " ".join(of_spec(question, spec))
    return (
        f"{told} Nothing was changed."
        if told
        else f"This is a question, and I changed nothing. {_examples(spec, question)}"
    )


def _examples(spec: AppSpec, words: str) -> str:
    entity, field = _about(spec, words)
    kind = entity.label_plural.lower()
    if field is None:
        field = next((f for f in entity.fields if f.type != "reference"), entity.fields[0])
    what = f"the {lower(field.label)} of {kind}"
    first = f"make {what} {'optional' if field.required else 'required'}"
    return f"Say for example “{first}”, “add a note to {kind}”, “sort {kind} by {lower(field.label)}” or “{_LOOK}”."


def _about(spec: AppSpec, words: str) -> tuple[EntitySpec, FieldSpec | None]:
    """The first field or kind that the words name; else the main kind."""
    for mention in ground(spec, words).mentions:
        if mention.letter == "f":
            return mention.fields[0]
        if mention.entity is not None:
            return mention.entity, None
    return spec.entities[0], None
