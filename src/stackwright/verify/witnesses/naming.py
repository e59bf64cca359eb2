"""Which words of a witness name something of the app: what it surely looks for, and did not type in."""

import ast
from collections.abc import Iterable, Iterator, Set
from typing import cast

from stackwright.verify.witnesses.essence import TYPING

_MADE = frozenset({"create", "post", "put", "patch", "send"})
"""What is sent along is of the witness's own choosing, too."""
MIN_TYPED_CHARS = 3
_OF_THE_APP = frozenset(
    {"field", "button", "get_by_label", "get_by_placeholder", "records", "visit"}
)
"""What these are given is there before anything is typed."""
_ABSENT = frozenset({"to_be_hidden", "to_be_empty"})


def acts_named(node: ast.AST) -> Iterator[str]:
    """What it does by a request that is called so: who tries to delete has no label to read for it."""
    match node:
        case ast.Call(func=ast.Attribute(attr="delete", value=ast.Attribute(attr="api"))):
            yield "delete"
        case _:
            pass


def seldom_run(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """What is run only if something holds, or never: an assertion there may be none."""
    for node in ast.walk(function):
        if isinstance(node, ast.FunctionDef) and node is not function:
            yield from ast.walk(node)
        yield from _all(_conditional(node))
        for name in ("body", "orelse", "finalbody"):
            statements = getattr(node, name, None)
            if isinstance(statements, list):
                yield from _after_the_end(cast(list[ast.AST], statements))


def _conditional(node: ast.AST) -> Iterable[ast.AST]:
    match node:
        case ast.If(body=body, orelse=orelse) | ast.While(body=body, orelse=orelse):
            return (*body, *orelse)
        case ast.For(iter=over, body=body, orelse=orelse) if not _is_certain(over):
            return (*body, *orelse)
        case ast.IfExp(body=first, orelse=second):
            return (first, second)
        case (
            ast.BoolOp(op=ast.Or(), values=[_, *later])
            | ast.Expr(value=ast.BoolOp(values=[_, *later]))
        ):
            return later
        case (
            ast.Call(func=ast.Name(id="all"), args=[ast.GeneratorExp(elt=each)])
            | ast.Expr(value=ast.ListComp(elt=each))
        ):
            return (each,)
        case _:
            return ()


def _all(parts: Iterable[ast.AST]) -> Iterator[ast.AST]:
    for part in parts:
        yield from ast.walk(part)


def _after_the_end(statements: list[ast.AST]) -> Iterator[ast.AST]:
    ends = (ast.Return, ast.Raise, ast.Break, ast.Continue)
    place = next((n for n, one in enumerate(statements) if isinstance(one, ends)), None)
    if place is not None:
        yield from _all(statements[place + 1 :])


def _is_certain(over: ast.expr) -> bool:
    """Whether a loop over it surely runs: it is written there, or counted."""
    match over:
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            return bool(parts)
        case ast.Call(func=ast.Name(id="range" | "enumerate" | "zip"), args=arguments):
            return all(isinstance(one, ast.Constant) or _is_certain(one) for one in arguments)
        case ast.Name():
            return True  # a constant of the file, mostly
        case _:
            return False


def absent_parts(node: ast.AST) -> Iterator[ast.AST]:
    """What is said not to be there: any text is not there."""
    match node:
        case ast.Call(func=ast.Attribute(attr=name, value=value)) if (
            name.startswith("not_to_") or name in _ABSENT or _counts_none(node)
        ):
            yield from ast.walk(value)
            yield from _all(node.args)
        case ast.Compare(ops=[ast.NotIn()]):
            yield from ast.walk(node)
        case ast.Compare(left=left, ops=[ast.NotEq()], comparators=[right]):
            yield from (one for one in (left, right) if isinstance(one, ast.Constant))
        case ast.UnaryOp(op=ast.Not()):
            yield from ast.walk(node)
        case _:
            pass


def _counts_none(call: ast.Call) -> bool:
    match call:
        case ast.Call(func=ast.Attribute(attr="to_have_count"), args=[ast.Constant(value=0)]):
            return True
        case _:
            return False


def typed_texts(nodes: Iterable[ast.AST], kept: dict[str, ast.expr]) -> frozenset[str]:
    """What it types in and sends, in small letters; `kept`: values by name."""
    found: set[str] = set()
    for node in nodes:
        match node:
            case ast.Call(func=ast.Attribute(attr=name), args=args, keywords=keywords) if (
                name in TYPING or name in _MADE
            ):
                first = 0 if name in TYPING or name == "create" else 1
                for value in (*args[first:], *(one.value for one in keywords)):
                    found |= _texts(value, kept)
            case _:
                pass
    return _telling(found)


def _telling(texts: Iterable[str]) -> frozenset[str]:
    """A number is no name of anything."""
    return frozenset(one for one in texts if len(one) >= MIN_TYPED_CHARS and not one.isnumeric())


def types_in(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and (
        isinstance(node.func, ast.Attribute) and node.func.attr in (TYPING | _MADE)
    )


def texts_given(call: ast.Call, kept: dict[str, ast.expr]) -> frozenset[str]:
    """The texts among its arguments, in small letters."""
    values = (*call.args, *(one.value for one in call.keywords))
    return _telling(text for value in values for text in _texts(value, kept))


def own_names(node: ast.AST) -> Iterator[ast.AST]:
    """Labels, addresses and fields of records: what was typed is none, whatever it says."""
    match node:
        case ast.Call(func=ast.Attribute(attr=name), args=arguments) if name in _OF_THE_APP:
            yield from _all(arguments)
        case ast.Subscript(slice=key):
            yield from ast.walk(key)
        case ast.Dict(keys=keys):
            yield from (one for one in keys if one is not None)
        case ast.keyword():
            yield node
        case _:
            pass


def _texts(value: ast.AST, kept: dict[str, ast.expr]) -> set[str]:
    """Texts in a value; of a dictionary those of its values, since its keys are fields of the app."""
    found: set[str] = set()
    match value:
        case ast.Constant(value=str(text)):
            return {text.casefold().strip()}
        case ast.Name(id=name) if name in kept:
            return _texts(kept[name], {key: one for key, one in kept.items() if key != name})
        case ast.Dict(values=values):
            parts: Iterable[ast.AST] = values
        case _:
            parts = ast.iter_child_nodes(value)
    for part in parts:
        found |= _texts(part, kept)
    return found


def is_typed(text: str, typed: Set[str]) -> bool:
    """Whether a text is one that was typed in, a part of it, or more of it."""
    plain = text.casefold().strip()
    return any(plain in one or one in plain for one in typed) if plain else False
