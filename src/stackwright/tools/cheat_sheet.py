"""The signatures of a template's own parts, for the prompt: what the model need not read.

They are taken from the files themselves when a worker starts, so they cannot go stale. In the
template's `usage.md` a line `{signatures: PATH PATH …}` says where and of what.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from stackwright.tools.outline import outline

MAX_SIGNATURES_CHARS = 6000
"""Limit for all files together: about 1,500 tokens."""
MAX_SIGNATURE_CHARS = 420

_MARK = re.compile(r"^\{signatures:([^}\n]*)\}$", re.MULTILINE)
_CONST_KEYS = re.compile(r"const (\w+)\b[^=]* = (\{.*\})")
_KEY = re.compile(r"[{,] ?(\w+): ?(?:\"[^\"]*\"|'[^']*')")
_INTERFACE = re.compile(r"(?:export )?(?:interface (\w+)(?: extends ([^{]+))?|type (\w+) =) ?(.*)")
_DESTRUCTURED = re.compile(r"\(\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}: ")
_KEYS_OF = re.compile(r"keyof typeof (\w+)")
_COMMENT = re.compile(r"/\*.*?\*/ ?")
_ANNOTATED = re.compile(r"Annotated\[([\w\[\], |]+?), .*?\](?=[,)=]|$)")
_INIT = re.compile(r"def __init__\(self, ")
_ANNOTATED_ALIAS = re.compile(r"= Annotated\[([\w\[\]]+),.*")


@cache
def with_signatures(usage: str, folder: Path) -> str:
    """`usage` with its mark replaced; a file that is not there is left out."""
    return _MARK.sub(lambda found: _sheet(folder, found[1].split())[:MAX_SIGNATURES_CHARS], usage)


def _sheet(folder: Path, names: list[str]) -> str:
    files = [folder / name for name in names]
    lines = [
        f"{file.relative_to(folder)}: {'; '.join(found)}"
        for file in files
        if file.is_file() and (found := signatures(file.name, file.read_text(encoding="utf-8")))
    ]
    return "\n".join(lines)


def signatures(path: str, text: str) -> list[str]:
    """What others use of a file, each in one line."""
    entries = [entry for _, entry in outline(path, text, max_chars=2000)]
    found = _python(entries) if path.endswith(".py") else _script(entries)
    return [
        one if len(one) <= MAX_SIGNATURE_CHARS else f"{one[:MAX_SIGNATURE_CHARS]}…" for one in found
    ]


def _python(entries: list[str]) -> list[str]:
    """Functions, and classes with their public methods and fields."""
    told: list[str] = []
    members: list[str] = []
    for entry in (_INIT.sub("new(", entry) for entry in entries):
        name = entry.strip().removeprefix("async ").removeprefix("def ").removeprefix("class ")
        if name.startswith(("_", "@", "log ", "model_config")):
            continue
        plain = _ANNOTATED.sub(r"\1", _ANNOTATED_ALIAS.sub(r"= \1", entry.strip()))
        plain = plain.removeprefix("def ").removesuffix(" -> None")
        plain = (
            plain.replace("async def ", "async ").replace("(self, ", "(").replace("(self)", "()")
        )
        if entry.startswith("  "):
            members.append(plain)
            told[-1] = f"{told[-1].partition(' {')[0]} {{{'; '.join(members)}}}"
        elif not re.match(r"[A-Z_]+\b[ :]", entry):
            members = []
            told.append(plain)
    return told


def _script(entries: list[str]) -> list[str]:
    """Exported functions and types, with the props of components written out."""
    plain = [_COMMENT.sub("", entry) for entry in entries]
    keys = {
        found[1]: " | ".join(f'"{key}"' for key in _KEY.findall(found[2]))
        for entry in plain
        if (found := _CONST_KEYS.match(entry)) is not None
    }
    types = dict(_types(plain))
    told: list[str] = []
    for entry in plain:
        if entry.startswith(
            ("export function ", "export async function ", "export default function ")
        ):
            body = entry.partition("function ")[2]
            told.append(_expanded(_DESTRUCTURED.sub("(", body), types, keys))
        elif entry.startswith(
            ("export const ", "export class ", "export interface ", "export type ")
        ):
            told.append(_expanded(entry.removeprefix("export "), {}, keys))
    return told


def _types(entries: list[str]) -> list[tuple[str, str]]:
    found = [match for entry in entries if (match := _INTERFACE.match(entry)) is not None]
    return [
        (one[1], f"{one[4]}{f' & {one[2].strip()}' if one[2] else ''}") for one in found if one[1]
    ]


def _expanded(text: str, types: Mapping[str, str], keys: Mapping[str, str]) -> str:
    for name, body in types.items():
        text = re.sub(rf"(?<=[(& ]){name}(?= = \{{|\)| &)", lambda _, body=body: body, text)
    text = _KEYS_OF.sub(lambda found: keys.get(found[1]) or found[0], text)
    return text.replace("; }", " }").replace("= | ", "= ")
