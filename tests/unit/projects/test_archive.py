import io
import zipfile
from collections.abc import Sequence

from stackwright.projects.archive import zipped
from stackwright.projects.portions import PORTION_BYTES


async def _pieces(files: dict[str, bytes], asked: list[Sequence[str]]) -> list[bytes]:
    async def read(paths: Sequence[str]) -> dict[str, bytes]:
        asked.append(paths)
        return {path: files[path] for path in paths if path in files}

    return [piece async for piece in zipped({path: len(files[path]) for path in files}, read)]


async def test_files_are_read_in_portions_and_the_archive_holds_all() -> None:
    large = {f"{number}.bin": bytes([number]) * (PORTION_BYTES - 1) for number in range(3)}
    asked: list[Sequence[str]] = []
    archive = b"".join(await _pieces({**large, "ü/ß.txt": b"a"}, asked))
    assert [list(paths) for paths in asked] == [["0.bin"], ["1.bin"], ["2.bin", "ü/ß.txt"]]
    with zipfile.ZipFile(io.BytesIO(archive)) as found:
        assert found.testzip() is None
        assert {name: found.read(name) for name in found.namelist()} == {**large, "ü/ß.txt": b"a"}


async def test_the_order_of_the_files_does_not_change_the_archive() -> None:
    first = await _pieces({"a": b"1", "b": b"2"}, [])
    assert first == await _pieces({"b": b"2", "a": b"1"}, [])


async def test_an_empty_project_is_an_empty_archive() -> None:
    with zipfile.ZipFile(io.BytesIO(b"".join(await _pieces({}, [])))) as found:
        assert found.namelist() == []
