"""What a clause asked for beside records and fields, once it is in the specification."""

from collections.abc import Callable
from dataclasses import dataclass
from re import Match, Pattern

from stackwright.scaffold.spec import AppSpec, EntitySpec, Shows
from stackwright.scaffold.words import Rule, View, key_of


@dataclass(frozen=True)
class Built:
    """What people read of it, and what a witness looks at."""

    text: str
    shows: Shows
    entity: str
    field: str


Made = tuple[AppSpec, Built]
Form = tuple[Pattern[str], Callable[[AppSpec, Match[str]], Made | None]]
"""A wording, and what it does; None when it speaks of something that is not there."""


def with_rule(entity: EntitySpec, rule: Rule) -> EntitySpec:
    """The entity with a rule in place of the one that is called the same."""
    others = tuple(one for one in entity.rules if key_of(one) != key_of(rule))
    return entity.model_copy(update={"rules": (*others, rule)})


def with_view(entity: EntitySpec, view: View) -> EntitySpec:
    """There may be several charts and lists, but one board and one calendar."""
    others = tuple(
        one
        for one in entity.views
        if (one != view if view.view in ("chart", "list") else one.view != view.view)
    )
    return entity.model_copy(update={"views": (*others, view)})
