"""A test waits for an event. Where time itself is what is tried, a comment on the line says so."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
LOOPS = (ast.While, ast.For, ast.AsyncFor)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def fixed_sleeps(source: str) -> Iterator[int]:
    """Lines that sleep for some time, outside of a loop that looks again and without a comment."""
    lines = source.splitlines()
    waiting: list[tuple[ast.AST, bool]] = [(ast.parse(source), False)]
    while waiting:
        parent, is_in_loop = waiting.pop()
        for node in ast.iter_child_nodes(parent):
            loops = (is_in_loop or isinstance(node, LOOPS)) and not isinstance(node, FUNCTIONS)
            waiting.append((node, loops))
            match node:
                case ast.Call(func=ast.Attribute(attr="sleep"), args=[ast.Constant(value=0)]):
                    pass
                case ast.Call(func=ast.Attribute(attr="sleep"), lineno=line):
                    if not loops and "  # " not in lines[line - 1]:
                        yield line
                case _:
                    pass


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import time\ntime.sleep(0.1)", [2]),
        ("async def f():\n    await asyncio.sleep(s)", [2]),
        ("while True:\n    def f():\n        time.sleep(1)", [3]),
        ("while True:\n    time.sleep(0.1)", []),
        ("await asyncio.sleep(0)", []),
        ("time.sleep(2)  # longer than the limit", []),
    ],
)
def test_fixed_sleeps_are_found(source: str, found: list[int]) -> None:
    assert list(fixed_sleeps(source)) == found


def test_no_test_sleeps_where_it_could_wait_for_an_event() -> None:
    found = [
        f"{path.relative_to(TESTS)}:{line}"
        for path in sorted(TESTS.rglob("*.py"))
        for line in fixed_sleeps(path.read_text())
    ]
    assert found == []
