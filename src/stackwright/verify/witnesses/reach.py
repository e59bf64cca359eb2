"""What a witness may reach for: the app, and nothing that could stand in for it or decide how it ends."""

import ast
import re
from collections.abc import Iterator

IMPORTS = frozenset(
    {
        *(
            "pytest",
            "playwright.sync_api",
            "__future__",
            "typing",
            "re",
            "json",
            "math",
            "datetime",
        ),
        *("decimal", "random", "string", "itertools", "functools", "collections", "csv", "io"),
        *("uuid", "time", "calendar", "statistics", "urllib.parse", "base64", "zoneinfo"),
        *("collections.abc", "dataclasses", "actors"),
    }
)
_NAMES = frozenset(
    {
        *("open", "exec", "eval", "compile", "__import__", "globals", "vars", "getattr", "setattr"),
        *("breakpoint", "input", "exit", "quit", "delattr", "locals"),
    }
)
_OF_LIBRARY = frozenset({"Actor", "Answer", "Api", "App", "Locator", "Page", "expect"})
"""What `witness` offers. Its other parts decide how a witness ended."""
_ATTRIBUTES = frozenset(
    {
        *("skip", "skipif", "xfail", "importorskip", "raises", "exit"),
        # ways from a module that may be imported to one that may not, and to pytest's own parts
        *("sys", "os", "modules", "builtins", "subprocess", "config", "pluginmanager", "hookimpl"),
        *("inspect", "importlib", "import_module", "MonkeyPatch", "main", "urlopen", "urlretrieve"),
        *("sync_playwright", "async_playwright", "browser", "new_context"),
        # what takes code or names out of a text
        *("get_type_hints", "ForwardRef", "make_dataclass", "get_field", "attrgetter"),
        # what would stand in for the app
        *("route", "route_from_har", "route_web_socket", "fulfill", "set_content"),
        *("add_init_script", "add_script_tag", "add_style_tag", "expose_function"),
        *("expose_binding", "new_cdp_session"),
        # what writes files
        *("save_as", "pdf"),
    }
)
_WRITERS = frozenset({"screenshot", "storage_state", "start", "stop", "stop_chunk"})
"""Of Playwright: given a `path`, they write a file there."""
_ARGUMENTS = frozenset({"request", "monkeypatch", "pytestconfig", "pytester"})
"""Fixtures that reach into pytest itself."""
_FIXTURES = frozenset({"app", "_fault", "_browser", "_playwright", "_outbox"})
"""Of the library: one of the same name in a file would stand in their place."""
_SCRIPTED = frozenset(
    {
        *("evaluate", "evaluate_all", "evaluate_handle", "wait_for_function"),
        *("eval_on_selector", "eval_on_selector_all"),
    }
)
_TEXTS = re.compile(r"""'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*\"""")
_DECLARED = re.compile(r"\b(?:const|let|var)\s+[\w$,\s{}\[\]]{1,80}=(?!=)|[=!<>]==?|=>|[<>]=")
"""What looks like a change of something and is none."""
_CHANGES = re.compile(
    r"=|\+\+|--|`|/\*|\\u"
    r"|\b(?:eval|Function|fetch|import|delete|atob|Reflect|XMLHttpRequest|Proxy|setTimeout|setInterval)\b"
    r"|\.\s*(?:append|prepend|before|after|insert|remove|create|write|set|add|toggle|assign|define|attach"
    r"|replace(?:With|Child)|show|close(?!st)|open|click|submit|execCommand|call|apply|bind)\w*\s*\("
    r"|(?<=[\w)\]$])\[(?!\d+\])[^\]]{0,80}\]\s*\(",
)


def forbidden(tree: ast.Module, *, may_catch: bool = False) -> Iterator[str]:
    """What is wrong, with its line. `may_catch`: whether it may go on after something failed."""
    for node in ast.walk(tree):
        for problem in (*_imports(node), *_uses(node), *_definitions(node)):
            yield f"line {getattr(node, 'lineno', 1)}: a witness cannot {problem}"
        if isinstance(node, ast.ExceptHandler) and not may_catch:
            yield f"line {node.lineno}: a witness cannot catch what fails: leave it to the proof"
    for statement in tree.body:
        for target in statement.targets if isinstance(statement, ast.Assign) else ():
            if isinstance(target, ast.Name) and target.id in _FIXTURES:
                yield f"line {statement.lineno}: a witness cannot define {target.id} anew"


def _imports(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Import(names=names):
            yield from (f"import {one.name}" for one in names if one.name not in IMPORTS)
        case ast.ImportFrom(module="witness", names=names, level=0):
            strange = (one.name for one in names if one.name not in _OF_LIBRARY)
            yield from (f"import {name} from witness" for name in strange)
        case ast.ImportFrom(module=module, names=names, level=level):
            if level or module not in IMPORTS:
                yield f"import {module or 'relatively'}"
            yield from (f"import {one.name}" for one in names if _is_kept_away(one.name))
        case _:
            pass


def _is_kept_away(name: str) -> bool:
    return name in _ATTRIBUTES or name.startswith("_") or name == "sleep"


def _uses(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name) if name in _NAMES:
            yield f"use {name}"
        case ast.arg(arg=name) if name in _ARGUMENTS:
            yield f"take {name}"
        case ast.Attribute(attr="sleep"):
            yield "use sleep; expect waits by itself"
        case ast.Attribute(attr=name) if name in _ATTRIBUTES:
            yield f"use {name}"
        case ast.Attribute(attr=name, ctx=ast.Store() | ast.Del()):
            yield f"set {name} of something else"
        case ast.Attribute(attr=name) if name.startswith("_"):
            yield f"use the private {name}"
        case ast.Call(func=ast.Attribute(attr=name), keywords=given) if name in _WRITERS and any(
            one.arg in ("path", None) for one in given
        ):
            yield f"write a file by {name}"
        case ast.Call(func=ast.Attribute(attr=name)) if name in _SCRIPTED:
            yield from _changes(node, name)
        case _:
            pass


def _changes(call: ast.Call, name: str) -> Iterator[str]:
    """A script in the page may look. What it changed would be its own work, and not the app's."""
    scripts = [one.value for one in call.args if isinstance(one, ast.Constant)]
    scripts += [one.value.value for one in call.keywords if isinstance(one.value, ast.Constant)]
    texts = [one for one in scripts if isinstance(one, str)]
    if not texts:
        yield f"use {name} with a script that is made while it runs: write it there as one text"
    for text in texts:
        if found := _CHANGES.search(_DECLARED.sub(" ", _TEXTS.sub("''", text))):
            yield (
                f"change the page by a script ({found[0].strip()[:30]!r} in {name}): use the app as a "
                "person does, and read with getters only"
            )


def _definitions(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name) if name in _FIXTURES:
            yield f"define {name} anew"
        case ast.Call(func=ast.Attribute(attr="fixture"), keywords=keywords):
            if any(one.arg in ("name", "autouse") for one in keywords):
                yield "have fixtures of another name or for all tests"
        case _:
            pass
