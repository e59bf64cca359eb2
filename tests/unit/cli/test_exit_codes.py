import re
from pathlib import Path

from stackwright.cli.exit_codes import EXIT_CODES

DOCS = Path(__file__).parents[3] / "docs" / "cli.md"


def test_the_documentation_has_each_exit_code_with_its_meaning() -> None:
    told = re.findall(r"^\| (\d+) \| (.+) \|$", DOCS.read_text(), re.MULTILINE)
    assert {int(code): means for code, means in told} == EXIT_CODES
