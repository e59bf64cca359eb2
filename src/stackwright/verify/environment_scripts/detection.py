"""Finds where an app asks whether it is being tried: then what is seen of it says nothing."""

import re
from collections.abc import Iterable
from pathlib import Path

_SUFFIXES = frozenset({".py", ".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs"})
_PLACES = ("backend/", "frontend/")
_TESTS = "backend/tests/"
MAX_BYTES = 500_000
_SIGNS = re.compile(
    r"HeadlessChrome|navigator\s*\??\.\s*webdriver|[\"'`]webdriver[\"'`]|/headless/|[\"'`]headless[\"'`]"
    r"|x-proof-|__proof\b|/\.proof\b|[\"'`]proof_[\"'`%{$]|\^proof_|starts_?with\(\s*[\"'`]proof"
    r"|(?::|port\W{1,12})(?:130[01][01]|180[01][01])\b|PROOF_DIST|WITNESS_(?:ORIGIN|DATABASE|RESULTS)"
    r"|MONGODB_DB[\"'\])\s]{1,6}(?:==|!=|\.startswith|\bin\b)",
    re.IGNORECASE,
)


def detection_in(files: Iterable[Path], workspace: Path) -> str:
    """The first place, as a sentence for who wrote it; "" without one."""
    for path in sorted(files):
        below = str(path.relative_to(workspace))
        if path.suffix not in _SUFFIXES or not below.startswith(_PLACES) or path.is_symlink():
            continue
        if below.startswith(_TESTS) or path.stat().st_size > MAX_BYTES:
            continue
        text = path.read_text(errors="replace")
        if found := _SIGNS.search(text):
            line = text.count("\n", 0, found.start()) + 1
            return (
                f"{below}:{line} asks whether the app is being tried ({found[0].strip()[:60]!r}): it has to "
                "do the same for everybody, so nothing is tried. Remove it."
            )
    return ""
