"""What a person asked for, piece by piece, and whether it was seen working.

A wish quotes the message it comes from and is small enough to be seen. Its witness, a test in
`acceptance/` of the workspace that is marked with the wish's id, tries it in the running app.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

WishKind = Literal["behaviour", "rule", "data", "look", "words"]
"""`behaviour`: something happens. `rule`: something is refused. `data`: something is kept. `look`: it
looks so. `words`: a text is shown."""

WishState = Literal["open", "proven", "failing", "yours_to_judge", "not_built"]
"""`open`: not tried, or tried by no witness that could fail. `yours_to_judge`: built, but only a person
can judge it. `not_built`: left out, with the reason."""

MAX_WISHES = 60
MAX_TEXT_CHARS = 300


class Wish(BaseModel):
    """One wish of a project. `id` is stable within the project: w1, w2, …"""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^w[1-9]\d{0,4}$")
    text: str = Field(max_length=MAX_TEXT_CHARS, description="What will be seen in the app.")
    kind: WishKind
    quotes: tuple[str, ...] = Field(description="The parts of the message that say it, exactly.")
    state: WishState = "open"
    reason: str = Field(default="", description="Why it is not built, or why it fails.")
    run_id: str = Field(default="", description="The run whose message asked for it.")
    is_pinned: bool = Field(
        default=False, description="It was proven by a run that ended: later runs prove it again."
    )
    broken_by: str = Field(default="", description="The run after which a pinned wish failed.")
    is_taken_over: bool = Field(
        default=False, description="This run's message changed a wish of an earlier one."
    )
    is_expectation_changed: bool = Field(
        default=False, description="The agent changed what is expected; the person has not agreed."
    )

    @property
    def is_to_prove(self) -> bool:
        """Whether a witness has to try it."""
        return self.state not in ("not_built", "yours_to_judge")


class WishList(BaseModel):
    """The wishes of a project that were not struck, and what the last message says beyond them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    wishes: tuple[Wish, ...] = ()
    not_understood: tuple[str, ...] = ()
    next_number: int = Field(default=1, description="Of the next new wish: ids are never reused.")


class WitnessBelief(BaseModel):
    """Whether a witness can fail, found out by running it under faults; kept by the hash of its source
    and of the library that it uses."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: str
    is_believed: bool
    reason: str = Field(
        default="", description="Why it is not believed, for the author of the witness."
    )
