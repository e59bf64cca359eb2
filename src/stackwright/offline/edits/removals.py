"""Edits that take away what is no record and no field: views, rules, kits, uploads."""

from collections.abc import Sequence
from typing import Any

from stackwright.offline.edits.fields import Edit, changed, refused
from stackwright.offline.places import lower, with_kit
from stackwright.scaffold.kit_spec import FileSlot, FilesOptions
from stackwright.scaffold.spec import AppSpec, EntitySpec
from stackwright.scaffold.words import Rule, key_of


def remove_views(spec: AppSpec, entity: EntitySpec, kind: str) -> Edit:
    """Take the charts, the board or the calendar of a kind of record away; the records stay."""
    kept = tuple(view for view in entity.views if view.view != kind)
    told = f"{entity.label_plural} have no {kind} any more."
    return changed(spec, entity.model_copy(update={"views": kept}), told)


def remove_rules(spec: AppSpec, entity: EntitySpec, rules: Sequence[Rule], told: str) -> Edit:
    """What these rules refused is taken from now on. `told` says what they refused."""
    gone = {key_of(one) for one in rules}
    kept = tuple(one for one in entity.rules if key_of(one) not in gone)
    sentence = f"Removed the rule: {told}"
    return changed(spec, entity.model_copy(update={"rules": kept}), sentence)


def remove_files(spec: AppSpec, slot: FileSlot) -> Edit:
    """Take a place for uploads away."""
    use = spec.kit("files")
    slots = [one for one in use.settings().slots if one != slot] if use else []
    options = FilesOptions(slots=tuple(slots)).model_dump(mode="json") if slots else None
    entity = spec.entity(slot.entity)
    told = f'Removed "{slot.label}" from {entity.label_plural.lower()}.'
    return Edit(with_kit(spec, "files", options), told, entity=entity.name)


def remove_login(spec: AppSpec) -> Edit:
    """Everybody may do everything again."""
    if spec.kit("accounts") is None:
        return refused(spec, "There is no login to remove.")
    told = "Removed the login: anyone may see and change all records."
    return Edit(with_kit(spec, "accounts", None), told)


def remove_look(spec: AppSpec, option: str) -> Edit:
    """'' for the whole look."""
    use = spec.kit("look")
    if use is None or (option and option not in use.options):
        what = option or "special look"
        return refused(spec, f"There is no {what} to remove.")
    left = {name: value for name, value in use.options.items() if option and name != option}
    told = f"Removed the {option}." if option else "It looks as it did at first."
    return Edit(with_kit(spec, "look", left or None), told)


def remove_ways(spec: AppSpec, entity: EntitySpec | None, way: str) -> Edit:
    """No more import, export or print of these records, or of all."""
    use = spec.kit("exchange")
    tables: list[dict[str, Any]] = []
    gone: list[str] = []
    for one in use.settings().tables if use else ():
        kept = [
            w for w in one.ways if w != way or (entity is not None and entity.name != one.entity)
        ]
        if len(kept) < len(one.ways):
            gone.append(lower(spec.entity(one.entity).label_plural))
        if kept:
            tables.append({"entity": one.entity, "ways": kept})
    if not gone:
        return refused(spec, f"There is no {way} to remove.")
    told = f"Removed the {way} of {' and '.join(gone)}."
    return Edit(with_kit(spec, "exchange", {"tables": tables} if tables else None), told)


def remove_mails(spec: AppSpec, entity: EntitySpec | None) -> Edit:
    """No more mails are sent by themselves, or none about these records."""
    use = spec.kit("messages")
    mails = use.settings().mails if use else ()
    kept = [one for one in mails if entity is not None and one.entity != entity.name]
    if len(kept) == len(mails):
        return refused(spec, "There are no mails to remove.")
    told = [one.model_dump(exclude_defaults=True) for one in kept]
    about = f" about {lower(entity.label_plural)}" if entity else ""
    return Edit(
        with_kit(spec, "messages", {"mails": told} if told else None),
        f"Removed the mails{about}: none is sent any more.",
    )


def remove_public(spec: AppSpec) -> Edit:
    """No pages without a login."""
    if spec.kit("public") is None:
        return refused(spec, "There is no public page to remove.")
    return Edit(with_kit(spec, "public", None), "Removed the public pages.")
