"""Totals, formulas, charts and named lists as the generated backend has them: one call each."""

from stackwright.scaffold.fields import FieldView, python_literal
from stackwright.scaffold.layout import Group, item
from stackwright.scaffold.render import python_value
from stackwright.scaffold.views import AppView, EntityView
from stackwright.scaffold.words import Chart, Condition, FigureOf, Formula, NamedList, SumOf

_INDENT = " " * 12
_DECIMALS = {"integer": "0", "money": "2"}


def total_calls(app: AppView, entity: EntityView) -> list[str]:
    """Sums, counts and averages over the records that refer to this one."""
    calls: list[str] = []
    for field in entity.fields:
        computed = field.spec.computed
        if not isinstance(computed, SumOf | FigureOf):
            continue
        child = app.entity(computed.child)
        link = next(one for one in child.links if one.spec.target == entity.name)
        parts = [
            f"field={python_literal(field.key)}",
            f"child={python_literal(child.slug)}",
            f"reference={python_literal(link.key)}",
        ]
        names = computed.factors if isinstance(computed, SumOf) else (computed.of,)
        keys = [python_literal(child.by_name(name).key) for name in names if name]
        if keys:
            parts.append(f"factors=({', '.join(keys)}{',' if len(keys) == 1 else ''})")
        if isinstance(computed, FigureOf):
            parts.append(f"kind={python_literal(computed.figure)}")
        if computed.only is not None:
            values = [python_value(one) for one in computed.only.values]
            parts.append(f"only={python_literal(child.by_name(computed.only.field).key)}")
            parts.append(f"among=({', '.join(values)}{',' if len(values) == 1 else ''})")
        parts += _decimals(field.type)
        calls.append(item("Total(", parts, _INDENT))
    return calls


def _path(app: AppView, entity: EntityView, name: str) -> str:
    """The stored key, or 'room_id.price' for a number of the record that is referred to."""
    first, dot, rest = name.partition(".")
    link = entity.by_name(first)
    return f"{link.key}.{app.entity(link.spec.target or '').by_name(rest).key}" if dot else link.key


def _formula_of(field: FieldView) -> Formula:
    computed = field.spec.computed
    assert isinstance(computed, Formula)
    return computed


def formula_calls(app: AppView, entity: EntityView) -> list[str]:
    """Each after those whose figure it needs."""
    calls: list[str] = []
    waiting = [field for field in entity.fields if isinstance(field.spec.computed, Formula)]
    while waiting:
        unknown = {field.spec.name for field in waiting}
        ready = [one for one in waiting if not unknown.intersection(_formula_of(one).fields)]
        if not ready:
            raise ValueError(f"{entity.name}: a figure that needs itself")
        waiting = [one for one in waiting if one not in ready]
        for field in ready:
            formula = _formula_of(field)
            keys = [python_literal(_path(app, entity, name)) for name in formula.fields]
            parts = [
                f"field={python_literal(field.key)}",
                f"kind={python_literal(formula.formula)}",
                f"fields=({', '.join(keys)}{',' if len(keys) == 1 else ''})",
                *_decimals(field.type),
            ]
            calls.append(item("Formula(", parts, _INDENT))
    return calls


def _decimals(kind: str) -> list[str]:
    return [f"decimals={_DECIMALS[kind]}"] if kind in _DECIMALS else []


def charts_of(entity: EntityView) -> list[Chart]:
    return [view for view in entity.spec.views if isinstance(view, Chart)]


def chart_calls(entity: EntityView) -> list[str]:
    calls: list[str] = []
    for chart in charts_of(entity):
        by = entity.by_name(chart.by)
        parts: list[str | Group] = [f"by={python_literal(by.key)}"]
        if by.type in ("date", "datetime"):
            parts.append(f"period={python_literal(chart.period)}")
        if chart.of:
            parts.append(f"measure={python_literal(chart.measure)}")
            parts.append(f"of={python_literal(entity.by_name(chart.of).key)}")
        if by.type == "enum":
            choices = tuple(python_literal(one) for one in by.spec.choices)
            parts.append(Group("choices=(", choices, ",)" if len(choices) == 1 else ")"))
        calls.append(item("Chart(", parts, _INDENT))
    return calls


def named_lists_of(entity: EntityView) -> list[NamedList]:
    return [view for view in entity.spec.views if isinstance(view, NamedList)]


def named_list_calls(entity: EntityView) -> list[str]:
    """Each list as what its records have; its number is its name in the address."""
    calls: list[str] = []
    for one in named_lists_of(entity):
        parts = tuple(_condition(entity, condition) for condition in one.where)
        where = Group("(", parts, ",)" if len(parts) == 1 else ")")
        calls.append(item("NamedList(", [where], _INDENT))
    return calls


def _condition(entity: EntityView, one: Condition) -> Group:
    field = entity.by_name(one.field)
    told: dict[str, str] = {"key": python_literal(field.key)}
    if one.values:
        values = ", ".join(python_value(value) for value in one.values)
        told["values"] = f"({values},)" if len(one.values) == 1 else f"({values})"
    if one.less_than_field:
        told["less_than_field"] = python_literal(entity.by_name(one.less_than_field).key)
    for name in ("from_day", "to_day", "period", "empty", "filled", "more_than", "less_than"):
        value = getattr(one, name)
        if value is not None and value is not False and value != "":
            told[name] = python_value(value)
    if field.type == "datetime":
        told["is_moment"] = "True"
    return Group("Condition(", tuple(f"{key}={value}" for key, value in told.items()), ")")


def chart_title(entity: EntityView, chart: Chart) -> str:
    """'Bookings per month', 'Amount per customer'."""
    by = entity.by_name(chart.by)
    per = chart.period if by.type in ("date", "datetime") else _lower(by.label)
    if not chart.of:
        return f"{entity.spec.label_plural} per {per}"
    of = _lower(entity.by_name(chart.of).label)
    start = "Average" if chart.measure == "average" else "Total"
    of = of.removeprefix("total ") if start == "Total" else of
    return f"{start} per {per}" if of == "total" else f"{start} {of} per {per}"


def _lower(label: str) -> str:
    return label if label[1:2].isupper() else label[0].lower() + label[1:]
