"""The system prompt: what the agent is, the rules of the house, what this project is like."""

from functools import cache
from importlib import resources


@cache
def _text(name: str) -> str:
    return resources.files("stackwright.agent.prompts").joinpath(name).read_text(encoding="utf-8")


def system_prompt(project_notes: str) -> str:
    """The prompt for one run. `project_notes` describe the template and the project."""
    return f"{_text('system.md')}\n\n# This project\n\n{project_notes}".strip()
