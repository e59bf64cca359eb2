"""GET /metrics, for Prometheus. Counts only; no user, project or content."""

from fastapi import APIRouter, Response

from stackwright.api.deps import Services
from stackwright.core.metrics import CONTENT_TYPE

router = APIRouter(tags=["health"])


@router.get("/metrics", response_class=Response)
async def get_metrics(services: Services) -> Response:
    """Counters of this process and the state of database and sandboxes, in Prometheus' format."""
    return Response(await services.metrics(), headers={"Content-Type": CONTENT_TYPE})
