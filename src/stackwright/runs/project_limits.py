"""Limits that a person sets for one project, within those of the platform."""

from collections.abc import Mapping

from stackwright.core.errors import BadInput
from stackwright.core.setting_groups import BudgetSettings
from stackwright.db.projects import ProjectRecord


def with_limits_of(project: ProjectRecord, budget: BudgetSettings) -> BudgetSettings:
    """The platform's limits with those of the project: the lower one counts."""
    limits = dict(budget.limits)
    for unit, own in (("usd", project.max_usd), ("tokens", project.max_tokens)):
        if own is not None:
            name = f"project_{unit}"
            limits[name] = min(own, limits.get(name, own))
    return budget.model_copy(update={"limits": limits})


def check_within(limits: Mapping[str, float], name: str, wanted: float | None) -> None:
    """Raises BadInput for more than the platform's limit of this name."""
    most = limits.get(name)
    if wanted is not None and most is not None and wanted > most:
        unit = name.removeprefix("project_")
        raise BadInput(
            f"The platform allows a project {most:,g} {'US dollars' if unit == 'usd' else unit} at most "
            f"(MAX_PROJECT_{unit.upper()}); set a lower limit."
        )
