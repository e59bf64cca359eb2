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

_COMMENT = r"^\s*(?:#|//|/\*|\*|<!--|\{/\*|--)\s*"
_PLACEHOLDER = re.compile(
    _COMMENT
    + r"(?:"
    + r"(?:\.{3}|…).*(?:rest|existing|unchanged|same|previous|remain|other|more|code|here|omitted).*"
    + r"|.*(?:rest of (?:the |your |this )?(?:\w+ )?(?:code|file|function|class|component|content|implementation|method|styles|imports|logic)s?)\b.*"
    + r"|.*\b(?:existing|previous|other|original)\b.*\b(?:code|content|imports|methods|functions|logic|implementation)\b.*(?:unchanged|remains?|stays?|here|as (?:is|before)|\.{3}|…).*"
    + r"|.*\b(?:code|rest|content|everything else|remainder)\b.*\b(?:unchanged|remains? the same|stays? the same|omitted|truncated)\b.*"
    + r"|\s*(?:\.{3}|…)\s*(?:\*/|-->|\*/\})?\s*"
    + r")$",
    re.IGNORECASE,
)


def refuse_placeholders(old: str, new: str) -> None:
    """Raise EditRefused when `new` has a "rest unchanged" line that `old` had not."""
    known = {line.strip() for line in LINE_END.split(old)}
    for number, line in enumerate(LINE_END.split(new), 1):
        if line.strip() not in known and _PLACEHOLDER.match(line):
            raise EditRefused(
                f"Line {number} ({line.strip()[:80]!r}) stands for code that you left out; writing it "
                "would delete that code. Write the code itself, or edit only the lines that change."
            )


def refuse_broken_syntax(path: str, before: str | None, after: str) -> None:
    """Raise EditRefused when the file parsed before (or is new) and would not parse after."""
    find_error = _parser_for(path)
    if find_error is None:
        return
    error = find_error(after)
    if error is None:
        return
    if before is not None and find_error(before) is not None:
        return
    raise EditRefused(f"The result would not parse: {path}: {error}. Nothing was changed.")


def _parser_for(path: str) -> Callable[[str], str | None] | None:
    suffix = PurePosixPath(path).suffix
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
        return None
    node = _first_error(tree.root_node)
    line = node.start_point[0]
    shown = LINE_END.split(text)[line].strip()[:80] if text else ""
    what = f"{node.type!r} is missing" if node.is_missing else f"unexpected {shown!r}"
    return f"line {line + 1}: {what}"


def _first_error(node: tree_sitter.Node) -> tree_sitter.Node:
    while not (node.is_error or node.is_missing):
        node = next(child for child in node.children if child.has_error or child.is_missing)
    return node
