import time

import pytest

from stackwright.tools.editing.parsers import find_parser


def fault(path: str, text: str) -> str | None:
    find_error = find_parser(path)
    assert find_error is not None
    return find_error(text)


@pytest.mark.parametrize(
    ("path", "good", "broken"),
    [
        ("a.py", "def f():\n    return 1\n", "def f():\nreturn 1\n"),
        ("a.json", '{"a": 1}', '{"a": 1,}'),
        ("a.ts", "const a: number = 1;\n", "const a: = ;\n"),
        ("a.css", "a { b: c }", "a { b: c"),
        ("a.toml", "[a]\nb = 1\n", "[a\nb = 1\n"),
        ("a.toml", "a = '''\n```\n'''\n", "a = 1\na = 2\n"),
        ("a.yaml", "a:\n  - b: '${{ c }}'\n", "a:\n  - b: c\n - d\n"),
        ("a.yml", "a: !env B\n---\nc: |\n  ...\n", "a: [1, 2\nb: 3\n"),
        ("tsconfig.json", '{ // c\n "a": "//x /*", /* d */\n "b": [1, 2,],\n}', '{ // c\n "a" 1 }'),
        ("jsconfig.json", '{ /* c\n */ "a": {} }', '{ /* c\n "a": {} }'),
        ("tsconfig.app.json", '{ "a": 1, }', '{ "a": 1,, }'),
        ("a.jsonc", '["a,]", 1,]', "[,]"),
    ],
)
def test_a_parser_tells_sound_files_from_broken_ones(path: str, good: str, broken: str) -> None:
    assert fault(path, good) is None
    assert fault(path, broken) is not None


def test_comments_are_a_fault_in_ordinary_json() -> None:
    assert fault("package.json", '{ // c\n "a": 1 }') is not None


def test_yaml_that_a_template_engine_fills_in_is_not_read() -> None:
    assert fault("chart.yaml", "{{- if .Values.a }}\na: [\n{{- end }}\n") is None


def test_files_of_other_kinds_have_no_parser() -> None:
    assert [find_parser(path) for path in ("a.md", "a.html", "Dockerfile", ".env", "a.sql")] == (
        [None] * 5
    )


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000,
        "-" * 99_999 + "1",
        "a" + ".b" * 49_999,
        "[" * 5000 + "]" * 5000,
        "{" * 99_999,
        "- " * 49_999,
        '"' * 99_999,
        "a: " * 33_000,
        "[[" * 20_000,
        '"\\' * 49_999,
        "/*" * 49_999,
        ", " * 49_999,
        "1" + " " * 99_000 + ",",
        "\ud800",
    ],
)
@pytest.mark.parametrize(
    "path", ["a.py", "a.json", "tsconfig.json", "a.tsx", "a.css", "a.toml", "a.yaml"]
)
def test_absurd_sources_end_soon_and_do_not_crash_a_parser(path: str, text: str) -> None:
    began = time.monotonic()

    fault(path, text)

    assert time.monotonic() - began < 15
