import re
from pathlib import Path

import pytest

from stackwright.cli.words import CHECKS, VERSION_STATES, check_words, version_words

CONSOLE = Path(__file__).parents[3] / "web" / "src"


@pytest.mark.parametrize(
    ("file", "table", "ours"),
    [
        ("shared/run/words.ts", "CHECKS", CHECKS),
        ("features/history/words.ts", "WORDS", VERSION_STATES),
    ],
)
def test_the_terminal_calls_things_as_the_console_does(
    file: str, table: str, ours: dict[str, str]
) -> None:
    source = (CONSOLE / file).read_text(encoding="utf-8")
    body = source.split(f"const {table}: Record<string, string> = {{")[1].split("};")[0]
    assert dict(re.findall(r'"?([\w-]+)"?: "([^"]+)"', body)) == ours


def test_what_has_no_words_yet_is_still_told() -> None:
    assert check_words("from-the-future") == "from-the-future"
    assert version_words("from-the-future") == "not checked"
