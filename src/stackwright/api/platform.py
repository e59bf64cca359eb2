"""The machine in words, and what a key would turn on. For who runs the platform."""

from typing import Annotated

from fastapi import APIRouter, Query

from stackwright.api.deps import Services
from stackwright.api.workbench_schemas import KeyTest, PlatformOut

router = APIRouter(prefix="/api/platform", tags=["platform"])


@router.get("")
async def get_platform(services: Services) -> PlatformOut:
    """What this machine lacks with the fix, as `stackwright doctor` says it, at most a minute old."""
    diagnosis = services.workbench.diagnosis
    told = {
        "version": services.version,
        "builds_with": diagnosis.builds_with,
        "findings": await diagnosis.findings(),
        "keys": diagnosis.listed_keys(),
    }
    return PlatformOut.model_validate(told)


@router.post("/try-key")
async def try_key(
    services: Services, name: Annotated[str, Query(min_length=1, max_length=50)]
) -> KeyTest:
    """Ask the provider whether it takes the key that is set."""
    ok, sentence = await services.workbench.diagnosis.tried(name)
    return KeyTest(ok=ok, sentence=sentence)
