"""What a person finds on a page: forms, what can be pressed, and what the page sends."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stackwright.verify.use.values import Field


@dataclass(frozen=True, slots=True)
class Form:
    """Fields, and the button that sends them; None: the Enter key does."""

    id: str
    fields: tuple[Field, ...]
    is_form: bool
    is_dialog: bool
    submit: str | None
    submit_name: str

    @property
    def signature(self) -> tuple[str, ...]:
        return tuple(f"{one.kind} {one.label or one.name}" for one in self.fields)

    @property
    def title(self) -> str:
        names = ", ".join(one.label or one.name for one in self.fields[:3])
        return f"the form with {names}" + (f" (“{self.submit_name}”)" if self.submit_name else "")


@dataclass(frozen=True, slots=True)
class Control:
    """A button or a link. `id` finds it on the page as long as that is not loaded anew."""

    id: str
    name: str
    is_chosen: bool = False
    is_shell: bool = False
    """Of the frame that all pages share."""
    is_link: bool = False
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class Write:
    """A request of the page that changes something, and how it was answered."""

    method: str
    url: str
    sent: str
    status: int
    answer: Any


def form_of(found: Mapping[str, Any]) -> Form:
    """A form, made of what `page.js` tells about it."""
    return Form(
        id=found["id"],
        fields=tuple(_field(one) for one in found["fields"]),
        is_form=found["isForm"],
        is_dialog=found["isDialog"],
        submit=found["submit"],
        submit_name=found["submitName"],
    )


def _field(found: Mapping[str, Any]) -> Field:
    return Field(
        id=found["id"],
        kind=found["kind"],
        label=found["label"].rstrip(" *"),
        name=found["name"],
        mode=found["mode"],
        help=found["help"],
        value=found["value"],
        checked=found["checked"],
        is_required=found["isRequired"] or found["label"].endswith("*"),
        min=found["min"],
        max=found["max"],
        step=found["step"],
        pattern=found["pattern"],
        max_length=found["maxLength"],
        options=tuple(found["options"]),
    )
