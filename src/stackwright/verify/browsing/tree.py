"""A page's accessible tree as lines: made compact, compared, and searched for what was meant."""

import difflib
import re
from collections.abc import Sequence

from stackwright.tools.browser_actions import Target

MAX_LINES = 3000
MAX_LINE_CHARS = 300
MAX_TREE_CHARS = 6000
MAX_CHANGED_LINES = 60
MAX_COMPARED_LINES = 1500
"""Of more, only the set of lines is compared: a real comparison takes seconds."""
MAX_CANDIDATES = 8

_NAMED = re.compile(r'\s*- ([a-z]+)(?: "((?:[^"\\]|\\.)*)")?')
_QUOTED = re.compile(r"(\s*- )'(.*)'(:?)$")
_OPTION = re.compile(r'(\s*)- option "((?:[^"\\]|\\.)*)"(.*)')
_LIST = re.compile(r"(\s*)- (?:combobox|listbox)\b.*:")
_CONTAINER = re.compile(r'(\s*- (?:row|cell|gridcell|rowheader)) "(?:[^"\\]|\\.)*":$')
_PROPERTY = re.compile(r"\s*- /(url|placeholder): (.*)")


def compact(snapshot: str) -> list[str]:
    """The lines that say something. An address goes to its link, a placeholder to its field, options to their
    list; pictures without a name, and names that repeat what is inside, are left out."""
    out: list[str] = []
    for raw in snapshot.split("\n", MAX_LINES)[:MAX_LINES]:
        line = _unquoted(raw)
        if not line.strip() or line.strip() == "- img":
            continue
        if out and (found := _PROPERTY.match(line)):
            told = f"→ {found[2]}" if found[1] == "url" else f"(placeholder: {found[2]})"
            out[-1] = f"{out[-1].removesuffix(':')} {told}"
        elif out and (found := _OPTION.match(line)) and _takes_option(out[-1], len(found[1])):
            chosen = "*" if "[selected]" in found[3] else ""
            separator = " " if out[-1].endswith(":") else " | "
            out[-1] += f"{separator}{chosen}{found[2]}"
        else:
            out.append(_CONTAINER.sub(r"\1:", line))
    return [_cut(line) for line in out]


def _unquoted(line: str) -> str:
    """Without the quotes around a line, which YAML needs and nobody else."""
    found = _QUOTED.match(line)
    return (
        line if found is None else f"{found[1]}{found[2].replace(chr(39) * 2, chr(39))}{found[3]}"
    )


def _takes_option(line: str, depth: int) -> bool:
    """Whether the line is the list that an option of this depth is in."""
    found = _LIST.match(line)
    return found is not None and len(found[1]) < depth


def _cut(line: str) -> str:
    return line if len(line) <= MAX_LINE_CHARS else line[:MAX_LINE_CHARS] + "…"


def clipped(lines: Sequence[str], limit: int = MAX_TREE_CHARS) -> str:
    """As many lines as fit, and how to read the others."""
    size = 0
    for index, line in enumerate(lines):
        size += len(line) + 1
        if size > limit:
            rest = len(lines) - index
            return "\n".join([*lines[:index], f"… {rest} more lines; `read` one part by its role"])
    return "\n".join(lines)


def changed_lines(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """`- ` what is gone, `+ ` what is new. Moved further in or out does not count."""
    old, new = [line.strip() for line in before], [line.strip() for line in after]
    if len(old) + len(new) > MAX_COMPARED_LINES:
        gone, come = set(old) - set(new), set(new) - set(old)
        out = [f"- {x[2:]}" for x in old if x in gone] + [f"+ {x[2:]}" for x in new if x in come]
    else:
        out = _compared(old, new)
    rest = len(out) - MAX_CHANGED_LINES
    return [*out[:MAX_CHANGED_LINES], *([f"… and {rest} more lines"] if rest > 0 else [])]


def _compared(old: Sequence[str], new: Sequence[str]) -> list[str]:
    out: list[str] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            out += [f"- {line.removeprefix('- ')}" for line in old[a:b]]
            out += [f"+ {line.removeprefix('- ')}" for line in new[c:d]]
    return out


def nearest(lines: Sequence[str], target: Target) -> list[str]:
    """What on the page is most like the element that was not found."""
    wanted = next((w for w in _words_of(target) if w), "").lower()
    scored: dict[str, float] = {}
    for line in lines:
        found = _NAMED.match(line)
        if found is None:
            continue
        role, name = found[1], (found[2] or line.partition(": ")[2]).lower()
        score = difflib.SequenceMatcher(None, wanted, name[:200], autojunk=False).ratio()
        score += 0.5 * bool(wanted and wanted in name) + 0.4 * (role == target.role)
        if score >= 0.4:
            told = line.strip().removeprefix("- ").removesuffix(":")
            scored[told] = max(score, scored.get(told, 0))
    return sorted(scored, key=lambda told: -scored[told])[:MAX_CANDIDATES]


def _words_of(target: Target) -> tuple[str | None, ...]:
    return (target.name, target.label, target.placeholder, target.text, target.test_id)
