"""What of a witness's source says something of the app, and what is only said beside it."""

import ast
import copy
from collections.abc import Iterable, Iterator, Set

TYPING = frozenset({"fill", "type", "press", "press_sequentially", "step"})
OPTIONS = frozenset({"name", "exact", "timeout", "visible", "json", "params", "has_text", "key"})
"""Arguments that Playwright and the library name, not the app."""
_DOING = frozenset(
    {
        *("click", "dblclick", "fill", "press", "press_sequentially", "check", "uncheck", "drag"),
        *("select_option", "set_checked", "set_input_files", "drag_to", "upload", "post", "put"),
        *("patch", "delete", "send"),
    }
)


def unsaid_parts(node: ast.AST, loaded: Set[str]) -> Iterator[ast.AST]:
    """What is typed, noted, kept under a name that nothing uses, held against itself, or said when an
    assertion fails: it need not be in the app. `loaded` are the names that are used."""
    match node:
        case ast.Call(func=ast.Attribute(attr=name), args=arguments) if name in TYPING:
            for argument in arguments:
                yield from ast.walk(argument)
        case ast.Assert(msg=ast.expr() as message):
            yield from ast.walk(message)
        case ast.Assert(test=condition) if _is_fixed(condition):
            yield from ast.walk(condition)
        case ast.Assign(value=value) if _is_unused(node, loaded) and _is_fixed(value):
            yield from ast.walk(value)
        case ast.Expr(value=value) if _is_fixed(value):
            yield from ast.walk(value)
        case _:
            pass


def names_used(nodes: Iterable[ast.AST]) -> frozenset[str]:
    return frozenset(
        node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    )


def essence(function: ast.FunctionDef) -> str:
    """The source of what it does. Two witnesses with the same one try the same, under whatever name and
    whichever page they open before."""
    body = copy.deepcopy(function).body
    walked = [node for statement in body for node in ast.walk(statement)]
    loaded = names_used(walked)
    beside = {"step"}
    if any(_called(node) in _DOING for node in walked):
        beside.add("visit")
        for node in walked:
            if isinstance(node, ast.Call) and _called(node) == "visit":
                node.args, node.keywords = [], []
    return "\n".join(ast.unparse(one) for one in body if not _is_beside(one, loaded, beside))


def _is_beside(statement: ast.stmt, loaded: Set[str], calls: Set[str]) -> bool:
    match statement:
        case ast.Expr(value=value):
            return _is_fixed(value) or _called(value) in calls
        case ast.Assign(value=value):
            return _is_unused(statement, loaded) and _is_fixed(value)
        case ast.Assert(test=condition):
            return _is_fixed(condition)
        case ast.Pass():
            return True
        case _:
            return False


def _is_unused(assignment: ast.Assign, loaded: Set[str]) -> bool:
    return all(isinstance(one, ast.Name) and one.id not in loaded for one in assignment.targets)


def _is_fixed(value: ast.AST) -> bool:
    """Whether it is the same whatever the app does: it uses nothing and asks nothing."""
    return not any(isinstance(node, ast.Name | ast.Call | ast.Await) for node in ast.walk(value))


def _called(node: ast.AST) -> str:
    match node:
        case ast.Call(func=ast.Attribute(attr=name)):
            return name
        case _:
            return ""
