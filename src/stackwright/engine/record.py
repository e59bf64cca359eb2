"""What the engine remembers about a sandbox on disk, and how the API shows it."""

import json
import os
import secrets
import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from stackwright.engine.config import Limits
from stackwright.engine.files import store_json
from stackwright.engine.network.rules import NetworkRules

ENVD_VERSION = "0.6.7"
DOMAIN = "sandbox.localhost"
CLIENT_ID = "local"
DEFAULT_TIMEOUT_S = 300

State = Literal["running", "paused"]


@dataclass
class Record:
    """`layers` are paths below the data folder, highest first, without the skeleton. `pid` is
    bubblewrap's outside of the sandbox, `first_pid` its first process inside."""

    id: str
    template: str
    layers: list[str]
    token: str
    metadata: dict[str, str]
    envs: dict[str, str]
    template_env: dict[str, str]
    start: str | None
    timeout_s: int
    started_at: float = 0.0
    end_at: float = 0.0
    state: State = "running"
    auto_pause: bool = False
    auto_pause_memory: bool = True
    auto_resume: bool = False
    network: dict[str, Any] = field(default_factory=dict[str, Any])
    traffic_token: str | None = None
    allow_internet: bool | None = None
    pause_mode: Literal["memory", "filesystem"] = "memory"
    pid: int = 0
    pid_started: str = ""
    first_pid: int = 0
    first_started: str = ""

    @property
    def network_rules(self) -> NetworkRules:
        return NetworkRules.parsed(self.network, allow_internet=self.allow_internet)

    def begin(self, at: float) -> None:
        """Its time runs from `at`: when it was made or resumed last."""
        self.started_at, self.end_at = at, at + self.timeout_s

    async def save(self, folder: Path) -> None:
        """Store it as it is at this moment. Raises OSError."""
        await store_json(folder / "meta.json", asdict(self))

    @classmethod
    def load(cls, folder: Path) -> "Record":
        values: dict[str, Any] = json.loads((folder / "meta.json").read_text())
        return cls(**values)

    def created_view(self) -> dict[str, Any]:
        return {
            "templateID": self.template,
            "alias": self.template,
            "sandboxID": self.id,
            "clientID": CLIENT_ID,
            "envdVersion": ENVD_VERSION,
            "envdAccessToken": self.token,
            "trafficAccessToken": self.traffic_token,
            "domain": DOMAIN,
        }

    def listed_view(self, limits: Limits) -> dict[str, Any]:
        return {
            "templateID": self.template,
            "alias": self.template,
            "sandboxID": self.id,
            "clientID": CLIENT_ID,
            "startedAt": iso(self.started_at),
            "endAt": iso(self.end_at),
            "cpuCount": os.cpu_count() or 1,
            "memoryMB": limits.memory_mb,
            "diskSizeMB": limits.disk_mb,
            "metadata": self.metadata,
            "state": self.state,
            "envdVersion": ENVD_VERSION,
        }

    def detail_view(self, limits: Limits) -> dict[str, Any]:
        lifecycle = {
            "autoResume": self.auto_resume,
            "onTimeout": "pause" if self.auto_pause else "kill",
        }
        detail = self.listed_view(limits) | {
            "envdAccessToken": self.token,
            "domain": DOMAIN,
            "lifecycle": lifecycle,
            "allowInternetAccess": self.allow_internet,
        }
        return detail | ({"network": self.network} if self.network else {})


def new_sandbox_id() -> str:
    """Twenty letters and digits, as E2B's ids: they are a label of a host name."""
    return "i" + secrets.token_hex(10)[:19]


def iso(seconds: float) -> str:
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def now() -> float:
    return time.time()
