"""What a file's name says about the text in it."""

from pathlib import PurePosixPath

_PROSE = frozenset({".md", ".mdx", ".markdown", ".txt", ".rst", ".adoc"})
_DATA = frozenset({".csv", ".tsv", ".psv", ".log", ".dat", ".tab"})
_INDENTED = frozenset({".py", ".pyi", ".yaml", ".yml", ".sass", ".pug", ".haml", ".coffee"})
_SCRIPTS = frozenset(
    (".ts", ".mts", ".cts", ".tsx", ".js", ".mjs", ".cjs", ".jsx", ".vue", ".svelte", ".astro")
)
_MARKUP = frozenset({".tsx", ".jsx", ".js", ".vue", ".svelte", ".astro", ".html", ".htm", ".xml"})


def suffix_of(path: str) -> str:
    return PurePosixPath(path).suffix.lower()


def is_prose(path: str) -> bool:
    return suffix_of(path) in _PROSE


def is_code(path: str) -> bool:
    """Neither prose nor data, in which numbered lines are nothing special."""
    return suffix_of(path) not in _PROSE | _DATA


def is_script(path: str) -> bool:
    return suffix_of(path) in _SCRIPTS


def has_markup(path: str) -> bool:
    return suffix_of(path) in _MARKUP


def is_indented(path: str) -> bool:
    """Whether the depth of a line is part of what it says."""
    return suffix_of(path) in _INDENTED
