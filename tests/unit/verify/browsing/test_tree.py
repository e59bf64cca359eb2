import time

from stackwright.tools.browser_actions import Target
from stackwright.verify.browsing.tree import changed_lines, clipped, compact, nearest

TREE = """- navigation:
  - link "Todos":
    - /url: /todos
- main:
  - img
  - heading "Hi" [level=1]
  - textbox "Title": abc
  - textbox "Add":
    - /placeholder: Add a task
  - button "Add all"
"""


def test_an_address_goes_to_its_link_and_nameless_pictures_are_left_out() -> None:
    lines = compact(TREE)
    assert '  - link "Todos" → /todos' in lines
    assert '  - textbox "Add" (placeholder: Add a task)' in lines
    assert not any(line.strip() == "- img" for line in lines)
    assert lines[-1] == '  - button "Add all"'


def test_options_stand_in_the_line_of_their_list_and_rows_repeat_no_cells() -> None:
    tree = """- main:
  - combobox "Sort by":
    - 'option "Title: up" [selected]'
    - option "Title down"
  - table:
    - 'row "Done: Milk Milk Delete"':
      - 'cell "Done: Milk"':
        - 'checkbox "Done: Milk"'
      - cell "Milk"
  - listbox "Empty"
  - option "Alone"
"""
    assert compact(tree) == [
        "- main:",
        '  - combobox "Sort by": *Title: up | Title down',
        "  - table:",
        "    - row:",
        "      - cell:",
        '        - checkbox "Done: Milk"',
        '      - cell "Milk"',
        '  - listbox "Empty"',
        '  - option "Alone"',
    ]


def test_endless_pages_are_bounded() -> None:
    lines = compact("- text: x\n" * 100_000 + "- text: " + "y" * 100_000)
    assert len(lines) <= 3000
    assert max(map(len, compact("- text: " + "y" * 100_000))) <= 301
    told = clipped(lines, 1000)
    assert len(told) < 1100
    assert told.endswith("more lines; `read` one part by its role")


def test_only_what_changed_is_told_whatever_its_depth() -> None:
    before = ["- main:", "  - text: Milk", "  - text: Bread"]
    after = ["- main:", "  - dialog:", "    - text: Milk", "  - text: Butter"]
    assert changed_lines(before, after) == ["+ dialog:", "- text: Bread", "+ text: Butter"]


def test_changes_of_large_pages_are_found_in_a_moment() -> None:
    before = [f"- text: {number}" for number in range(3000)]
    after = [f"- text: {number + 1500}" for number in range(3000)]
    began = time.monotonic()
    changes = changed_lines(before, after)
    assert time.monotonic() - began < 1
    assert changes[0] == "- text: 0"
    assert changes[-1] == "… and 2940 more lines"


def test_the_most_alike_come_first() -> None:
    alike = nearest(compact(TREE), Target(role="button", name="Add everything"))
    assert alike[0] == 'button "Add all"'
    assert nearest(compact(TREE), Target(label="Title"))[0] == 'textbox "Title": abc'
    assert nearest([], Target(label="Title")) == []
