import time

import pytest

from stackwright.tools.editing.stylesheets import css_error


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a { color: red }",
        "@import 'tailwindcss';\n@custom-variant dark (&:is(.dark *));\n@source '../**/*.{ts,tsx}';",
        "@theme inline { --font-*: initial; --color-x: var(--x); }",
        "@layer base { * { @apply border-border outline-ring/50; } body { @apply bg-background; } }",
        "@utility tab-4 { tab-size: 4; }\n@plugin '@tailwindcss/typography';\n@layer reset, base;",
        "a { *zoom: 1; _height: 1px; filter: progid:DX.Gradient(startColorstr='#1', end='#2'); }",
        "a { &:hover { color: red } .b & { x: y } > c { d: e } }",
        "a { --x: {a:b}; --y:; color: red; ; } ",
        "a::after { content: '...'; background: url(data:font/woff;base64,AA==) }",
        "@keyframes x { from { a: b } 50.5% { c: d } to {} }\n:root { --a: 1 }\r\n",
        "a[href^='http'], a:not(.b, [c]) > d ~ e + f *|g {}\n<!-- a{} -->",
        "@media print { @page { margin: 1cm; @top-left { content: 'x' } } }",
        "/* ... */ a { width: calc(100% - (2 * var(--a, 3px))) !important }",
    ],
)
def test_a_sound_stylesheet_is_accepted(text: str) -> None:
    assert css_error(text) is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a { color: red", 1),
        ("a {\n  color: red;\n}\n}", 4),
        ("a { color red; }", 1),
        ("a { color: 'x; }", 1),
        ("a { color: rgb(1, 2; }", 1),
        ("/* x", 1),
        ("a {\n  ...\n}", 2),
        ("a { b: c }\n... rest of styles\nd { e: f }", 2),
        ("a { color: ...; }", 1),
        ("a { b: c }\nfoo", 2),
        ("(" * 1000, 1),
    ],
)
def test_what_no_dialect_reads_is_told_with_its_line(text: str, line: int) -> None:
    error = css_error(text)

    assert error is not None
    assert error.startswith(f"line {line}: ")


@pytest.mark.parametrize("text", ["(" * 100_000, "a{" * 50_000, "{" * 50_000 + "}" * 50_000])
def test_absurd_nesting_takes_bounded_time(text: str) -> None:
    began = time.monotonic()

    css_error(text)

    assert time.monotonic() - began < 10
