"""Makes recorded edits with another project's editor. Runs in an environment that has only that project.

`python edit_peers.py NAME FOLDER < cases > outcomes`: a line of JSON for each case, with the text after it or null when
the editor refused.
"""

import json
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

Edit = Callable[[Path, str, str], None]
"""Replaces a text in a file, or raises Refused."""
Write = Callable[[Path, str], None]


class Refused(Exception):
    pass


def deepagents(folder: Path) -> tuple[Edit, Write]:
    from deepagents.backends import FilesystemBackend  # noqa: PLC0415

    backend = FilesystemBackend(root_dir=folder, virtual_mode=True)

    def edit(path: Path, old: str, new: str) -> None:
        _refuse_on(backend.edit(f"/{path.relative_to(folder)}", old, new).error)

    def write(path: Path, text: str) -> None:
        path.unlink(missing_ok=True)  # it makes new files only
        _refuse_on(backend.write(f"/{path.relative_to(folder)}", text).error)

    return edit, write


def _refuse_on(error: str | None) -> None:
    if error:
        raise Refused(error)


def openhands(folder: Path) -> tuple[Edit, Write]:
    from openhands.tools.file_editor.editor import FileEditor  # noqa: PLC0415
    from openhands.tools.file_editor.exceptions import ToolError  # noqa: PLC0415

    editor = FileEditor(workspace_root=str(folder))

    def run(command: str, path: Path, **arguments: str) -> None:
        try:
            result = editor(command=command, path=str(path), **arguments)
        except ToolError as error:
            raise Refused(str(error)) from error
        if result.is_error:
            raise Refused

    def edit(path: Path, old: str, new: str) -> None:
        run("str_replace", path, old_str=old, new_str=new)

    def write(path: Path, text: str) -> None:
        run("create", path, file_text=text)

    return edit, write


def aider(folder: Path) -> tuple[Edit, Write]:
    from aider.coders.editblock_coder import do_replace  # noqa: PLC0415
    from aider.io import InputOutput  # noqa: PLC0415

    io = InputOutput(pretty=False, yes=True, fancy_input=False)

    def edit(path: Path, old: str, new: str) -> None:
        content = io.read_text(str(path))
        if content is None:
            raise Refused
        old, new = _as_lines(content, old, new)
        after = do_replace(str(path), content, old, new, ("```", "```"))
        if not after:
            raise Refused
        io.write_text(str(path), after)

    def write(path: Path, text: str) -> None:
        io.write_text(str(path), text)

    return edit, write


def _as_lines(content: str, old: str, new: str) -> tuple[str, str]:
    """aider's blocks have whole lines: what the file has around a quotation that stands in one place."""
    if old and content.count(old) == 1:
        start = content.index(old)
        head = content[content.rfind("\n", 0, start) + 1 : start]
        end = start + len(old)
        tail = content[end : (content.find("\n", end) + len(content) + 1) % (len(content) + 1)]
        old, new = head + old + tail, head + new + tail
    return _ended(old), _ended(new)


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"


EDITORS = {"deepagents": deepagents, "openhands-tools": openhands, "aider-chat": aider}


def outcome(case: dict[str, Any], path: Path, edit: Edit, write: Write) -> str | None:
    encoding = "latin-1" if case.get("bytes") else "utf-8"
    path.parent.mkdir(parents=True, exist_ok=True)
    if case["before"] is not None:
        path.write_bytes(case["before"].encode(encoding, "surrogatepass"))
    try:
        if "write" in case:
            write(path, case["write"])
        for each in case.get("edits", []):
            edit(path, each["old"], each["new"])
        return path.read_bytes().decode(encoding)
    except Exception as error:  # noqa: BLE001 - whatever an editor raises, it did not make the edit
        print(type(error).__name__, error, file=sys.stderr)
        return None


def main() -> None:
    name, folder = sys.argv[1], Path(sys.argv[2]).resolve()
    outcomes: list[str | None] = []
    with redirect_stdout(sys.stderr):
        for number, line in enumerate(sys.stdin):
            case = json.loads(line)
            workspace = folder / str(number)
            workspace.mkdir(parents=True)
            edit, write = EDITORS[name](workspace)
            outcomes.append(outcome(case, workspace / case["path"], edit, write))
    sys.stdout.write("".join(json.dumps(each) + "\n" for each in outcomes))


if __name__ == "__main__":
    main()
