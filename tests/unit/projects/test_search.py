from stackwright.projects.search import (
    MAX_HITS,
    MAX_HITS_PER_FILE,
    MAX_LINE_CHARS,
    Found,
    Hit,
    _search,  # pyright: ignore[reportPrivateUsage]
    _worth_reading,  # pyright: ignore[reportPrivateUsage]
)


def test_a_text_is_found_line_by_line_with_or_without_case() -> None:
    files = {"b.py": b"x = Todo()\n", "a.py": b"# todo\nTodo\n", "c.png": b"\0todo"}
    found = Found()
    _search(files, "Todo", found, match_case=True)
    assert found.hits == [Hit("a.py", 2, 0, "Todo"), Hit("b.py", 1, 4, "x = Todo()")]
    _search(files, "TODO", every := Found(), match_case=False)
    assert [(hit.path, hit.line) for hit in every.hits] == [("a.py", 1), ("a.py", 2), ("b.py", 1)]
    assert every.is_complete


def test_long_lines_are_cut_around_the_hit() -> None:
    found = Found()
    _search({"a.js": b"x" * 5000 + b"needle" + b"y" * 5000}, "needle", found, match_case=True)
    hit = found.hits[0]
    assert len(hit.text) == MAX_LINE_CHARS
    assert hit.text[hit.column :].startswith("needle")


def test_hits_are_bounded_for_a_file_and_altogether() -> None:
    found = Found()
    _search({f"{n}.txt": b"a\n" * 100 for n in range(20)}, "a", found, match_case=True)
    assert len(found.hits) == MAX_HITS
    assert sum(hit.path == "0.txt" for hit in found.hits) == MAX_HITS_PER_FILE
    assert not found.is_complete


def test_lock_files_and_huge_files_are_left_out_and_the_whole_is_bounded() -> None:
    assert _worth_reading({"frontend/bun.lock": 10, "big": 2_000_000, "a": 5}) == (["a"], True)
    sizes = {f"{n:03}": 900_000 for n in range(100)}
    wanted, is_all = _worth_reading(sizes)
    assert (len(wanted), is_all) == (44, False)
