"""Which records a request may see and change. Every query of a `Store` asks here.

Without a login everybody may do everything. The kit `accounts` has another `Access`.
"""

from typing import Any, Literal

from problems import Refused

Action = Literal["read", "add", "change", "delete"]
Condition = dict[str, Any]


class Access:
    """Everything is allowed. A subclass refuses by raising `problems.Refused`."""

    def where(self, entity: str, action: Action) -> Condition:
        """What the records of `entity` have in common with which this may be done.

        Raises Refused when it may be done with none."""
        return {}

    def sees(self, entity: str) -> Condition | None:
        """As `where` for reading; None when nothing may be seen."""
        return {}

    def mark(self) -> Condition:
        """Stored with each new record: whose it is."""
        return {}

    def refuse(self, entity: str, action: Action) -> Exception:
        """Why this may not be done with a record that may be seen."""
        return Refused("This is not allowed.")

    async def describe(self, documents: list[Condition]) -> None:
        """Add to each document what people read of whose it is."""


EVERYTHING = Access()
