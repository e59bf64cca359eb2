import time

import pytest

from stackwright.tools.editing.marks import find_mark


def found(path: str, text: str, known: str = "") -> int | None:
    mark = find_mark(path, text.split("\n"), {known})
    return mark and mark[0]


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("a.css", "a {}\n<<<<<<< HEAD\n", 2),
        ("a.py", ">>>>>>> branch\n", 1),
        ("a.txt", "||||||| base\n", 1),
        ("a.tsx", "  <<<<<<< HEAD\n", 1),
        ("a.tsx", "<<<<< SEARCH\n", 1),
        ("a.md", "a\n>>>>>>> REPLACE\n", 2),
        ("a.tsx", "```tsx\nconst a = 1;\n```\n", 1),
        ("a.css", "a {}\n```", 2),
        ("a.html", "```html\n<p>a</p>\n```\n", 1),
        ("Dockerfile", "FROM a\n```\n", 2),
        ("a.css", "a {\n  ...\n}\n", 2),
        ("a.tsx", "<ul>\n  ...\n</ul>\n", 2),
        ("a.yaml", "a: 1\n...\nb: 2\n", 2),
        ("a.yaml", "a:\n  ...\n", 2),
        ("a.json", '{\n  "...": 1\n}', 2),
        ("a.ts", "@@ -1,2 +1,3 @@\n", 1),
        ("a.ts", "*** Begin Patch\n", 1),
    ],
)
def test_what_is_no_text_of_the_file_is_found(path: str, text: str, line: int) -> None:
    assert found(path, text) == line


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.md", "```\n<<<<<<< HEAD\n```\n"),
        ("a.md", "Title\n=======\n...\n"),
        ("a.py", "def f():\n    ...\n\n```\n"),
        ("a.ts", "/**\n * a\n```ts\n```\n */\n"),
        ("a.sh", "cat <<E\n```\nE\n"),
        ("a.yaml", "a: |\n  ```\n  b\n  ```\n"),
        ("a.yaml", "a: 1\n...\n---\nb: 1\n"),
        ("a.tsx", "<span>\n  ...\n</span>\n"),
        ("a.patch", "@@ -1,2 +1,3 @@\n"),
        ("a.ts", "const a = [...b];\n"),
        ("a.txt", "..."),
    ],
)
def test_what_may_stand_in_such_a_file_is_left(path: str, text: str) -> None:
    assert found(path, text) is None


def test_what_the_file_had_is_left() -> None:
    assert found("a.css", "  ...", known="...") is None


@pytest.mark.parametrize(
    "text",
    [
        " " * 3_000_000 + "x",
        "<p>\n...\n</p>\n" * 20_000,
        "/*\n" + "```\n" * 50_000,
        "\n" * 300_000 + "x",
        ("```\n<<<<<<< a\n") * 100_000,
    ],
)
@pytest.mark.parametrize("path", ["a.tsx", "a.md"])
def test_looking_takes_time_in_proportion(path: str, text: str) -> None:
    began = time.monotonic()

    found(path, text)

    assert time.monotonic() - began < 5
