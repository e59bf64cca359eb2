"""What follow-ups ask of names: call it otherwise, take it away, other choices. A wording is a row."""

import re
from dataclasses import replace
from typing import Final

from stackwright.offline.edits import entities, fields, lookup, removals, values
from stackwright.offline.edits.choice_forms import OPTIONS, TELLING
from stackwright.offline.edits.field_forms import TYPE
from stackwright.offline.edits.patterns import (  # fmt: skip
    DROP,
    FOR_KIND,
    KIND,
    F,
    Form,
    form,
    is_not,
    one,
)
from stackwright.offline.edits.session import Said
from stackwright.offline.fulfilled import fulfil
from stackwright.offline.mentions import Mention
from stackwright.offline.places import kind_named, only, stems
from stackwright.offline.units import is_unit
from stackwright.offline.words import ascii_words
from stackwright.scaffold.spec import AppSpec
from stackwright.scaffold.words import key_of

_MOST_WORDS = 5


def _is_name(text: str) -> bool:
    words = ascii_words(text)
    return 0 < len(words) <= _MOST_WORDS and not TELLING & set(words) and words[0] not in ("to", "as", "from", "by")  # fmt: skip


def _rename(said: Said) -> bool:
    (mention,) = said.mentions("t")
    new = re.sub(r"^(?:the|an?|its name to|to)\s+", "", said.text("new"), flags=re.IGNORECASE)
    if not _is_name(new):
        return False
    spec = said.session.spec
    if mention.letter == "c":
        for entity, field, choice in said.choices("t"):
            said.apply(values.rename_choice(spec, entity, field, choice, new))
        return True
    if mention.letter == "e" and mention.entity is not None:
        entity = said.entity("t")
        return entity is not None and said.apply(entities.rename_entity(spec, entity, new))
    return said.apply(fields.rename_field(spec, *said.field_of(mention), new))


def _changed_to(said: Said) -> bool:
    """'Change the writer to author' is a new name; 'change the price to dollars' or 'to text' is not."""
    new = said.text("new")
    kind = re.fullmatch(TYPE, re.sub(r"^an?\s", "", new), re.IGNORECASE)
    if kind or is_unit(new) or "," in new or re.search(r"\bor\b|\d", new):
        return False
    return _rename(said)


def _remove(said: Said) -> bool:
    if "modal" in said.match.groupdict() and not is_not(said):
        return False
    mentions = said.mentions("t")
    choices = [one for one in mentions if one.letter == "c"]
    if choices:
        if len(choices) < len(mentions):
            return False
        return _remove_choices(said)
    for mention in mentions:
        said.apply(_removal(said, mention))
    return True


def _removal(said: Said, mention: Mention) -> fields.Edit:
    spec = said.session.spec
    if mention.entity is not None and mention.owner is None:
        named = next((e for e in spec.entities if e.name == mention.entity.name), None)
        if named is not None:
            return entities.remove_entity(spec, named)
        return fields.refused(spec, f"There are no {mention.words} any more.")
    return fields.remove_field(spec, *said.field_of(mention))


def _remove_choices(said: Said) -> bool:
    found = said.choices("t")
    entity, field, _ = found[0]
    if any(one[1].name != field.name for one in found):
        return False
    gone = [one[2] for one in found]
    return said.apply(values.remove_choices(said.session.spec, entity, field, gone))


def _remove_upload(said: Said) -> bool:
    """'Remove the photo from members': what is uploaded is no field. What is unknown is said."""
    name, spec = said.text("what"), said.session.spec
    if re.search(r"\b(?:it|them|that|this|these|those|they|one)\b", name, re.IGNORECASE):
        return False
    known, owner = spec.kit("files"), said.entity()
    slots = [
        one
        for one in (known.settings().slots if known else ())
        if stems(one.label) == stems(name) and (owner is None or owner.name == one.entity)
    ]
    if (slot := only(slots)) is not None:
        return said.apply(removals.remove_files(spec, slot))
    if not said.has("sure"):
        return False
    about = owner or spec.entities[0]
    fields_there = ", ".join(one.label.lower() for one in about.fields)
    return said.session.refuse(
        f"There is no “{name}” to remove. {about.label_plural} have {fields_there}."
    )


_VIEWS: Final = {"graph": "chart", "kanban": "board", "kanban board": "board", "diagram": "chart"}


def _remove_view(said: Said) -> bool:
    """'Remove the chart', 'no calendar for orders'."""
    kind = re.sub(r"s$", "", said.match["kind"].lower())
    kind = _VIEWS.get(kind, kind)
    spec = said.session.spec
    if kind_named(spec, kind) is not None:
        return False
    named = said.entity()
    kinds = [named] if named else list(spec.entities)
    holders = [one for one in kinds if any(view.view == kind for view in one.views)]
    if not holders:
        return said.session.refuse(f"There is no {kind} to remove.")
    for entity in holders:
        said.apply(removals.remove_views(said.session.spec, entity, kind))
    return True


def _remove_rule(said: Said) -> bool:
    """'Remove the rule that …', '… is allowed again': what the words would make is taken away."""
    return _without_rule(said, said.text("rule"))


def _allow(said: Said) -> bool:
    """'Two bookings may overlap': the rule that forbids it."""
    return any(_without_rule(said, f"{no} {said.text('rule')}") for no in ("no", "never"))


def _without_rule(said: Said, words: str) -> bool:
    spec = said.session.spec
    bare = tuple(one.model_copy(update={"rules": ()}) for one in spec.entities)
    made, done = fulfil(spec.model_copy(update={"entities": bare}), [words])
    rule_maker = next((one for one in made.entities if one.rules), None)
    if not done or rule_maker is None:
        return False
    entity = spec.entity(rule_maker.name)
    if all(key_of(one) not in map(key_of, entity.rules) for one in rule_maker.rules):
        return said.session.refuse(f"There is no such rule: {done[0].text}")
    edit = removals.remove_rules(spec, entity, rule_maker.rules, done[0].text)
    return said.apply(edit)


_KITS: Final = {
    "login": r"(?:the )?(?:log-?ins?|log in|accounts?|passwords?|user accounts?|registration|sign-?in|authentication|users)",
    "logo": r"(?:the )?logo",
    "look": r"(?:the |that |this )?(?:colou?rs?|theme|style|look|design)",
    "export": r"(?:the )?(?:csv |json )?(?:export|download)(?:s|ing)?(?: button)?",
    "import": r"(?:the )?(?:csv |json )?(?:import|upload)(?:s|ing)?(?: button)?",
    "print": r"(?:the )?print(?:ing|out)?(?: button| view)?",
    "mails": r"(?:the |all )?(?:reminders?|e-?mails|mails|reminder e?-?mails?|notifications?)",
    "public": r"(?:the )?(?:public (?:page|form|pages)|landing page|sign-?up form)",
}  # fmt: skip


def _remove_kit(said: Said) -> bool:
    what = said.match["kit"]
    kit = next(name for name, known in _KITS.items() if re.fullmatch(known, what, re.IGNORECASE))
    spec, entity = said.session.spec, said.entity()
    match kit:
        case "login":
            return said.apply(removals.remove_login(spec))
        case "logo" | "look":
            return said.apply(removals.remove_look(spec, "logo" if kit == "logo" else ""))
        case "mails":
            return said.apply(removals.remove_mails(spec, entity))
        case "public":
            return said.apply(removals.remove_public(spec))
        case _:
            return said.apply(removals.remove_ways(spec, entity, kit))


def _many_to_many(said: Said) -> bool:
    """'An exhibition shows many objects and an object can be in several exhibitions.'"""
    if fulfil(said.session.spec, [said.words])[1]:
        return False
    first, second, third, fourth = [one.entity for one in said.grounded.mentions[:4]]
    if first is None or second is None or first != fourth or second != third:
        return False
    one, other = first.label_plural.lower(), second.label_plural.lower()
    spec, done = fulfil(said.session.spec, [f"{one} have many {other} and {other} have many {one}"])
    if not done:
        return False
    told = replace(done[0], words=said.words)
    made = fields.Edit(spec, told.text, entity=told.entity, field=told.field, shows=told.shows)
    return said.apply(made)


def _bring_back(said: Said) -> bool:
    """'Bring back the email': as it was in the last version that had it."""
    if not re.search(r"\bback\b|restore|re-?add|recover", said.match[0], re.IGNORECASE):
        return False
    what = said.text("what")
    if re.fullmatch(r"it|that|them|this|that one|those|what (?:i|we) removed", what, re.IGNORECASE):
        return _last_removed(said)
    for earlier in reversed(said.session.earlier):
        if _returned(said, earlier, what):
            return True
    return said.session.refuse(f"I know of no “{said.text('what')}” that was here before.")


def _last_removed(said: Said) -> bool:
    now = {(e.name, f.name) for e in said.session.spec.entities for f in e.fields} | {
        (e.name, "") for e in said.session.spec.entities
    }
    for earlier in reversed(said.session.earlier):
        for entity in earlier.entities:
            if (entity.name, "") not in now:
                return _returned(said, earlier, entity.label_plural)
            gone = [f for f in entity.fields if (entity.name, f.name) not in now]
            if gone:
                return _returned(said, earlier, gone[0].label)
    return said.session.refuse("Nothing was removed that could come back.")


def _returned(said: Said, earlier: AppSpec, what: str) -> bool:
    spec = said.session.spec
    names = {one.name for one in spec.entities}
    entity = lookup.find_entity(earlier, what)
    if entity is not None and entity.name not in names:
        kept = [f for f in entity.fields if f.target is None or f.target in {*names, entity.name}]
        parent = entity.parent if entity.parent in names else None
        back = fields.rebuild(entity, kept, parent=parent)
        made = fields.checked(spec, [*spec.entities, back])
        told = f"{entity.label_plural} are back as they were."
        return said.apply(fields.Edit(made, told, entity=entity.name))
    for former in earlier.entities:
        now = next((one for one in spec.entities if one.name == former.name), None)
        found = lookup.find_field(earlier, what, former, None) if now is not None else None
        if now is None or found is None or any(f.name == found[1].name for f in now.fields):
            continue
        made = now.model_copy(update={"fields": (*now.fields, found[1])})
        told = f'"{found[1].label}" of {now.label_plural.lower()} is back as it was.'
        return said.apply(fields.changed(spec, made, told, field=found[1].name))
    return False


def _same(said: Said) -> bool:
    """'And neither can the price': what was asked last, of another field."""
    if not said.session.last:
        return False
    (mention,) = said.mentions(next(name for name in ("t", "u", "w") if said.has(name)))
    said.session.again = re.sub(r"@[ef]\d+", f"the {mention.words}", said.session.last, count=1)
    return True


T: Final = one("t", "efc")
TS: Final = F.replace("P<f>", "P<t>").replace("[ef]", "[efc]")
_NEW: Final = r"(?P<new>[^:]{1,60})"
_VIEW: Final = (
    r"(?P<kind>calendars?|boards?|kanban(?: board)?|charts?|graphs?|diagrams?)(?: view| page)?"
)
FORMS: Final[tuple[Form, ...]] = (
    form(rf"(?:rename|re-?label) {T}{FOR_KIND} (?:to|into|as|with|=>|->) {_NEW}", _rename),
    form(rf"(?:rename|change|set) (?:the )?(?:name|label|word|title) (?:of |for )?{T}{FOR_KIND} (?:to|into|as) {_NEW}", _rename),
    form(rf"(?:turn|change|replace|switch) (?:the )?(?:word |term )?{T}{FOR_KIND} (?:to|into|with|by) {_NEW}", _changed_to),
    form(rf"(?:call|name|label|title) {T}{FOR_KIND} {_NEW}", _rename),
    form(rf"{T} (?:should|must|has to|needs to|could|can|is|are|will)(?: now| rather| better)? (?:be )?(?:called|named|renamed(?: to| as| into)?|labell?ed|known as) {_NEW}", _rename),
    form(rf"(?:i|we)(?: would)? (?:rather|prefer to|want to|like to) (?:have|call|name|see|say) {T} (?:called |named |be called |as )?{_NEW}", _rename),
    form(rf"(?:say|use|write|call (?:it|them)|put) (?:the (?:word|term|name) )?{_NEW} (?:instead of|rather than|in place of|for) (?:the (?:word|term) )?{T}", _rename),
    form(rf"{DROP} {_VIEW}(?: (?:of|for|from|with) {KIND})?", _remove_view),
    form(rf"(?:no|without(?: an?)?) {_VIEW}(?: (?:of|for|from|with) {KIND})?", _remove_view),
    form(rf"{DROP} {KIND} {_VIEW}", _remove_view),
    form(rf"(?:{DROP}|no|without(?: an?)?|turn off|switch off|disable) (?P<kit>{'|'.join(_KITS.values())})(?: (?:of|for|from|about) {KIND})?", _remove_kit),
    form(rf"{DROP} (?:the )?(?:rule|check|requirement|condition|restriction|limit) that (?P<rule>.+)", _remove_rule),
    form(r"(?P<rule>(?:.{3,80} )?(?:overlap(?:ping|s)?|double[- ]?book(?:ing|ed|ings)?)(?: each other)?(?: .{3,40})?) (?:should be|must be|are|is|may be|can be) (?:allowed|ok|okay|fine|possible|permitted)", _allow),
    form(r"(?:allow|permit) (?P<rule>.{0,60}(?:overlap(?:ping|s)?|double[- ]?book(?:ing|ed|ings)?).{0,40})", _allow),
    form(rf"(?:{DROP}|take) {TS} (?:away |out )?(?:from|of|out of|as (?:an? )?{OPTIONS} (?:of|from|for|in)) {F}(?: {OPTIONS}| list)?", _remove),
    form(rf"(?:{DROP}|take) (?:the )?(?:{OPTIONS} )?{TS}(?: {OPTIONS})?(?: (?:from|of|in) @[ef]\d+)?(?: (?:out|away|off))?", _remove),
    form(rf"{TS} (?:is|are|was|were) (?:not needed|no longer needed|not necessary|unnecessary|useless|pointless|superfluous|redundant|unneeded|obsolete|not used|not relevant)", _remove),
    form(rf"{TS} (?:can|should|must|may|has to|have to|needs? to) (?:go|be (?:removed|deleted|dropped|gone)|disappear|go away|be taken out)(?: away)?", _remove),
    form(rf"(?:no|without|there (?:should|must) be no|i want no|we want no) (?:more )?{TS}", _remove),
    form(rf"@e\d+ (?P<modal>(?:should|do|does|must|need) not) (?:need to |need |have to )?(?:have|need|contain|include|store|keep|record|track)? ?(?:an? )?{TS}", _remove),
    form(rf"(?:(?P<sure>remove|delete|drop|get rid of)|{DROP}) (?P<what>[^@,]{{2,40}}?)(?: (?:from|of|in|on) {KIND})?", _remove_upload),
    form(r"@e0 (?:\w+ ){1,3}(?:many|several|multiple|different|various|more than one|any number of) @e1,? (?:and|while) @e2 .{2,40}?(?:many|several|multiple|different|various|more than one|any number of) @e3", _many_to_many),
    form(r"(?:bring|put|give|get|take|restore|re-?add|recover)(?: me| us)?(?: back)? (?:the )?(?P<what>@?[\w -]{2,40}?)(?: (?:field|column|records?))?(?: of [\w@ -]{2,30})?(?: back)?(?: (?:that )?(?:we|i|you) (?:dropped|removed|deleted|had|threw (?:out|away)|took (?:out|away)).*| from before)?", _bring_back),
    form(rf"(?:(?:and )?(?:neither|nor|so) (?:can|may|should|must|does|do|is|are|has|have) {T}|(?:the )?same (?:goes |holds |thing )?(?:for|with|is true for|applies to) {T.replace('P<t>', 'P<u>')}|(?:and )?{T.replace('P<t>', 'P<w>')} (?:too|as well|also))", _same),
)  # fmt: skip
