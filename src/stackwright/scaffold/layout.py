"""Lays Python source out as the formatter of generated applications does, which then changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

LINE_LENGTH = 100
"""The generated backend's own limit (its pyproject.toml)."""
STEP = "    "


@dataclass(frozen=True)
class Group:
    """Parts in brackets with commas between them: a call, a signature, a subscript.

    `head` ends with the opening bracket, `tail` begins with the closing one. A group that `is_optional`
    is a type to which `| None` is added."""

    head: str
    parts: tuple["str | Group", ...]
    tail: str
    is_optional: bool = False


def flat(part: str | Group) -> str:
    if isinstance(part, str):
        return part
    inside = ", ".join(flat(each) for each in part.parts)
    return f"{part.head}{inside}{part.tail}" + (" | None" if part.is_optional else "")


def laid_out(part: str | Group, indent: str = "", after: str = "") -> str:
    """On one line if it fits, else all parts on the next line, else each part on its own.

    `after` is what follows on the last line; the first line comes without its indent."""
    whole = flat(part)
    if isinstance(part, str) or len(indent + whole + after) <= LINE_LENGTH:
        return whole
    inner = indent + STEP
    together = ", ".join(flat(each) for each in part.parts)
    end = f"{indent}{part.tail}" + (f"\n{indent}| None" if part.is_optional else "")
    if len(inner + together) <= LINE_LENGTH:
        return f"{part.head}\n{inner}{together}\n{end}"
    lines = [f"{inner}{laid_out(each, inner, ',')},\n" for each in part.parts]
    return f"{part.head}\n{''.join(lines)}{end}"


def call(head: str, parts: Sequence[str | Group], tail: str = ")", indent: str = "") -> str:
    return laid_out(Group(head, tuple(parts), tail), indent)


def item(head: str, parts: Sequence[str | Group], indent: str) -> str:
    """A call that stands with a comma in a list of several lines, each indented by `indent`."""
    return laid_out(Group(head, tuple(parts), ")"), indent, ",")


def field_line(name: str, kind: str | Group, default: str = "") -> str:
    """A field of a model, indented by one step: `name: kind = default`."""
    end = f" = {default}" if default else ""
    whole = f"{name}: {flat(kind)}{end}"
    if len(STEP + whole) <= LINE_LENGTH:
        return whole
    function, _, arguments = default.partition("(")
    start = f"{name}: {flat(kind)} = {function}("
    if arguments not in ("", ")") and len(STEP + start) <= LINE_LENGTH:
        return f"{start}\n{STEP * 2}{arguments.removesuffix(')')}\n{STEP})"
    if isinstance(kind, str):
        return whole
    if not kind.is_optional:
        return call(f"{name}: {kind.head}", kind.parts, f"{kind.tail}{end}", STEP)
    return f"{name}: (\n{STEP * 2}{laid_out(kind, STEP * 2)}\n{STEP}){end}"


def tuple_of(name: str, parts: Sequence[str], indent: str) -> str:
    """An argument `name=(…),` with one line for each part; a single part that fits stays on the line."""
    whole = f"{name}=({parts[0]},)," if parts else f"{name}=(),"
    if len(parts) < 2 and "\n" not in whole and len(indent + whole) <= LINE_LENGTH:
        return whole
    return f"{name}=(\n" + "".join(f"{indent}{STEP}{part},\n" for part in parts) + f"{indent}),"
