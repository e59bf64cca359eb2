"""What the `browser` tool can do on a page, as the model writes it."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

MAX_VALUE_CHARS = 20_000

Deed = Literal[
    "open",
    "click",
    "type",
    "press",
    "select",
    "drag",
    "upload",
    "wait_for",
    "read",
    "evaluate",
    "picture",
]
_NEED_TARGET = frozenset({"click", "select", "drag", "upload"})
_NEED_VALUE = frozenset({"type", "press", "select", "upload", "evaluate"})


class Target(BaseModel):
    """One element, named as a person would: `role` with `name`, or one of the others."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)

    role: str | None = Field(default=None, max_length=40)
    name: str | None = Field(default=None, max_length=300, description="Accessible name.")
    label: str | None = Field(default=None, max_length=300)
    placeholder: str | None = Field(default=None, max_length=300)
    text: str | None = Field(default=None, max_length=300)
    test_id: str | None = Field(default=None, max_length=300)
    within: str | None = Field(
        default=None, max_length=300, description="Text of the row, card or dialog it is in."
    )
    nth: int | None = Field(default=None, ge=0, le=500, description="Among equal ones, from 0.")

    @property
    def is_named(self) -> bool:
        """Whether it says which element."""
        ways = (self.role, self.name, self.label, self.placeholder, self.text, self.test_id)
        return any(way is not None for way in ways)

    def told(self) -> str:
        """The target in words, for answers."""
        named = [f"{way} {value!r}" for way, value in self._ways() if value is not None]
        number = [] if self.nth is None else [f"nth {self.nth}"]
        return ", ".join([*named, *number])

    def _ways(self) -> tuple[tuple[str, str | None], ...]:
        plain = (("label", self.label), ("placeholder", self.placeholder), ("text", self.text))
        if self.role is None:
            first: tuple[tuple[str, str | None], ...] = (("name", self.name),)
        else:
            first = ((self.role, self.name if self.name is not None else "…"),)
        return (*first, *plain, ("test id", self.test_id), ("within", self.within))


class BrowserAction(Target):
    do: Deed
    route: str | None = Field(default=None, max_length=2000, description="open: e.g. /todos?x=1")
    value: str | tuple[str, ...] | None = Field(
        default=None,
        description="type: the text; press: keys, e.g. Enter or Control+A; select: option(s); upload: "
        "workspace file(s); wait_for: a text; evaluate: JavaScript; drag by keyboard: arrow keys",
    )
    to: Target | None = Field(default=None, description="drag: where to.")
    by: Literal["mouse", "touch", "keyboard"] = Field(default="mouse", description="drag")
    gone: bool = Field(default=False, description="wait_for: until it is gone.")
    full: bool = Field(default=False, description="picture: the whole page.")
    width: int | None = Field(
        default=None, ge=280, le=1920, description="open: of the window, 390 for a phone."
    )

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if missing := self._missing():
            raise ValueError(f"{self.do} needs {missing}")
        if sum(map(len, self.values)) > MAX_VALUE_CHARS:
            raise ValueError(f"value may have {MAX_VALUE_CHARS} characters at most")
        return self

    @property
    def values(self) -> tuple[str, ...]:
        match self.value:
            case None:
                return ()
            case str():
                return (self.value,)
            case _:
                return self.value

    def _missing(self) -> str:
        if self.do == "open" and not (self.route or "").startswith("/"):
            return "`route`, a path of the app that begins with /"
        if self.do in _NEED_TARGET and not self.is_named:
            return "to say which element: `role` with `name`, `label`, `text`, …"
        if self.do in _NEED_VALUE and not self.values:
            return "`value`"
        if self.do == "wait_for" and not (self.is_named or self.values):
            return "a text in `value`, or an element"
        if (
            self.do == "drag"
            and self.by != "keyboard"
            and (self.to is None or not self.to.is_named)
        ):
            return "`to`, the element to drop it on"
        if self.do == "drag" and self.by == "keyboard" and not self.values:
            return "`value`, the arrow keys, e.g. [ArrowDown, ArrowDown]"
        return ""

    def summary(self) -> str:
        """One line for answers: what was to be done, with what."""
        detail = {"open": self.route or "", "evaluate": "", "read": self.told()}.get(self.do)
        if detail is None:
            said = " ".join(self.values)[:80]
            detail = " ".join(part for part in (self.told(), repr(said) if said else "") if part)
        if self.to is not None:
            detail += f" to {self.to.told()}"
        return f"{self.do} {detail}".strip()
