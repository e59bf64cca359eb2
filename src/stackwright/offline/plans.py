"""Plans of the builder without a model: what it understood, and what the person corrects of it.

A correction by hand becomes a sentence ("add price (money) to repairs") that is read like a follow-up.
It is kept with the project, so that a later reading of the project heeds it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from stackwright.core.plans import Plan, PlannedPage, PlannedRecord
from stackwright.core.plans import PlannedWish as WishOfPlan
from stackwright.core.wishes import MAX_TEXT_CHARS, MAX_WISHES
from stackwright.offline.edits.fields import Rename
from stackwright.offline.edits.reader import read_change
from stackwright.offline.reader import describe
from stackwright.offline.wishes import PlannedWish, wishes_of_change, wishes_of_rights
from stackwright.scaffold.generate import page_routes
from stackwright.scaffold.spec import AppSpec, EntitySpec, WishLink
from stackwright.scaffold.words import key_of

_NOTE = re.compile(r"\s*\([^()]*\)\s*$")
_REFERENCE = re.compile(r"\s*\(one of the [^()]* records\)\s*$")


class NotCorrected(Exception):
    """The words of a correction fit nothing that the builder without a model can do."""


def plan_of(
    spec: AppSpec,
    wishes: Sequence[PlannedWish],
    *,
    decisions: Sequence[str] = (),
    not_understood: Sequence[str] = (),
    renames: Sequence[Rename] = (),
) -> dict[str, Any]:
    """What it would build, as the arguments of `propose_plan`."""
    plan = Plan(
        title=spec.title,
        wishes=tuple(map(_wish, wishes[:MAX_WISHES])),
        records=_records(spec),
        pages=_pages(spec),
        decisions=tuple(line[:MAX_TEXT_CHARS] for line in decisions[:40]),
        not_understood=tuple(words[:MAX_TEXT_CHARS] for words in not_understood[:40]),
        reading={
            "spec": spec.model_dump(mode="json", exclude_defaults=True),
            "links": [
                {
                    "wish": one.text[:MAX_TEXT_CHARS],
                    "shows": one.shows,
                    "entity": one.entity,
                    "field": one.field,
                }
                for one in wishes
                if one.shows is not None
            ],
            "renames": [asdict(rename) for rename in renames],
        },
    )
    return plan.model_dump(mode="json")


def corrected(before: Plan, after: Plan) -> tuple[Plan, tuple[str, ...]]:
    """The plan with its reading as the person has corrected the records, and what they corrected, in
    sentences. Raises NotCorrected. A plan of a model has no reading, and is what the person says."""
    if before.reading is None or before.records == after.records:
        return after, ()
    sentences = tuple(_corrections(before.records, after.records))
    for sentence in sentences:
        after, refused = retaught(after, sentence)
        if refused:
            raise NotCorrected(f"“{sentence}”: {refused}")
    return after, sentences


def taught(plan: Plan, corrections: Sequence[str]) -> Plan:
    """A new plan of a project, with what the person corrected in an earlier one as far as it still fits."""
    if plan.reading is None:
        return plan
    for sentence in corrections:
        plan, _ = retaught(plan, sentence)
    return plan


def links_of(plan: Plan, wish_ids: Sequence[str]) -> list[WishLink]:
    """Which of the plan's wishes is about what, by the ids that its wishes have now."""
    links = {link["wish"]: link for link in (plan.reading or {}).get("links", ())}
    return [
        WishLink(wish=wish_id, **{key: link[key] for key in ("shows", "entity", "field")})
        for wish_id, wish in zip(wish_ids, plan.wishes, strict=False)
        if (link := links.get(wish.text)) is not None
    ]


def retaught(plan: Plan, sentence: str) -> tuple[Plan, str]:
    """The plan after one correction; or the same plan, and why it cannot be done."""
    assert plan.reading is not None
    spec = AppSpec.model_validate(plan.reading["spec"])
    change = read_change(sentence, spec)
    if change.spec == spec:
        return plan, " ".join(change.refused)
    links = [link for link in plan.reading["links"] if _is_there(link, change.spec)]
    kept = {link["wish"] for link in links}
    gone = {link["wish"] for link in plan.reading["links"]} - kept
    new = [
        one
        for one in (
            *wishes_of_change(sentence, spec, change.spec, change.renames, change.fulfilled),
            *wishes_of_rights(sentence, change.granted),
        )
        if one.shows not in ("gone", "no_records") and one.text not in kept
    ]
    wishes = [wish for wish in plan.wishes if wish.text not in gone] + list(map(_wish, new))
    links += [
        {"wish": n.text, "shows": n.shows, "entity": n.entity, "field": n.field}
        for n in new
        if n.shows
    ]
    reading = {
        "spec": change.spec.model_dump(mode="json", exclude_defaults=True),
        "links": links,
        "renames": [*plan.reading["renames"], *map(asdict, change.renames)],
    }
    update = {"records": _records(change.spec), "pages": _pages(change.spec), "reading": reading}
    return plan.model_copy(update={**update, "wishes": tuple(wishes[:MAX_WISHES])}), ""


def _is_there(link: dict[str, Any], spec: AppSpec) -> bool:
    """Whether the app still has what a wish is about."""
    if link["shows"] in ("title", "about", "gone", "no_records") or not link["entity"]:
        return True
    entity = next((one for one in spec.entities if link["entity"] in (one.name, one.plural)), None)
    names = {field.name for field in entity.fields} if entity is not None else set[str]()
    if entity is not None and link["shows"] == "rule":
        names = {key_of(rule) for rule in entity.rules}
    is_whole = not link["field"] or link["shows"] == "right"
    return entity is not None and (is_whole or link["field"] in names)


def _corrections(before: Sequence[PlannedRecord], after: Sequence[PlannedRecord]) -> Iterator[str]:
    known = {record.name.lower(): record for record in before}
    wanted = {record.name.lower(): record for record in after}
    for name, record in known.items():
        if name not in wanted:
            yield f"remove {record.name.lower()}"
    for name, record in wanted.items():
        if name not in known:
            yield f"add {record.name.lower()} with {', '.join(map(_asked, record.fields))}"
            continue
        had = {field.lower() for field in known[name].fields}
        wants = {field.lower() for field in record.fields}
        gone = [field for field in known[name].fields if field.lower() not in wants]
        new = [field for field in record.fields if field.lower() not in had]
        # First what comes, then what goes: records always keep a field.
        changed = {_label(field) for field in new} & {_label(field) for field in gone}
        yield from (f"remove {_label(f)} from {name}" for f in gone if _label(f) in changed)
        yield from (f"add {_asked(field)} to {name}" for field in new)
        yield from (f"remove {_label(f)} from {name}" for f in gone if _label(f) not in changed)


def _asked(field: str) -> str:
    """A field as a follow-up asks for it: a link is named by what it leads to."""
    return _REFERENCE.sub("", field)


def _label(field: str) -> str:
    return _NOTE.sub("", field).strip().lower()


def _wish(wish: PlannedWish) -> WishOfPlan:
    return WishOfPlan(
        text=wish.text[:MAX_TEXT_CHARS], kind=wish.kind, not_built=wish.not_built[:MAX_TEXT_CHARS]
    )


def _records(spec: AppSpec) -> tuple[PlannedRecord, ...]:
    told = zip(spec.entities, describe(spec), strict=True)
    return tuple(
        PlannedRecord(name=entity.label_plural, fields=_fields(entity, sentence))
        for entity, sentence in told
    )


def _fields(entity: EntitySpec, sentence: str) -> tuple[str, ...]:
    """The parts of "Repairs: price (money), status (open, done)."."""
    listed = sentence.removeprefix(f"{entity.label_plural}: ").removesuffix(".")
    return tuple(re.split(r",\s*(?![^()]*\))", listed)[:40])


def _pages(spec: AppSpec) -> tuple[PlannedPage, ...]:
    """Each kind has its list; its other views have a page each."""
    pages: list[PlannedPage] = []
    _, *routes = page_routes(spec)
    name, left = "", list(spec.entities)
    for route in routes:
        if route.count("/") == 1 and left:
            name = left.pop(0).label_plural
            pages.append(PlannedPage(route=route, shows=f"{name}: list, add, change, delete"))
        else:
            pages.append(PlannedPage(route=route, shows=f"{name}: {route.rpartition('/')[2]}"))
    return tuple(pages)
