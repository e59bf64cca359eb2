"""The order, the search and the columns of lists, in the words of people. A wording is a row of `FORMS`."""

import re
from re import Match

from stackwright.offline.asked import Built, Form, Made
from stackwright.offline.places import (
    DATES,
    fields_named,
    kind_named,
    lower,
    moment_of,
    only,
    with_entity,
)
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec


def _sorted(spec: AppSpec, found: Match[str]) -> Made | None:
    words = re.sub(r"[(),]", " ", found["field"])
    newest = re.search(r"\b(?:newest|latest|highest|largest|biggest|most|descending|desc|reverse\w*)\b", words, re.IGNORECASE)  # fmt: skip
    words = re.sub(r"\b(?:newest|latest|highest|largest|biggest|oldest|earliest|lowest|smallest|first|on top|at the top|descending|ascending|desc|asc|alphabetically|order|in|date of)\b", " ", words, flags=re.IGNORECASE)  # fmt: skip
    kind = kind_named(spec, found.groupdict().get("kind") or "")
    entities = [kind] if kind else list(spec.entities)
    places = [
        (entity, one)
        for entity in entities
        for one in fields_named(entity, words)
        if one.type not in ("reference", "tags", "text") and one.computed is None
    ]
    place = only(places)
    if place is None:
        return None
    return _in_order(spec, *place, is_late=newest is not None)


def _in_order(spec: AppSpec, entity: EntitySpec, field: FieldSpec, *, is_late: bool) -> Made:
    entity = entity.model_copy(update={"sort": f"{'-' if is_late else ''}{field.name}"})
    order = " (the last or highest first)" if is_late else ""
    text = f"{entity.label_plural} are listed by {lower(field.label)}{order}."
    return with_entity(spec, entity), Built(text, "sorted", entity.name, field.name)


_SEARCHED = frozenset({"string", "text"})


def _searched(spec: AppSpec, found: Match[str]) -> Made | None:
    """Every list is searched by its texts; a witness tries it where records are told apart by one."""
    words, kind = found.groupdict().get("field") or "", found.groupdict().get("kind") or ""
    named = kind_named(spec, kind) if kind else None
    entities = [named] if named else list(spec.entities)
    if not words:
        entities = entities[:1]
    places = [
        (entity, one)
        for entity in entities
        if entity.field(entity.title_field).type in _SEARCHED
        for one in (fields_named(entity, words) if words else [entity.field(entity.title_field)])
        if one.type in _SEARCHED
    ]
    place = only(places)
    if place is None or (kind and named is None):
        return None
    entity, field = place
    text = f"{entity.label_plural} can be searched by {lower(field.label)}."
    return spec, Built(text, "search", entity.name, field.name)


_DEFAULT_COLUMNS = 5


def columns_of(entity: EntitySpec) -> list[str]:
    """What the list shows now beside the title."""
    if entity.columns:
        return list(entity.columns)
    shown = [f.name for f in entity.fields if f.name != entity.title_field and f.type != "text"]
    figures = [n for n in shown[_DEFAULT_COLUMNS:] if entity.field(n).computed is not None]
    return [*shown[: _DEFAULT_COLUMNS - 1], figures[-1]] if figures else shown[:_DEFAULT_COLUMNS]


def _column(spec: AppSpec, found: Match[str]) -> Made | None:
    kind = kind_named(spec, found.groupdict().get("kind") or "")
    entities = [kind] if kind else spec.entities
    place = only([(e, f) for e in entities for f in fields_named(e, found["field"])])
    if place is None or place[1].name == place[0].title_field:
        return None
    entity, field = place
    columns = columns_of(entity)
    is_hidden = found["verb"].lower() == "hide"
    if is_hidden:
        columns = [name for name in columns if name != field.name]
    elif field.name not in columns:
        columns.append(field.name)
    if not columns:
        return None
    entity = entity.model_copy(update={"columns": tuple(columns)})
    text = f"The list of {lower(entity.label_plural)} {'hides' if is_hidden else 'shows'} {lower(field.label)}."
    return with_entity(spec, entity), Built(text, "column", entity.name, field.name)


def _soonest(spec: AppSpec, found: Match[str]) -> Made | None:
    """'Sort pickups newest first', 'medicines that expire first': by the date that says so."""
    kind = kind_named(spec, found["kind"])
    verb = (found.groupdict().get("verb") or "are").lower()
    dates = [f for f in (kind.fields if kind else ()) if f.type in DATES]
    field = only([f for f in dates if f.name.startswith(verb[:4])])
    if kind is not None and field is None and verb in ("are", "come", "happen"):
        field = moment_of(kind)
    if kind is None or field is None:
        return None
    return _in_order(
        spec, kind, field, is_late=found["side"].lower() in ("last", "latest", "newest")
    )


_LEAD = r"^(?:please |also |and |then |i |we |it would be (?:lovely|nice|great|good|useful) |i'd like |we'd like |want |need |would like |like |show |show me |show us |display |give me |add |see |have |get |with |to see |to have )*(?:an? |the |some |nice )*"
FORMS: tuple[Form, ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), make)
    for pattern, make in (
        (rf"{_LEAD}(?P<kind>[\w -]+?) (?:that|which) (?:(?:are|is) )?(?P<verb>[a-z]+?)s?(?: due| up| out| back)? (?P<side>first|soonest|next|earliest|last|latest|newest)(?: (?:at the top|on top|first))?$", _soonest),
        (r"^(?:please |also |and )*(?:sort|list|show|order) (?:the |all |my |our )*(?P<kind>[\w-]{2,30}(?: [\w-]{2,30})?) (?:with the )?(?P<side>newest|latest|oldest) (?:ones? )?first$", _soonest),
        (rf"{_LEAD}(?:lists? of (?:the |all )?)(?P<kind>[\w-]{{2,30}}(?: [\w-]{{2,30}})?), (?:the )?(?P<side>newest|latest|oldest|earliest|soonest) (?:ones? )?first$", _soonest),
        (rf"{_LEAD}(?P<side>newest|latest|oldest|earliest|soonest) (?P<kind>(?!ones?\b)[\w-]{{2,30}}(?: [\w-]{{2,30}})?) (?:come |go |stand |should be |listed )*(?:first|on top|at the top)$", _soonest),
        (r"^(?:please |also |and )*(?P<verb>hide|show|display|add) (?:the |also )*(?:column |field )?(?P<field>[\w -]+?)(?: column| field)? (?:in|from|on|to) (?:the )?(?:list|table|overview)(?: of (?:the |all )?(?P<kind>[\w -]+))?$", _column),
        (r"^(?:please |also |and )*(?P<verb>hide|show|display|add) (?:the |also )*(?P<field>[\w -]+?) (?:in|from|on|to) (?:the )?(?P<kind>[\w -]+?)(?:'s?)? (?:list|table)$", _column),
        (r"^(?:please |also |and |let me |with |an? |the |i |we |want |need |can |to |be able )*(?:search|find|look up)(?:able|ing|ed)?(?: (?:function|box|bar|field))?(?: (?:for )?(?:the |all |my |our |an? )*(?P<kind>(?!by\b)[\w-]+(?: [\w-]+)?))?(?: by (?:their |its |the )?(?P<field>[\w ]+))?$", _searched),
        (r"^(?:please |also )*(?:list|show) (?:the |all )*(?P<kind>[\w-]+(?: [\w-]+)?) by (?:the |their )?(?P<field>[\w ]{2,40})$", _sorted),
        (r"^(?:please |also |let me |i want to |we want to |i can |we can |to |the )*(?:sort|order)(?:ed)?(?: (?:the |all |my |our |list of |them|it)*(?P<kind>[\w -]+?))? by (?:the |their )?(?P<field>[\w (),-]+)$", _sorted),
        (r"^(?:the |my |our )?(?:list of )?(?P<kind>[\w -]+?)(?: are| is| should be| must be)?,? (?:always )?(?:sorted|ordered|listed) by (?:the |their )?(?P<field>[\w (),-]+)$", _sorted),
    )
)  # fmt: skip
