"""What a source file declares: one line for each signature, with its line number.

Python through its own parser, TypeScript and JavaScript through tree-sitter. Other files have none.
"""

import ast
import re
import warnings
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from pathlib import PurePosixPath

import tree_sitter
import tree_sitter_typescript

MAX_OUTLINED_CHARS = 400_000
MAX_SIGNATURE_CHARS = 200
MAX_ENTRIES = 400

Entry = tuple[int, str]
"""A line number from 1, and a signature, indented below what it belongs to."""

_SPACE = re.compile(r"\s+")
_WITH_BODY = {"function_declaration", "generator_function_declaration", "method_definition"}
_WHOLE = {"interface_declaration", "type_alias_declaration", "enum_declaration"}


def outline(path: str, text: str, *, max_chars: int = MAX_SIGNATURE_CHARS) -> list[Entry]:
    """The signatures of a file in order; empty when it has none or does not parse."""
    if len(text) > MAX_OUTLINED_CHARS:
        return []
    entries = islice(_entries(PurePosixPath(path).suffix, text), MAX_ENTRIES)
    return [
        (number, one if len(one) <= max_chars else f"{one[: max_chars - 1]}…")
        for number, one in entries
    ]


def _entries(suffix: str, text: str) -> Iterator[Entry]:
    if suffix == ".py":
        yield from _python(text)
    elif suffix in (".ts", ".tsx", ".mts", ".js", ".jsx", ".mjs", ".cjs"):
        yield from _script(suffix, text)
    elif suffix == ".md":
        lines = enumerate(text.splitlines(), 1)
        yield from ((number, line) for number, line in lines if line.startswith("#"))


def told(entries: Sequence[Entry]) -> str:
    return "\n".join(f"{number}: {signature}" for number, signature in entries)


def _flat(text: str) -> str:
    flat = _SPACE.sub(" ", text).strip()
    return flat.replace("( ", "(").replace(", )", ")").replace(" )", ")")


def _python(text: str) -> Iterator[Entry]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in tree.body:
        yield from _python_entries(node, "")


def _python_entries(node: ast.stmt, indent: str) -> Iterator[Entry]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            for mark in node.decorator_list:
                yield mark.lineno, f"{indent}@{_flat(ast.unparse(mark))}"
            is_async = "async " if isinstance(node, ast.AsyncFunctionDef) else ""
            returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
            signature = f"{is_async}def {node.name}({ast.unparse(node.args)}){returns}"
            yield node.lineno, indent + _flat(signature)
        case ast.ClassDef():
            bases = ", ".join(ast.unparse(base) for base in [*node.bases, *node.keywords])
            yield node.lineno, indent + _flat(f"class {node.name}{f'({bases})' if bases else ''}")
            for inner in node.body:
                yield from _python_entries(inner, f"{indent}  ")
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield node.lineno, indent + _flat(f"{name}: {ast.unparse(node.annotation)}")
        case ast.Assign(targets=[ast.Name(id=name)]):
            yield node.lineno, indent + _flat(f"{name} = {ast.unparse(node.value)}")
        case _:
            return


def _script(suffix: str, text: str) -> Iterator[Entry]:
    source = text.encode("utf-8", "surrogatepass")
    root = tree_sitter.Parser(_grammar(suffix in (".ts", ".mts"))).parse(source).root_node
    for node in root.children:
        if node.type == "export_statement":
            declared = node.child_by_field_name("declaration")
            yield from _script_entries(declared or node, node, source, "")
        else:
            yield from _script_entries(node, node, source, "")


@cache
def _grammar(is_without_jsx: bool) -> tree_sitter.Language:
    if is_without_jsx:
        return tree_sitter.Language(tree_sitter_typescript.language_typescript())
    return tree_sitter.Language(tree_sitter_typescript.language_tsx())


def _script_entries(
    node: tree_sitter.Node, whole: tree_sitter.Node, source: bytes, indent: str
) -> Iterator[Entry]:
    """`whole` also has what stands before the declaration, such as `export default`."""
    line = whole.start_point[0] + 1
    body = node.child_by_field_name("body")
    if node.type in _WITH_BODY and body is not None:
        yield line, indent + _flat(_text(source, whole.start_byte, body.start_byte))
    elif node.type in _WHOLE or node.type == "export_statement":
        yield line, indent + _flat(_text(source, whole.start_byte, whole.end_byte).rstrip(";"))
    elif node.type in ("class_declaration", "abstract_class_declaration") and body is not None:
        yield line, indent + _flat(_text(source, whole.start_byte, body.start_byte))
        for member in body.children:
            yield from _script_entries(member, member, source, f"{indent}  ")
    elif node.type == "public_field_definition":
        yield line, indent + _flat(_text(source, node.start_byte, node.end_byte))
    elif node.type in ("lexical_declaration", "variable_declaration"):
        yield line, indent + _flat(_declared(node, whole, source))


def _declared(node: tree_sitter.Node, whole: tree_sitter.Node, source: bytes) -> str:
    """A variable with its value, of which a function's body is left out."""
    end = whole.end_byte
    for declarator in node.children:
        value = declarator.child_by_field_name("value")
        body = value.child_by_field_name("body") if value is not None else None
        if body is not None:
            end = body.start_byte
            break
    return _text(source, whole.start_byte, end).rstrip(";").removesuffix("=> ")


def _text(source: bytes, start: int, end: int) -> str:
    return source[start:end].decode("utf-8", "replace")
