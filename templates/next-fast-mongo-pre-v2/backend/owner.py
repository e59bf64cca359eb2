"""Whose records a request may see. Every query of the application goes through this one place.

The application is open to everybody at first: all records belong to "public". To add accounts,
return the signed-in person's id from `current_owner`; nothing else has to change.
"""

from typing import Annotated

from fastapi import Depends


async def current_owner() -> str:
    return "public"


CurrentOwner = Annotated[str, Depends(current_owner)]
