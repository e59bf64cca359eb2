"""What a witness must look like before it is run: it acts, then asserts, and reaches for nothing else.

The rules read the source only. That a witness can fail is found out by running it (`belief`).
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from stackwright.verify.witnesses.essence import OPTIONS, essence, names_used, unsaid_parts
from stackwright.verify.witnesses.naming import (
    absent_parts,
    acts_named,
    is_typed,
    own_names,
    seldom_run,
    texts_given,
    typed_texts,
    types_in,
)
from stackwright.verify.witnesses.reach import forbidden

MAX_BYTES = 64_000
ACTORS = "actors.py"
TOO_DEEP = "its expressions are nested too deeply: write them as several statements"
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
    absent_words: tuple[str, ...] = ()
    """What it says is not there: of a rule, that names something."""
    body: str = ""
    """What it does, without its name, its comments, and what changes nothing of it."""
    digest: str = ""
    """Hash of its statements and of those of the file that belong to no other test."""


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
    try:
        return _read(path, tree)
    except RecursionError:
        return WitnessFile(path, (), (TOO_DEEP,))


def _read(path: str, tree: ast.Module) -> WitnessFile:
    problems = tuple(dict.fromkeys(forbidden(tree, may_catch=path == ACTORS)))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    helpers = {node.name: node for node in functions if not node.name.startswith("test_")}
    found = [node for node in functions if node.name.startswith("test_")]
    trace = _Trace(helpers, _constants(tree))
    tests = tuple(
        replace(_test(node, trace), digest=digest)
        for node, digest in zip(found, _digests(tree, found), strict=True)
    )
    return WitnessFile(path, tests, problems)


def _digests(tree: ast.Module, tests: Sequence[ast.FunctionDef]) -> list[str]:
    """For each test the hash of its statements and of those that belong to no other test. The statements
    of a test that changes what all share belong to all."""
    top = {id(one) for one in tree.body}
    own = {id(one) for one in tests if id(one) in top and not _changes_what_all_share(one)}
    shared = ast.unparse(ast.Module([one for one in tree.body if id(one) not in own], []))
    of_all = _hash(shared)
    return [_hash(f"{of_all}\n{ast.unparse(one)}") for one in tests]


def _hash(text: str) -> str:
    return sha256(text.encode(errors="replace")).hexdigest()


def _changes_what_all_share(test: ast.FunctionDef) -> bool:
    return any(isinstance(node, ast.Global | ast.Nonlocal) for node in ast.walk(test))


def actors_problems(content: bytes) -> tuple[str, ...]:
    """What is wrong with `actors.py`, which runs beside the witnesses and has to keep to their rules."""
    return read_witness(ACTORS, content).problems


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
        words=tuple(dict.fromkeys(trace.words(node, absent=False))),
        absent_words=tuple(dict.fromkeys(trace.words(node, absent=True))),
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


def _assigned(nodes: Sequence[ast.AST]) -> dict[str, ast.expr]:
    return {
        target.id: node.value
        for node in nodes
        if isinstance(node, ast.Assign)
        for target in node.targets
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

    def words(self, test: ast.FunctionDef, *, absent: bool) -> Iterator[str]:
        """Texts and names of fields in what it does, apart from what it types, from its notes and from
        what may never be run; `absent`: those that it says are not there, else the others."""
        nodes = list(self._nodes(test, frozenset()))
        loaded = names_used(nodes)
        gone = {id(part) for node in nodes for part in absent_parts(node)}
        silent = {id(part) for node in nodes for part in unsaid_parts(node, loaded)}
        silent |= {id(part) for one in (test, *self.helpers.values()) for part in seldom_run(one)}
        named = {id(part) for node in nodes for part in own_names(node)}
        typed = self._typed(test, nodes)
        for node in nodes:
            if id(node) in silent or (id(node) in gone) is not absent:
                continue
            yield from acts_named(node)
            for text in self._texts(node):
                if id(node) in named or not is_typed(text, typed):
                    yield text

    def _texts(self, node: ast.AST) -> Iterator[str]:
        match node:
            case ast.Constant(value=str(text)):
                yield text
            case ast.keyword(arg=str(name)) if name not in OPTIONS:
                yield name
            case ast.Name(id=name) if name in self.constants:
                for part in ast.walk(self.constants[name]):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield part.value
            case _:
                pass

    def _typed(self, test: ast.FunctionDef, nodes: Sequence[ast.AST]) -> frozenset[str]:
        """Also what helpers are given that type something."""
        kept = {**self.constants, **_assigned(nodes)}
        typed = typed_texts(nodes, kept)
        for call in ast.walk(test):
            match call:
                case ast.Call(func=ast.Name(id=name)) if name in self.helpers:
                    if any(types_in(node) for node in ast.walk(self.helpers[name])):
                        typed |= texts_given(call, kept)
                case _:
                    pass
        return typed

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
