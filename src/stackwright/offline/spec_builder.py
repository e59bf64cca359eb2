"""From drafts to a valid `AppSpec`: natural fields, relations, totals, titles, filters."""

from stackwright.offline import lexicon
from stackwright.offline.draft import AppDraft, EntityDraft, FieldDraft, plural_label
from stackwright.offline.field_types import infer
from stackwright.offline.relations import (
    break_cycles,
    known_relations,
    place_implied,
    refer_fields,
)
from stackwright.offline.titles import introduction_of, title_field, title_of
from stackwright.offline.words import label, plural, word_set
from stackwright.scaffold.names import DETAILS
from stackwright.scaffold.spec import LINKS, AppSpec, EntitySpec, FieldSpec

MAX_ENTITIES = 12
_RESERVED = {"id", "created_at", "updated_at", "_id"}


def to_spec(app: AppDraft, description: str) -> AppSpec:
    """The finished specification. The draft must hold an entity or a field."""
    _drop_noise(app)
    _adopt_orphans(app)
    place_implied(app)
    _drop_excess(app)
    _share_names(app)
    for entity in app.entities.values():
        _fill(app, entity)
    for entity in app.entities.values():
        _measure(entity)
        refer_fields(app, entity)
    for entity in app.entities.values():
        known_relations(app, entity)
    break_cycles(app)
    done = tuple(entity_spec(entity) for entity in app.entities.values())
    return AppSpec(title=title_of(app), description=introduction_of(description), entities=done)


def _drop_noise(app: AppDraft) -> None:
    """'My grandmother left us …' names no kind of record beside those that were described."""
    described = any(e.given for e in app.entities.values())
    targets = {f.target for e in app.entities.values() for f in e.given.values()}
    for entity in list(app.entities.values()):
        known = entity.name.split("_")[-1] in lexicon.FIELDS_OF
        is_topic = len(app.described) > 1 and entity.name not in app.described
        known = known and not is_topic
        if described and entity.weak and not (entity.given or known or entity.name in targets):
            del app.entities[entity.name]


def _adopt_orphans(app: AppDraft) -> None:
    if not app.orphans:
        return
    solid = [e for e in app.entities.values() if not e.weak]
    if app.implied and not any(e.parent is None for e in solid):
        owner = app.entity(app.implied)
    else:
        owner = next(iter(solid or app.entities.values()), None) or app.entity(
            app.implied or "entry"
        )
    for draft in app.orphans:
        owner.put(draft)
    app.orphans = []


def _drop_excess(app: AppDraft) -> None:
    for name in list(app.entities)[MAX_ENTITIES:]:
        del app.entities[name]
    for entity in app.entities.values():
        gone = [n for n, f in entity.given.items() if f.target and f.target not in app.entities]
        for name in gone:
            del entity.given[name]
        if entity.parent not in app.entities:
            entity.parent = None


def _share_names(app: AppDraft) -> None:
    """Two names with one plural are one kind."""
    seen: dict[str, str] = {}
    for name in list(app.entities):
        many = plural(name)
        if many in seen:
            del app.entities[name]
        seen.setdefault(many, name)
    _drop_excess(app)


def _fill(app: AppDraft, entity: EntityDraft) -> None:
    own = [f for f in entity.given.values() if f.type not in LINKS]
    last = entity.name.split("_")[-1]
    named = lexicon.FIELDS_OF.get(entity.name) or (
        None if entity.event else lexicon.FIELDS_OF.get(last)
    )
    if entity.name.split("_")[0] in lexicon.MONEY_HEADS and last in ("item", "line", "position"):
        named = "description amount"
    usual = (named or "name notes").split()
    if entity.joins:
        return
    if not own:
        if (
            not entity.name.startswith("app")
            and usual == ["name", "notes"]
            and last in lexicon.PARTIES
        ):
            usual = ["name", "email", "phone"]
        if entity.event and usual == ["name", "notes"]:
            usual = ["date", "notes"]
        for word in usual:
            if entity.event and word == "borrower" and len(entity.given) > 1:
                continue  # the deed has told who it is
            if not word.startswith("~") and (draft := _usual(word, entity.name)):
                entity.put(draft)
    else:
        _top_up(entity, own, usual)
    if not _title_candidates(entity) and _needs_title(entity):
        entity.given = {"name": infer("name")} | entity.given


def _measure(entity: EntityDraft) -> None:
    """An amount beside a unit is no money."""
    amount = entity.given.get("amount")
    if amount is not None and "unit" in entity.given and amount.type == "money":
        amount.type, amount.minimum = "number", 0


_OF_A_LIFE = word_set(
    "birthday birth birthdate dob expiry expires founded bought purchase purchased acquired joined hired"
)
"""Dates of a thing that lasts and so has a name; a thing with any other date may be known by it."""


def _top_up(entity: EntityDraft, own: list[FieldDraft], usual: list[str]) -> None:
    """Records need something to be called by; a kind told with one or two details has the usual ones."""
    if any(_is_title_like(f) for f in own):
        return
    first = _usual(usual[0], entity.name)
    known = usual != ["name", "notes"]
    dated = any(
        f.type in ("date", "datetime") and not _OF_A_LIFE & set(f.name.split("_")) for f in own
    )
    spoken = any(f.type == "string" for f in own)
    linked = any(f.target for f in entity.given.values())
    usually = known and usual[0].endswith(("name", "title", "_number"))
    if (
        first
        and first.type in ("string", "text")
        and (not dated or (entity.name in lexicon.PARTIES and first.name == "name"))
        and (usually or not (spoken or linked))
    ):
        entity.given = {first.name: first} | entity.given
    due = len(own) == 1 and own[0].type == "date" and entity.name.split("_")[-1] == "loan"
    if known and due:
        for word in usual:
            draft = None if word.startswith("~") else _usual(word, entity.name)
            if draft and draft.name not in entity.given:
                entity.put(draft)


_TITLE_ENDS = word_set(
    "name title number code subject plate model address question word term headline label "
    "summary description reason topic campaign"
)


def _is_title_like(draft: FieldDraft) -> bool:
    return draft.type in ("string", "text") and draft.name.split("_")[-1] in _TITLE_ENDS | {
        "text",
        "item",
        "what",
    }


def _usual(word: str, owner: str) -> FieldDraft | None:
    draft = infer(word, owner)
    if draft.name in ("instruction", "value"):
        draft.type = "text" if draft.name == "instruction" else draft.type
    return draft


def _title_candidates(entity: EntityDraft) -> list[FieldDraft]:
    return [f for f in entity.given.values() if f.type in ("string", "email", "phone")]


def _needs_title(entity: EntityDraft) -> bool:
    """Nothing says which record it is: no text, no day, and no two records that it stands between."""
    kept = entity.given.values()
    between = sum(f.type == "reference" for f in kept) > 1
    return not (between or any(f.type in ("text", "date", "datetime") for f in kept))


def entity_spec(entity: EntityDraft) -> EntitySpec:
    """One finished entity: a title, required flags and filters chosen."""
    drafts = [f for f in entity.given.values() if f.name not in _RESERVED][:30]
    if all(f.type == "references" for f in drafts):
        drafts = [infer("name"), *drafts]
    title = title_field(drafts)
    fields = tuple(_field_spec(f, is_title=f is title, entity=entity) for f in drafts)
    filters = tuple(
        f.name for f in fields if f.type in LINKS | {"enum", "boolean"} and f.name != title.name
    )
    parent = entity.parent if any(f.target == entity.parent for f in fields) else None
    return EntitySpec(
        name=entity.name, plural=plural(entity.name), label=entity.label or label(entity.name), label_plural=entity.label or plural_label(entity.name),
        fields=fields, title_field=title.name, parent=parent, filters=filters,
    )  # fmt: skip


def _is_detail(entity: EntityDraft) -> bool:
    """Line items and the like are nothing without what they are part of; others are kept."""
    return entity.name.split("_")[-1] in DETAILS


def _field_spec(draft: FieldDraft, *, is_title: bool, entity: EntityDraft) -> FieldSpec:
    owned = draft.type == "reference" and draft.target == entity.parent
    required = draft.required if draft.required is not None else is_title or owned
    unlink = "unlink" if draft.type in LINKS and not required else "restrict"
    return FieldSpec(
        name=draft.name[:60], label=draft.label[:80], type=draft.type, required=(required or owned) and draft.type != "boolean",
        choices=draft.choices, default=draft.default if draft.default in draft.choices or draft.type == "integer" else None, unit=draft.unit,
        minimum=draft.minimum, maximum=draft.maximum, target=draft.target,
        on_delete="cascade" if owned and _is_detail(entity) else unlink,
    )  # fmt: skip
