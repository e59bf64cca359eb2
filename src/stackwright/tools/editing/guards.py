"""What an edit may not do: leave a placeholder for code, or break a file that parsed."""

import ast
import json
import re
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import PurePosixPath

import tree_sitter
import tree_sitter_javascript
import tree_sitter_typescript

from stackwright.tools.editing.matching import EditRefused
from stackwright.tools.editing.text import LINE_END

MAX_COMMENT_CHARS = 160
"""Longer comments explain something."""
MAX_PARSED_CHARS = 100_000
"""Larger files are not checked here: a parser, even in a thread, stops the event loop for 3 ms per
thousand characters. The gate checks them in the sandbox."""

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
    find_error = _parser_for(path)
    if find_error is None or len(after) > MAX_PARSED_CHARS:
        return
    error = find_error(after)
    if error is None:
        return
    if before is not None and find_error(before) is not None:
        return
    raise EditRefused(f"The result would not parse: {path}: {error}. Nothing was changed.")


def _parser_for(path: str) -> Callable[[str], str | None] | None:
    suffix = PurePosixPath(path).suffix
    if path.endswith(".d.ts"):
        # The grammar lacks some of what only declarations use; tsc reads them all.
        return None
    match suffix:
        case ".py":
            return _python_error
        case ".json":
            return _json_error if PurePosixPath(path).name != "tsconfig.json" else None
        case ".ts" | ".mts" | ".cts" | ".tsx" | ".js" | ".mjs" | ".cjs" | ".jsx":
            return lambda text: _tree_error(suffix, text)
        case _:
            return None


def _python_error(text: str) -> str | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except SyntaxError as error:
        return f"line {error.lineno}: {error.msg}"
    except (ValueError, RecursionError, MemoryError) as error:
        return str(error)
    return None


def _json_error(text: str) -> str | None:
    try:
        json.loads(text)
    except (ValueError, RecursionError) as error:
        return str(error)
    return None


@cache
def _language(suffix: str) -> tree_sitter.Language:
    if suffix == ".tsx":
        return tree_sitter.Language(tree_sitter_typescript.language_tsx())
    if suffix in (".ts", ".mts", ".cts"):
        return tree_sitter.Language(tree_sitter_typescript.language_typescript())
    return tree_sitter.Language(tree_sitter_javascript.language())


def _tree_error(suffix: str, text: str) -> str | None:
    tree = tree_sitter.Parser(_language(suffix)).parse(text.encode("utf-8", "surrogatepass"))
    if not tree.root_node.has_error:
        return _mismatched_tag(tree.root_node) if suffix.endswith("x") else None
    node = _first_error(tree.root_node)
    line = node.start_point[0]
    # tree-sitter counts lines by LF alone.
    shown = text.split("\n")[line].strip()[:80]
    what = f"{node.type!r} is missing" if node.is_missing else f"unexpected {shown!r}"
    return f"line {line + 1}: {what}"


def _first_error(node: tree_sitter.Node) -> tree_sitter.Node:
    while not (node.is_error or node.is_missing):
        node = next(child for child in node.children if child.has_error or child.is_missing)
    return node


def _mismatched_tag(root: tree_sitter.Node) -> str | None:
    """JSX whose closing tag has another name, which the grammar lets pass."""
    open_nodes = [root]
    while open_nodes:
        node = open_nodes.pop()
        if node.type == "jsx_element":
            opening, closing = _tag_name(node.children[0]), _tag_name(node.children[-1])
            if opening != closing:
                line = node.children[-1].start_point[0] + 1
                return f"line {line}: </{closing}> closes <{opening}>"
        open_nodes += node.children
    return None


def _tag_name(tag: tree_sitter.Node) -> str:
    name = tag.child_by_field_name("name")
    return name.text.decode() if name is not None and name.text is not None else ""
