"""Signatures with line numbers, of what there is in generated applications."""

import pytest

from stackwright.tools.outline import MAX_OUTLINED_CHARS, outline, told

PYTHON = """\
import os

LIMIT: int = 3


class Room(Base, frozen=True):
    name: str = ""

    async def free(self, day: date, *, for_s: float = 1.5) -> bool:
        def inner(): ...
        return True


@router.get("/rooms")
def rooms(
    owner: Owner,
    q: str = "",
) -> list[Room]:
    return []
"""
SCRIPT = """\
import { x } from "y";

export interface Props {
  title: string;
  onClose: () => void;
}
type Id = string;
export const LIMIT = 3;
export const add = (a: number, b = 2): number => {
  return a + b;
};
export default function Page({ title }: Props) {
  return <p>{title}</p>;
}
class Store<T> extends Base {
  items: T[] = [];
  add(item: T): void { this.items.push(item); }
}
export { add as plus };
"""


def test_python_is_told_with_classes_methods_and_decorators() -> None:
    assert told(outline("a.py", PYTHON)).splitlines() == [
        "3: LIMIT: int",
        "6: class Room(Base, frozen=True)",
        "7:   name: str",
        "9:   async def free(self, day: date, *, for_s: float=1.5) -> bool",
        "14: @router.get('/rooms')",
        "15: def rooms(owner: Owner, q: str='') -> list[Room]",
    ]


def test_typescript_is_told_with_types_components_and_members() -> None:
    assert told(outline("a.tsx", SCRIPT)).splitlines() == [
        "3: export interface Props { title: string; onClose: () => void; }",
        "7: type Id = string",
        "8: export const LIMIT = 3",
        "9: export const add = (a: number, b = 2): number",
        "12: export default function Page({ title }: Props)",
        "15: class Store<T> extends Base",
        "16:   items: T[] = []",
        "17:   add(item: T): void",
        "19: export { add as plus }",
    ]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", "def f(:\n"),
        ("a.py", "("),
        ("a.txt", "def f(): ..."),
        ("a.py", "x = 1\n" * MAX_OUTLINED_CHARS),
        ("a.tsx", ""),
    ],
)
def test_other_broken_and_very_large_files_have_none(path: str, text: str) -> None:
    assert outline(path, text) == []


def test_of_prose_the_headings_are_told() -> None:
    assert outline("a.md", "# A\ntext\n## B\n") == [(1, "# A"), (3, "## B")]


def test_long_signatures_are_cut_and_spread_ones_joined() -> None:
    (entry,) = outline("a.ts", f"export type A =\n  | 'a'\n  | '{'b' * 500}';\n")
    assert entry[1].startswith("export type A = | 'a' | 'bbb")
    assert len(entry[1]) == 200
