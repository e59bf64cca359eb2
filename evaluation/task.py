"""What is asked for, and how it is seen whether it was built: nothing here knows who builds it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evaluation.app import App


class Wrong(Exception):
    """The app does not do what was asked for; the text says what was seen."""


@dataclass(frozen=True)
class Wish:
    """One thing that the person asked for. `holds` uses the finished app as anybody could, over HTTP or in a
    browser, and raises Wrong."""

    text: str
    holds: "Callable[[App], None]"


@dataclass(frozen=True)
class Step:
    """A message, and the wishes in it."""

    message: str
    wishes: tuple[Wish, ...]
    ends: tuple[str, ...] = ()
    """Texts of earlier wishes that this message takes back: they are not tried any more."""


@dataclass(frozen=True)
class Task:
    """An application, asked for in several messages."""

    name: str
    steps: tuple[Step, ...]

    @property
    def wishes(self) -> int:
        return sum(len(step.wishes) for step in self.steps)


def task(name: str, message: str, *wishes: Wish, then: tuple[Step, ...]) -> Task:
    """`then` are the follow-ups."""
    return Task(name, (Step(message, wishes), *then))


def then(message: str, *wishes: Wish, ends: tuple[str, ...] = ()) -> Step:
    return Step(message, wishes, ends)
