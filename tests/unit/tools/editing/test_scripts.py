import re

import pytest

from stackwright.tools.editing.scripts import script_error


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        (".tsx", "export const A = () => <h1>Terms & Conditions</h1>;\n"),
        (".tsx", 'export const A = () => <a href="/x?a=1&b=2">R&D &c &amp; x && y &;</a>;\n'),
        (".jsx", "export const A = () => <p>Tom & Jerry don't</p>;\n"),
        (".js", "export const A = () => <p>Tom & Jerry</p>;\n"),
        (".ts", "export type * from './x';\nexport type * as y from './y';\n"),
        (".ts", "interface Box<in out T> { x: T }\nclass A<out T> {}\n"),
        (".ts", "abstract class A { abstract accessor x: number; static accessor y = 1 }\n"),
        (".ts", "const a = <string>b;\nconst f = <T>(x: T) => x;\nexport { a };\n"),
        (".ts", "function f<const T>(x: T): asserts x is string;\nfunction f(x: any) {}\n"),
        (".d.ts", 'declare module "x" { export = y; const y: number }\n'),
        (".cjs", "module.exports = 1;\n"),
        (".vue", "<template><h1>A & B</h1></template>\n<script setup>\nlet a = 1\n</script>\n"),
        (".ts", "export const lone = '\ud800';\n"),
    ],
)
def test_what_tsc_reads_is_sound(suffix: str, text: str) -> None:
    assert script_error(suffix, text) is None


@pytest.mark.parametrize(
    ("suffix", "text", "fault"),
    [
        (".tsx", "const a = 1;\nconst b = <p>a & b</div>;\n", "line 2: .*closing tag"),
        (".tsx", "const b = <p>a & {b</p>;\n", "line 1"),
        (".tsx", 'const b = <p title="a & b>x</p>;\n', "line 1"),
        (".tsx", "const b = <p>a & b;\n", "line"),
        (".tsx", "const b = <p>{a & }</p>;\n", "line 1"),
        (".ts", "const a: = 1;\n", "line 1: Unexpected token"),
        (".ts", "const a = 1;\nconst a = 2;\n", "already been declared"),
        (".js", "const a: number = 1;\n", "line 1"),
        (".vue", '<script lang="ts">\nlet a: = 1\n</script>\n', "line 2"),
        (".ts", "/* oxlint-disable */\n// @ts-nocheck\nlet a = ;\n", "line 3"),
    ],
)
def test_a_fault_is_told_with_its_line(suffix: str, text: str, fault: str) -> None:
    error = script_error(suffix, text)

    assert error is not None
    assert re.search(fault, error)


def test_absurd_nesting_ends_the_parser_and_nothing_else() -> None:
    assert script_error(".tsx", "(" * 100_000) == "it is nested too deeply to be parsed"


def test_only_the_first_of_very_many_faults_is_read() -> None:
    assert script_error(".ts", "let a = 1;\n" * 20_000) is not None
