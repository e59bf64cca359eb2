import pytest

from fixtures.loop_gaps import watched_loop
from fixtures.tool_bench import Bench
from stackwright.core.errors import InvalidPath
from stackwright.sandbox.base import WORKSPACE_ROOT
from stackwright.tools.base import ToolFailed

pytestmark = pytest.mark.integration


async def test_a_written_file_lies_in_the_workspace_and_in_the_sandbox(bench: Bench) -> None:
    assert "backend/a.py" in await bench.call("write_file", path="backend/a.py", content="x = 1\n")

    assert bench.files.contents["backend/a.py"] == b"x = 1\n"
    assert await bench.machine.read(f"{WORKSPACE_ROOT}/backend/a.py") == b"x = 1\n"


async def test_a_batch_with_one_bad_file_writes_none(bench: Bench) -> None:
    files = [
        {"path": "a.py", "content": "x = 1\n"},
        {"path": "b.tsx", "content": "export const B = () => <p>;\n"},
    ]

    with pytest.raises(ToolFailed, match=r"b\.tsx"):
        await bench.call("batch_write_files", files=files)

    assert bench.files.applied == []


async def test_a_batch_is_one_transaction(bench: Bench) -> None:
    files = [{"path": "a.py", "content": "x = 1\n"}, {"path": "b.css", "content": "a {}\n"}]

    await bench.call("batch_write_files", files=files)

    assert bench.files.applied == [{"a.py": b"x = 1\n", "b.css": b"a {}\n"}]


async def test_a_placeholder_for_existing_code_is_refused(bench: Bench) -> None:
    bench.files.contents["a.py"] = b"def f() -> int:\n    return 1\n"

    with pytest.raises(ToolFailed, match="stands for code"):
        await bench.call("write_file", path="a.py", content="# ... existing code ...\nx = 1\n")


async def test_several_edits_of_a_file_are_all_made_or_none(bench: Bench) -> None:
    bench.files.contents["a.ts"] = b"const a = 1;\r\nconst b = 2;\r\n"
    good = {"old_text": "const a = 1;\n", "new_text": "const a = 10;\n"}
    bad = {"old_text": "const c", "new_text": "const d"}

    with pytest.raises(ToolFailed, match="Edit 2 of 2"):
        await bench.call("smart_edit_file", path="a.ts", edits=[good, bad])
    assert bench.files.contents["a.ts"] == b"const a = 1;\r\nconst b = 2;\r\n"

    await bench.call("smart_edit_file", path="a.ts", edits=[good])
    assert bench.files.contents["a.ts"] == b"const a = 10;\r\nconst b = 2;\r\n"


async def test_the_loop_goes_on_during_the_edit_of_a_large_file(bench: Bench) -> None:
    bench.files.contents["a.txt"] = b"a\r\nb\n" * 45_000

    async with watched_loop() as gaps:
        await bench.call(
            "edit_file", path="a.txt", old_text="a\n", new_text="c\nd\n", replace_all=True
        )

    assert bench.files.contents["a.txt"] == b"c\r\nd\r\nb\n" * 45_000
    assert len(gaps) >= 5
    assert max(gaps) < 1


async def test_a_file_that_changed_since_it_was_read_must_be_read_again(bench: Bench) -> None:
    await bench.call("write_file", path="a.txt", content="one\n")
    bench.files.contents["a.txt"] = b"one\nsomebody else\n"

    with pytest.raises(ToolFailed, match=r"changed since you read it(.|\n)*\+somebody else"):
        await bench.call("edit_file", path="a.txt", old_text="one", new_text="two")

    await bench.call("edit_file", path="a.txt", old_text="one", new_text="two")
    assert bench.files.contents["a.txt"] == b"two\nsomebody else\n"


async def test_a_file_that_changed_very_much_must_be_read_again(bench: Bench) -> None:
    await bench.call("write_file", path="a.txt", content="one\n")
    bench.files.contents["a.txt"] = b"one\n" + b"somebody else\n" * 900

    for _ in range(2):
        with pytest.raises(ToolFailed, match="read it again first"):
            await bench.call("edit_file", path="a.txt", old_text="one", new_text="two")


async def test_what_the_agents_own_command_changed_is_told_at_once_and_no_surprise(
    bench: Bench,
) -> None:
    await bench.call("write_file", path="a.py", content="x=1\ny = 2\n")

    told = await bench.call("run_command", command="sed -i 's/x=1/x = 1/' a.py; echo new >b.py")
    assert "-x=1\n+x = 1" in told
    assert "new" not in told.partition("[what it changed")[2]

    await bench.call("edit_file", path="a.py", old_text="x = 1", new_text="x = 3")
    assert bench.files.contents["a.py"] == b"x = 3\ny = 2\n"


async def test_of_a_batch_each_file_is_whole_while_they_fit_together(bench: Bench) -> None:
    for number in range(13):
        bench.files.contents[f"{number}.txt"] = f"begin {'x' * 4000 * (number % 3)} end\n".encode()

    read = await bench.call("batch_read_files", paths=[f"{number}.txt" for number in range(13)])

    assert read.count(" end\n") == 13
    assert "left out" not in read


async def test_a_long_file_ends_with_an_outline_and_has_one_alone(bench: Bench) -> None:
    filler = "".join(f"    total += {number}\n" for number in range(2000))
    source = f"def first() -> int:\n    total = 0\n{filler}    return total\n\n\ndef last(n: int) -> str: ...\n"
    bench.files.contents["long.py"] = source.encode()

    assert (await bench.call("read_file", path="long.py")).endswith("2006: def last(n: int) -> str")
    told = await bench.call("read_file", path="long.py", outline=True)
    assert told == "long.py, 2006 lines\n1: def first() -> int\n2006: def last(n: int) -> str"
    bench.files.contents["a.txt"] = b"text"
    with pytest.raises(ToolFailed, match="read it without outline"):
        await bench.call("read_file", path="a.txt", outline=True)


async def test_a_long_file_is_read_in_parts_that_join_to_the_whole(bench: Bench) -> None:
    text = "".join(f"line {number}\n" for number in range(1, 4001))
    bench.files.contents["long.txt"] = text.encode()
    read = ""
    first = 1
    while first <= 4000:
        shown = await bench.call("read_file", path="long.txt", first_line=first)
        part, _, note = shown.partition("\n[Lines ")
        read += part
        first = int(note.split("first_line=")[1].rstrip("].")) if note else 4001

    assert read == text


async def test_binary_endless_and_foreign_text_is_described_and_never_fails(bench: Bench) -> None:
    bench.files.contents |= {
        "logo.png": b"\x89PNG\0\0\0",
        "one-line.txt": b"x" * 100_000,
        "latin.txt": b"caf\xe9\n",
        "empty.txt": b"",
    }

    assert "binary file of 7 bytes" in await bench.call("read_file", path="logo.png")
    assert "76000 more characters" in await bench.call("read_file", path="one-line.txt")
    assert await bench.call("read_file", path="latin.txt") == "café\n"
    assert await bench.call("read_file", path="empty.txt") == "(the file is empty)"
    assert "only 1 lines" in await bench.call("read_file", path="latin.txt", first_line=9)
    assert "no such file" in await bench.call("batch_read_files", paths=["latin.txt", "no.txt"])


@pytest.mark.parametrize(
    ("path", "advice"),
    [
        ("frontend/bun.lock", "add_dependency"),
        (".stackwright/app.json", "scaffold_app"),
        ("backend/.env", ".env.example"),
    ],
)
async def test_protected_files_name_the_tool_that_changes_them(
    bench: Bench, path: str, advice: str
) -> None:
    bench.files.contents[path] = b"old"

    with pytest.raises(ToolFailed, match=advice):
        await bench.call("write_file", path=path, content="new")
    with pytest.raises(ToolFailed, match=advice):
        await bench.call("edit_file", path=path, old_text="old", new_text="new")
    with pytest.raises(ToolFailed, match=advice):
        await bench.call("delete_file", path=path)


async def test_dependencies_change_with_their_lock_file_and_scripts_freely(bench: Bench) -> None:
    bench.files.contents["frontend/package.json"] = b'{"scripts": {}, "dependencies": {"a": "1"}}'

    with pytest.raises(ToolFailed, match="add_dependency"):
        await bench.call(
            "edit_file", path="frontend/package.json", old_text='"a": "1"', new_text='"a": "2"'
        )
    await bench.call(
        "edit_file", path="frontend/package.json", old_text="{}", new_text='{"lint": "oxlint"}'
    )

    assert b"oxlint" in bench.files.contents["frontend/package.json"]


async def test_files_are_listed_searched_and_deleted(bench: Bench) -> None:
    await bench.call("write_file", path="backend/a.py", content="needle = 1\n")
    await bench.call("write_file", path="b.txt", content="hay\n")

    assert await bench.call("list_files", folder="backend") == "backend/a.py (11 bytes)"
    assert await bench.call("search_code", pattern="need.e") == "backend/a.py:1:needle = 1"
    found = await bench.call("search_code", pattern="needle", folder="backend")
    assert found == "backend/a.py:1:needle = 1"
    found = await bench.call("search_code", pattern=r"NEEDLE = \d", ignore_case=True)
    assert found == "backend/a.py:1:needle = 1"
    await bench.call("write_file", path="c.txt", content="one\ntwo\nthree\nfour\n")
    around = await bench.call("search_code", pattern="two", context_lines=1)
    assert around == "c.txt-1-one\nc.txt:2:two\nc.txt-3-three"
    assert await bench.call("search_code", pattern='it\'s "$(touch x)"') == "Nothing found."
    await bench.call("delete_file", path="backend/a.py")
    with pytest.raises(ToolFailed, match=r"No file 'backend/a\.py'"):
        await bench.call("read_file", path="backend/a.py")


async def test_a_search_with_many_hits_says_that_it_was_cut(bench: Bench) -> None:
    await bench.call("write_file", path="a.txt", content="hit\n" * 500)

    found = (await bench.call("search_code", pattern="hit")).splitlines()

    assert len(found) == 201
    assert "first 200 lines" in found[-1]


async def test_a_path_outside_the_workspace_is_refused(bench: Bench) -> None:
    with pytest.raises(InvalidPath):
        await bench.call("write_file", path="../../etc/passwd", content="x")
    with pytest.raises(ToolFailed, match="not a folder of the workspace"):
        await bench.call("run_command", command="ls", folder="../..")
