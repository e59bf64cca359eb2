"""What an edit may not do: leave a placeholder for code, or break a file that parsed."""

import re
from pathlib import PurePosixPath

from stackwright.tools.editing.matching import EditRefused
from stackwright.tools.editing.parsers import find_parser
from stackwright.tools.editing.text import LINE_END

MAX_COMMENT_CHARS = 160
"""Longer comments explain something."""
_PROSE = frozenset({".md", ".mdx", ".txt", ".rst"})

_COMMENT_BEGIN = re.compile(r"\{/\*|/\*+|//+|#+|<!--|--|\*")
_COMMENT_END = re.compile(r"(?:\*/\}?|-->)$")
_DOTS = r"(?:\.{3}|…)"
_PARTS = (
    r"(?:code|file|function|class|component|content|implementation|method|style|import|logic|prop|"
    r"field|route|handler|test|helper|definition)s?"
)
_STAYS = (
    r"(?:unchanged|untouched|(?:remains?|stays?|is|are)?\s*(?:the\s+)?same|(?:remains?|stays?)(?:\s+\w+)?"
    r"|(?:goes\s+)?here|as\s+(?:is|before)|omitted|truncated)(?:\s+for\s+brevity)?"
)
_PLACEHOLDERS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_DOTS}$",
        rf"{_DOTS}.*\b(?:rest|existing|unchanged|same|previous|remain\w*|others?|more|omitted|code|here)\b",
        (
            rf"(?:(?:keep|add|include|insert|put|and)\s+)?(?:the\s+|your\s+)?(?:rest|remainder)\s+of\s+"
            rf"(?:the\s+|your\s+|this\s+)?(?:\w+\s+){{0,2}}{_PARTS}\b"
        ),
        (
            rf"(?:keep\s+|the\s+|your\s+|all\s+|any\s+)*(?:existing|previous|original|other|remaining)\s+"
            rf"(?:\w+\s+){{0,2}}{_PARTS}\s*(?:{_DOTS}|(?:is\s+|are\s+)?{_STAYS})\W*$"
        ),
        r"(?:\w+\s+)?existing\s+code\W*$",
        (
            rf"(?:the\s+)?(?:rest|remainder|everything\s+else|{_PARTS})\s+(?:of\s+it\s+)?(?:is\s+|are\s+)?"
            rf"{_STAYS}\W*$"
        ),
    )
)


def refuse_placeholders(path: str, old: str, new: str) -> None:
    """Raise EditRefused when `new` has a comment that stands for code, and `old` had it not."""
    if PurePosixPath(path).suffix.lower() in _PROSE:
        return
    known = {line.strip() for line in LINE_END.split(old)}
    for number, line in enumerate(LINE_END.split(new), 1):
        if line.strip() not in known and is_placeholder(line):
            raise EditRefused(
                f"Line {number} ({line.strip()[:80]!r}) stands for code that you left out; writing it "
                "would delete that code. Write the code itself, or edit only the lines that change."
            )


def is_placeholder(line: str) -> bool:
    """Whether the line is a comment such as "... rest of the code unchanged"."""
    stripped = line.strip()
    begin = _COMMENT_BEGIN.match(stripped)
    if begin is None or len(stripped) > MAX_COMMENT_CHARS:
        return False
    words = _COMMENT_END.sub("", stripped[begin.end() :]).split()
    comment = " ".join(words)
    return any(pattern.match(comment) for pattern in _PLACEHOLDERS)


def refuse_broken_syntax(path: str, before: str | None, after: str) -> None:
    """Raise EditRefused when the file parsed before (or is new) and would not parse after."""
    find_error = find_parser(path)
    error = find_error(after) if find_error is not None else None
    if find_error is None or error is None:
        return
    if before is not None and find_error(before) is not None:
        return
    raise EditRefused(f"The result would not parse: {path}: {error}. Nothing was changed.")
