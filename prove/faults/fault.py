"""What a seeded fault is: one edit of a sound application."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """`old`, which stands once in the file, becomes `new`. `notices`: how a person comes across it."""

    name: str
    app: str
    path: str
    old: str
    new: str
    notices: str
