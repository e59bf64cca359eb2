"""A project's state, put together from its rows and from what its agent knows."""

from stackwright.api.deps import Owned
from stackwright.api.ports import ApiServices
from stackwright.api.schemas.states import StateOut, state_out


async def state_of(services: ApiServices, owned: Owned) -> StateOut:
    state = await services.runs.state(owned.user_id, owned.project_id)
    return state_out(state, await services.progress.of(state.project), services.server)
