"""Relations that a text leaves unsaid: fields named like a kind, events between people and things."""

from stackwright.offline import lexicon
from stackwright.offline.draft import AppDraft, EntityDraft, FieldDraft
from stackwright.offline.words import label, singular, singular_word, word_set


def place_implied(app: AppDraft) -> None:
    """'A recipe app with ingredients': the recipe is a kind too, and has the ingredients."""
    if not app.implied:
        return
    if app.implied.lower() == "todo" and "task" in app.entities:
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
        if (
            all(f.target != entity.name for e in app.entities.values() for f in e.given.values())
            or entity.name in lexicon.PARTS
        ):
            entity.refer(main.name)
            entity.parent = main.name if entity.name in lexicon.PARTS else None


def _implied_name(app: AppDraft) -> str:
    name = singular(app.implied or "x")
    if app.find(name) is not None:
        return ""
    return name if name in lexicon.FIELDS_OF else ""


def _is_compound(name: str) -> bool:
    """'home team' is a team; 'weekday of lesson' is no lesson."""
    return "_" in name and not {"of", "per", "for", "in", "at", "on"} & {*name.split("_")}


def refer_fields(app: AppDraft, entity: EntityDraft) -> None:
    """A field named like a kind of record points at it."""
    for name, draft in list(entity.given.items()):
        if draft.choices or draft.unit or (name not in app.entities and draft.type not in ("string", "text", "tags")):  # fmt: skip
            continue
        target = app.find(singular_word(name)) or (
            app.find(name.split("_")[-1]) if _is_compound(name) and not draft.sure else None
        )
        if target is None or target is entity or target.refers_to(entity.name):
            continue
        index = list(entity.given)
        made = FieldDraft(
            f"{name}_id", "reference", True, label(name), draft.required, target=target.name
        )
        known = [f.name for f in entity.given.values() if f.target == target.name]
        if known == [f"{target.name}_id"] and name.endswith(f"_{target.name}"):
            del entity.given[known[0]]  # 'storage cabinet', and 'it is kept in one cabinet'
            index.remove(known[0])
            known = []
        if known and target.name.endswith(f"_{name}"):
            del entity.given[name]
            continue
        if known and (singular_word(name) == target.name or made.name in known or len(known) > 1):
            del entity.given[name]
            continue
        entity.given = {
            (k if k != name else made.name): (entity.given[k] if k != name else made) for k in index
        }


_LINES = word_set("line item position entry row")
"""Such a kind is named after what it is a part of: 'invoice lines'."""
_HAPPENINGS = word_set(
    "harvest inspection repair maintenance treatment reading visit payment vaccination"
    " cleaning feeding firing"
)
"""What happens to a thing, whatever stands before the word: 'honey harvest'."""


def known_relations(app: AppDraft, entity: EntityDraft) -> None:
    """Give a kind the references that its like usually has, to kinds that exist."""
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
            and not any(
                app.entities[f.target].refers_to(other.name)
                for f in entity.given.values()
                if f.target in app.entities
            )
        ):
            entity.refer(other.name)
    whole = app.entities.get(entity.name.removesuffix(f"_{last}"))
    if (
        whole
        and whole is not entity
        and last in _LINES | _HAPPENINGS
        and not app.connected(whole.name, entity.name)
    ):
        entity.refer(whole.name)
        entity.parent = entity.parent or whole.name
    own = [f for f in entity.given.values() if not f.target]
    links = any(f.target for f in entity.given.values())
    given = last == "donation" and len(own) > 3 and any(f.type == "string" for f in own)
    lined = any(e.joins and e.parent == entity.name for e in app.entities.values())
    told = (entity.complete and (links or len(own) > 4)) or given or lined
    if last in lexicon.LINKS and entity.name != "order_item" and not told:
        _link_event(app, entity)
    elif (
        (entity.name in lexicon.PARTS and last not in lexicon.PARTIES)
        or last in _HAPPENINGS
        or _is_done_to(entity, last)
        or _is_measured(entity)
    ):
        _link_part(app, entity)


def _is_done_to(entity: EntityDraft, last: str) -> bool:
    """'For each tuning I keep the date': it happens to one of the things before it."""
    return (
        last.endswith("ing")
        and not entity.complete
        and any(f.type == "date" for f in entity.given.values())
    )


def _link_part(app: AppDraft, entity: EntityDraft) -> None:
    """A step or a comment that points nowhere belongs to the first main kind before it."""
    connected = any(
        (e.event or e.joins) and e.refers_to(entity.name) for e in app.entities.values()
    )
    if connected or any(f.target for f in entity.given.values()):
        return
    others = (e for e in app.entities.values() if e is not entity)
    wholes = [e for e in others if e.name not in lexicon.PARTS and "date" not in e.given]
    of_people = entity.name in _OF_PEOPLE and any(f.type == "date" for f in entity.given.values())
    main = next(
        (e for e in wholes if not _is_party(e)), wholes[0] if wholes and of_people else None
    )
    order = list(app.entities)
    if main is None or main.refers_to(entity.name):
        return
    if order.index(main.name) < order.index(entity.name):
        entity.refer(main.name)


_OF_PEOPLE = word_set("lesson visit payment treatment weighing fee checkup")
MEASURED = word_set("weight weighing measurement height fee dose temperature check growth")


def _is_measured(entity: EntityDraft) -> bool:
    """'Weights: date, kilograms' are of something else, and nothing is of them."""
    if entity.name.split("_")[-1] not in MEASURED:
        return False
    types = {f.type for f in entity.given.values() if not f.target}
    return bool(types) and "date" in types and types <= {"date", "number", "integer", "money"}


_MAKERS = word_set("author artist trainer publisher supplier teacher instructor")
"""People that an event has its thing from, not the one it happens to."""


def _link_event(app: AppDraft, entity: EntityDraft) -> None:
    """A loan or a booking points at who and at what."""
    targets = [app.entities[f.target] for f in entity.given.values() if f.target]
    has_person = any(_is_party(t) for t in targets) or {"name", "email"} <= {*entity.given}
    has_thing = any(not _is_party(t) for t in targets)
    for other in app.entities.values():
        if (
            other is entity
            or app.connected(entity.name, other.name)
            or other.refers_to(entity.name)
            or other.name.split("_")[-1] in lexicon.LINKS
            or (other.name in lexicon.PARTS - {"session", "guest"})
            or any(n.startswith(f"{other.name}_") and not f.target for n, f in entity.given.items())
        ):
            continue
        if any(t.refers_to(other.name) for t in targets):
            continue
        if any(e.refers_to(entity.name) and e.refers_to(other.name) for e in app.entities.values()):
            continue
        if _is_party(other) and not has_person and other.name.split("_")[-1] not in _MAKERS:
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


def break_cycles(app: AppDraft) -> None:
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
