"""What the tests of an app assert, read from their source."""

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

MAX_BYTES = 400_000

_SKIPS = frozenset({"skip", "skipif", "xfail", "importorskip"})
_CATCHES_ASSERTIONS = frozenset({"AssertionError", "Exception", "BaseException"})


@dataclass(frozen=True, slots=True)
class AppTest:
    """`weight` counts each assertion as often as the parameters repeat it."""

    name: str
    wishes: frozenset[str]
    assertions: tuple[str, ...]
    weight: int
    is_skipped: bool
    body: str


def read_tests(content: bytes) -> dict[str, AppTest] | None:
    """The tests of one file, by name with their class; None when it is no Python of usual size."""
    if len(content) > MAX_BYTES:
        return None
    try:
        tree = ast.parse(content)
        return dict(_found(tree, tree.body, "", is_skipped=_skips_all(tree)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _found(
    tree: ast.Module, body: Iterable[ast.stmt], prefix: str, *, is_skipped: bool
) -> Iterator[tuple[str, AppTest]]:
    helpers = {node.name: node for node in tree.body if isinstance(node, _FUNCTIONS)}
    for node in body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) if name.startswith(
                "test"
            ):
                yield f"{prefix}{name}", _test(node, helpers, is_skipped=is_skipped)
            case ast.ClassDef(name=name) if name.startswith("Test"):
                inner = is_skipped or _is_skipped(node.decorator_list) or _skips_all(node)
                yield from _found(tree, node.body, f"{prefix}{name}::", is_skipped=inner)
            case _:
                pass


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def _test(node: _Function, helpers: Mapping[str, _Function], *, is_skipped: bool) -> AppTest:
    assertions = tuple(_assertions(node.body, helpers, frozenset()))
    return AppTest(
        name=node.name,
        wishes=frozenset(_wishes(node)),
        assertions=assertions,
        weight=len(assertions) * _repetitions(node),
        is_skipped=is_skipped or _is_skipped(node.decorator_list),
        body="\n".join(ast.dump(statement) for statement in node.body),
    )


def _wishes(node: _Function) -> Iterator[str]:
    for decorator in node.decorator_list:
        match decorator:
            case ast.Call(func=ast.Attribute(attr="wish"), args=arguments):
                yield from (
                    one.value
                    for one in arguments
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                )
            case _:
                pass


def _repetitions(node: _Function) -> int:
    """How often the parameters that stand in the decorators repeat the test."""
    times = 1
    for decorator in node.decorator_list:
        match decorator:
            case ast.Call(
                func=ast.Attribute(attr="parametrize"),
                args=[_, ast.List(elts=cases) | ast.Tuple(elts=cases), *_],
            ):
                times *= len(cases)
            case _:
                pass
    return times


def _is_skipped(decorators: Sequence[ast.expr]) -> bool:
    return any(
        isinstance(node, ast.Attribute) and node.attr in _SKIPS
        for decorator in decorators
        for node in ast.walk(decorator)
    )


def _skips_all(scope: ast.Module | ast.ClassDef) -> bool:
    """`pytestmark = pytest.mark.skip`, `__test__ = False`, `pytest.skip(…)` beside the tests."""
    for node in scope.body:
        match node:
            case ast.Assign(targets=[ast.Name(id="pytestmark")], value=value) if _is_skipped(
                [value]
            ):
                return True
            case ast.Assign(targets=[ast.Name(id="__test__")]):
                return True
            case ast.Expr(value=value) if _is_skipped([value]):
                return True
            case _:
                pass
    return False


def _assertions(
    body: Sequence[ast.stmt], helpers: Mapping[str, _Function], above: frozenset[str]
) -> Iterator[str]:
    """Every assertion that can fail the test, helpers of its file included."""
    for statement in body:
        if isinstance(statement, ast.Return) or _skips_here(statement):
            return
        yield from _of_statement(statement, helpers, above)


def _of_statement(
    statement: ast.stmt, helpers: Mapping[str, _Function], above: frozenset[str]
) -> Iterator[str]:
    match statement:
        case ast.Assert(test=condition):
            if not _is_always_true(condition):
                yield ast.unparse(condition)
        case ast.With() | ast.AsyncWith():
            yield from (
                ast.unparse(item.context_expr)
                for item in statement.items
                if _calls(item.context_expr, "raises")
            )
            if not any(_calls(item.context_expr, "suppress") for item in statement.items):
                yield from _assertions(statement.body, helpers, above)
        case _:
            for block in _blocks(statement):
                yield from _assertions(block, helpers, above)
            yield from _in_expressions(statement, helpers, above)


def _blocks(statement: ast.stmt) -> list[list[ast.stmt]]:
    """What a statement may run, but for blocks whose failures it swallows."""
    match statement:
        case ast.Try() | ast.TryStar():
            is_swallowed = any(_swallows(handler) for handler in statement.handlers)
            tried = [] if is_swallowed else [statement.body]
            return [*tried, statement.orelse, statement.finalbody]
        case ast.If(test=condition) | ast.While(test=condition):
            is_never = isinstance(condition, ast.Constant) and not condition.value
            return [[] if is_never else statement.body, statement.orelse]
        case ast.For() | ast.AsyncFor():
            return [statement.body]
        case _:
            return []


def _in_expressions(
    statement: ast.stmt, helpers: Mapping[str, _Function], above: frozenset[str]
) -> Iterator[str]:
    if _blocks(statement):
        return
    if _calls(statement, "expect") or _calls_an_assertion(statement):
        yield ast.unparse(statement)
    for node in ast.walk(statement):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in helpers.keys() - above:
                yield from _assertions(helpers[name].body, helpers, above | {name})
            case _:
                pass


def _calls(node: ast.AST, name: str) -> bool:
    return any(
        isinstance(one, ast.Call)
        and name in (getattr(one.func, "id", None), getattr(one.func, "attr", None))
        for one in ast.walk(node)
    )


def _calls_an_assertion(node: ast.AST) -> bool:
    return any(
        isinstance(one, ast.Call)
        and isinstance(one.func, ast.Attribute)
        and one.func.attr.lower().startswith("assert")
        for one in ast.walk(node)
    )


def _skips_here(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr="skip" | "xfail" | "exit"))):
            return True
        case _:
            return False


def _is_always_true(condition: ast.expr) -> bool:
    match condition:
        case ast.Constant(value=value):
            return bool(value)
        case ast.Tuple(elts=[_, *_]):
            return True
        case ast.BoolOp(op=ast.Or(), values=values):
            return any(_is_always_true(value) for value in values)
        case ast.Compare(left=left, ops=[ast.Eq() | ast.Is()], comparators=[right]):
            return ast.dump(left) == ast.dump(right)
        case _:
            return False


def _swallows(handler: ast.ExceptHandler) -> bool:
    raises = any(isinstance(node, ast.Raise) for node in ast.walk(handler))
    if handler.type is None:
        return not raises
    names = {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)}
    return not raises and not names.isdisjoint(_CATCHES_ASSERTIONS)
