"""To which body all records of a request belong. Every query of the application asks here.

An application for one body of people needs one: "public". For several that never see each other's
records (clubs, companies) return the id of the one that the request comes from. Who may do what
within it is the business of `access.py`.
"""

from typing import Annotated

from fastapi import Depends


async def current_owner() -> str:
    return "public"


CurrentOwner = Annotated[str, Depends(current_owner)]
