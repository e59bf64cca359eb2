"""What a project's person wishes for: read it, add to it, word it anew, strike it, agree."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from stackwright.api.deps import OwnedProject, Services
from stackwright.api.schemas.wishes import NewWish, WishChange, WishListOut
from stackwright.core.wishes import Wish

router = APIRouter(prefix="/api/projects/{project_id}/wishes", tags=["wishes"])

WishPath = Annotated[str, Path(description="The wish's id: w1, w2, …", max_length=20)]


@router.get("")
async def list_wishes(services: Services, owned: OwnedProject) -> WishListOut:
    """All wishes of the project that were not struck, and what the last message says beyond them."""
    known = await services.wishes.list_of(owned.user_id, owned.project_id)
    return WishListOut(
        project_id=owned.project_id, wishes=known.wishes, not_understood=known.not_understood
    )


@router.post("", status_code=201)
async def add_wish(services: Services, owned: OwnedProject, body: NewWish) -> Wish:
    """A wish that no message said. It is open; the next message has the agent look at it."""
    return await services.wishes.add(
        owned.user_id, owned.project_id, text=body.text, kind=body.kind
    )


@router.patch("/{wish_id}")
async def edit_wish(
    services: Services, owned: OwnedProject, wish_id: WishPath, body: WishChange
) -> Wish:
    """Word a wish anew. It is open again until a new witness has proven it."""
    return await services.wishes.edit(
        owned.user_id, owned.project_id, wish_id, text=body.text, kind=body.kind
    )


@router.post("/{wish_id}/agree")
async def agree_to_wish(services: Services, owned: OwnedProject, wish_id: WishPath) -> Wish:
    """Agree to what the agent changed about a wish without being asked."""
    return await services.wishes.agree(owned.user_id, owned.project_id, wish_id)


@router.delete("/{wish_id}", status_code=204, response_class=Response)
async def strike_wish(services: Services, owned: OwnedProject, wish_id: WishPath) -> Response:
    """Strike a wish: nothing proves it any more."""
    await services.wishes.strike(owned.user_id, owned.project_id, wish_id)
    return Response(status_code=204)
