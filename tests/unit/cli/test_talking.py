import io

import pytest
from rich.console import Console

from stackwright.cli.progress import Narrator
from stackwright.cli.talking import status_line


@pytest.mark.parametrize("width", [12, 40, 200])
def test_what_happens_now_is_one_line_of_plain_text(width: int) -> None:
    output = io.StringIO()
    console = Console(file=output, width=width, force_terminal=True)
    narrator = Narrator(console)
    narrator.tell({"type": "agent_thinking", "token": "Closing [/b] and [red]bold[/]; " * 9})
    with console.status(status_line(narrator, console)):
        pass
    lines = output.getvalue().replace("\r", "\n").splitlines()
    assert any("Closing" in line or width < 15 for line in lines)
    assert "\x1b[2A" not in output.getvalue(), "a second line was drawn"
    assert output.getvalue().count("\x1b[1A") <= 1
    assert status_line(narrator, console).cell_len <= max(width - 3, 10)
