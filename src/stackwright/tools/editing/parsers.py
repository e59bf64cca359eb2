"""Whether a text parses as what its name says: Python, TypeScript and its kin, JSON, CSS, TOML, YAML."""

import json
import re
import tomllib
import warnings
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath
from typing import cast

import yaml

from stackwright.tools.editing.scripts import SUFFIXES, script_error
from stackwright.tools.editing.stylesheets import css_error

FindError = Callable[[str], str | None]

MAX_SCRIPT_CHARS = 1_000_000
MAX_PARSED_CHARS = 100_000
"""Larger files are not checked here: a parser, even in a thread, stops the event loop for 3 ms per
thousand characters. The gate checks them in the sandbox."""

_COMMENTED_JSON = re.compile(
    r"(?:[jt]sconfig.*|\.eslintrc|\.swcrc|\.babelrc|\.oxlintrc|\.oxfmtrc|biome|turbo|deno|devcontainer"
    r"|settings|launch|tasks|extensions|typedoc|api-extractor|wrangler)\.json"
)
_TEMPLATE = re.compile(r"\{%|(?<!\$)\{\{")
"""What Helm, Ansible and Jinja fill in before the YAML is read."""
_STRING = r'"(?:[^"\\\n]|\\.)*+"?'
"""Matches a string that does not close to the end of its line too, so that it is read only once."""
_STRING_OR_COMMENT = re.compile(rf"{_STRING}|//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_TRAILING_COMMA = re.compile(rf'({_STRING}|[^\s"\[{{,:])(\s*),(?=\s*[}}\]])|{_STRING}', re.DOTALL)
MAX_FLOW_MARKS = 5000
"""Limit for YAML, because the time of its parser grows with the square of the depth."""


def find_parser(path: str) -> FindError | None:
    """What tells the first fault of such a file, or None when nothing here reads it."""
    name = PurePosixPath(path).name
    script = next((suffix for suffix in SUFFIXES if name.lower().endswith(suffix)), None)
    if script is not None:
        return _limited(MAX_SCRIPT_CHARS, lambda text: script_error(script, text))
    find_error = _BY_SUFFIX.get(PurePosixPath(name).suffix.lower())
    if find_error is _json_error and _COMMENTED_JSON.fullmatch(name):
        find_error = _jsonc_error
    return find_error and _limited(MAX_PARSED_CHARS, find_error)


def _limited(chars: int, find_error: FindError) -> FindError:
    return lambda text: find_error(text) if len(text) <= chars else None


def _python_error(text: str) -> str | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, "file", "exec", dont_inherit=True)
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


def _jsonc_error(text: str) -> str | None:
    """JSON with comments and trailing commas, as TypeScript and editors read it."""
    bare = _STRING_OR_COMMENT.sub(_blank_comment, text)
    return _json_error(_TRAILING_COMMA.sub(_without_comma, bare))


def _blank_comment(found: re.Match[str]) -> str:
    part = found[0]
    is_comment = part.startswith("//") or part.endswith("*/")
    return re.sub(r"[^\n]", " ", part) if is_comment and part[0] == "/" else part


def _without_comma(found: re.Match[str]) -> str:
    return found[0] if found[1] is None else f"{found[1]}{found[2]} "


def _toml_error(text: str) -> str | None:
    try:
        tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        return str(error)
    return None


def _yaml_error(text: str) -> str | None:
    if _TEMPLATE.search(text) or text.count("[") + text.count("{") > MAX_FLOW_MARKS:
        return None
    try:
        deque(cast("Iterable[object]", yaml.parse(text, Loader=_YAML)), maxlen=0)
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        return f"{line}{error.problem}"
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        return str(error)
    return None


_YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BY_SUFFIX: dict[str, FindError] = {
    ".py": _python_error,
    ".pyi": _python_error,
    ".json": _json_error,
    ".webmanifest": _json_error,
    ".jsonc": _jsonc_error,
    ".css": css_error,
    ".toml": _toml_error,
    ".yaml": _yaml_error,
    ".yml": _yaml_error,
}
