"""Follow-ups about what was done before: undo it, try or check it again; and a question before data goes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from stackwright.agent.models.base import Message
from stackwright.agent.models.offline_talk import Call, Reply, Step, said, steps_of
from stackwright.offline.edits.fields import Rename
from stackwright.scaffold.spec import AppSpec, EntitySpec

_PLEASE = r"^(?:(?:please|oh|ah|no|oops|wait|sorry|hm+|ok|okay|and|now|actually|well|stop|can you|could you|just|let's|i think|better|that (?:was|is) (?:wrong|bad|not right|a mistake|not what i (?:want(?:ed)?|meant|asked(?: for)?)|worse|ugly)|that's (?:wrong|bad|not right|a mistake|not what i (?:want(?:ed)?|meant|asked(?: for)?)|worse|ugly)|i (?:do not|don't|did not|didn't) (?:like|want|mean) (?:that|it)(?: after all)?)\b[\s,.!:-]*)*"
_END = r"(?:,? (?:that|it|this|please|the app|everything|once more|the last (?:(?:two|three|four|five|\d) )?(?:changes?|steps?|ones?|edits?)|(?:two|three|four|five|\d) (?:steps|changes|times)|the previous (?:change|step|one)|again|back|my last (?:change|message)|what you did|the change))*[\s.!?]*$"
UNDO = re.compile(
    rf"{_PLEASE}(?:(?:undo|revert|take back|roll back|reverse)|take (?:that|it) back|put it back|go back(?: (?:one|a) (?:version|step))?|back to (?:the )?(?:last|previous|earlier) version|go back to (?:the )?(?:version|state|one) before|(?:i )?(?:did not|didn't) want that){_END}",
    re.IGNORECASE,
)
TRY_AGAIN = re.compile(
    rf"{_PLEASE}(?:try|do|build|run|make)(?: (?:that|it|this))? (?:again|once more|another time){_END}|{_PLEASE}(?:retry|again){_END}",
    re.IGNORECASE,
)
CHECK_AGAIN = re.compile(
    rf"{_PLEASE}(?:(?:check|verify|test|prove)(?: (?:it|that|this|the app|everything|all))?(?: (?:again|once more|now))?|re-?check|re-?verify){_END}",
    re.IGNORECASE,
)
REMOVE, KEEP = "Remove", "Keep"
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5}


def undone_steps(request: str) -> int:
    """How many versions 'undo the last two changes' goes back."""
    found = re.search(r"\b(two|three|four|five|[2-9]) (?:changes|steps|times|ones|edits)\b", request, re.IGNORECASE)  # fmt: skip
    return (_COUNTS.get(found[1].lower()) or int(found[1])) if found else 1


@dataclass(frozen=True)
class Version:
    """What a request made of the app."""

    request: str
    spec: AppSpec
    renames: tuple[Rename, ...]


def versions(messages: Sequence[Message]) -> list[Version]:
    """The versions that this conversation built, oldest first, without those that were taken back."""
    found: list[Version] = []
    request = ""
    done = {step.call_id for step in steps_of(messages) if not step.failed}
    for message in messages:
        if message.role == "user" and (text := said(message)).strip():
            request = text.strip()
        for call in message.tool_calls:
            if call["name"] != "scaffold_app" or call["id"] not in done:
                continue
            if UNDO.match(request):
                del found[-undone_steps(request) :]
            elif (version := _version(request, call["input"], found)) is not None:
                found.append(version)
    return found


def _version(
    request: str, arguments: Mapping[str, Any], earlier: Sequence[Version]
) -> Version | None:
    """Kits that a call does not name are those of before."""
    try:
        spec = AppSpec.model_validate(arguments["spec"])
        renames = tuple(Rename(**one) for one in arguments.get("renames", ()))
    except (KeyError, TypeError, ValidationError):
        return None
    if earlier and "kits" not in spec.model_fields_set:
        spec = spec.model_copy(update={"kits": earlier[-1].spec.kits})
    return Version(request, spec, renames)


def turned(renames: Sequence[Rename]) -> tuple[Rename, ...]:
    """The renames that lead back."""
    return tuple(
        Rename(
            one.entity_new,
            one.entity_old,
            one.field_new,
            one.field_old,
            one.choice_new,
            one.choice_old,
        )
        for one in reversed(renames)
    )


def asked_before(messages: Sequence[Message]) -> str:
    """The last request that asked for something of its own."""
    returns = (UNDO, TRY_AGAIN, CHECK_AGAIN)
    texts = [said(message).strip() for message in messages if message.role == "user"]
    own = [text for text in texts if text and not any(form.match(text) for form in returns)]
    return own[-1] if own else ""


def unchanged_before(messages: Sequence[Message], built: Sequence[Version], request: str) -> str:
    """The message before, if it changed nothing: then 'undo that' does not mean the change before it."""
    texts = [said(message).strip() for message in messages if message.role == "user"]
    before = next((text for text in reversed(texts) if text), "")
    returns = (UNDO, TRY_AGAIN, CHECK_AGAIN)
    is_named = re.search(r"\b(?:last|previous|two|three|four|five|\d)\b", request, re.IGNORECASE)
    if not built or is_named or any(form.match(before) for form in returns):
        return ""
    return "" if before in (built[-1].request, "") else before


def checked_again(steps: Sequence[Step]) -> Reply:
    """Prove the app as it is."""
    step = next((one for one in steps if one.name == "check_app"), None)
    if step is None:
        return Reply("I check the app as it is.", (Call("check_app", {}),))
    return Reply(step.result.split("\n", 1)[0])


def question_before_removal(
    before: AppSpec, after: AppSpec, renames: Sequence[Rename], steps: Sequence[Step]
) -> Reply | None:
    """What is asked or said before data goes; None when nothing goes, or the person agreed."""
    gone = _gone(before, after, renames)
    if not gone:
        return None
    step = next((one for one in steps if one.name == "ask_user_tool"), None)
    if step is None:
        fields = [
            {"name": "answer", "label": "Go on?", "kind": "choice", "choices": [REMOVE, KEEP]}
        ]
        question = (
            f"This removes {', '.join(gone)}; what was entered there is shown no more. Shall I?"
        )
        return Reply("", (Call("ask_user_tool", {"question": question, "fields": fields}),))
    refused = re.search(rf"\b(?:{KEEP}|no|not|don't)\b", step.result, re.IGNORECASE)
    agreed = not refused and re.search(
        rf"\b(?:{REMOVE}|yes|ok|go on)\b", step.result, re.IGNORECASE
    )
    return None if agreed and not step.failed else Reply("Nothing was changed.")


def _gone(before: AppSpec, after: AppSpec, renames: Sequence[Rename]) -> list[str]:
    """The kinds and fields that `after` has no more, as people read them."""
    entities = {one.entity_old: one.entity_new for one in renames if one.field_old is None}
    fields = {(one.entity_old, one.field_old): one.field_new for one in renames}
    later = {entity.name: {field.name for field in entity.fields} for entity in after.entities}
    gone: list[str] = []
    for entity in before.entities:
        names = later.get(entities.get(entity.name, entity.name))
        if names is None:
            gone.append(f"all {entity.label_plural.lower()}")
            continue
        lost = [
            field
            for field in entity.fields
            if fields.get((entity.name, field.name), field.name) not in names
            and field.computed is None
            and (field.target is None or entities.get(field.target, field.target) in later)
        ]
        labels = [field.label for field in lost] + _gone_files(before, after, entity.name)
        gone += [f"“{label}” of {entity.label_plural.lower()}" for label in labels]
        gone += _gone_choices(entity, entities, fields, after, renames)
    if before.kit("accounts") is not None and after.kit("accounts") is None:
        gone.append("the login with all its accounts")
    return gone


def _gone_choices(
    entity: EntitySpec,
    entities: Mapping[str, str],
    fields: Mapping[tuple[str, str | None], str | None],
    after: AppSpec,
    renames: Sequence[Rename],
) -> list[str]:
    """The choices that stored records may have and that are no choices any more."""
    renamed = {(one.entity_old, one.field_old, one.choice_old) for one in renames}
    now = after.entity(entities.get(entity.name, entity.name))
    later = {field.name: field for field in now.fields}
    gone: list[str] = []
    for field in entity.fields:
        kept = later.get(fields.get((entity.name, field.name)) or field.name)
        if kept is None or kept.type != "enum":
            continue
        lost = [
            choice
            for choice in field.choices
            if choice not in kept.choices and (entity.name, field.name, choice) not in renamed
        ]
        gone += [
            f"the choice “{c}” of “{field.label}” of {entity.label_plural.lower()}" for c in lost
        ]
    return gone


def _gone_files(before: AppSpec, after: AppSpec, entity: str) -> list[str]:
    """What of these records had a place for uploads."""
    known, kept = before.kit("files"), after.kit("files")
    slots = known.settings().slots if known else ()
    kept_slots = kept.settings().slots if kept else ()
    names = {one.name for one in kept_slots if one.entity == entity}
    return [one.label for one in slots if one.entity == entity and one.name not in names]
