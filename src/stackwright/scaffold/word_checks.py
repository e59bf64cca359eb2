"""Whether the rules, figures and views of a specification speak of fields that are there and fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackwright.scaffold.words import (
    Board,
    Calendar,
    Capacity,
    Chart,
    Compare,
    Computed,
    Condition,
    Deadline,
    FigureOf,
    Formula,
    InTime,
    NamedList,
    NoOverlap,
    Only,
    Rule,
    Steps,
    SumOf,
    View,
    fields_of,
    key_of,
)

if TYPE_CHECKING:
    from stackwright.scaffold.kit_spec import Mail
    from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec

NUMBERS = frozenset({"integer", "number", "money"})
DATES = frozenset({"date", "datetime"})
TIMES = frozenset({"date", "datetime", "time"})
GROUPS = DATES | {"enum", "boolean", "reference"}


def check_entity(entity: EntitySpec) -> None:
    """What needs no other entity to be checked. Raises ValueError."""
    keys = [key_of(rule) for rule in entity.rules]
    if len(set(keys)) != len(keys):
        raise ValueError(f"entity {entity.name!r}: two rules say the same")
    for rule in entity.rules:
        _check_rule(entity, rule)
    for view in entity.views:
        _check_view(entity, view)
    for name in (*entity.columns, *([entity.sort.lstrip("-")] if entity.sort else [])):
        _known(entity, name)
    if entity.ordered:
        _need(entity, entity.ordered, frozenset({"reference"}))
    for field in entity.fields:
        if isinstance(field.computed, Formula):
            _check_formula(entity, field.computed)


def _known(entity: EntitySpec, name: str) -> FieldSpec:
    try:
        return entity.field(name)
    except KeyError:
        raise ValueError(f"entity {entity.name!r}: no field {name!r}") from None


def _need(entity: EntitySpec, name: str, types: frozenset[str]) -> None:
    if _known(entity, name).type not in types:
        raise ValueError(f"{entity.name}.{name} is not one of: {', '.join(sorted(types))}")


def _check_rule(entity: EntitySpec, rule: Rule) -> None:
    for name in fields_of(rule):
        one = _known(entity, name)
        if one.computed is not None or one.type == "references":
            kind = "references" if one.computed is None else "computed"
            raise ValueError(f"entity {entity.name!r}: no rule can be about {kind} {name!r}")
    match rule:
        case NoOverlap():
            _need(entity, rule.start, TIMES if rule.end else TIMES - {"date"})
            like = frozenset({_known(entity, rule.start).type})
            _need(entity, rule.until, like if rule.end else frozenset({"integer"}))
        case Capacity():
            _check_capacity(entity, rule)
        case Compare() if "." not in rule.than:
            _need(entity, rule.field, NUMBERS | TIMES)
            _comparable(_known(entity, rule.field), _known(entity, rule.than))
        case Steps():
            _check_steps(entity, rule)
        case InTime() | Deadline() if "." not in rule.field:
            _need(entity, rule.field, DATES)
        case _:
            pass


def _check_capacity(entity: EntitySpec, rule: Capacity) -> None:
    _need(entity, rule.of, frozenset({"enum" if rule.value else "reference"}))
    if rule.value and rule.value not in _known(entity, rule.of).choices:
        raise ValueError(f"{entity.name}.{rule.of}: no choice {rule.value!r}")
    if rule.value and rule.maximum_field:
        raise ValueError(f"{entity.name}: of a choice, a capacity has a maximum")
    if rule.amount:
        _need(entity, rule.amount, NUMBERS)
    if (rule.maximum is None) == (not rule.maximum_field):
        raise ValueError(f"{entity.name}: a capacity has a maximum or a maximum_field")


def _check_steps(entity: EntitySpec, rule: Steps) -> None:
    choices = _known(entity, rule.field).choices
    for name in (*rule.allowed, *(n for names in rule.allowed.values() for n in names)):
        if name not in choices:
            raise ValueError(f"{entity.name}.{rule.field}: no choice {name!r}")


def _comparable(one: FieldSpec, other: FieldSpec) -> None:
    if one.type != other.type and not {one.type, other.type} <= NUMBERS:
        raise ValueError(f"{one.name} and {other.name} cannot be compared")


def _check_view(entity: EntitySpec, view: View) -> None:
    match view:
        case Chart():
            _need(entity, view.by, GROUPS)
            if (view.measure == "count") != (not view.of):
                raise ValueError(f"{entity.name}: a chart's sum or average is of a number")
            if view.of:
                _need(entity, view.of, NUMBERS)
        case Board():
            _need(entity, view.by, frozenset({"enum"}))
        case Calendar():
            _need(entity, view.start, TIMES if view.day else DATES)
            if view.day:
                _need(entity, view.day, frozenset({"date"}))
            if view.end:
                _need(entity, view.end, frozenset({_known(entity, view.start).type}))
        case NamedList():
            _check_named_list(entity, view)


def _check_named_list(entity: EntitySpec, view: NamedList) -> None:
    same = [one for one in entity.views if isinstance(one, NamedList) and one.title == view.title]
    if len(same) > 1:
        raise ValueError(f"entity {entity.name!r}: two lists are called {view.title!r}")
    if view.sort:
        _known(entity, view.sort.lstrip("-"))
    for one in view.where:
        field = _known(entity, one.field)
        if field.computed is not None:
            raise ValueError(f"{entity.name}.{one.field}: lists are not narrowed by a figure")
        _check_condition(entity, field, one)


def _check_condition(entity: EntitySpec, field: FieldSpec, one: Condition) -> None:
    days = (one.from_day, one.to_day)
    numbers = (one.more_than, one.less_than)
    if one.values:
        _check_only(entity, Only(field=one.field, values=one.values))
    if one.period or any(day is not None for day in days):
        _need(entity, one.field, DATES)
    if one.less_than_field or any(number is not None for number in numbers):
        _need(entity, one.field, NUMBERS)
    if one.less_than_field:
        _need(entity, one.less_than_field, NUMBERS)
    told = (one.values, one.period, one.empty, one.filled, one.less_than_field)
    if not any(told) and all(value is None for value in (*days, *numbers)):
        raise ValueError(f"{entity.name}.{field.name}: the list asks for nothing of it")


def _check_formula(entity: EntitySpec, formula: Formula) -> None:
    wanted = {"age": 1, "days": 2, "quotient": 2, "percentage": 2}.get(formula.formula)
    if wanted is not None and len(formula.fields) != wanted:
        raise ValueError(f"{entity.name}: {formula.formula} takes {wanted} fields")
    for name in formula.fields:
        if "." in name and formula.formula not in ("age", "days"):
            _known(entity, name.partition(".")[0])
        else:
            _need(entity, name, DATES if formula.formula in ("age", "days") else NUMBERS)


def _check_linked(app: AppSpec, entity: EntitySpec, formula: Formula) -> None:
    """Numbers of records that are referred to: each record must refer to one, and the number is kept there."""
    for reference, dot, name in (one.partition(".") for one in formula.fields):
        if not dot:
            continue
        target, link = _target(app, entity, reference), _known(entity, reference)
        _need(target, name, NUMBERS)
        if target.field(name).computed is not None:
            raise ValueError(
                f"{target.name}.{name} is computed itself: a formula takes numbers that are kept"
            )
        if link.type != "reference" or not link.required:
            raise ValueError(
                f"{entity.name}.{reference} must be a required reference for a formula over it"
            )


def check_links(app: AppSpec, entity: EntitySpec) -> None:
    """What speaks of fields of another entity. Raises ValueError."""
    for field in entity.fields:
        if isinstance(field.computed, Formula):
            _check_linked(app, entity, field.computed)
        elif field.computed is not None:
            _check_figure(app, entity, field.computed)
    for rule in entity.rules:
        _check_target(app, entity, rule)


def check_mails(app: AppSpec) -> None:
    """Whether the mails of the kit `messages` speak of fields that are there. Raises ValueError."""
    use = app.kit("messages")
    for mail in use.settings().mails if use is not None else ():
        check_mail(app, mail)


def check_mail(app: AppSpec, mail: Mail) -> None:
    entity = _entity(app, mail.entity)
    first, _, rest = mail.to.partition(".")
    _need(_target(app, entity, first) if rest else entity, rest or first, frozenset({"email"}))
    if mail.when == "before":
        _need(entity, mail.field, DATES)
    elif mail.when == "becomes" and mail.value not in _known(entity, mail.field).choices:
        raise ValueError(f"{entity.name}.{mail.field}: no choice {mail.value!r}")


def is_mail_fitting(app: AppSpec, mail: Mail) -> bool:
    try:
        check_mail(app, mail)
    except ValueError:
        return False
    return True


def is_fitting(app: AppSpec, entity: EntitySpec, word: Rule | View | Computed) -> bool:
    """Whether a rule, a view or a figure of an entity speaks of fields that are there and fit."""
    try:
        match word:
            case SumOf() | FigureOf():
                _check_figure(app, entity, word)
                if not any(f.target == entity.name for f in app.entity(word.child).fields):
                    return False
            case Formula():
                _check_formula(entity, word)
                _check_linked(app, entity, word)
            case Chart() | Board() | Calendar() | NamedList():
                _check_view(entity, word)
            case _:
                _check_rule(entity, word)
                _check_target(app, entity, word)
    except ValueError:
        return False
    return True


def _check_target(app: AppSpec, entity: EntitySpec, rule: Rule) -> None:
    match rule:
        case Capacity() if rule.maximum_field:
            _need(_target(app, entity, rule.of), rule.maximum_field, NUMBERS)
        case Compare() if "." in rule.than:
            reference, _, name = rule.than.partition(".")
            other = _known(_target(app, entity, reference), name)
            _comparable(_known(entity, rule.field), other)
        case Deadline() if "." in rule.field:
            reference, _, name = rule.field.partition(".")
            _need(_target(app, entity, reference), name, DATES)
        case _:
            pass


def _check_figure(app: AppSpec, entity: EntitySpec, computed: Computed) -> None:
    if isinstance(computed, SumOf | FigureOf) and computed.only is not None:
        _check_only(_entity(app, computed.child), computed.only)
    if isinstance(computed, SumOf):
        for factor in computed.factors:
            _known(_entity(app, computed.child), factor)
    elif isinstance(computed, FigureOf):
        child = _entity(app, computed.child)
        if (computed.figure == "count") != (not computed.of):
            raise ValueError(f"{entity.name}: an average is of a number")
        if computed.of:
            _need(child, computed.of, NUMBERS)


def _check_only(child: EntitySpec, only: Only) -> None:
    field = _known(child, only.field)
    _need(child, only.field, frozenset({"enum", "boolean"}))
    known: set[bool | str] = {True, False} if field.type == "boolean" else {*field.choices}
    if not set(only.values) <= known:
        raise ValueError(f"{child.name}.{only.field}: no such value among {only.values!r}")


def _entity(app: AppSpec, name: str) -> EntitySpec:
    try:
        return app.entity(name)
    except KeyError:
        raise ValueError(f"no entity {name!r}") from None


def _target(app: AppSpec, entity: EntitySpec, reference: str) -> EntitySpec:
    target = _known(entity, reference).target
    if target is None:
        raise ValueError(f"{entity.name}.{reference} is no reference")
    return _entity(app, target)


def refuse_impossible_figures(app: AppSpec) -> None:
    """Raise ValueError for a figure over records that do not refer here, or that needs itself."""
    needs = {
        (entity.name, field.name): _needs(app, entity, field)
        for entity in app.entities
        for field in entity.fields
    }

    def visit(node: tuple[str, str], path: tuple[tuple[str, str], ...]) -> None:
        if node in path:
            raise ValueError(f"{node[0]}.{node[1]}: a total that needs itself")
        for following in needs.get(node, []):
            visit(following, (*path, node))

    for node in needs:
        visit(node, ())


def _needs(app: AppSpec, entity: EntitySpec, field: FieldSpec) -> list[tuple[str, str]]:
    """The fields that a figure is made of."""
    computed = field.computed
    if isinstance(computed, Formula):
        return [(entity.name, name) for name in computed.fields if "." not in name]
    if computed is None:
        return []
    child = _entity(app, computed.child)
    if not any(one.target == entity.name for one in child.fields):
        told = f"{child.name!r} does not refer to {entity.name!r}"
        raise ValueError(f"{entity.name}.{field.name}: {told}")
    names = computed.factors if isinstance(computed, SumOf) else (computed.of,)
    return [(child.name, name) for name in names if name]
