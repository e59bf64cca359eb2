"""Questions of the harness to the person, with choices that the harness itself carries out.

A card is stored as the question that it is, with what its choices mean under `card`.
"""

from collections.abc import Mapping
from typing import Any, Literal

from stackwright.agent.contract import FEEDBACK_PREFIX, AgentWork, BudgetReached
from stackwright.agent.state import RunMode, packed, user_text
from stackwright.core.events import FormField

RAISE, STOP, SMALLER = "Raise the limit", "Stop here", "Go on with"
TRY_AGAIN, KEEP, ATTEMPT = "Try again another way", "Keep", "Bring back the unfinished attempt"
CHOICE = "choice"

Chosen = tuple[Literal["model", "person", "__end__"], dict[str, Any]]


def budget_card(reached: BudgetReached) -> dict[str, Any]:
    """A limit is reached: raise it, go on with a smaller model, or stop."""
    choices = [
        *([f"{RAISE} by {reached.more}"] if reached.more else ()),
        *([f"{SMALLER} {reached.smaller}, which costs less"] if reached.smaller else ()),
        STOP,
    ]
    return _card(reached.question, choices, kind="budget", key=reached.key, times=reached.times)


def gave_up_card(
    question: str, failure: str, *, version: int | None = None, attempt: int | None = None
) -> dict[str, Any]:
    """The repairs led nowhere. `version`: the files are those of this version again, and the attempt is
    kept as `attempt`. `failure` is for a model that tries again."""
    went_back = version is not None and attempt is not None
    ways = [f"{KEEP} version {version}, which works", ATTEMPT] if went_back else [STOP]
    return _card(question, [TRY_AGAIN, *ways], kind="gave_up", failure=failure, attempt=attempt)


async def chosen(card: Mapping[str, Any], answer: Any, mode: RunMode, work: AgentWork) -> Chosen:
    """Where the run goes on, and what changes in its state."""
    word = choice_of(answer, tuple(card["fields"][0]["choices"]))
    meant = card["card"]
    if meant["kind"] == "gave_up":
        return await _after_giving_up(meant, word, answer, mode, work)
    if word == STOP:
        return "__end__", {"stopped": "chosen"}
    if word.startswith(RAISE):
        await work.purse.raise_limit(meant["key"], meant["times"])
    if word.startswith(SMALLER):
        return "model", {"mode": {**mode, "uses_fallback": True}}
    # An answer that is none of the choices asks again: money is spent on a clear word only.
    return "model", {}


async def _after_giving_up(
    meant: Mapping[str, Any], word: str, answer: Any, mode: RunMode, work: AgentWork
) -> Chosen:
    if word == ATTEMPT:
        await work.bring_back(meant["attempt"])
    if word and word != TRY_AGAIN:
        return "__end__", {"stopped": "chosen"}
    asked = "" if word else f" They say: {readable(answer)}"
    text = f"{FEEDBACK_PREFIX}The person wants another attempt.{asked}\n{meant['failure']}"
    return "model", {"messages": [packed(user_text(text))], "mode": _with_more_repairs(mode, work)}


def _with_more_repairs(mode: RunMode, work: AgentWork) -> RunMode:
    """The run's mode with as many repairs to come as it began with, and no failure counted."""
    limit = mode.get("repair_calls", 0) + work.max_repair_calls
    return {**mode, "repair_limit": limit, "failures": []}


def _card(question: str, choices: list[str], **meant: Any) -> dict[str, Any]:
    field = FormField(name=CHOICE, label="Go on how?", kind="choice", choices=tuple(choices))
    return {"question": question, "fields": [field.model_dump(mode="json")], "card": meant}


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
