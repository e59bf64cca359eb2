"""From drafts to a valid `AppSpec`: natural fields, relations, totals, titles, filters."""

import re

from stackwright.offline import lexicon
from stackwright.offline.doings import merge_events
from stackwright.offline.drafts import AppDraft, EntityDraft, FieldDraft, plural_label
from stackwright.offline.fields import infer
from stackwright.offline.verbs import FAMILIES
from stackwright.offline.words import label, plural, singular_word, snake, title_case
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec, SumOf

MAX_ENTITIES = 12
_TITLES = (
    "name",
    "title",
    "subject",
    "headline",
    "label",
    "question",
    "full_name",
    "code",
    "number",
)
_RESERVED = {"id", "created_at", "updated_at", "type_id", "owner_id", "_id"}


def to_spec(app: AppDraft, description: str) -> AppSpec:
    """The finished specification. The draft must hold an entity or a field."""
    _drop_noise(app)
    merge_events(app, FAMILIES)
    _adopt_orphans(app)
    _place_implied(app)
    _drop_excess(app)
    _share_names(app)
    for entity in app.entities.values():
        _fill(app, entity)
    for entity in app.entities.values():
        _refer_fields(app, entity)
    for entity in app.entities.values():
        _known_relations(app, entity)
    _break_cycles(app)
    for entity in app.entities.values():
        _total(app, entity)
    done = tuple(entity_spec(entity) for entity in app.entities.values())
    return AppSpec(title=title_of(app), description=description[:500], entities=done)


def _drop_noise(app: AppDraft) -> None:
    """'My grandmother left us …' names no kind of record beside those that were described."""
    described = any(e.given for e in app.entities.values())
    targets = {f.target for e in app.entities.values() for f in e.given.values()}
    for entity in list(app.entities.values()):
        known = entity.name.split("_")[-1] in lexicon.FIELDS_OF
        if described and entity.weak and not (entity.given or known or entity.name in targets):
            del app.entities[entity.name]


def _adopt_orphans(app: AppDraft) -> None:
    if not app.orphans:
        return
    solid = [e for e in app.entities.values() if not e.weak]
    if app.implied and not any(e.parent is None for e in solid):
        owner = app.entity(app.implied)
        for entity in [e for e in app.entities.values() if e.weak and e is not owner]:
            if all(
                f.target != entity.name for e in app.entities.values() for f in e.given.values()
            ):
                del app.entities[entity.name]
                owner.put(infer(entity.name))
    else:
        owner = next(iter(solid or app.entities.values()), None) or app.entity(
            app.implied or "entry"
        )
    for draft in app.orphans:
        owner.put(draft)
    app.orphans = []


def _place_implied(app: AppDraft) -> None:
    """'A recipe app with ingredients': the recipe is a kind too, and has the ingredients."""
    if not app.implied:
        return
    name = app.entity(app.implied).name if not app.entities else _implied_name(app)
    if not name or (name in app.entities and app.entities[name].given):
        return
    main = app.entity(name)
    app.entities = {main.name: main} | app.entities
    for entity in app.entities.values():
        if (
            entity is main
            or any(f.target for f in entity.given.values())
            or main.refers_to(entity.name)
        ):
            continue
        last = entity.name.split("_")[-1]
        if last in lexicon.GROUPERS | lexicon.PARTIES and entity.name not in lexicon.PARTS:
            main.refer(entity.name)
        elif (
            all(f.target != entity.name for e in app.entities.values() for f in e.given.values())
            or entity.name in lexicon.PARTS
        ):
            entity.refer(main.name)
            entity.parent = main.name if entity.name in lexicon.PARTS else None


def _implied_name(app: AppDraft) -> str:
    name = "_".join(
        [
            *snake(app.implied or "").split("_")[:-1],
            singular_word(snake(app.implied or "x").split("_")[-1]),
        ]
    )
    if app.find(name) is not None:
        return ""
    return name if name in lexicon.FIELDS_OF else ""


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
    own = [f for f in entity.given.values() if f.type != "reference"]
    last = entity.name.split("_")[-1]
    named = lexicon.FIELDS_OF.get(entity.name) or (
        None if entity.event else lexicon.FIELDS_OF.get(last)
    )
    usual = (named or "name notes").split()
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
            if not word.startswith("~") and (draft := _usual(word, entity.name)):
                entity.put(draft)
    else:
        _top_up(entity, own, usual)
    if not _title_candidates(entity) and _needs_title(entity):
        entity.given = {"name": infer("name")} | entity.given


def _top_up(entity: EntityDraft, own: list[FieldDraft], usual: list[str]) -> None:
    """Records need something to be called by; a kind told with one or two details has the usual ones."""
    if any(_is_title_like(f) for f in own):
        return
    first = _usual(usual[0], entity.name)
    known = usual != ["name", "notes"]
    dated = any(f.type in ("date", "datetime") for f in own)
    if first and first.type in ("string", "text") and (known or not dated):
        entity.given = {first.name: first} | entity.given
    if known and len(own) <= 2:
        for word in usual:
            if not word.startswith("~") and (draft := _usual(word, entity.name)):
                entity.put(draft)


_TITLE_ENDS = frozenset(
    (
        "name",
        "title",
        "number",
        "code",
        "subject",
        "plate",
        "model",
        "address",
        "question",
        "word",
        "term",
        "headline",
        "label",
        "summary",
        "description",
        "reason",
        "topic",
        "campaign",
    )
)


def _is_title_like(draft: FieldDraft) -> bool:
    return draft.type in ("string", "text") and draft.name.split("_")[-1] in _TITLE_ENDS


def _usual(word: str, owner: str) -> FieldDraft | None:
    draft = infer(word, owner)
    if draft.name in ("instruction", "value"):
        draft.type = "text" if draft.name == "instruction" else draft.type
    return draft


def _title_candidates(entity: EntityDraft) -> list[FieldDraft]:
    return [f for f in entity.given.values() if f.type in ("string", "email", "phone")]


def _needs_title(entity: EntityDraft) -> bool:
    return not any(f.type in ("text", "date", "datetime") for f in entity.given.values())


def _refer_fields(app: AppDraft, entity: EntityDraft) -> None:
    """A field named like a kind of record points at it."""
    for name, draft in list(entity.given.items()):
        if draft.type not in ("string", "text", "tags") or draft.choices:
            continue
        target = app.find(singular_word(name)) or (
            app.find(name.split("_")[-1]) if "_" in name and not draft.sure else None
        )
        if target is None or target is entity or target.refers_to(entity.name):
            continue
        if app.connected(entity.name, target.name):
            del entity.given[name]
            continue
        index = list(entity.given)
        made = FieldDraft(
            f"{name}_id", "reference", True, label(name), draft.required, target=target.name
        )
        known = [f.name for f in entity.given.values() if f.target == target.name]
        if known and (name == target.name or made.name in known or len(known) > 1):
            del entity.given[name]
            continue
        entity.given = {
            (k if k != name else made.name): (entity.given[k] if k != name else made) for k in index
        }


def _known_relations(app: AppDraft, entity: EntityDraft) -> None:
    last = entity.name.split("_")[-1]
    usual = (lexicon.FIELDS_OF.get(entity.name) or lexicon.FIELDS_OF.get(last) or "").split()
    for word in usual:
        other = app.find(word.lstrip("~"))
        if (
            other
            and other is not entity
            and other.name != entity.name
            and not app.connected(entity.name, other.name)
            and not other.refers_to(entity.name)
        ):
            entity.refer(other.name)
    if last in lexicon.LINKS and entity.name != "order_item":
        _link_event(app, entity)
    elif (
        entity.name in lexicon.PARTS
        and not any(f.target for f in entity.given.values())
        and not any(e.event and e.refers_to(entity.name) for e in app.entities.values())
    ):
        main = next(
            (
                e
                for e in app.entities.values()
                if e is not entity and not _is_party(e) and e.name not in lexicon.PARTS
            ),
            None,
        )
        if (
            main is not None
            and not main.refers_to(entity.name)
            and list(app.entities).index(main.name) < list(app.entities).index(entity.name)
        ):
            entity.refer(main.name)


def _link_event(app: AppDraft, entity: EntityDraft) -> None:
    """A loan or a booking points at who and at what."""
    targets = [app.entities[f.target] for f in entity.given.values() if f.target]
    has_person, has_thing = (
        any(_is_party(t) for t in targets),
        any(not _is_party(t) for t in targets),
    )
    for other in app.entities.values():
        if (
            other is entity
            or app.connected(entity.name, other.name)
            or other.refers_to(entity.name)
            or other.name.split("_")[-1] in lexicon.LINKS
            or (other.name in lexicon.PARTS and other.name != "session")
        ):
            continue
        if (
            _is_party(other)
            and not has_person
            and other.name.split("_")[-1]
            not in ("author", "artist", "trainer", "publisher", "supplier", "teacher", "instructor")
        ):
            entity.refer(other.name)
            has_person = True
        elif (
            not _is_party(other)
            and other.name not in lexicon.GROUPERS - {"room", "course", "site"}
            and not has_thing
        ):
            entity.refer(other.name)
            has_thing = True
    for name in ("borrower", "author"):
        if has_person and name in entity.given and not entity.given[name].required:
            del entity.given[name]


def _is_party(entity: EntityDraft) -> bool:
    return entity.name.split("_")[-1] in lexicon.PARTIES


def _break_cycles(app: AppDraft) -> None:
    """A record cannot need another that needs it: parents form a forest."""
    for entity in app.entities.values():
        seen, at = {entity.name}, entity.parent
        while at is not None:
            if at in seen:
                entity.parent = None
                break
            seen.add(at)
            at = app.entities[at].parent
        if entity.parent and not entity.refers_to(entity.parent):
            entity.refer(entity.parent)


def _total(app: AppDraft, entity: EntityDraft) -> None:
    """A stated total over child records that have amounts is computed from them."""
    total = next(
        (
            f
            for n, f in entity.given.items()
            if n in ("total", "total_price", "total_amount", "total_cost", "subtotal", "sum")
        ),
        None,
    )
    if total is None:
        return
    for child in app.entities.values():
        if child.parent != entity.name:
            continue
        numbers = {n: f for n, f in child.given.items() if f.type in ("integer", "number", "money")}
        price = next((n for n, f in numbers.items() if f.type == "money"), None)
        count = next(
            (
                n
                for n in numbers
                if n.split("_")[0] in ("quantity", "qty", "amount", "count", "hours") and n != price
            ),
            None,
        )
        if price:
            total.type, total.unit = "money", total.unit or numbers[price].unit
            total.computed = SumOf(child=child.name, factors=(count, price) if count else (price,))
            total.required = False
            return


def entity_spec(entity: EntityDraft) -> EntitySpec:
    """One finished entity: a title, required flags and filters chosen."""
    drafts = [f for f in entity.given.values() if f.name not in _RESERVED][:30]
    if not drafts:
        drafts = [infer("name")]
    title = _title_field(drafts)
    fields = tuple(_field_spec(f, is_title=f is title, entity=entity) for f in drafts)
    filters = tuple(
        f.name
        for f in fields
        if f.type in ("enum", "boolean", "reference") and f.name != title.name
    )
    parent = entity.parent if any(f.target == entity.parent for f in fields) else None
    return EntitySpec(
        name=entity.name, plural=plural(entity.name), label=label(entity.name), label_plural=plural_label(entity.name),
        fields=fields, title_field=title.name, parent=parent, filters=filters,
    )  # fmt: skip


def _title_field(drafts: list[FieldDraft]) -> FieldDraft:
    by_name = {f.name: f for f in drafts if f.type in ("string", "text") and f.name != "notes"}
    for wanted in _TITLES:
        if wanted in by_name:
            return by_name[wanted]
    for ending in ("_name", "_title", "_number", "_code"):
        if found := next((f for n, f in by_name.items() if n.endswith(ending)), None):
            return found
    ranks = (
        ("string",),
        ("email", "phone"),
        ("body",),
        ("date", "datetime"),
        ("text", "reference"),
    )
    for kinds in ranks:
        for draft in drafts:
            body = draft.type == "text" and draft.name != "notes"
            if draft.type in kinds or (kinds == ("body",) and body):
                return draft
    return drafts[0]


def _field_spec(draft: FieldDraft, *, is_title: bool, entity: EntityDraft) -> FieldSpec:
    owned = draft.type == "reference" and draft.target == entity.parent
    required = draft.required if draft.required is not None else is_title or owned
    computed = draft.computed is not None
    return FieldSpec(
        name=draft.name[:60], label=draft.label[:80], type=draft.type, required=(required or owned) and not computed and draft.type != "boolean",
        choices=draft.choices, default=draft.default if draft.default in draft.choices else None, unit=draft.unit,
        minimum=draft.minimum, maximum=draft.maximum, target=draft.target,
        on_delete="cascade" if owned else ("restrict" if required else "unlink") if draft.type == "reference" else "restrict",
        computed=draft.computed,
    )  # fmt: skip


def title_of(app: AppDraft) -> str:
    """The given title, or one made of the application's own words."""
    if app.title:
        return app.title[:80]
    generic = {
        "app",
        "application",
        "website",
        "site",
        "tool",
        "system",
        "platform",
        "something",
        "thing",
        "database",
        "program",
        "software",
        "page",
        "service",
        "solution",
    }
    first = next(iter(app.entities.values()))
    phrase = list(re.findall(r"[\w'-]+", app.phrase or ""))
    if len(phrase) == 1 and phrase[0].lower() in ("crm", "inventory") and app.place:
        return title_case(f"{app.place} {phrase[0]}")
    if phrase and not all(
        w.lower() in generic | lexicon.CONTAINERS - {"inventory", "crm", "wiki", "erp"}
        for w in phrase
    ):
        return title_case(" ".join(phrase))
    parts = first.name.split("_")
    if app.place and len(app.entities) > 1:
        return title_case(app.place)
    if app.place and len(parts) > 1 and app.place.lower() not in lexicon.USERS:
        return title_case(f"{parts[0]} {app.place}")
    return title_case(plural(first.name).replace("_", " "))
