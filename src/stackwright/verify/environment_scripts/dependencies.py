"""What the app imports, held against what its requirements and lock files promise to install.

Run inside the sandbox with the app's own Python. Prints one problem a line.
"""

import ast
import importlib.metadata as metadata
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MAX_PROBLEMS = 20
MAX_FILE_BYTES = 1_000_000
SKIPPED = frozenset({"node_modules", ".next", ".venv", "venv", "__pycache__", ".git"})
_GROUPS = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")
_LOCKS = ("bun.lock", "package-lock.json", "pnpm-lock.yaml", "yarn.lock")
_SCRIPTS = frozenset({".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs"})
_REQUIREMENT = re.compile(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(\[[^\]]*\])?\s*(==\s*([^\s;#]+))?")
_COMMENTS = re.compile(r"/\*.*?\*/|^\s*//[^\n]*", re.DOTALL | re.MULTILINE)
_IMPORTS = re.compile(
    r"""^\s*(?:import|export)\s+(?!type\b)[^;'"]*?from\s*['"]([^'"]+)['"]"""
    r"""|^\s*import\s*['"]([^'"]+)['"]|\b(?:import|require)\(\s*['"]([^'"]+)['"]\s*\)"""
    r"""|^\s*@import\s+['"]([^'"]+)['"]""",
    re.MULTILINE,
)
_ALIAS = re.compile(r'"([^"]+)"\s*:\s*\[')
_PACKAGE = re.compile(r"^(@[a-z0-9~-][\w.~-]*/)?[a-z0-9~-][\w.~-]*", re.IGNORECASE)
_BUILTIN = frozenset(
    [
        "assert",
        "async_hooks",
        "buffer",
        "child_process",
        "cluster",
        "console",
        "constants",
        "crypto",
        "dgram",
        "dns",
        "domain",
        "events",
        "fs",
        "http",
        "http2",
        "https",
        "inspector",
        "module",
        "net",
        "os",
        "path",
        "perf_hooks",
        "process",
        "punycode",
        "querystring",
        "readline",
        "stream",
        "string_decoder",
        "timers",
        "tls",
        "tty",
        "url",
        "util",
        "v8",
        "vm",
        "wasi",
        "worker_threads",
        "zlib",
    ]
)


def problems(workspace: Path) -> list[str]:
    found = [*_of_backend(workspace), *_of_frontend(workspace / "frontend")]
    return list(dict.fromkeys(found))


def _of_backend(workspace: Path) -> Iterator[str]:
    backend = workspace / "backend"
    listed = _listed(backend)
    if listed is None:
        yield "backend/requirements.txt is missing: nobody else could install the app."
        return
    yield from _unpinned(listed)
    promised = _closure(listed)
    owners = metadata.packages_distributions()
    own = {part.removesuffix(".py") for path in _files(backend, {".py"}) for part in path.parts}
    for path in _files(backend, {".py"}):
        where = path.relative_to(workspace)
        for module, line in _python_imports(path):
            if module in own or module in sys.stdlib_module_names:
                continue
            owned_by = {_normal(name) for name in owners.get(module, [])}
            if not owned_by:
                yield f"{where}:{line} imports {module}, which is not installed."
            elif not owned_by & promised:
                name = min(owned_by)
                yield (
                    f"{where}:{line} imports {module}, but {name} is not in backend/requirements.txt: "
                    f"add {name}=={metadata.version(name)}."
                )


def _unpinned(listed: dict[str, str | None]) -> Iterator[str]:
    for name, wanted in listed.items():
        try:
            present = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue  # of another platform, or nobody imports it
        if wanted is not None and wanted != present:
            yield f"backend/requirements.txt wants {name}=={wanted}, but {present} is what runs."


def _listed(backend: Path) -> dict[str, str | None] | None:
    """The distributions of requirements.txt with the versions they are pinned to."""
    path = backend / "requirements.txt"
    if not path.is_file():
        return None
    found: dict[str, str | None] = {}
    for line in path.read_text(errors="replace").splitlines():
        if (match := _REQUIREMENT.match(line)) is not None:
            found[_normal(match[1])] = match[4]
    return found


def _closure(listed: dict[str, str | None]) -> set[str]:
    """What installing them installs too. Extras are not followed: what they bring is to be listed."""
    promised: set[str] = set()
    waiting = list(listed)
    while waiting:
        name = waiting.pop()
        if name in promised:
            continue
        promised.add(name)
        try:
            needs = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue
        plain = (need for need in needs if "extra ==" not in need)
        waiting += [_normal(match[1]) for need in plain if (match := _REQUIREMENT.match(need))]
    return promised


def _python_imports(path: Path) -> Iterator[tuple[str, int]]:
    """Modules imported for certain: not those that the code can do without."""
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        return
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        match node:
            case ast.Try() if any(_names_import_error(one) for one in node.handlers):
                waiting += [*node.handlers, *node.orelse, *node.finalbody]
                continue
            case ast.If() if "TYPE_CHECKING" in ast.unparse(node.test):
                waiting += node.orelse
                continue
            case ast.Import():
                for one in node.names:
                    yield one.name.partition(".")[0], node.lineno
            case ast.ImportFrom(level=0, module=str(module)):
                yield module.partition(".")[0], node.lineno
            case _:
                pass
        waiting += ast.iter_child_nodes(node)


def _names_import_error(handler: ast.ExceptHandler) -> bool:
    named = "" if handler.type is None else ast.unparse(handler.type)
    return handler.type is None or "ImportError" in named or "ModuleNotFoundError" in named


def _of_frontend(frontend: Path) -> Iterator[str]:
    try:
        package: dict[str, Any] = json.loads((frontend / "package.json").read_bytes())
        listed: dict[str, Any] = {}
        for group in _GROUPS:
            listed |= package.get(group) or {}
        own_name = package.get("name")
    except (OSError, ValueError, AttributeError, TypeError):
        yield "frontend/package.json is missing or no JSON object."
        return
    yield from _unlocked(frontend, listed)
    aliases = _aliases(frontend)
    for path in _files(frontend, _SCRIPTS | {".css"}):
        for named, name in _script_imports(path):
            if name in listed or name in _BUILTIN or name == own_name or named.startswith(aliases):
                continue
            if any((frontend / base / name).exists() for base in ("", "src")):
                continue  # found from `baseUrl`
            where = path.relative_to(frontend.parent)
            yield f"{where} imports {name}, which is not in frontend/package.json: bun add {name}."


def _unlocked(frontend: Path, listed: dict[str, Any]) -> Iterator[str]:
    present = [name for name in _LOCKS if (frontend / name).is_file()]
    if not present:
        yield "frontend/ has no lock file: run bun install and keep bun.lock."
        return
    text = (frontend / present[0]).read_text(errors="replace")
    for name, wanted in listed.items():
        entry = json.dumps(str(name)) + ": " + json.dumps(wanted)
        is_locked = entry in text if present[0] == "bun.lock" else str(name) in text
        if not is_locked:
            yield f"{present[0]} does not hold {name} {wanted} of frontend/package.json: run bun install."
        elif not (frontend / "node_modules" / str(name)).exists():
            yield f"{name} of frontend/package.json is not installed: run bun install."


def _aliases(frontend: Path) -> tuple[str, ...]:
    """The beginnings of imports that tsconfig.json leads to the app's own files."""
    try:
        text = (frontend / "tsconfig.json").read_text(errors="replace")
    except OSError:
        text = ""
    _, _, paths = text.partition('"paths"')  # with comments, no JSON
    named = (name.rstrip("*") for name in _ALIAS.findall(paths))
    return ("@/", "~/", "#", *filter(None, named))


def _script_imports(path: Path) -> Iterator[tuple[str, str]]:
    """What is imported and the package it is in; neither paths nor URLs."""
    if path.stat().st_size > MAX_FILE_BYTES:
        return
    for match in _IMPORTS.finditer(_COMMENTS.sub("", path.read_text(errors="replace"))):
        named = next(group for group in match.groups() if group)
        if named.startswith((".", "/", "node:", "data:", "http:", "https:", "#")):
            continue
        if (package := _PACKAGE.match(named)) is not None:
            yield named, package[0]


def _files(folder: Path, kinds: set[str] | frozenset[str]) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).parts
        if path.suffix in kinds and not SKIPPED & set(inside) and path.is_file():
            yield path


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main() -> None:
    found = problems(Path(sys.argv[1]))
    for problem in found[:MAX_PROBLEMS]:
        sys.stdout.write(f"{problem}\n")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
