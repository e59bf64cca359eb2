"""Where the sandbox engine is, as the e2b SDK takes it."""

from dataclasses import dataclass
from typing import Any

REQUEST_TIMEOUT_S = 30.0
"""Given with each call; otherwise the SDK waits for an answer as long as for the making of a sandbox."""
CONTROL_TIMEOUT_S = 60.0
"""For each call of the control API but the making of a sandbox, whatever the SDK is told."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the engine is: E2B's cloud, the cloud at `domain`, or given addresses.

    Without `sandbox_url` a port of a sandbox has a host name of its own below the domain."""

    api_key: str
    api_url: str | None = None
    sandbox_url: str | None = None
    domain: str | None = None

    def options(self) -> dict[str, Any]:
        """As the SDK takes them."""
        given = {
            "api_key": self.api_key,
            "api_url": self.api_url,
            "sandbox_url": self.sandbox_url,
            "domain": self.domain,
        }
        return {key: value for key, value in given.items() if value is not None}
