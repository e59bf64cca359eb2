"""Questions of the harness to the person, with choices that the harness itself carries out."""

from collections.abc import Mapping
from typing import Any, Literal

from stackwright.agent.contract import AgentWork, BudgetReached
from stackwright.agent.state import RunMode
from stackwright.core.events import FormField

RAISE, STOP, SMALLER = "Raise the limit", "Stop here", "Go on with"
CHOICE = "choice"

Chosen = tuple[Literal["model", "person", "__end__"], dict[str, Any]]


def budget_card(reached: BudgetReached) -> dict[str, Any]:
    """As the checkpoint stores it."""
    choices = [
        *([f"{RAISE} by {reached.more}"] if reached.more else ()),
        *([f"{SMALLER} {reached.smaller}, which costs less"] if reached.smaller else ()),
        STOP,
    ]
    field = FormField(name=CHOICE, label="Go on how?", kind="choice", choices=tuple(choices))
    return {
        "question": reached.question,
        "fields": [field.model_dump(mode="json")],
        "card": {"kind": "budget", "key": reached.key, "times": reached.times},
    }


async def chosen(card: Mapping[str, Any], answer: Any, mode: RunMode, work: AgentWork) -> Chosen:
    """Where the run goes on, and what changes in its state. An answer that is none of the choices asks
    again: money is spent on a clear word only."""
    choices = tuple(card["fields"][0]["choices"])
    word = choice_of(answer, choices)
    if word.startswith(RAISE):
        await work.purse.raise_limit(card["card"]["key"], card["card"]["times"])
    if word == STOP:
        return "__end__", {"stopped": "chosen"}
    if word.startswith(SMALLER):
        return "model", {"mode": {**mode, "uses_smaller": True}}
    return "model", {}


def choice_of(answer: Any, choices: tuple[str, ...]) -> str:
    """The choice that an answer names, by its whole text or its first word; "" if it names none."""
    said = readable(answer).rpartition(f"{CHOICE}: ")[2].removeprefix("text: ").strip().lower()
    if not said:
        return ""
    exact = [choice for choice in choices if choice.lower() == said]
    first = said.split()[0].strip(".,!")
    similar = [choice for choice in choices if choice.lower().split()[0] == first]
    return next(iter([*exact, *similar]), "")


def readable(answer: Any) -> str:
    """An answer as text, with the names of its fields."""
    if not isinstance(answer, dict):
        return str(answer)
    given: dict[str, Any] = answer  # pyright: ignore[reportUnknownVariableType]
    return "\n".join(f"{name}: {value}" for name, value in given.items())
