import pytest

from stackwright.tools.editing.depth import Depth, depth_of_renamed, depth_of_shifted

FILE = ["    a()", "    b()"]


@pytest.mark.parametrize(
    ("mine", "theirs", "new", "depth"),
    [
        (FILE, ["a()", "b()"], ["a()", "c()"], Depth.QUOTED),
        (FILE, ["a()", "b()"], ["    a()", "    c()"], Depth.IN_FILE),
        (FILE, ["a()", "b()"], ["    c()", "    d()"], Depth.IN_FILE),
        (FILE, ["a()", "b()"], ["if x:", "    a()", "b()"], Depth.QUOTED),
        (FILE, ["a()", "b()"], ["    a()", "    b()"], Depth.UNCLEAR),
        (FILE, ["a()", "b()"], ["  a()", "  c()"], Depth.UNCLEAR),
        (FILE, ["a()", "b()"], ["        a()", "        c()"], Depth.UNCLEAR),
        (FILE, ["a()", "b()"], ["", ""], Depth.QUOTED),
        (FILE, ["        a()", "        b()"], ["        a()", "        c()"], Depth.QUOTED),
        (FILE, ["        a()", "        b()"], ["    a()", "    c()"], Depth.IN_FILE),
        (FILE, ["        a()", "        b()"], ["    c()", "    d()"], Depth.UNCLEAR),
        (FILE, ["        a()", "        b()"], ["        a()", "    d()"], Depth.QUOTED),
        (["  a", "    b"], ["a", "  b"], ["  b"], Depth.UNCLEAR),
    ],
)
def test_the_depth_of_a_new_text_whose_quotation_is_shifted(
    mine: list[str], theirs: list[str], new: list[str], depth: Depth
) -> None:
    assert depth_of_shifted(mine, theirs, new) is depth


@pytest.mark.parametrize(
    ("new", "depth"),
    [
        (["f", "  if a", "    b", "  d"], Depth.QUOTED),
        (["f", "    if a", "        b", "    d"], Depth.IN_FILE),
        (["f", "    d"], Depth.IN_FILE),
        (["f", "  d"], Depth.QUOTED),
        (["f"], Depth.QUOTED),
        (["    b"], Depth.QUOTED),
        (["    c"], Depth.IN_FILE),
        (["f", "  if a", "        b"], Depth.UNCLEAR),
        (["f", "\tb"], Depth.UNCLEAR),
    ],
)
def test_the_depth_of_a_new_text_whose_quotation_has_another_unit(
    new: list[str], depth: Depth
) -> None:
    mine, theirs = ["f", "    if a", "        b", "    c"], ["f", "  if a", "    b", "  c"]
    names = {"": "", "  ": "    ", "    ": "        "}

    assert depth_of_renamed(mine, theirs, new, names) is depth
