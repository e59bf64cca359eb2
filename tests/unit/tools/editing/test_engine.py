import codecs
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackwright.tools.editing.engine import Edit, edited, written
from stackwright.tools.editing.matching import EditRefused, replaced_everywhere
from stackwright.tools.editing.searching import with_lf
from stackwright.tools.editing.text import ending_near
from stackwright.tools.editing.weaving import Weaver


def smart(content: bytes, *edits: tuple[str, str], path: str = "notes.txt") -> bytes:
    return edited(path, content, [Edit(old, new) for old, new in edits], is_smart=True)


def exact(content: bytes, old: str, new: str, path: str = "notes.txt") -> bytes:
    return edited(path, content, [Edit(old, new)], is_smart=False)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"a\r\none\r\nb\r\n", b"a\r\ntwo\r\nb\r\n"),
        (b"a\r\none\nb\rc", b"a\r\ntwo\nb\rc"),
        (codecs.BOM_UTF8 + b"one\n", codecs.BOM_UTF8 + b"two\n"),
        (b"caf\xe9\none\n", b"caf\xe9\ntwo\n"),
        (b"one", b"two"),
    ],
    ids=["CRLF", "mixed endings", "byte-order mark", "latin-1", "no final newline"],
)
def test_bytes_outside_the_edit_never_change(before: bytes, after: bytes) -> None:
    assert exact(before, "one", "two") == after


def test_a_changed_line_in_the_middle_leaves_the_mixed_endings_of_its_neighbours() -> None:
    before = b"head\r\nfirst\nsecond\r\nthird\ntail\r\n"

    after = exact(before, "first\nsecond\nthird\n", "first\nSECOND\nthird\n")

    assert after == b"head\r\nfirst\nSECOND\r\nthird\ntail\r\n"


def test_added_lines_end_like_the_lines_around_them() -> None:
    assert exact(b"a\r\nb\r\n", "a\n", "a\nnew\nnewer\n") == b"a\r\nnew\r\nnewer\r\nb\r\n"


def test_a_quotation_that_begins_with_a_line_ending_is_found_once_in_a_crlf_file() -> None:
    assert exact(b"a\r\nb\r\n", "\nb", "\nc") == b"a\r\nc\r\n"


def test_text_in_two_places_is_refused_with_the_line_numbers() -> None:
    with pytest.raises(EditRefused, match=r"2 places \(lines 1, 3\)"):
        exact(b"x = 1\ny\nx = 1\n", "x = 1", "x = 2")


def test_a_text_that_stands_nearly_everywhere_is_refused_at_once() -> None:
    began = time.monotonic()

    with pytest.raises(EditRefused, match=r"more than 10 places \(lines 1, 2, 3.*…"):
        smart(b"}\n" * 50_000, ("} \n" * 300, "x"))

    assert time.monotonic() - began < 5


def test_replace_all_changes_every_occurrence() -> None:
    edit = Edit("name", "title", replace_all=True)

    assert (
        edited("a.txt", b"name, name\r\nname", [edit], is_smart=False) == b"title, title\r\ntitle"
    )


def test_overlapping_occurrences_are_replaced_from_the_left() -> None:
    edit = Edit("aa", "b", replace_all=True)

    assert edited("a.txt", b"aaaaa", [edit], is_smart=False) == b"bba"


@pytest.mark.parametrize(
    ("before", "old", "new", "after"),
    [
        ("a " * 150_000, " ", "_", "a_" * 150_000),
        ("name = 1\n" * 35_000, "name", "title", "title = 1\n" * 35_000),
        ("a" * 4_000_000, "aa", "b", "b" * 2_000_000),
        ("x\r\nx\n" * 40_000, "x\n", "y\nz\n", "y\r\nz\r\ny\nz\n" * 40_000),
    ],
    ids=["one line", "many lines", "overlapping", "mixed line endings"],
)
def test_replacing_everywhere_takes_time_in_proportion_to_the_file(
    before: str, old: str, new: str, after: str
) -> None:
    began = time.monotonic()

    edit = Edit(old, new, replace_all=True)
    assert edited("a.txt", before.encode(), [edit], is_smart=False) == after.encode()

    assert time.monotonic() - began < 4


@pytest.mark.parametrize(
    ("before", "old", "new"),
    [
        ("\n" * 1_000_000, "\n" * 10_000 + "x", "b"),
        ("\n" * 150_000, "\n" * 10_000 + "x", "b"),
        ("a\nb\n" * 100_000, "a\n" * 20_000 + "b\n" * 20_000 + "b \n", "b"),
        (
            ("S\n" + ("q" * 190 + "w" * 200 + "\n") * 300 + "E\n") * 40,
            "S\n"
            + ("w" * 200 + "q" * 190 + "\n") * 150
            + ("q" * 190 + "w" * 200 + "\n") * 150
            + "E\n",
            "b",
        ),
    ],
    ids=["too many lines", "blank lines", "two kinds of lines", "lines that are alike"],
)
def test_a_quotation_that_nearly_fits_everywhere_is_refused_soon(
    before: str, old: str, new: str
) -> None:
    began = time.monotonic()

    with pytest.raises(EditRefused, match="is not in the file"):
        smart(before.encode(), (old, new))

    assert time.monotonic() - began < 10


def test_texts_too_alike_to_be_compared_are_replaced_as_a_whole() -> None:
    new = "".join(f"}}\nu{number}\n" for number in range(750))
    began = time.monotonic()

    assert exact(b"}\n" * 1500, "}\n" * 1500, new) == new.encode()

    assert time.monotonic() - began < 5


def test_a_result_that_no_workspace_keeps_is_refused_before_it_is_made() -> None:
    edit = Edit("a", "b" * 10_000, replace_all=True)

    with pytest.raises(EditRefused, match="more than 5,000,000 characters"):
        edited("a.txt", b"a" * 1_000_000, [edit], is_smart=False)


ENDINGS = st.text(alphabet="ab\r\n", min_size=1, max_size=40)


@given(text=ENDINGS, old=st.text(alphabet="ab\n", min_size=1, max_size=3), new=ENDINGS)
def test_replacing_everywhere_is_the_same_as_replacing_the_places_one_by_one(
    text: str, old: str, new: str
) -> None:
    wanted = with_lf(old)
    parts, position = [], 0
    finder = re.compile(r"(?:\r\n|(?<!\r)\n|\r(?!\n))".join(map(re.escape, wanted.split("\n"))))
    for found in finder.finditer(text):
        parts.append(text[position : found.start()])
        parts.append(Weaver(old, new).woven(found.group(), ending_near(text, found.start())))
        position = found.end()
    expected = "".join(parts) + text[position:]

    if not parts:
        with pytest.raises(EditRefused):
            replaced_everywhere(text, old, new)
    else:
        assert replaced_everywhere(text, old, new) == expected


def test_an_edit_that_changes_nothing_is_refused() -> None:
    with pytest.raises(EditRefused, match="changes nothing"):
        smart(b"a\r\n", ("a\r\n", "a\n"))


def test_a_failing_edit_of_several_makes_none_of_them() -> None:
    with pytest.raises(EditRefused, match="Edit 2 of 2"):
        smart(b"one\ntwo\n", ("one", "1"), ("three", "3"))


def test_a_binary_file_is_not_edited() -> None:
    with pytest.raises(EditRefused, match="binary"):
        exact(b"\x89PNG\0\0", "PNG", "JPG")


def test_a_character_the_file_cannot_hold_is_refused_instead_of_reencoding_the_file() -> None:
    with pytest.raises(EditRefused, match="latin-1"):
        exact(b"caf\xe9 one", "one", "→")


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(EditRefused, match="surrogate"):
        exact(b"one", "one", "\ud800")


def test_trailing_space_and_a_shifted_indentation_are_tolerated() -> None:
    assert smart(b"if x:  \n    go()\n", ("if x:\n    go()", "if y:\n    go()")) == (
        b"if y:\n    go()\n"
    )
    assert (
        smart(
            b"class A:\n    def f(self):\n        return 1\n",
            ("def f(self):\n    return 1\n", "def f(self):\n    x = 2\n    return x\n"),
            path="a.py",
        )
        == b"class A:\n    def f(self):\n        x = 2\n        return x\n"
    )


def test_two_space_quotation_of_a_four_space_file_is_written_with_four_spaces() -> None:
    before = b"def f():\n    if a:\n        return 1\n    return 2\n"

    after = smart(
        before,
        (
            "def f():\n  if a:\n    return 1\n  return 2",
            "def f():\n  if a:\n    return 3\n  return 2",
        ),
        path="a.py",
    )

    assert after == b"def f():\n    if a:\n        return 3\n    return 2\n"


def test_a_line_that_was_quoted_inexactly_but_not_changed_keeps_the_files_spelling() -> None:
    before = b"def area(width, height):\n    # Multiply the sides.\n    return width * height\n    # end\n"

    after = smart(
        before,
        (
            "def area(width, height):\n    # Multiply the side.\n    return width * height\n    # end",
            "def area(width, height):\n    # Multiply the side.\n    return width * height / 2\n    # end",
        ),
        path="a.py",
    )

    assert after == before.replace(b"width * height\n", b"width * height / 2\n")


def test_indentation_that_would_have_to_be_guessed_is_refused() -> None:
    before = b"class E:\n    if a:\n        go()\n        stop()\n"

    with pytest.raises(EditRefused, match="not in the file"):
        smart(before, ("    if a:\n    go()\n    stop()", "    if a:\n    go()\n    wait()"))


def test_deleting_whole_lines_leaves_no_blank_line_behind() -> None:
    assert smart(b"a\n  b\nc\n", ("  b", "")) == b"a\nc\n"
    assert exact(b"a\n  b\nc\n", "  b", "") == b"a\n\nc\n"


def test_exact_edits_tolerate_no_difference_in_space() -> None:
    with pytest.raises(EditRefused, match=r"1 \|   go\(\)"):
        exact(b"  go()\n", "    go()", "stop()")


def test_a_new_file_must_parse_and_a_broken_one_may_be_repaired_in_steps() -> None:
    with pytest.raises(EditRefused, match=r"would not parse: a\.py: line 1"):
        written("a.py", None, "def f(:\n")
    assert exact(b"def f(:\n  x = = 1\n", "x = = 1", "x = 1", "a.py") == b"def f(:\n  x = 1\n"


TEXT = st.text(alphabet=st.sampled_from("ab \t\r\n{}é"), max_size=40)


@given(head=TEXT, tail=TEXT, bom=st.booleans(), encoding=st.sampled_from(["utf-8", "latin-1"]))
def test_whatever_surrounds_an_exact_edit_stays_byte_by_byte(
    head: str, tail: str, bom: bool, encoding: str
) -> None:
    start = (codecs.BOM_UTF8 if bom else b"") + head.encode(encoding)
    end = tail.encode(encoding)

    after = exact(start + b"<<old>>" + end, "<<old>>", "<<new>>")

    assert after == start + b"<<new>>" + end


@given(
    lines=st.lists(
        st.tuples(st.sampled_from(["a", " a", "b ", ""]), st.sampled_from(["\n", "\r\n", "\r"])),
        min_size=1,
        max_size=12,
    ),
    data=st.data(),
)
def test_unchanged_lines_of_a_smart_edit_keep_their_bytes(
    lines: list[tuple[str, str]], data: st.DataObject
) -> None:
    numbered = [f"{number}{body}" for number, (body, _) in enumerate(lines)]
    before = "".join(body + end for body, (_, end) in zip(numbered, lines, strict=True))
    at = data.draw(st.integers(0, len(lines) - 1))
    quoted = "\n".join(body.rstrip() for body in numbered) + "\n"
    wanted = (
        "\n".join("new" if i == at else body.rstrip() for i, body in enumerate(numbered)) + "\n"
    )

    after = smart(before.encode(), (quoted, wanted)).decode()

    expected = [("new" if i == at else numbered[i]) + end for i, (_, end) in enumerate(lines)]
    assert after == "".join(expected)


@given(content=st.binary(max_size=300), old=st.text(max_size=20), new=st.text(max_size=20))
def test_random_bytes_end_in_an_edit_or_in_the_same_refusal_twice(
    content: bytes, old: str, new: str
) -> None:
    def attempt() -> bytes | str:
        try:
            return smart(content, (old, new), path="a.tsx")
        except EditRefused as error:
            return str(error)

    assert attempt() == attempt()


def test_the_exact_tool_reads_further_lines_literally() -> None:
    assert exact(b"  a {}\n", "a {}", "a {}\nb {}", path="a.css") == b"  a {}\nb {}\n"
