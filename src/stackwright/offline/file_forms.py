"""Pictures and documents of records, in the words of people. A wording is a row of `FORMS`."""

import re
from collections.abc import Iterator
from dataclasses import replace
from re import Match

from stackwright.offline.asked import Built, Form, Made
from stackwright.offline.places import kind_named, lower, only, with_entity, with_kit
from stackwright.offline.words import is_plural, singular
from stackwright.scaffold.kit_spec import FileSlot, FilesOptions
from stackwright.scaffold.spec import AppSpec, EntitySpec, FieldSpec

_PICTURES = frozenset(
    {"photo", "screenshot", "picture", "image", "photograph", "logo", "avatar", "thumbnail"}
)
_DOCUMENTS = frozenset({"pdf", "scan", "file"})
_DRAWN = re.compile(r"\b(?:photo|picture|image|photograph)s?\b", re.IGNORECASE)


def pictures_for_addresses(spec: AppSpec, before: AppSpec | None = None) -> tuple[AppSpec, list[tuple[str, Built]]]:  # fmt: skip
    """A field called photo or logo, of which nobody said that it is an address, is an upload: the
    words that named it, and what was built. Fields of `before` stay what they are."""
    built: list[tuple[str, Built]] = []
    for entity in spec.entities:
        known = _names(before, entity)
        for field in entity.fields:
            if _is_picture(entity, field) and field.name not in known:
                slot = FileSlot(
                    entity=entity.name,
                    name=field.name[:40],
                    label=field.label[:60],
                    kind="document" if field.name.endswith(tuple(_DOCUMENTS)) else "picture",
                )
                spec = _with_slot(spec, slot)
                built.append((field.label, _told(entity, slot)))
    return spec, built


def _names(before: AppSpec | None, entity: EntitySpec) -> set[str]:
    found = [one for one in before.entities if one.name == entity.name] if before else []
    return {field.name for one in found for field in one.fields}


def _is_picture(entity: EntitySpec, field: FieldSpec) -> bool:
    last = singular(field.name.split("_")[-1])
    is_address = field.type == "url" and last in _PICTURES | _DOCUMENTS
    is_needed = field.name == entity.title_field or len(entity.fields) == 1
    return is_address and not is_needed


def _with_slot(spec: AppSpec, slot: FileSlot) -> AppSpec:
    """The slot takes the place of a field and of a slot that are called the same."""
    known = spec.kit("files")
    slots = known.settings().slots if known else ()
    others = [one for one in slots if (one.entity, one.name) != (slot.entity, slot.name)]
    options = FilesOptions(slots=(*others, slot)).model_dump(mode="json")
    spec = with_kit(spec, "files", options)
    entity = spec.entity(slot.entity)
    kept = tuple(one for one in entity.fields if one.name != slot.name)
    if entity.title_field == slot.name or not kept:
        return spec
    update = {
        "fields": kept,
        "columns": tuple(name for name in entity.columns if name != slot.name),
        "filters": tuple(name for name in entity.filters if name != slot.name),
    }
    return with_entity(spec, entity.model_copy(update=update))


def _told(entity: EntitySpec, slot: FileSlot) -> Built:
    what = lower(slot.label) if slot.many else f"a {lower(slot.label)}".replace("a i", "an i")
    text = f"{entity.label_plural} have {what}, uploaded and shown with the record."
    return Built(text, "files", entity.name, slot.name)


def _files(spec: AppSpec, found: Match[str]) -> Made | None:
    """'Photos and documents' are a slot each."""
    told = found.groupdict()
    what = (told.get("what") or "").strip()
    made = _slot(spec, told, told.get("thing") or "photos", what)
    if made is None or not told.get("more"):
        return made
    more = _slot(made[0], told, told["more"], what)
    if more is None:
        return None
    text = f"{made[1].text.removesuffix('.')}; {lower(more[1].text)}"
    return more[0], replace(made[1], text=text)


def _slot(spec: AppSpec, told: dict[str, str], thing: str, what: str) -> Made | None:
    entity = kind_named(spec, what) if what else only(list(spec.entities))
    if entity is None:
        return None
    if "thing" not in told and (shown := _first_pictures(spec, entity)):
        return spec, _told(entity, shown)
    words = [word for word in re.split(r"[\s-]+", thing.lower()) if word not in ("a", "an", "the")]
    name = "_".join(words)[:40]
    if singular(name) == entity.name:
        return None
    slot = FileSlot(
        entity=entity.name,
        name=name,
        label=" ".join(words).capitalize().replace("Pdf", "PDF"),
        kind="picture" if _DRAWN.search(thing) else "document",
        many=is_plural(words[-1]),
    )
    return _with_slot(spec, slot), _told(entity, slot)


def _first_pictures(spec: AppSpec, entity: EntitySpec) -> FileSlot | None:
    known = spec.kit("files")
    mine = [one for one in known.settings().slots if one.entity == entity.name] if known else []
    return next((one for one in mine if one.kind == "picture"), None)


def wordings() -> Iterator[str]:
    """The patterns of `FORMS`."""
    lead = r"^(?:please |also |and |then |with |including |be able to |able to |i want to |we want to |i need to |we need to |i can |we can |i'd like to |we'd like to |we would (?:love|like) |i would (?:love|like) |to |let me |let us |people can |it (?:should|must) be possible to |add |have |there (?:is|should be) )*"
    thing = r"(?P<thing>(?:pdf |scanned )?(?:photos?|pictures?|images?|photographs?|scans?|documents?|files?|pdfs?|attachments?))"
    more = thing.replace("thing", "more")
    thing = rf"{thing}(?:(?: and|,|,? and also) (?:an? |the |some )?{more})?"
    to = r"(?:to|for|of|with|on) (?:an? |the |each |every |all |our |my |their )*(?P<what>[\w -]+?)"
    a = r"(?:an? |the |some |one |several |many |multiple |their |our |up to (?:\d{1,2}|two|three|four|five|six|ten) )*"
    yield rf"{lead}(?:upload|attach|add)(?:ing)? {a}{thing}(?: {to})?$"
    yield rf"{lead}{a}{thing} (?:can|should|must|may) be (?:uploaded|attached|added)(?: {to})?$"
    yield rf"{lead}{a}{thing} (?:can|should|must|may) be (?:uploaded|attached|added)$"
    yield rf"{lead}{a}{thing} uploads?(?: {to})?$"
    yield rf"{lead}{a}{thing}(?: {to})?$"
    yield rf"{lead}(?:an? |the )?(?:photo |picture |image )?gallery(?: {to})?$"
    yield rf"^(?:each|every) (?P<what>[\w -]+?) (?:has|can have|may have|gets|needs|should have) {a}{thing}$"
    yield rf"^(?P<what>[\w -]+?) (?:have|can have|may have|get|need|should have) {a}{thing}$"


FORMS: tuple[Form, ...] = tuple((re.compile(one, re.IGNORECASE), _files) for one in wordings())


def asks_for_files(statement: str) -> bool:
    """Whether a whole sentence asks for uploads of several things, and nothing else."""
    plain = " ".join(statement.strip(" .;,!").split())
    found = next((one for form, _ in FORMS if (one := form.search(plain))), None)
    return found is not None and bool(found.groupdict().get("more")) and bool(_UPLOAD.search(plain))


_UPLOAD = re.compile(
    r"\b(?:uploads?|uploaded|uploading|attach|attached|attaching)\b", re.IGNORECASE
)
