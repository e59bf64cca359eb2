"""What the agent asks: told to the person, answered at the terminal or by arguments."""

import sys
from collections.abc import Iterable, Sequence

import typer

from stackwright.cli.client import Client, Event

Answers = dict[str, str | list[str]]


def is_interactive() -> bool:
    """Whether a person is at the terminal who can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def answer_here(client: Client, project: str, question: Event) -> bool:
    """Ask the person; without one at the terminal, say how to answer and leave the question open (False)."""
    if not is_interactive():
        form = " ".join(f"{field['name']}=…" for field in question.get("fields") or ()) or '"…"'
        typer.echo(f"Answer with: stackwright answer {project} {form}", err=True)
        return False
    answers = {field["name"]: _prompted(field) for field in fields_of(question)}
    client.post(f"/api/projects/{project}/runs/{question['run_id']}/answer", {"answers": answers})
    return True


def fields_of(question: Event) -> list[Event]:
    """A question without a form has one field for a text."""
    return list(question.get("fields") or [{"name": "answer", "label": "Your answer"}])


def _prompted(field: Event) -> str | list[str]:
    choices = list(field.get("choices") or ())
    match field.get("kind", "text"):
        case "multi_choice":
            return typer.prompt(
                f"{field['label']} (one or more, with commas between)",
                value_proc=lambda said: chosen(said, choices),
            )
        case "choice":
            return typer.prompt(field["label"], value_proc=lambda said: chosen(said, choices)[0])
        case _:
            return typer.prompt(field["label"])


def chosen(said: str, choices: Sequence[str]) -> list[str]:
    """The choices that are named, whatever their case. Raises typer.BadParameter for others, and for none."""
    known = {choice.casefold(): choice for choice in choices}
    if said.strip().casefold() in known:
        return [known[said.strip().casefold()]]
    named = [part.strip().casefold() for part in said.split(",") if part.strip()]
    if not named or not set(named) <= set(known):
        raise typer.BadParameter(f"Choose from: {', '.join(choices)}.")
    return [known[name] for name in dict.fromkeys(named)]


def answers_of(fields: Sequence[Event], given: Iterable[str]) -> Answers:
    """One text is the answer to a single field; else each is `name=value`. Raises typer.BadParameter."""
    kinds = {field["name"]: field.get("kind", "text") for field in fields}
    said = list(given)
    answers: dict[str, list[str]] = {}
    for one in said:
        name, is_named, value = one.partition("=")
        if not (is_named and name in kinds):
            if len(kinds) > 1 or len(said) > 1:
                raise typer.BadParameter(f"{one!r}: say name=value, with {', '.join(kinds)}.")
            name, value = next(iter(kinds)), one
        answers.setdefault(name, []).append(value)
    if missing := [name for name in kinds if name not in answers]:
        raise typer.BadParameter(f"Answers are missing: {', '.join(missing)}.")
    return {
        n: values if kinds[n] == "multi_choice" else values[-1] for n, values in answers.items()
    }
