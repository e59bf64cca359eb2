"""What a witness of a link between kinds of records looks at."""

from collections.abc import Iterator, Sequence
from typing import Any

from stackwright.scaffold.fields import FieldView
from stackwright.scaffold.spec import WishLink
from stackwright.scaffold.views import AppView, EntityView

Trials = list[tuple[list[str], dict[str, Any]]]


def link_trials(app: AppView, entity: EntityView, links: Sequence[WishLink]) -> Trials:
    """(wishes, what the file's template is told) of each."""
    found: Trials = []
    for told in _all(app, entity):
        wishes = [
            link.wish
            for link in links
            if link.shows == told["shows"] and link.field == told["view"].spec.name
        ]
        if wishes:
            found.append((wishes, told))
    return found


def _all(app: AppView, entity: EntityView) -> Iterator[dict[str, Any]]:
    for field in entity.links:
        if field.type == "references":
            yield _told("links", app, field)
    if entity.spec.ordered:
        yield _told("ordered", app, entity.by_name(entity.spec.ordered))
    for field in entity.references:
        yield _told("inline", app, field)


def _told(shows: str, app: AppView, field: FieldView) -> dict[str, Any]:
    return {"shows": shows, "view": field, "target": app.entity(str(field.spec.target))}
