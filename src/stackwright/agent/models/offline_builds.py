"""How the offline builder builds and changes an app: name the wishes, scaffold, check, tell.

Each function says what comes next after the steps that were made, and keeps nothing.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from stackwright.agent.models.offline_returns import (
    Version,
    checked_again,
    question_before_removal,
    turned,
)
from stackwright.agent.models.offline_samples import WantedSamples, filled, take_samples
from stackwright.agent.models.offline_talk import NEEDS_KEY, Call, Reply, Step, stored_spec
from stackwright.core.plans import Plan
from stackwright.offline.edits.fields import Rename
from stackwright.offline.edits.reader import Change, read_change
from stackwright.offline.edits.session import Spoken, changed_last
from stackwright.offline.plans import links_of
from stackwright.offline.reader import NotAnApplication, Reading, read_app
from stackwright.offline.wishes import (
    PlannedWish,
    wishes_of_app,
    wishes_of_change,
    wishes_of_rights,
)
from stackwright.scaffold.spec import SPEC_PATH, AppSpec, WishLink


def undone(built: Sequence[Version], steps: Sequence[Step], *, back: int = 1) -> Reply:
    """The version `back` before the last one, if nobody else has changed the app since."""
    if not steps:
        return Reply("", (Call("read_file", {"path": SPEC_PATH}),))
    if len(built) < 2:
        return Reply("There is nothing to undo: the app is as it was first built.")
    back = min(back, len(built) - 1)
    last, before = built[-1], built[-1 - back]
    renames = [one for version in built[-back:] for one in version.renames]
    requests = " and ".join(f"“{version.request}”" for version in built[-back:])
    if stored_spec(steps[0]) not in (last.spec, before.spec):
        return Reply(
            "The app was changed in another way since. Choose the version to go back to in the list of "
            "versions (`stackwright versions`, `stackwright restore`)."
        )
    told = f"{requests} {'is' if back == 1 else 'are'} undone: the app is again as after “{before.request}”."
    return _build(
        steps[1:],
        opening=told,
        wishes=(),
        scaffold=lambda _: _scaffold(
            before.spec,
            turned(renames),
            (),
            drops_kits=bool(last.spec.kits) and not before.spec.kits,
        ),
        plan=lambda _done: (),
        summary=lambda checked: f"{told} {checked}",
    )


def approved(request: str, plan: Plan, steps: Sequence[Step]) -> Reply:
    """Build a plan of this builder's own, as the person approved it; its wishes are set already."""
    reading = plan.reading or {}
    spec = AppSpec.model_validate(reading["spec"])
    links = links_of(plan, re.findall(r"^- (w\d+) \(", request, re.MULTILINE))
    renames = [Rename(**rename) for rename in reading["renames"]]
    left = [f"Not understood: “{words}”." for words in plan.not_understood]
    return _build(
        steps,
        opening=f"I build the plan “{plan.title}”.",
        wishes=(),
        scaffold=lambda _: _scaffold(spec, renames, links),
        plan=lambda done: (_plan(spec, done),),
        summary=lambda checked: " ".join((f"“{spec.title}” is built as planned. {checked}", *left)),
    )


def new_app(request: str, steps: Sequence[Step], *, can_fill: bool = False) -> Reply:
    """The app that the request describes; with `can_fill`, sample data too."""
    request, samples = take_samples(request) if can_fill else (request, None)
    try:
        reading = read_app(request)
    except NotAnApplication as error:
        return Reply(f"{error} {NEEDS_KEY}")
    return _build(
        steps,
        opening=_opening(reading),
        wishes=_with_samples(wishes_of_app(request, reading), samples),
        filling=samples and (lambda: filled(reading.spec, samples, steps)),
        scaffold=lambda links: _scaffold(reading.spec, (), links),
        plan=lambda done: (_plan(reading.spec, done),),
        summary=lambda checked: _summary_of_app(reading, checked),
    )


def follow_up(
    request: str,
    steps: Sequence[Step],
    *,
    asks: bool = False,
    is_repeated: bool = False,
    can_fill: bool = False,
    built: Sequence[Version] = (),
) -> Reply:
    """The change that the request asks for. `asks`: what would be lost may be asked first; `is_repeated`:
    an app that has the change already is checked again; `built`: the versions before, the last one last."""
    if not steps:
        return Reply("", (Call("read_file", {"path": SPEC_PATH}),))
    spec = stored_spec(steps[0])
    if spec is None:
        return Reply(
            f"I cannot read the application's description ({SPEC_PATH}) any more. {NEEDS_KEY}"
        )
    request, samples = take_samples(request) if can_fill else (request, None)
    if samples is not None and not re.search(r"\w", request):
        return filled(spec, samples, steps)
    change = read_change(
        request,
        spec,
        spoken=changed_last(*(one.spec for one in built[-2:])) if len(built) > 1 else Spoken(),
        earlier=[one.spec for one in built],
        before=built[-1].request if len(built) > 1 else "",
    )
    asked = question_before_removal(spec, change.spec, change.renames, steps) if asks else None
    if asked is not None:
        return asked
    if change.spec == spec and is_repeated:
        return checked_again(steps)
    if change.spec == spec:
        return Reply(" ".join((*change.operations, *change.refused)) or NEEDS_KEY)
    return _build(
        steps[1:],
        opening="I will change the app: " + " ".join(change.operations),
        wishes=_with_samples(
            [
                *wishes_of_change(request, spec, change.spec, change.renames, change.fulfilled),
                *wishes_of_rights(request, change.granted),
            ],
            samples,
        ),
        filling=samples and (lambda: filled(change.spec, samples, steps)),
        scaffold=lambda links: _scaffold(
            change.spec,
            change.renames,
            links,
            keeps_kits=change.spec.kits == spec.kits,
            drops_kits=bool(spec.kits) and not change.spec.kits,
        ),
        plan=lambda _done: (),
        summary=lambda checked: _summary_of_change(change, checked),
    )


def _build(
    steps: Sequence[Step],
    *,
    opening: str,
    wishes: Sequence[PlannedWish],
    scaffold: Callable[[Sequence[WishLink]], Call],
    plan: Callable[[int], tuple[Call, ...]],
    summary: Callable[[str], str],
    filling: Callable[[], Reply] | None = None,
) -> Reply:
    """Name the wishes, scaffold, check, tell; a failure ends the turn with a plain sentence.

    `plan` makes the call that shows how many steps of the plan are done; none for a change."""
    named = next((s for s in steps if s.name == "set_wishes"), None)
    if named is None and wishes:
        return Reply(opening, (_set_wishes(wishes), *plan(0)))
    scaffolded = next((s for s in steps if s.name == "scaffold_app"), None)
    if scaffolded is None:
        links = _links(wishes, named.result if named is not None else "")
        return Reply("" if wishes else opening, (*plan(1), scaffold(links)))
    if scaffolded.failed:
        return Reply(f"That did not work: {scaffolded.result} {NEEDS_KEY}")
    checked = next((s for s in steps if s.name == "check_app"), None)
    if checked is None:
        calls = (*plan(3), Call("check_app", {}))
        return Reply("The files are written. Now I check that the app works.", calls)
    if not checked.failed and steps[-1] is checked and (finished := plan(4)):
        return Reply("", finished)
    told = summary(checked.result.split("\n", 1)[0])
    if filling is None or checked.failed:
        return Reply(told)
    filled_in = filling()
    return filled_in if filled_in.calls else Reply(f"{told} {filled_in.text}")


def _with_samples(
    wishes: Sequence[PlannedWish], samples: WantedSamples | None
) -> list[PlannedWish]:
    """Sample data is quoted with the records that it fills."""
    found = list(wishes)
    at = next((n for n, wish in enumerate(found) if wish.shows == "records"), None)
    if samples is not None and at is not None:
        found[at] = replace(found[at], quotes=(*found[at].quotes, samples.words))
    return found


def _plan(spec: AppSpec, done: int) -> Call:
    records = ", ".join(entity.label_plural.lower() for entity in spec.entities)
    titles = (
        f"Plan the records: {records}",
        "Write the backend: models, routes, tests",
        "Write the frontend: pages, forms, typed client",
        "Start everything and check it",
    )
    status = ["done"] * done + ["active"] + ["pending"] * len(titles)
    steps = [{"title": title, "status": status[index]} for index, title in enumerate(titles)]
    return Call("update_plan", {"steps": steps})


def _set_wishes(wishes: Sequence[PlannedWish]) -> Call:
    lines = [
        {"text": one.text, "kind": one.kind, "quotes": one.quotes, "not_built": one.not_built}
        for one in wishes
    ]
    return Call("set_wishes", {"wishes": lines})


def _links(wishes: Sequence[PlannedWish], named: str) -> list[WishLink]:
    """Which wish is about what, by the ids that `set_wishes` gave them, in order."""
    ids = re.findall(r"^(w\d+) \(", named, re.MULTILINE)
    return [
        WishLink(wish=wish_id, shows=one.shows, entity=one.entity, field=one.field)
        for wish_id, one in zip(ids, wishes, strict=False)
        if one.shows is not None
    ]


def _scaffold(
    spec: AppSpec,
    renames: Sequence[Any],
    links: Sequence[WishLink],
    *,
    keeps_kits: bool = False,
    drops_kits: bool = False,
) -> Call:
    """Kits that are not named stay, and follow the renames."""
    left_out = {"kits"} if keeps_kits else set[str]()
    told = spec.model_dump(mode="json", exclude_defaults=True, exclude=left_out)
    if drops_kits:
        told["kits"] = []
    return Call(
        "scaffold_app",
        {
            "spec": told,
            "wishes": [link.model_dump(mode="json", exclude_defaults=True) for link in links],
            "renames": [
                {
                    "entity_old": rename.entity_old,
                    "entity_new": rename.entity_new,
                    "field_old": rename.field_old,
                    "field_new": rename.field_new,
                    "choice_old": rename.choice_old,
                    "choice_new": rename.choice_new,
                }
                for rename in renames
            ],
        },
    )


def _opening(reading: Reading) -> str:
    return f"I will build “{reading.spec.title}”. " + " ".join(reading.understood)


def _summary_of_app(reading: Reading, checked: str) -> str:
    parts = [f"“{reading.spec.title}” is built. {checked}", *reading.understood]
    parts += [f"Not built: “{one.words}”. {one.reason}" for one in reading.unbuilt]
    if reading.unread:
        parts.append("Not understood: " + "; ".join(f"“{words}”" for words in reading.unread) + ".")
    parts.append("Tell me what to change: fields, records, choices, filters, names.")
    return " ".join(parts)


def _summary_of_change(change: Change, checked: str) -> str:
    return " ".join((*change.operations, checked, *change.refused))
