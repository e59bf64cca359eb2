"""A change of a file that a dead worker began: it happens once, whatever the worker had reached."""

from fixtures.tool_bench import Bench


async def test_an_edit_that_was_recorded_is_not_repeated(bench: Bench) -> None:
    await bench.call("write_file", path="a.txt", content="one\n")
    before = bench.files.version
    await bench.call("edit_file", path="a.txt", old_text="one", new_text="one, two")
    answer = await bench.look_up(
        "edit_file", before, path="a.txt", old_text="one", new_text="one, two"
    )
    assert answer == "Edited a.txt."
    assert bench.files.contents["a.txt"] == b"one, two\n"


async def test_an_edit_that_was_not_recorded_is_made(bench: Bench) -> None:
    await bench.call("write_file", path="a.txt", content="one\n")
    before = bench.files.version
    await bench.look_up("edit_file", before, path="a.txt", old_text="one", new_text="two")
    assert bench.files.contents["a.txt"] == b"two\n"


async def test_a_file_that_is_deleted_already_stays_so(bench: Bench) -> None:
    await bench.call("write_file", path="a.txt", content="one\n")
    before = bench.files.version
    for _ in range(2):
        assert await bench.look_up("delete_file", before, path="a.txt") == "Deleted a.txt."
    assert "a.txt" not in bench.files.contents
