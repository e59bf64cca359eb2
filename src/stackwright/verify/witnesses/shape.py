"""What a witness must look like before it is run: it acts, then asserts, and reaches for nothing else.

The rules read the source only. That a witness can fail is found out by running it (`belief`).
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stackwright.verify.witnesses.essence import OPTIONS, essence, names_used, unsaid_parts

MAX_BYTES = 64_000
IMPORTS = frozenset(
    {
        *(
            "pytest",
            "playwright",
            "__future__",
            "typing",
            "re",
            "json",
            "math",
            "datetime",
        ),
        *("decimal", "random", "string", "itertools", "functools", "collections", "csv", "io"),
        *("uuid", "time", "calendar", "statistics", "urllib", "base64", "zoneinfo", "dataclasses"),
        "actors",
    }
)
_FORBIDDEN_NAMES = frozenset(
    {
        *("open", "exec", "eval", "compile", "__import__", "globals", "vars", "getattr", "setattr"),
        *("breakpoint", "input", "exit", "quit"),
    }
)
_OF_LIBRARY = frozenset({"Actor", "Answer", "Api", "App", "Locator", "Page", "expect"})
"""What `witness` offers. Its other parts decide how a witness ended."""
_FORBIDDEN_ATTRIBUTES = frozenset(
    {
        *("skip", "skipif", "xfail", "importorskip"),
        # ways from a module that may be imported to one that may not, and to pytest's own parts
        *("sys", "os", "modules", "builtins", "subprocess", "config", "pluginmanager", "hookimpl"),
        *("MonkeyPatch", "main"),
        # what would stand in for the app
        *("route", "route_from_har", "fulfill", "set_content", "add_init_script", "add_script_tag"),
    }
)
_FORBIDDEN_ARGUMENTS = frozenset({"request", "monkeypatch", "pytestconfig", "pytester"})
"""Fixtures that reach into pytest itself."""
ACTORS = "actors.py"
_ACTIONS = frozenset(
    {
        *("click", "dblclick", "fill", "press", "press_sequentially", "check", "uncheck", "clear"),
        *("select_option", "set_input_files", "drag_to", "drag", "upload", "tap", "hover", "focus"),
        *("post", "put", "patch", "delete", "send", "goto", "type", "dispatch_event", "reload"),
        *("set_viewport_size", "get", "list", "as_actor", "wait_for_mail", "emulate_media"),
    }
)
_LOOKS = frozenset({"visit"})
_EXPECTATION = "expect"


@dataclass(frozen=True, slots=True)
class WitnessTest:
    """A test function of a witness file. `problems` says, for its author, why it is no witness."""

    name: str
    wishes: tuple[str, ...]
    problems: tuple[str, ...]
    assertions: int
    words: tuple[str, ...] = ()
    """What it names of the app: labels, texts, addresses, fields. Not what it types in."""
    body: str = ""
    """What it does, without its name, its comments, and what changes nothing of it."""


@dataclass(frozen=True, slots=True)
class WitnessFile:
    """`problems` hold for the whole file; then none of its tests is run."""

    path: str
    tests: tuple[WitnessTest, ...]
    problems: tuple[str, ...]


def read_witness(path: str, content: bytes) -> WitnessFile:
    """The tests of one file in `acceptance/`, with what is wrong with each."""
    if len(content) > MAX_BYTES:
        return WitnessFile(path, (), (f"it is longer than {MAX_BYTES // 1000} KB",))
    try:
        tree = ast.parse(content, path)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 1
        return WitnessFile(path, (), (f"line {line}: {getattr(error, 'msg', error)}",))
    problems = tuple(dict.fromkeys(_forbidden(tree)))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    helpers = {node.name: node for node in functions if not node.name.startswith("test_")}
    found = [node for node in functions if node.name.startswith("test_")]
    trace = _Trace(helpers, _constants(tree))
    return WitnessFile(path, tuple(_test(node, trace) for node in found), problems)


def actors_problems(content: bytes) -> tuple[str, ...]:
    """What is wrong with `actors.py`, which runs beside the witnesses and has to keep to their rules."""
    return read_witness(ACTORS, content).problems


def _forbidden(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        for problem in (*_imports_forbidden(node), *_uses_forbidden(node)):
            yield f"line {getattr(node, 'lineno', 1)}: a witness cannot {problem}"


def _imports_forbidden(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Import(names=names):
            for name in names:
                if name.name.partition(".")[0] not in IMPORTS:
                    yield f"import {name.name}"
        case ast.ImportFrom(module="witness", names=names, level=0):
            for name in names:
                if name.name not in _OF_LIBRARY:
                    yield f"import {name.name} from witness"
        case ast.ImportFrom(module=module, level=level):
            if level or (module or "").partition(".")[0] not in IMPORTS:
                yield f"import {module or 'relatively'}"
        case _:
            pass


def _uses_forbidden(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name) if name in _FORBIDDEN_NAMES:
            yield f"use {name}"
        case ast.arg(arg=name) if name in _FORBIDDEN_ARGUMENTS:
            yield f"take {name}"
        case ast.Attribute(attr="sleep"):
            yield "use sleep; expect waits by itself"
        case ast.Attribute(attr=name) if name in _FORBIDDEN_ATTRIBUTES:
            yield f"use {name}"
        case ast.Attribute(attr=name, ctx=ast.Store() | ast.Del()):
            yield f"set {name} of something else"
        case ast.Attribute(attr=name) if name.startswith("_"):
            yield f"use the private {name}"
        case _:
            pass


def _test(node: ast.FunctionDef, trace: "_Trace") -> WitnessTest:
    wishes = tuple(_wishes(node))
    acts, looks, asserts, statuses = trace.of(node)
    problems: list[str] = []
    if not wishes:
        problems.append('it is marked with no wish: @pytest.mark.wish("w1")')
    if "app" not in {argument.arg for argument in node.args.args}:
        problems.append("it does not take `app`, so it does not try the application")
    if not asserts:
        problems.append("it asserts nothing")
    elif not acts and not looks:
        problems.append("it does nothing before it asserts")
    elif max(asserts) < min(acts + looks):
        problems.append("it asserts before it acts, and nothing after")
    elif statuses == len(asserts):
        problems.append(
            "it only asserts that some status is an error: say which, and what is kept or shown"
        )
    return WitnessTest(
        node.name,
        wishes,
        tuple(problems),
        len(asserts),
        words=tuple(dict.fromkeys(trace.words(node))),
        body=essence(node),
    )


def _constants(tree: ast.Module) -> dict[str, ast.expr]:
    """What the file says once for all its tests, by name."""
    return {
        target.id: statement.value
        for statement in tree.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }


def _wishes(node: ast.FunctionDef) -> Iterator[str]:
    for decorator in node.decorator_list:
        match decorator:
            case ast.Call(func=ast.Attribute(attr="wish"), args=arguments):
                for argument in arguments:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        yield argument.value
            case _:
                pass


@dataclass(frozen=True, slots=True)
class _Trace:
    """Follows a test and the helpers of its file that it calls, in the order in which they stand."""

    helpers: dict[str, ast.FunctionDef]
    constants: dict[str, ast.expr]

    def words(self, test: ast.FunctionDef) -> Iterator[str]:
        """Texts and names of fields in what it does, apart from what it types and from its notes."""
        nodes = list(self._nodes(test, frozenset()))
        loaded = names_used(nodes)
        silent = {id(part) for node in nodes for part in unsaid_parts(node, loaded)}
        for node in nodes:
            match node:
                case ast.Constant(value=str(text)) if id(node) not in silent:
                    yield text
                case ast.keyword(arg=str(name)) if name not in OPTIONS:
                    yield name
                case ast.Name(id=name) if name in self.constants:
                    for part in ast.walk(self.constants[name]):
                        if isinstance(part, ast.Constant) and isinstance(part.value, str):
                            yield part.value
                case _:
                    pass

    def of(self, test: ast.FunctionDef) -> tuple[list[int], list[int], list[int], int]:
        """Places of its actions, of its visits and of its assertions; and how many of the assertions
        only say that a status is an error."""
        acts: list[int] = []
        looks: list[int] = []
        asserts: list[int] = []
        statuses = 0
        for place, node in enumerate(self._nodes(test, frozenset())):
            match node:
                case ast.Assert(test=condition):
                    asserts.append(place)
                    statuses += _is_any_error(condition)
                case ast.Call(func=ast.Attribute(attr=name)) if name in _ACTIONS:
                    acts.append(place)
                case ast.Call(func=ast.Attribute(attr=name)) if name in _LOOKS:
                    looks.append(place)
                case ast.Call(func=ast.Name(id=name)) if name == _EXPECTATION:
                    asserts.append(place)
                case _:
                    pass
        return acts, looks, asserts, statuses

    def _nodes(self, function: ast.FunctionDef, above: frozenset[str]) -> Iterator[ast.AST]:
        for statement in function.body:
            for node in _in_order(statement):
                match node:
                    case ast.Call(func=ast.Name(id=name)) if name in self.helpers.keys() - above:
                        yield from self._nodes(self.helpers[name], above | {name})
                    case _:
                        yield node


def _in_order(node: ast.AST) -> Iterator[ast.AST]:
    """What is evaluated first comes first: arguments before the call that takes them."""
    for child in ast.iter_child_nodes(node):
        yield from _in_order(child)
    yield node


def _is_any_error(condition: ast.expr) -> bool:
    """`answer.status >= 400` and `not answer.ok`: true of a mistake in the witness, too."""
    match condition:
        case ast.Compare(
            left=ast.Attribute(attr="status"),
            ops=[ast.GtE() | ast.Gt() | ast.NotEq()],
            comparators=[ast.Constant()],
        ):
            return True
        case ast.UnaryOp(op=ast.Not(), operand=ast.Attribute(attr="ok")):
            return True
        case _:
            return False


def witnesses_of(
    files: Sequence[WitnessFile], wish_id: str
) -> list[tuple[WitnessFile, WitnessTest]]:
    """The tests that say they try this wish."""
    return [(file, test) for file in files for test in file.tests if wish_id in test.wishes]
