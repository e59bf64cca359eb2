"""The machine in words, what a key would turn on, and the limits. Details are for the operator."""

import ipaddress
from typing import Annotated

from fastapi import APIRouter, Query, Request

from stackwright.api.deps import Services
from stackwright.api.schemas.platform import (
    KeyTest,
    LimitsOut,
    LiveRunsOut,
    ModelOut,
    ModelsOut,
    PlatformOut,
)
from stackwright.core.errors import Forbidden
from stackwright.core.setting_groups import ServerSettings

router = APIRouter(prefix="/api", tags=["platform"])

_PASSED_ON = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


@router.get("/platform")
async def get_platform(services: Services, request: Request) -> PlatformOut:
    """Version and builder. For the operator also what this machine lacks with the fix, as
    `stackwright doctor` says it, at most a minute old, and which keys are set."""
    diagnosis = services.workbench.diagnosis
    is_operator = is_from_operator(request, services.server)
    told = {
        "version": services.version,
        "builds_with": diagnosis.builds_with,
        "is_operator": is_operator,
        "findings": await diagnosis.findings() if is_operator else (),
        "keys": diagnosis.listed_keys() if is_operator else (),
    }
    return PlatformOut.model_validate(told)


@router.get("/platform/queue")
async def get_queue(services: Services, request: Request) -> LiveRunsOut:
    """How many messages wait and are worked on, of everybody; without whose they are. For the operator."""
    if not is_from_operator(request, services.server):
        raise Forbidden("How busy it is, is told on the machine that the platform runs on.")
    return LiveRunsOut.model_validate(await services.runs.live())


@router.post("/platform/try-key")
async def try_key(
    services: Services,
    request: Request,
    name: Annotated[str, Query(min_length=1, max_length=50)],
) -> KeyTest:
    """Ask the provider whether it takes the key that is set. For the operator."""
    if not is_from_operator(request, services.server):
        raise Forbidden("Keys are tested from the machine that the platform runs on.")
    ok, sentence = await services.workbench.diagnosis.tried(name)
    return KeyTest(ok=ok, sentence=sentence)


@router.get("/models")
async def get_models(services: Services) -> ModelsOut:
    """Which models a message or a project may name, and what those lack that cannot be used."""
    offers = services.models
    return ModelsOut(
        default=offers.default,
        models=[ModelOut.model_validate(offer) for offer in offers.listed()],
    )


@router.get("/limits")
async def get_limits(services: Services) -> LimitsOut:
    """What runs may cost here, and what builds the apps."""
    diagnosis = services.workbench.diagnosis
    return LimitsOut(
        builds_with=diagnosis.builds_with,
        goes_on_with=diagnosis.goes_on_with,
        limits=dict(diagnosis.budget.limits),
        may_be_raised=diagnosis.budget.may_be_raised,
    )


def is_from_operator(request: Request, server: ServerSettings) -> bool:
    """Whether a request comes from the platform's own machine, past no proxy; there are no accounts.
    `PLATFORM_DETAILS=everybody` tells all who can reach the platform."""
    if server.platform_details == "everybody":
        return True
    if request.client is None or any(name in request.headers for name in _PASSED_ON):
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
