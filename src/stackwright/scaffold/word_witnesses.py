"""Witnesses of rules, figures and views: one file per kind of record for what is refused, one for the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from stackwright.scaffold import samples
from stackwright.scaffold.fields import FieldView
from stackwright.scaffold.link_trials import link_trials
from stackwright.scaffold.mail_trials import mail_trials
from stackwright.scaffold.render import render
from stackwright.scaffold.rule_trials import Trial, trial_of
from stackwright.scaffold.spec import LINKS, WishLink
from stackwright.scaffold.varied import value_source, varied_fields
from stackwright.scaffold.view_trials import view_trials
from stackwright.scaffold.views import AppView, EntityView
from stackwright.scaffold.witnesses import FilledField, module_name
from stackwright.scaffold.words import (
    Board,
    Calendar,
    Chart,
    Deadline,
    NamedList,
    fields_of,
    key_of,
)


def word_witness_files(app: AppView, links: Sequence[WishLink]) -> dict[str, str]:
    """Path relative to the workspace root -> text. Links to what is not there are passed over."""
    files: dict[str, str] = {}
    for entity in app.entities:
        mine = [link for link in links if link.entity == entity.name]
        name = module_name(entity.slug)
        if trials := _rule_trials(app, entity, mine):
            files[f"acceptance/test_{name}_rules.py"] = _render("rules", app, entity, trials)
        if trials := view_trials(app, entity, mine):
            files[f"acceptance/test_{name}_views.py"] = _render("views", app, entity, trials)
        if trials := link_trials(app, entity, mine):
            files[f"acceptance/test_{name}_links.py"] = _render("links", app, entity, trials)
        if trials := mail_trials(app, entity, mine):
            files[f"acceptance/test_{name}_mails.py"] = _render("mails", app, entity, trials)
    return files


def _rule_trials(
    app: AppView, entity: EntityView, links: Sequence[WishLink]
) -> list[tuple[list[str], Trial]]:
    found: list[tuple[list[str], Trial]] = []
    for rule in entity.spec.rules:
        wishes = [one.wish for one in links if one.shows == "rule" and one.field == key_of(rule)]
        if wishes:
            found.append((wishes, trial_of(app, entity, rule)))
    return found


def _render(kind: str, app: AppView, entity: EntityView, trials: Sequence[Any]) -> str:
    shown = [field for field in entity.inputs if _is_sent(entity, field)]
    return render(
        f"acceptance/test_{kind}.py.jinja",
        app=app,
        entity=entity,
        name=module_name(entity.slug),
        trials=trials,
        all_needs=_needs(app, entity),
        needs_of=partial(_needs, app),
        need_body=_need_body,
        filled=[FilledField(field, _typed(field)) for field in shown],
        body_fields=[
            (field, value_source(field, is_varied=_is_other(entity, field)))
            for field in shown
            if field.type not in LINKS
        ],
        deadline_of=partial(_moment, app, entity),
        typed=_action,
        sample=samples.sample,
    )


def _action(field: FieldView, value: Any) -> str:
    return FilledField(field, value).action


def _is_sent(entity: EntityView, field: FieldView) -> bool:
    """What is required, names the record, or is what rules and views are about."""
    wanted = {name for rule in entity.spec.rules for name in fields_of(rule)}
    wanted |= {view.by for view in entity.spec.views if isinstance(view, Chart | Board)}
    for view in entity.spec.views:
        if isinstance(view, Calendar):
            wanted |= {view.start, view.end, view.day}
        if isinstance(view, NamedList):
            wanted |= {one.field for one in view.where}
    wanted.add(entity.spec.sort.lstrip("-"))
    return field.is_needed or field is entity.title or field.spec.name in wanted


def _typed(field: FieldView) -> Any:
    if field.type == "boolean":
        return True
    if field.type == "text":
        return f"More about {field.label}"
    return None if field.type in LINKS else samples.sample(field)


@dataclass(frozen=True)
class NeededRecord:
    """A record to be made before, kept in a variable called `name`."""

    name: str
    key: str
    """The field of the tried record that names it; empty for what is only needed by another."""
    entity: EntityView
    references: tuple[tuple[str, str], ...]

    @property
    def is_direct(self) -> bool:
        return self.key != ""


def _needs(app: AppView, entity: EntityView) -> list[NeededRecord]:
    """Records that must exist before one of `entity` can be made, deepest first."""
    found: list[NeededRecord] = []

    def visit(one: EntityView, name: str, key: str, depth: int) -> None:
        below: list[tuple[str, str]] = []
        for field in one.references:
            if field.is_needed and depth < 6:
                inner = f"{name}_{field.spec.name.removesuffix('_id')}"
                visit(app.entity(str(field.spec.target)), inner, "", depth + 1)
                below.append((field.key, inner))
        found.append(NeededRecord(name, key, one, tuple(below)))

    for field in entity.references:
        if _is_sent(entity, field):
            visit(app.entity(str(field.spec.target)), field.spec.name, field.key, 0)
    return found


def _need_body(entity: EntityView) -> str:
    """Python source of what is sent, without references; `number` makes it another record."""
    pairs = [
        f'"{field.key}": {value_source(field, is_varied=_is_other(entity, field))}'
        for field in entity.inputs
        if field.type not in LINKS and (_is_sent(entity, field) or field.example is not None)
    ]
    return "{" + ", ".join(pairs) + "}"


def _is_other(entity: EntityView, field: FieldView) -> bool:
    """Dates of one record move together, so that none comes before another that it must follow."""
    is_date = field.type in ("date", "datetime")
    return is_date or field is entity.title or field.spec.name in varied_fields(entity)


@dataclass(frozen=True)
class _Moment:
    key: str
    type: str
    via: str


def _moment(app: AppView, entity: EntityView, rule: Deadline) -> _Moment:
    first, _, rest = rule.field.partition(".")
    field = entity.by_name(first)
    if not rest:
        return _Moment(field.key, field.type, "")
    other = app.entity(str(field.spec.target)).by_name(rest)
    return _Moment(other.key, other.type, field.key)
