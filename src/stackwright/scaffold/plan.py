"""Follow-ups: what to write, what to delete, and what a person changed and therefore stays."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import unified_diff

from stackwright.scaffold.client import CLIENT_PATH
from stackwright.scaffold.generate import Manifest, digest, manifest_text, source_files
from stackwright.scaffold.kits import refuse_unfit, template_text
from stackwright.scaffold.migrations import Renames, diff_specs
from stackwright.scaffold.spec import SPEC_PATH, AppSpec, WishLink
from stackwright.scaffold.words import RULE_KINDS

PLACEHOLDER = "stackwright: placeholder"
"""Marks files of the template that exist to be replaced."""


@dataclass(frozen=True)
class ScaffoldPlan:
    """`writes` holds only files whose text differs, the manifest included.

    `kept` are files changed by hand that need no change now; `conflicts` are files changed by hand
    that the new specification would change or remove: they are left alone, somebody has to look.
    `missed` is what it would have changed in them, as a diff.
    """

    writes: dict[str, str]
    deletes: tuple[str, ...]
    kept: tuple[str, ...]
    conflicts: tuple[str, ...]
    missed: tuple[str, ...] = ()


def plan_changes(
    old_manifest: Manifest | str | None,
    new_spec: AppSpec,
    current_files: Mapping[str, str],
    renames: Renames | None = None,
    wishes: Sequence[WishLink] = (),
) -> ScaffoldPlan:
    """Plan the changes from the workspace as it is to `new_spec`. `current_files` holds at least the
    generated files;
    `wishes` come to those that the manifest knows.

    The text of a manifest may be given; raises ValueError (pydantic's) when it is not one, and for a
    kit that does not fit the files.
    """
    old = (
        Manifest.model_validate_json(old_manifest)
        if isinstance(old_manifest, str)
        else old_manifest
    )
    refuse_unfit(new_spec.kits, current_files)
    migrations = old.migrations if old else ()
    if old is not None:
        steps = diff_specs(old.spec, new_spec, renames, first=len(migrations) + 1)
        migrations = (*migrations, *steps)
    links = _links(old.wishes if old else (), wishes, renames)
    files = source_files(new_spec, migrations, links)
    known = dict(old.generated) if old else {}
    writes: dict[str, str] = {}
    kept: list[str] = []
    conflicts: list[str] = []
    generated: dict[str, str] = {}
    for path, text in sorted(files.items()):
        match _decision(path, text, current_files.get(path), known):
            case "write":
                writes[path] = text
            case "keep":
                kept.append(path)
            case "conflict":
                conflicts.append(path)
            case _:
                pass
        is_left = path in kept or path in conflicts
        generated[path] = known.get(path, digest(text)) if is_left else digest(text)
    obsolete = sorted(path for path in known if path not in files and path in current_files)
    untouched = [path for path in obsolete if digest(current_files[path]) == known[path]]
    deletes = [path for path in untouched if template_text(path) is None]
    writes |= {path: text for path in untouched if (text := template_text(path)) is not None}
    conflicts += [path for path in obsolete if path not in untouched]
    manifest = manifest_text(
        Manifest(spec=new_spec, generated=generated, migrations=migrations, wishes=links)
    )
    if current_files.get(SPEC_PATH) != manifest:
        writes[SPEC_PATH] = manifest
    missed = _missed(old, conflicts, files) if old is not None and conflicts else ()
    return ScaffoldPlan(writes, tuple(deletes), tuple(kept), tuple(conflicts), tuple(missed))


def _missed(old: Manifest, paths: Sequence[str], files: Mapping[str, str]) -> Iterator[str]:
    before = source_files(old.spec, old.migrations, old.wishes)
    for path in paths:
        was, wanted = before.get(path, "").splitlines(), files.get(path, "").splitlines()
        diff = "\n".join(unified_diff(was, wanted, path, path, lineterm="", n=1))
        if diff:
            yield diff


def _links(
    before: Sequence[WishLink], new: Sequence[WishLink], renames: Renames | None
) -> tuple[WishLink, ...]:
    """All links, the earlier ones under the names that things have now."""
    names = renames or Renames()
    followed = [
        link.model_copy(
            update={
                "entity": names.entities.get(link.entity, link.entity),
                "field": _followed(link, names),
            }
        )
        for link in before
    ]
    return tuple(dict.fromkeys((*followed, *new)))


def _followed(link: WishLink, names: Renames) -> str:
    """The name of the field now; a rule is called by its kind and its first field."""
    if link.shows != "rule":
        return names.fields.get((link.entity, link.field), link.field)
    kind = next((one for one in RULE_KINDS if link.field.startswith(f"{one}_")), "")
    field = link.field.removeprefix(f"{kind}_")
    return f"{kind}_{names.fields.get((link.entity, field), field)}"


def _decision(path: str, text: str, current: str | None, known: Mapping[str, str]) -> str:
    if current == text:
        return "same"
    if current is None:
        return "write"
    if path in known:
        if digest(current) == known[path]:
            return "write"
        return "keep" if digest(text) == known[path] else "conflict"
    is_derived = path == CLIENT_PATH
    is_placeholder = PLACEHOLDER in current.split("\n", 1)[0]
    is_of_template = current == template_text(path)
    return "write" if is_placeholder or is_derived or is_of_template else "conflict"
